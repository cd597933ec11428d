"""Direct messages to the bot: plain words, answered in the same place."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import secrets
from typing import assert_never

import discord

from bot.adapters.discord.actors import writer_of
from bot.adapters.discord.interactions import Interactions
from bot.adapters.discord.pages import pages
from bot.adapters.discord.rest import Rest
from bot.adapters.discord.sending import post
from bot.core import problems
from bot.core.command import Attachment, Direct, Effect, Form, Post, Say, Update
from bot.core.messenger import Delivery
from bot.core.typed import call_of
from bot.core.views import View

logger = logging.getLogger(__name__)

_MARKUP = re.compile(r"<(?:@[!&]?|#|a?:\w+:|/[^:>]{1,100}:)\d+>")
"""Mentions, emoji and links to commands, as Discord writes them in a message."""

CANNOT_SEND_TO_USER, NO_MUTUAL_SERVER = 50007, 50278


async def answer(message: discord.Message, interactions: Interactions, rest: Rest) -> None:
    """Answer a person's message: plain words, or a command typed by hand."""
    dispatcher, actor = interactions.dispatcher, writer_of(message)
    words = _MARKUP.sub(" ", message.content)
    call = call_of(words, actor, dispatcher.commands, dispatcher.options)
    with interactions.under_way.one():
        try:
            effect = asyncio.ensure_future(dispatcher.call(call))
            await asyncio.wait({effect}, timeout=interactions.defer_after)
            if not effect.done():
                await message.channel.typing()
            await _carry_out(await effect, message, rest)
        except discord.Forbidden as error:
            if error.code not in (CANNOT_SEND_TO_USER, NO_MUTUAL_SERVER):
                raise
            logger.info("somebody closed their direct messages before the answer came")
        except Exception as error:
            reference = secrets.token_hex(4)
            logger.error("failed to answer", exc_info=error, extra={"reference": reference})
            with contextlib.suppress(discord.DiscordException, OSError):
                await _send(message, problems.our_fault(reference))


async def _carry_out(effect: Effect, message: discord.Message, rest: Rest) -> None:
    match effect:
        case Say(view) | Update(view) | Form(otherwise=view):
            await _send(message, view)
        case Direct(view, _, attachment):
            await _send(message, view, attachment)
        case Post(place, view, posted, refused):
            receipt = await post(rest, place, view, str(message.id))
            await _send(message, posted if receipt.delivery is Delivery.SENT else refused)
        case _:
            assert_never(effect)


async def _send(message: discord.Message, view: View, attachment: Attachment | None = None) -> None:
    """The nonce lets Discord drop what discord.py sends twice after a lost answer."""
    for number, page in enumerate(pages(view, attachment)):
        await message.channel.send(**page.new(), nonce=f"{message.id}-{number}")
