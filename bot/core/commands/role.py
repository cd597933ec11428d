"""`/role`: what a role is, and what job titles that are not roles of their own mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.core.command import Arguments, Command, Context, Kind, Option, Outcome, Visibility
from bot.core.commands.pay import pay_tables
from bot.core.content.catalogue import Catalogue
from bot.core.content.models import DEFINING, Fact, Role, Title
from bot.core.intents import Fill, Run
from bot.core.roles import Family
from bot.core.views import (
    Actions,
    Block,
    Bold,
    Bullets,
    Button,
    Choice,
    Fields,
    Heading,
    Prose,
    Select,
    Text,
    View,
)
from bot.core.wording import Footnotes, capitalised, in_a_row, in_sentence

NEIGHBOURS = 5
"""How many similar roles are offered for a comparison."""


async def role(arguments: Arguments, context: Context) -> Outcome:
    """All about one role, or about a job title and the roles that it belongs to."""
    match context.catalogue.job(arguments["role"]):
        case Role() as found:
            return _role(found, context)
        case Title() as found:
            return _title(found, context)


def _role(found: Role, context: Context) -> View:
    catalogue = context.catalogue
    notes = Footnotes(catalogue.content.sources)
    blocks: tuple[Block, ...] = (
        Prose(notes.cite(found.summary)),
        Heading("What it builds"),
        _facts(found.builds, notes),
        Heading("A day"),
        *day_blocks(found, notes),
        Heading("Skills that define it"),
        Prose((Text(_defining(found, catalogue)),)),
        Heading("Tools"),
        _facts(found.tools, notes),
        Heading("Ways in"),
        _facts(found.ways_in, notes),
        *_wrongly_said(found, notes),
        Heading("Is it for you"),
        Bullets(
            (
                (Bold("Rather yes: "), *notes.cite(found.choose_if)),
                (Bold("Rather not: "), *notes.cite(found.leave_if)),
            )
        ),
        *_notes(found, catalogue, notes),
        *_also_called(found),
        *notes.blocks(),
        _buttons(found, context.family),
    )
    return View(capitalised(found.name), blocks, fallback=f"{found.name}: {found.tagline}")


def day_blocks(found: Role, notes: Footnotes) -> Iterator[Block]:
    """A working day, and how the time is split where that is known."""
    yield _facts(found.day, notes)
    if found.time:
        split = found.time
        parts = (
            ("engineering", split.engineering),
            ("modelling", split.modelling),
            ("research", split.research),
            ("product", split.product),
        )
        text = ", ".join(f"{name} {share}%" for name, share in parts if share)
        yield Prose((Bold("Time, an estimate: "), Text(f"{text}."), notes.mark((split.source,))))


def _facts(facts: Iterable[Fact], notes: Footnotes) -> Bullets:
    return Bullets(tuple(notes.cite(fact) for fact in facts))


def _defining(found: Role, catalogue: Catalogue) -> str:
    names = [
        catalogue.content.skills[skill].name
        for skill, level in found.skills.items()
        if level == DEFINING
    ]
    return in_a_row(names)


def _wrongly_said(found: Role, notes: Footnotes) -> Iterator[Block]:
    yield Heading("Often said, and what is so")
    yield Bullets(
        tuple((Bold(f"“{m.claim}” "), *notes.cite(m.truth)) for m in found.misconceptions)
    )


def _notes(found: Role, catalogue: Catalogue, notes: Footnotes) -> Iterator[Block]:
    general = tuple(notes.cite_note(note) for note in catalogue.notes(found.id))
    if items := (*(notes.cite(fact) for fact in found.notes), *general):
        yield Heading("Good to know")
        yield Bullets(items)


def _also_called(found: Role) -> Iterator[Block]:
    if found.aliases:
        yield Fields((("Also called", (Text(", ".join(found.aliases)),)),))


def _buttons(found: Role, family: Family) -> Actions:
    near = family.nearest(found, NEIGHBOURS)
    buttons = (
        Button("Skills", Run("skills", (found.id,)), primary=True),
        Button("Pay", Run("pay", (found.id,))),
        Button("Compare with another", Fill("compare", (found.id,))),
        Button("Move from here", Fill("path", (found.id,))),
        Button("Quiz me on it", Run("quiz", (found.id,))),
    )
    choices = tuple(
        Choice(capitalised(other.name), Run("compare", (found.id, other.id)), other.tagline)
        for other in near
    )
    if not choices:
        return Actions(buttons)
    return Actions((*buttons, Select("Compare with a neighbour", choices)))


def _title(found: Title, context: Context) -> View:
    catalogue = context.catalogue
    notes = Footnotes(catalogue.content.sources)
    parents = [catalogue.role(identity) for identity in found.part_of]
    blocks: list[Block] = [Prose(notes.cite(found.verdict))]
    if found.evidence:
        blocks += [Heading("What is known"), _facts(found.evidence, notes)]
    blocks += pay_tables(found.pay, context, notes)
    blocks += notes.blocks()
    if parents:
        blocks.append(Actions(tuple(_open(parent) for parent in parents)))
    return View(capitalised(found.name), tuple(blocks), fallback=f"{found.name}: a job title.")


def _open(parent: Role) -> Button:
    return Button(f"Open {in_sentence(parent.name)}", Run("role", (parent.id,)), primary=True)


COMMAND = Command(
    name="role",
    description="What a role is: its work, its day, its skills, the ways in, and whom it suits",
    options=(Option("role", "A role or job title, such as ML engineer", Kind.JOB),),
    visibility=Visibility.PUBLIC,
    handler=role,
    example="prompt engineer",
)
