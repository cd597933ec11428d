"""What a refusal or a broken connection means for a message: decided once, for every sender."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import aiohttp
import discord

from bot.core.messenger import Delivery, Receipt

logger = logging.getLogger(__name__)

CODES: Mapping[int, Delivery] = {
    10003: Delivery.GONE,  # unknown channel
    10004: Delivery.GONE,  # unknown server
    10013: Delivery.GONE,  # unknown user
    50033: Delivery.GONE,  # a recipient who is none
    50083: Delivery.GONE,  # an archived thread that a message does not wake up: it is locked
    160005: Delivery.GONE,  # a locked thread
    50001: Delivery.FORBIDDEN,  # the bot does not see the channel
    50007: Delivery.FORBIDDEN,  # closed direct messages
    50008: Delivery.FORBIDDEN,  # a channel that takes no text
    50013: Delivery.FORBIDDEN,  # the bot lacks a permission
    50024: Delivery.FORBIDDEN,  # a type of channel that takes no messages
    50278: Delivery.FORBIDDEN,  # no server in common with the recipient
    40058: Delivery.FORBIDDEN,  # a forum, which takes threads only
    20009: Delivery.MALFORMED,  # words that the recipient has filtered
    20016: Delivery.LIMITED,  # slow mode
    20028: Delivery.LIMITED,  # the channel's limit
    20029: Delivery.LIMITED,  # the server's limit
    40062: Delivery.LIMITED,  # a limit of Discord's own services
    40001: Delivery.LATER,  # the token
    40003: Delivery.LATER,  # too many new conversations at once
    40004: Delivery.LATER,  # sending is switched off for a while
    40006: Delivery.LATER,  # so is a feature
    40333: Delivery.LATER,  # refused by what stands in front of Discord
    50014: Delivery.LATER,  # the token
    110001: Delivery.LATER,  # the application is not available yet
    130000: Delivery.LATER,  # overloaded
    160006: Delivery.LATER,  # too many threads are awake to wake this one
    160007: Delivery.LATER,
}
"""What Discord's error codes mean, whatever their HTTP status is."""

STATUSES: Mapping[int, Delivery] = {
    400: Delivery.MALFORMED,
    403: Delivery.FORBIDDEN,
    413: Delivery.MALFORMED,
    429: Delivery.LIMITED,
}
"""What a status means with any other code. All the rest passes: 401, 404, 5xx."""

REFUSALS = frozenset({Delivery.MALFORMED, Delivery.FORBIDDEN, Delivery.GONE})

USUAL_WAIT = 60.0
"""Seconds to leave Discord alone where it does not say for how long."""

UNAUTHORIZED, FORBIDDEN, TOO_MANY = 401, 403, 429

NO_CONNECTION = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


class StoppedError(discord.ClientException):
    """The bot is being stopped, so the request was not made."""


FAILURES = (discord.DiscordException, aiohttp.ClientError, OSError, ValueError)
"""What a request may raise; ValueError stands for an answer that is no JSON."""


def receipt_of(error: Exception) -> Receipt:
    """What became of a message whose request failed; it is logged, too."""
    receipt = meaning_of(error)
    told = {"delivery": receipt.delivery.value}
    if receipt.delivery is Delivery.DOUBT:
        logger.warning("a message may be lost: %s", _reason(error), extra=told)
    elif isinstance(error, discord.HTTPException) and error.status == UNAUTHORIZED:
        logger.error("Discord refuses DISCORD_TOKEN: nothing can be sent", extra=told)
    else:
        logger.info("a message was not taken: %s", _reason(error), extra=told)
    return receipt


def meaning_of(error: Exception) -> Receipt:
    """What a failed request means. Without an answer it may have been heard all the same."""
    match error:
        case discord.RateLimited(retry_after=seconds):
            return Receipt(Delivery.LIMITED, wait=seconds)
        case discord.HTTPException():
            delivery = _of_answer(error)
            limited = delivery is Delivery.LIMITED
            return Receipt(delivery, wait=_wait(error) if limited else 0.0)
        case discord.DiscordException():
            return Receipt(Delivery.LATER)
        case _ if isinstance(error, NO_CONNECTION):
            return Receipt(Delivery.LATER)
        case _:
            return Receipt(Delivery.DOUBT)


def _of_answer(error: discord.HTTPException) -> Delivery:
    """Every refusal of Discord's own has a code; one without comes from what is in front of it."""
    known = CODES.get(error.code)
    if error.status == TOO_MANY:
        return Delivery.LIMITED
    if error.status >= 500 or error.status == UNAUTHORIZED:
        return Delivery.LATER
    if known is not None:
        return known
    if error.status == FORBIDDEN and not error.code:
        return Delivery.LATER
    return STATUSES.get(error.status, Delivery.LATER)


def _wait(error: discord.HTTPException) -> float:
    try:
        return float(error.response.headers["Retry-After"])
    except (KeyError, ValueError):
        return USUAL_WAIT


def _reason(error: Exception) -> str:
    match error:
        case discord.HTTPException(status=status, code=code):
            return f"HTTP {status}, code {code}"
        case _:
            return type(error).__name__
