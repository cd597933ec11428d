"""The home page of a person: the family, their recent look-ups, and help."""

from __future__ import annotations

from bot.core.command import Context
from bot.core.commands.family import PAGE, family_blocks, open_select
from bot.core.commands.help import command_bullets
from bot.core.intents import Fill, Run
from bot.core.options import Options
from bot.core.views import Actions, Block, Button, Heading, Prose, Text, View
from bot.core.wording import capitalised


def home(recent: tuple[Run, ...], context: Context, options: Options) -> View:
    """The home page, with buttons for the recent look-ups."""
    roles = tuple(context.catalogue.content.roles.values())[:PAGE]
    blocks: tuple[Block, ...] = (
        Prose((Text("Which of these jobs is which, and which is yours?"),)),
        Actions(
            (
                Button("Compare two roles", Fill("compare"), primary=True),
                Button("From one role to another", Fill("path")),
                Button("Ask in plain words", Fill("ask")),
            )
        ),
        *_recent(recent, context, options),
        *family_blocks(roles, context.catalogue),
        Actions(
            (
                open_select(roles),
                Button("All roles", Run("roles")),
                Button("Which role fits me?", Run("quiz", ("fit",)), primary=True),
                Button("My progress", Run("progress")),
            )
        ),
        Heading("Commands"),
        command_bullets(context),
    )
    return View("rolecall", blocks, fallback="The roles, your recent look-ups, and help.")


def _recent(recent: tuple[Run, ...], context: Context, options: Options) -> tuple[Block, ...]:
    if not recent:
        return ()
    buttons = tuple(Button(_label(run, context, options), run) for run in recent)
    return (Heading("You looked up"), Actions(buttons))


def _label(run: Run, context: Context, options: Options) -> str:
    """The command and its arguments by name: `Skills: AI engineer, strong`."""
    command = context.commands[run.command]
    names = [
        suggestion.label
        for option, value in zip(command.options, run.arguments, strict=True)
        if value
        for suggestion in options.suggestions(option.kind, (value,))
    ]
    return f"{capitalised(run.command)}: {', '.join(names)}"
