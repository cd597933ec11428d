"""Direct messages to the bot: plain words, answered in the same place."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import secrets
from typing import assert_never

import discord

from bot.adapters.discord.interactions import Interactions, actor_of
from bot.adapters.discord.pages import pages
from bot.core import problems
from bot.core.command import Effect, Form, Say, Update
from bot.core.typed import call_of
from bot.core.views import View

logger = logging.getLogger(__name__)

_MARKUP = re.compile(r"<(?:@[!&]?|#|a?:\w+:|/[^:>]{1,100}:)\d+>")
"""Mentions, emoji and links to commands, as Discord writes them in a message."""

CANNOT_SEND_TO_USER, NO_MUTUAL_SERVER = 50007, 50278


async def answer(message: discord.Message, interactions: Interactions) -> None:
    """Answer a person's message: plain words, or a command typed by hand."""
    dispatcher, actor = interactions.dispatcher, actor_of(message.author)
    words = _MARKUP.sub(" ", message.content)
    call = call_of(words, actor, dispatcher.commands, dispatcher.options)
    with interactions.under_way():
        try:
            effect = asyncio.ensure_future(dispatcher.call(call))
            await asyncio.wait({effect}, timeout=interactions.defer_after)
            if not effect.done():
                await message.channel.typing()
            await _send(message, _view(await effect))
        except discord.Forbidden as error:
            if error.code not in (CANNOT_SEND_TO_USER, NO_MUTUAL_SERVER):
                raise
            logger.info("somebody closed their direct messages before the answer came")
        except Exception as error:
            reference = secrets.token_hex(4)
            logger.error("failed to answer", exc_info=error, extra={"reference": reference})
            with contextlib.suppress(discord.DiscordException, OSError):
                await _send(message, problems.our_fault(reference))


def _view(effect: Effect) -> View:
    match effect:
        case Say(view) | Update(view) | Form(otherwise=view):
            return view
        case _:
            assert_never(effect)


async def _send(message: discord.Message, view: View) -> None:
    """The nonce lets Discord drop what discord.py sends twice after a lost answer."""
    for number, page in enumerate(pages(view)):
        await message.channel.send(view=page, nonce=f"{message.id}-{number}")
