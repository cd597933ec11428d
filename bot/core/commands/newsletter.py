"""`/newsletter`: which channels get it, when, and how that goes."""

from __future__ import annotations

from bot.core.command import (
    Arguments,
    Command,
    Effect,
    Kind,
    Option,
    Outcome,
    Permission,
    Personal,
    Visibility,
    Visit,
)
from bot.core.subscribing.managing import command


async def newsletter(arguments: Arguments, visit: Visit) -> Outcome | Effect:
    """The list of subscriptions, or what was asked about this channel's."""
    return await command(arguments.get("action"), arguments.get("time_zone"), visit)


COMMAND = Command(
    name="newsletter",
    description="Let a channel have the newsletter, and see how that goes",
    options=(
        Option("action", "subscribe, list, edit, pause, resume, status ...", Kind.NEWS, False),
        Option("time_zone", "To subscribe or edit, such as Europe/London", Kind.ZONE, False),
    ),
    visibility=Visibility.PRIVATE,
    handler=Personal(newsletter),
    example="subscribe",
    permission=Permission.CHANNEL_MANAGERS,
)
