"""Channels as people read them, and what the bot needs in order to post there."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.command import Actor, Spot
from bot.core.subscriptions import Subscription
from bot.core.user_text import quote
from bot.core.views import Code, Spans, Text
from bot.core.wording import listed

_NEEDED = ("View Channel", "Send Messages")


def here(actor: Actor) -> Spot | None:
    """The channel in which somebody asks; None in their messages with the bot."""
    if actor.spot is not None:
        return actor.spot
    return Spot(actor.channel) if actor.channel else None


def is_here(subscription: Subscription, actor: Actor) -> bool:
    """Whether somebody asks in the channel of a subscription."""
    spot = here(actor)
    return spot is not None and subscription.channel == spot.id


def label_of(subscription: Subscription) -> str:
    """A channel in plain words: its name, or else its id."""
    return quote(subscription.name) or f"Channel {subscription.channel}"


def name_of(name: str, channel: str) -> Spans:
    """A channel within an answer: its name, or else its id."""
    shown = quote(name)
    return (Text(shown),) if shown else (Text("Channel "), Code(channel))


def how_to_allow(platform: str, missing: Iterable[str] = ()) -> str:
    """How somebody lets the bot post in a channel."""
    match platform:
        case "discord":
            lacking = listed(missing) or listed(_NEEDED)
            return (
                f"Open the channel's settings, Permissions, add me there and give me {lacking}. If "
                "I am not in this server at all, add me with the link that the operator has."
            )
        case "slack":
            return "Invite me to the channel: type /invite and my name in it."
        case _:
            return "Allow me to post there."
