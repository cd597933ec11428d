"""One interaction from its event to its last message: effects become Discord's responses.

The first response must come within three seconds. A quick handler is answered directly; for a slow
one a timer defers by itself, and the answer follows when it is there.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias, assert_never

import aiohttp
import discord

from bot.adapters.discord.actors import in_own_conversation
from bot.adapters.discord.forms import modal
from bot.adapters.discord.pages import Page, pages
from bot.adapters.discord.sending import direct, post
from bot.adapters.discord.spots import Interaction
from bot.core import problems
from bot.core.command import (
    Attachment,
    Direct,
    Effect,
    Form,
    Post,
    Say,
    Update,
    Visibility,
)
from bot.core.messenger import Delivery
from bot.core.views import View

logger = logging.getLogger(__name__)

UNKNOWN_INTERACTION, UNKNOWN_WEBHOOK, INVALID_TOKEN = 10062, 10015, 50027
EXPIRED = frozenset({UNKNOWN_INTERACTION, UNKNOWN_WEBHOOK, INVALID_TOKEN})
ALREADY_ACKNOWLEDGED = 40060


@dataclass(frozen=True, slots=True)
class _Here:
    """What is left to say where the interaction is, once a message has gone elsewhere or not."""

    view: View
    private: bool = True
    attachment: Attachment | None = None


_Local: TypeAlias = Say | Update | Form | _Here


class Exchange:
    """Answers one interaction; with `private` nobody else ever sees anything of it."""

    def __init__(self, interaction: Interaction, *, private: bool) -> None:
        self._interaction = interaction
        self._private = private
        self._deferring: asyncio.Task[None] | None = None
        self._acknowledged = False
        self._thinking = False

    async def answer(self, effect: Awaitable[Effect], defer_after: float) -> None:
        """Wait for the effect, and deliver it; after `defer_after` seconds defer first.

        Nothing is raised: a failure is answered too, and logged.
        """
        timer = asyncio.get_running_loop().call_later(defer_after, self._start_deferring)
        try:
            try:
                outcome = await self._sent_away(await effect)
            finally:
                timer.cancel()
                if self._deferring:
                    await self._deferring
            await self._deliver(outcome)
        except Exception as error:
            await self._failed(error)

    async def _sent_away(self, effect: Effect) -> _Local:
        """What goes elsewhere is sent; what is left is said here. That may take its time."""
        interaction = self._interaction
        match effect:
            case Direct(view, _, attachment) if in_own_conversation(interaction):
                return _Here(view, private=False, attachment=attachment)
            case Direct(view, note, attachment):
                key, user = f"direct {interaction.id}", interaction.user.id
                receipt = await direct(interaction.client.rest, user, view, key, attachment)
                not_twice = receipt.delivery in (Delivery.SENT, Delivery.DOUBT)
                return _Here(note) if not_twice else _Here(view, attachment=attachment)
            case Post(place, view, posted, refused):
                receipt = await post(interaction.client.rest, place, view, f"post {interaction.id}")
                return _Here(posted if receipt.delivery is Delivery.SENT else refused)
            case _:
                return effect

    async def _deliver(self, effect: _Local) -> None:
        match effect:
            case _Here(view, private, attachment):
                await self._say(view, private=private, attachment=attachment)
            case Say(view, visibility):
                private = self._private or visibility is Visibility.PRIVATE
                await self._say(view, private=private)
            case Update(view):
                await self._update(view)
            case Form():
                await self._open(effect)
            case _:
                assert_never(effect)

    async def _say(
        self, view: View, *, private: bool, attachment: Attachment | None = None
    ) -> None:
        first, *others = pages(view, attachment)
        await self._say_first(first, private=private)
        for page in others:
            await self._interaction.followup.send(**page.new(), ephemeral=private)

    async def _say_first(self, page: Page, *, private: bool) -> None:
        response = self._interaction.response
        if not self._acknowledged:
            await self._first(lambda: response.send_message(**page.new(), ephemeral=private))
        elif self._thinking and private == self._private:
            await self._interaction.edit_original_response(**page.edited())
        else:
            if self._thinking:  # seen by others than the answer may be: its place cannot be used
                await self._interaction.delete_original_response()
            await self._interaction.followup.send(**page.new(), ephemeral=private)
        self._thinking = False

    async def _update(self, view: View) -> None:
        if not self._only_the_clicker_sees_it():
            await self._say(view, private=True)
            return
        first, *others = pages(view)
        if self._acknowledged:
            await self._interaction.edit_original_response(view=first)
        else:
            await self._first(partial(self._interaction.response.edit_message, view=first))
        for page in others:
            await self._interaction.followup.send(view=page, ephemeral=True)

    def _only_the_clicker_sees_it(self) -> bool:
        message = self._interaction.message
        return message is not None and (
            message.flags.ephemeral or in_own_conversation(self._interaction)
        )

    async def _open(self, form: Form) -> None:
        """Discord opens a modal only as a first response, and never on top of another one."""
        sent_in = self._interaction.type is discord.InteractionType.modal_submit
        dialog = None if self._acknowledged or sent_in else modal(form)
        if dialog is None:
            await self._say(form.otherwise, private=True)
        else:
            await self._first(partial(self._interaction.response.send_modal, dialog))

    async def _first(self, respond: Callable[[], Awaitable[object]]) -> None:
        """A first response, tried again where the connection broke before Discord confirmed it.

        If Discord then has one already, it is taken to be ours.
        """
        try:
            try:
                await respond()
            except aiohttp.ClientConnectionError:
                await respond()
        except discord.HTTPException as error:
            if error.code != ALREADY_ACKNOWLEDGED:
                raise
            logger.info("the interaction was acknowledged before")
        self._acknowledged = True

    def _start_deferring(self) -> None:
        self._deferring = asyncio.create_task(self._defer())

    async def _defer(self) -> None:
        """A message that was clicked stays as it is; a command shows that the bot is thinking."""
        clicked = self._interaction.message is not None
        defer = self._interaction.response.defer
        try:
            await self._first(partial(defer, ephemeral=self._private, thinking=not clicked))
        except (discord.HTTPException, aiohttp.ClientError) as error:
            logger.warning("could not defer, so the answer must come in time: %s", error)
        else:
            self._thinking = not clicked

    async def _failed(self, error: Exception) -> None:
        if isinstance(error, discord.HTTPException) and error.code in EXPIRED:
            logger.info("the interaction had expired before it was answered")
            return
        reference = secrets.token_hex(4)
        logger.error("failed to answer", exc_info=error, extra={"reference": reference})
        try:
            await self._say(problems.our_fault(reference), private=True)
        except Exception as second:
            kind = type(second).__name__
            logger.warning("could not apologise either: %s", kind, extra={"reference": reference})
