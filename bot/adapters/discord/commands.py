"""The core's declarations as Discord's command tree: typed options with completion."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeAlias, cast

import discord
from discord import app_commands

from bot.adapters.discord.actors import actor_of
from bot.adapters.discord.escape import shortened
from bot.adapters.discord.interactions import Interactions
from bot.adapters.discord.spots import Interaction
from bot.core.command import Call, Command, Kind, Option, Permission, Suggestion, Visibility
from bot.core.dispatch import Dispatcher
from bot.core.views import MAX_CHOICES

logger = logging.getLogger(__name__)

PRIVATE = "private"
PRIVATE_DESCRIPTION = "Only you see the answer"
MAX_CHOICE = 100

EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
IN_SERVERS = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
BY_ANYBODY = app_commands.AppInstallationType(guild=True, user=True)

Callback: TypeAlias = Callable[..., Coroutine[Any, Any, None]]
Completion: TypeAlias = Callable[
    [Interaction, str], Coroutine[Any, Any, list[app_commands.Choice[str]]]
]


class Commands(app_commands.CommandTree[Any]):
    """The slash commands, generated from the dispatcher's."""

    def __init__(self, client: discord.Client, interactions: Interactions) -> None:
        super().__init__(client, allowed_contexts=EVERYWHERE, allowed_installs=BY_ANYBODY)
        self._interactions = interactions
        for command in interactions.dispatcher.commands.values():
            self.add_command(_app_command(command, interactions))

    def names(self) -> list[str]:
        """The names of all commands."""
        return [command.name for command in self.get_commands()]

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Offer nothing for an option that is not known here, where discord.py would not answer."""
        if interaction.type is not discord.InteractionType.autocomplete:
            return True
        data = _data(interaction)
        command = self.get_command(str(data["name"]))
        focused = next((str(o["name"]) for o in data["options"] if o.get("focused")), "")
        if isinstance(command, app_commands.Command):
            parameter = command.get_parameter(focused)
            if parameter is not None and parameter.autocomplete:
                return True
        await interaction.response.autocomplete([])
        return False

    async def on_error(
        self, interaction: Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        """Answer a command as an older version declared it, which Discord may still offer.

        What the core makes of it is the best answer: the command's form, or one that is near.
        """
        logger.info("a command that does not fit its declaration: %s", type(error).__name__)
        data = _data(interaction)
        given = {str(o["name"]): o.get("value") for o in data.get("options", ())}
        private = given.pop(PRIVATE, False) is True
        arguments = {name: value for name, value in given.items() if isinstance(value, str)}
        call = Call(str(data["name"]), arguments, actor_of(interaction), private)
        await self._interactions.call(interaction, call)


def _data(interaction: Interaction) -> Mapping[str, Any]:
    return cast(Mapping[str, Any], interaction.data)


def _app_command(
    command: Command, interactions: Interactions
) -> app_commands.Command[Any, ..., None]:
    async def callback(interaction: Interaction, **given: Any) -> None:
        private = given.pop(PRIVATE, False)
        arguments = {name: value for name, value in given.items() if value is not None}
        call = Call(command.name, arguments, actor_of(interaction), private)
        await interactions.call(interaction, call)

    with_private = command.visibility is Visibility.PUBLIC
    vars(callback)["__signature__"] = _signature(command, with_private=with_private)
    descriptions = {option.name: option.description for option in command.options}
    if with_private:
        descriptions[PRIVATE] = PRIVATE_DESCRIPTION
    app_commands.describe(**descriptions)(callback)
    for option in command.options:
        _help_typing(callback, option, interactions.dispatcher)
    made: app_commands.Command[Any, ..., None] = app_commands.Command(
        name=command.name, description=command.description, callback=callback
    )
    if command.permission is not Permission.ANYBODY:  # there is nothing to manage elsewhere
        made.allowed_contexts = IN_SERVERS
    if command.permission is Permission.MANAGERS:
        made.default_permissions = discord.Permissions(manage_guild=True)
    return made


def _signature(command: Command, *, with_private: bool) -> inspect.Signature:
    """What discord.py reads the options and their types from."""
    parameters = [_parameter("interaction", discord.Interaction)]
    for option in command.options:
        if option.required:
            parameters.append(_parameter(option.name, str))
        else:
            parameters.append(_parameter(option.name, str | None, None))
    if with_private:
        parameters.append(_parameter(PRIVATE, bool, default=False))
    return inspect.Signature(parameters, return_annotation=None)


def _parameter(
    name: str, annotation: object, default: object = inspect.Parameter.empty
) -> inspect.Parameter:
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return inspect.Parameter(name, kind, default=default, annotation=annotation)


def _help_typing(callback: Callback, option: Option, dispatcher: Dispatcher) -> None:
    """Levels are part of the program and never change: choices. The rest is completed."""
    if option.kind in (Kind.TEXT, Kind.LISTED):
        return
    if option.kind is Kind.LEVEL:
        levels = [_choice(level) for level in dispatcher.options.all(option.kind)]
        app_commands.choices(**{option.name: levels})(callback)
    else:
        app_commands.autocomplete(**{option.name: _completion(option.kind, dispatcher)})(callback)


def _completion(kind: Kind, dispatcher: Dispatcher) -> Completion:
    async def complete(_: Interaction, current: str) -> list[app_commands.Choice[str]]:
        try:
            return [_choice(one) for one in dispatcher.options.complete(kind, current, MAX_CHOICES)]
        except Exception:
            logger.exception("failed to complete an option")
            return []

    return complete


def _choice(suggestion: Suggestion) -> app_commands.Choice[str]:
    return app_commands.Choice(name=shortened(suggestion.label, MAX_CHOICE), value=suggestion.value)
