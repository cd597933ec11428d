"""The home page of a person: the family, their recent look-ups, and help."""

from __future__ import annotations

from bot.core.command import Context
from bot.core.commands.family import PAGE, family_blocks, open_select
from bot.core.commands.help import command_bullets
from bot.core.content.lookup import Lookup
from bot.core.intents import Fill, Run
from bot.core.views import Actions, Block, Button, Heading, Prose, Text, View
from bot.core.wording import capitalised


def home(recent: tuple[Run, ...], context: Context) -> View:
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
        *_recent(recent, context),
        *family_blocks(roles, context.catalogue),
        Actions((open_select(roles), Button("All roles", Run("roles")))),
        Heading("Commands"),
        command_bullets(context),
    )
    return View("rolecall", blocks, fallback="The roles, your recent look-ups, and help.")


def _recent(recent: tuple[Run, ...], context: Context) -> tuple[Block, ...]:
    if not recent:
        return ()
    buttons = tuple(Button(_label(run, context), run) for run in recent)
    return (Heading("You looked up"), Actions(buttons))


def _label(run: Run, context: Context) -> str:
    lookups = (context.catalogue.jobs, context.catalogue.entries, context.catalogue.countries)
    names = (_name(argument, lookups) for argument in run.arguments if argument)
    return capitalised(f"{run.command}: {', '.join(names)}" if run.arguments else run.command)


def _name(identity: str, lookups: tuple[Lookup, ...]) -> str:
    for lookup in lookups:
        if identity in lookup.things:
            return lookup.things[identity].name
    return identity
