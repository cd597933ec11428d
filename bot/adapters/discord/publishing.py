"""Messages in announcement channels, published to those who follow the channel from elsewhere."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import discord

from bot.adapters.discord.failures import FAILURES, meaning_of
from bot.adapters.discord.rest import Rest
from bot.core.messenger import Delivery

logger = logging.getLogger(__name__)

ALREADY_PUBLISHED = 40033

BY_HAND = "Somebody who may manage its messages can press Publish."
TOO_MANY = (
    "It was posted, but not published to the servers that follow this channel: Discord publishes "
    f"about 10 messages an hour from one channel. {BY_HAND}"
)
REFUSED = (
    "It was posted, but Discord did not publish it to the servers that follow this channel. "
    f"{BY_HAND}"
)


async def publish(rest: Rest, messages: Sequence[discord.Message]) -> str:
    """Publish the bot's own messages; what to tell whoever manages the channel, if anything."""
    try:
        for message in messages:
            if not message.flags.crossposted:
                await _publish(rest, message)
    except TimeoutError:
        logger.info("a message was not published in time")
        return TOO_MANY
    except FAILURES as error:
        why = meaning_of(error).delivery
        logger.info("a message was not published", extra={"delivery": why.value})
        return TOO_MANY if why is Delivery.LIMITED else REFUSED
    return ""


async def _publish(rest: Rest, message: discord.Message) -> None:
    """Discord may hold such a request back for long instead of refusing it."""
    try:
        await rest.ask(message.publish, within=rest.publish_within)
    except discord.HTTPException as error:
        if error.code != ALREADY_PUBLISHED:
            raise
