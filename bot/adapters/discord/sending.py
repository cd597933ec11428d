"""Messages by REST, to people and to channels: each arrives once, and says whether it did."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

import aiohttp
import discord

from bot.adapters.discord.pages import Page, pages
from bot.core.command import Attachment
from bot.core.ports import Delivery
from bot.core.views import View

logger = logging.getLogger(__name__)

OPENING_TOO_FAST = 40003
"""Too many new conversations at once: refused, but not for good."""

T = TypeVar("T")


async def direct(
    client: discord.Client,
    user: int,
    view: View,
    key: str,
    attachment: Attachment | None = None,
) -> Delivery:
    """Send a view to a person's direct messages with the bot; `key` is the same for a repeat."""

    async def opened() -> discord.abc.Messageable:
        return await client.create_dm(discord.Object(user))

    return await _deliver(opened, view, key, attachment)


async def post(client: discord.Client, channel: str, view: View, key: str) -> Delivery:
    """Post a view to a channel; `key` is the same for a repeat."""
    if not channel.isdecimal():
        return Delivery.REFUSED

    async def opened() -> discord.abc.Messageable:
        return client.get_partial_messageable(int(channel))

    return await _deliver(opened, view, key, None)


async def _deliver(
    opened: Callable[[], Awaitable[discord.abc.Messageable]],
    view: View,
    key: str,
    attachment: Attachment | None,
) -> Delivery:
    """Send every page. What has begun to arrive counts as sent: it must not come twice."""
    base = hashlib.blake2b(key.encode(), digest_size=10).hexdigest()
    begun = False
    try:
        channel = await _twice(opened)
        for number, page in enumerate(pages(view, attachment)):
            await _twice(partial(_send, channel, page, f"{base}-{number}"))
            begun = True
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        return Delivery.SENT if begun else _failed(error)
    return Delivery.SENT


async def _send(channel: discord.abc.Messageable, page: Page, nonce: str) -> None:
    await channel.send(**page.new(), nonce=nonce)


async def _twice(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask again where the connection broke: by its nonce Discord knows a message that came."""
    try:
        return await ask()
    except aiohttp.ClientConnectionError:
        return await ask()


def _failed(error: Exception) -> Delivery:
    """What became of a message that was not confirmed; one that may have arrived counts as sent."""
    match error:
        case discord.RateLimited() | aiohttp.ClientConnectorError():
            delivery = Delivery.LATER
        case discord.HTTPException(status=status, code=code):
            passing = status == 429 or status >= 500 or code == OPENING_TOO_FAST
            delivery = Delivery.LATER if passing else Delivery.REFUSED
        case discord.DiscordException():
            delivery = Delivery.REFUSED
        case _:
            logger.warning("a message may be lost: %s", type(error).__name__)
            return Delivery.SENT
    logger.info("a message was not taken: %s", _reason(error), extra={"delivery": delivery.value})
    return delivery


def _reason(error: Exception) -> str:
    match error:
        case discord.HTTPException(status=status, code=code):
            return f"HTTP {status}, code {code}"
        case _:
            return type(error).__name__
