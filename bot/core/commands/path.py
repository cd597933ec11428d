"""`/path`: moving from one role to another: what is there already, and what to learn first."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core import roles
from bot.core.command import Arguments, Command, Context, Kind, Option, Outcome, Visibility
from bot.core.commands.twice import same_role
from bot.core.content.catalogue import Catalogue
from bot.core.content.models import LEVELS, Role, Topic
from bot.core.intents import Run
from bot.core.views import (
    MAX_CHOICES,
    Actions,
    Block,
    Bold,
    Bullets,
    Button,
    Choice,
    Heading,
    Notice,
    Prose,
    Select,
    Text,
    View,
)
from bot.core.wording import Footnotes, in_a_row, in_sentence

MOST_TO_LEARN = 8
"""How many skills to learn are listed; the others are counted."""


async def path(arguments: Arguments, context: Context) -> Outcome:
    """The way from one role to another, or a word about staying."""
    catalogue = context.catalogue
    start, goal = catalogue.role(arguments["start"]), catalogue.role(arguments["goal"])
    if start is goal:
        return same_role(start, "path", context.family)
    notes = Footnotes(catalogue.content.sources)
    blocks: tuple[Block, ...] = (
        *_distance(start, goal, context),
        *_have(start, goal, catalogue),
        *_learn(start, goal, catalogue),
        *_evidence(start, goal, catalogue, notes),
        *notes.blocks(),
        Notice((Text("Skill levels are the editors' judgement; people and openings differ."),)),
        _buttons(start, goal, catalogue),
    )
    title = f"From {in_sentence(start.name)} to {in_sentence(goal.name)}"
    return View(title, blocks, fallback=f"{title}: what you have and what to learn first.")


def _distance(start: Role, goal: Role, context: Context) -> Iterator[Block]:
    standing = context.family.standing(start, goal)
    text = f"{standing.gap} skill levels to gain."
    if standing.others:
        if standing.shorter == 0:
            rank = "No other move from this role is shorter."
        elif standing.shorter == standing.others:
            rank = "Every other move from this role is shorter."
        else:
            rank = (
                f"Of the {standing.others} other moves from this role, {standing.shorter} "
                f"{'is' if standing.shorter == 1 else 'are'} shorter."
            )
        text = f"{text} {rank}"
    back = roles.gap(goal, start)
    yield Prose((Bold("How far: "), Text(f"{text} The way back would be {back} levels.")))


def _have(start: Role, goal: Role, catalogue: Catalogue) -> Iterator[Block]:
    have = [catalogue.content.skills[skill].name for skill in roles.already(start, goal)]
    yield Heading("You already have")
    text = in_a_row(have) if have else "None of its strong skills at the level it needs."
    yield Prose((Text(text),))


def _learn(start: Role, goal: Role, catalogue: Catalogue) -> Iterator[Block]:
    lacking = roles.to_learn(start, goal)
    yield Heading("Learn first")
    if not lacking:
        yield Prose((Text("No skill is missing at the level this role needs."),))
        return
    yield Bullets(
        tuple(
            (
                Bold(catalogue.content.skills[skill].name),
                Text(f": from {LEVELS[start.level(skill)]} to {LEVELS[goal.level(skill)]}"),
            )
            for skill in lacking[:MOST_TO_LEARN]
        ),
        numbered=True,
    )
    if len(lacking) > MOST_TO_LEARN:
        yield Prose((Text(f"And {len(lacking) - MOST_TO_LEARN} more with smaller gaps."),))


def _evidence(start: Role, goal: Role, catalogue: Catalogue, notes: Footnotes) -> Iterator[Block]:
    known = [
        (Bold(f"{edge.ease}: "), *notes.cite(edge.evidence))
        for edge in catalogue.content.paths
        if (edge.start, edge.goal) == (start.id, goal.id)
    ]
    known += [
        notes.cite(note.text)
        for note in catalogue.notes(start.id, goal.id)
        if note.topic is Topic.LEARNING
    ]
    yield Heading("Evidence")
    if known:
        yield Bullets(tuple(known))
    else:
        yield Prose(
            (Text("No source that we know speaks of this move; the levels are all we have."),)
        )


def _buttons(start: Role, goal: Role, catalogue: Catalogue) -> Actions:
    choices = tuple(
        Choice(catalogue.content.skills[skill].name, Run("define", (skill,)))
        for skill in roles.to_learn(start, goal)[:MAX_CHOICES]
    )
    buttons = (
        Button("Compare the two", Run("compare", (start.id, goal.id)), primary=True),
        Button("The way back", Run("path", (goal.id, start.id))),
        Button("About the goal", Run("role", (goal.id,))),
    )
    return Actions((*buttons, Select("What does a skill mean", choices)) if choices else buttons)


COMMAND = Command(
    name="path",
    description="Moving from one role to another: what you have, and what to learn first",
    options=(
        Option("start", "Where you are, such as data analyst", Kind.ROLE),
        Option("goal", "Where you would like to be", Kind.ROLE),
    ),
    visibility=Visibility.PUBLIC,
    handler=path,
    example="data-analyst data-scientist",
)
