"""Commands, clicks and forms: from Discord's events to calls and clicks, and on to the answer."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, cast

from bot.adapters.discord.actors import actor_of
from bot.adapters.discord.controls import Component, meaning
from bot.adapters.discord.exchange import Exchange
from bot.adapters.discord.forms import submitted
from bot.adapters.discord.spots import Interaction, picked
from bot.adapters.discord.underway import UnderWay
from bot.core import problems
from bot.core.command import Call, Click, Effect, Say, Submission, Visibility
from bot.core.dispatch import Dispatcher
from bot.core.intents import Run, UnknownIntentError

DEFER_AFTER = 1.5
"""Seconds until an answer that is not ready is deferred; Discord waits three."""


class Interactions:
    """Answers every interaction, and knows how many are under way."""

    def __init__(self, dispatcher: Dispatcher, defer_after: float = DEFER_AFTER) -> None:
        self.dispatcher = dispatcher
        self.defer_after = defer_after
        self.under_way = UnderWay()

    async def call(self, interaction: Interaction, call: Call) -> None:
        """Answer a command."""
        private = self.dispatcher.visibility(call) is Visibility.PRIVATE
        await self._answer(interaction, self.dispatcher.call(call), private=private)

    async def click(self, interaction: Interaction) -> None:
        """Answer a press of a button or a choice in a select, from whatever version of the bot."""
        try:
            intent = meaning(_data(interaction))
        except UnknownIntentError:
            await self._answer(interaction, _outdated(), private=True)
        else:
            click = Click(intent, actor_of(interaction), picked(_data(interaction)))
            await self._answer(interaction, self.dispatcher.click(click), private=False)

    async def submit(self, interaction: Interaction) -> None:
        """Answer a form that was sent in."""
        try:
            sent = submitted(_data(interaction), actor_of(interaction))
        except UnknownIntentError:
            await self._answer(interaction, _outdated(), private=True)
        else:
            private = self._visibility(sent) is Visibility.PRIVATE
            await self._answer(interaction, self.dispatcher.submit(sent), private=private)

    def _visibility(self, sent: Submission) -> Visibility:
        match sent.intent:
            case Run(command):
                call = Call(command, sent.values, sent.actor, sent.private)
                return self.dispatcher.visibility(call)
            case _:
                return Visibility.PRIVATE

    async def _answer(
        self, interaction: Interaction, effect: Awaitable[Effect], *, private: bool
    ) -> None:
        with self.under_way.one():
            await Exchange(interaction, private=private).answer(effect, self.defer_after)


def _data(interaction: Interaction) -> Component:
    return cast(dict[str, Any], interaction.data)


async def _outdated() -> Effect:
    return Say(problems.outdated())
