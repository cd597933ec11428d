"""Whether a message arrived that nobody confirmed, and whether the bot is still in a server."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import re
from collections.abc import Sequence
from functools import partial

import discord

from bot.adapters.discord.failures import FAILURES, REFUSALS, meaning_of
from bot.adapters.discord.pages import pages
from bot.adapters.discord.rest import Rest
from bot.adapters.discord.sending import nonce_base
from bot.core.messenger import Delivery, Sight
from bot.core.subscriptions import Place
from bot.core.views import View

logger = logging.getLogger(__name__)

LATEST = 50
"""Messages of a channel that are looked at."""

CLOCKS_DIFFER = dt.timedelta(minutes=1)
"""How far our clock may be ahead of Discord's."""

NONCE_HOLDS = dt.timedelta(minutes=2)
"""For how long Discord surely knows a repeat by its nonce; it says "a few minutes"."""

MORE_TRIES = 3
BETWEEN_TRIES = 1.0
"""Seconds."""

BEGINNING = 300
"""Characters of a message's text that are compared."""

LEFT = frozenset({(404, 10004), (403, 50001)})
"""Status and code for a server that does not exist, or that the bot is not in."""

_CALL = re.compile(r"<@&\d+>")


async def find(
    rest: Rest,
    place: Place,
    view: View,
    key: str,
    since: dt.datetime,
    ago: dt.timedelta,
    *,
    pause: float = BETWEEN_TRIES,
) -> Sight:
    """Whether what was posted under this key, at that time or later, is in the channel.

    The latest attempt was so long `ago`, which is negative where the clock was put back since. A
    failure that passes is asked about again, `pause` seconds later.
    """
    if not place.channel.isdecimal():
        return Sight.UNKNOWN
    channel = rest.client.get_partial_messageable(int(place.channel))
    latest = await _patiently(rest, channel, pause)
    if latest is None or rest.client.user is None:
        return Sight.UNKNOWN
    if not latest:  # an empty channel, or one that is closed to the bot: both may look the same
        return Sight.ABSENT if ago < NONCE_HOLDS else Sight.UNKNOWN
    later = [message for message in latest if message.created_at >= since - CLOCKS_DIFFER]
    own = [message for message in later if message.author.id == rest.client.user.id]
    words = _beginning(_rendered(view))
    if _is_among(own, nonce_base(key), words):
        return Sight.THERE
    seen_all = len(latest) < LATEST or len(later) < len(latest)
    can_tell = bool(words) or all(message.nonce is not None for message in own)
    return Sight.ABSENT if seen_all and can_tell else Sight.UNKNOWN


async def has_left(rest: Rest, community: str) -> bool:
    """Whether the bot was removed from a server; False where Discord does not say so plainly."""
    server = community.partition(":")[2]
    if not server.isdecimal():
        return False
    try:
        await rest.ask_twice(partial(rest.client.fetch_guild, int(server), with_counts=False))
    except discord.HTTPException as error:
        return (error.status, error.code) in LEFT
    except FAILURES as error:
        logger.info("a server could not be asked about: %s", type(error).__name__)
    return False


async def _patiently(
    rest: Rest, channel: discord.PartialMessageable, pause: float
) -> Sequence[discord.Message] | None:
    """The latest messages, none where the channel is closed to the bot; None if they fail."""

    async def latest() -> list[discord.Message]:
        return [message async for message in channel.history(limit=LATEST)]

    for tries_left in reversed(range(1 + MORE_TRIES)):
        try:
            return await rest.ask(latest)
        except FAILURES as error:
            why = meaning_of(error).delivery
            logger.info("a channel could not be read", extra={"delivery": why.value})
            if why in REFUSALS:
                return ()
            if why is Delivery.LIMITED or not tries_left:
                return None
        await asyncio.sleep(pause)
    return None


def _is_among(own: Sequence[discord.Message], nonce: str, words: str) -> bool:
    """By the nonce, or by the text where the history has none."""
    return any(
        str(message.nonce).startswith(nonce)
        if message.nonce is not None
        else bool(words) and _beginning(_shown(message)) == words
        for message in own
    )


def _rendered(view: View) -> str:
    parts = pages(view)[0].to_components()
    return "\n".join(part["content"] for part in parts if "content" in part)


def _shown(message: discord.Message) -> str:
    parts = message.components
    return "\n".join(part.content for part in parts if isinstance(part, discord.TextDisplay))


def _beginning(text: str) -> str:
    """The first words, without the role that is called and however they are spaced."""
    return " ".join(_CALL.sub("", text, count=1).split())[:BEGINNING]
