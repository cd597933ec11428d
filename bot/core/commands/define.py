"""`/define`: what a skill, a term or a saying of the field means, and which roles need it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.command import Arguments, Command, Context, Kind, Option, Outcome, Visibility
from bot.core.content.catalogue import Catalogue
from bot.core.content.models import LEVELS, Entry, Note, Role, Skill, Term
from bot.core.intents import Run
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
from bot.core.wording import Footnotes, capitalised, in_sentence, listed

MOST_ROLES = 6
"""How many roles that need a skill are named."""

MOST_RELATED = 4
"""How many related entries have a button."""


async def define(arguments: Arguments, context: Context) -> Outcome:
    """The meaning of a skill or term, or a note across roles."""
    catalogue = context.catalogue
    match catalogue.entry(arguments["term"]):
        case Note() as note:
            return _note(note, catalogue)
        case entry:
            return _entry(entry, catalogue)


def _entry(entry: Entry, catalogue: Catalogue) -> View:
    notes = Footnotes(catalogue.content.sources)
    needed = _needed(entry, catalogue)
    blocks: tuple[Block, ...] = (
        Prose(notes.cite(entry.definition)),
        Fields((("Example", (Text(entry.example),)), *_place(entry, catalogue))),
        *_roles(needed),
        *notes.blocks(),
        *_actions(entry, [role for role, _ in needed], catalogue),
    )
    title = capitalised(entry.name)
    return View(title, blocks, fallback=f"{title}: {entry.definition.text}")


def _place(entry: Entry, catalogue: Catalogue) -> Iterator[tuple[str, tuple[Text, ...]]]:
    chain = [entry]
    while broader := chain[-1].broader:
        above = catalogue.entry(broader)
        if not isinstance(above, Entry):
            break
        chain.append(above)
    if len(chain) > 1:
        yield "Part of", (Text(", part of ".join(above.name for above in chain[1:])),)
    if entry.aliases:
        yield "Also called", (Text(", ".join(entry.aliases)),)


def _needed(entry: Entry, catalogue: Catalogue) -> list[tuple[Role, int]]:
    """The roles that need the entry's skills most, with the highest level."""
    match entry:
        case Skill():
            skills: tuple[str, ...] = (entry.id,)
        case Term():
            skills = entry.skills
        case _:
            skills = ()
    levels = [
        (role, max((role.level(skill) for skill in skills), default=0))
        for role in catalogue.content.roles.values()
    ]
    ranked = sorted((item for item in levels if item[1]), key=lambda item: -item[1])
    return ranked[:MOST_ROLES]


def _roles(needed: list[tuple[Role, int]]) -> Iterator[Block]:
    if needed:
        yield Heading("Who needs it most")
        grades: dict[int, list[str]] = {}
        for role, level in needed:
            grades.setdefault(level, []).append(in_sentence(role.name))
        yield Bullets(
            tuple(
                (Bold(f"{capitalised(LEVELS[level])}: "), Text(listed(names)))
                for level, names in grades.items()
            )
        )


def _actions(entry: Entry, needed: list[Role], catalogue: Catalogue) -> Iterator[Actions]:
    related = [*([entry.broader] if entry.broader else []), *entry.related]
    if isinstance(entry, Term):
        related += entry.skills
    buttons = tuple(
        Button(_short(catalogue.entry(identity)), Run("define", (identity,)))
        for identity in dict.fromkeys(related)
    )[:MOST_RELATED]
    choices = tuple(Choice(capitalised(role.name), Run("role", (role.id,))) for role in needed)
    items = (*buttons, *((Select("Open a role that needs it", choices),) if choices else ()))
    if items:
        yield Actions(items)


def _short(entry: Entry | Note) -> str:
    return entry.title if isinstance(entry, Note) else capitalised(entry.name)


def _note(note: Note, catalogue: Catalogue) -> View:
    notes = Footnotes(catalogue.content.sources)
    blocks: list[Block] = [Prose(notes.cite(note.text))]
    if note.correction:
        blocks.append(Prose((Bold("A correction: "), *notes.cite(note.correction))))
    blocks += notes.blocks()
    if len(note.roles) > 1:
        blocks.append(Actions((Button("Compare the two", Run("compare", note.roles)),)))
    elif note.roles:
        blocks.append(Actions((Button("About the role", Run("role", note.roles)),)))
    return View(note.title, tuple(blocks), fallback=note.title)


COMMAND = Command(
    name="define",
    description="What a skill or a term means, with an example and the roles that need it",
    options=(Option("term", "A word of the field, such as RAG", Kind.ENTRY),),
    visibility=Visibility.PUBLIC,
    handler=define,
    example="RAG",
)
