"""`/compare`: two roles beside each other, and one aspect of both in full."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from bot.core import roles
from bot.core.command import Arguments, Command, Context, Kind, Option, Outcome, Visibility
from bot.core.commands.pay import old_figures, pay_tables
from bot.core.commands.role import day_blocks
from bot.core.commands.twice import same_role
from bot.core.content.catalogue import Catalogue
from bot.core.content.models import LEVELS, Fact, Pay, Role, Topic
from bot.core.content.names import squeeze
from bot.core.intents import Aspect, CompareAspect, Run
from bot.core.views import (
    Actions,
    Block,
    Bold,
    Bullets,
    Button,
    Comparison,
    Heading,
    Level,
    Notice,
    Prose,
    Spans,
    Text,
    View,
)
from bot.core.wording import Footnotes, capitalised, date_in_words, in_a_row, in_sentence, money

NOTES_A_TOPIC = 2
"""How many notes on the pair a topic shows; a chat is read on a phone."""

MOST_SHARED = 8
"""How many shared strengths are named."""


async def compare(arguments: Arguments, context: Context) -> Outcome:
    """The comparison of two roles, or a word about comparing a role with itself."""
    catalogue = context.catalogue
    first, second = catalogue.role(arguments["first"]), catalogue.role(arguments["second"])
    if first is second:
        return same_role(first, "compare", context.family)
    notes = Footnotes(catalogue.content.sources)
    pair = (first, second)
    ways_in = (first.ways_in[0], second.ways_in[0])
    demand = (first.demand[0], second.demand[0])
    blocks: tuple[Block, ...] = (
        Prose((Bold(first.name), Text(f": {first.tagline}"))),
        Prose((Bold(second.name), Text(f": {second.tagline}"))),
        *_skills(first, second, catalogue),
        *_overlap(pair, catalogue, notes),
        *_on_both("Background", Topic.BACKGROUND, ways_in, pair, catalogue, notes),
        *_on_both("Demand", Topic.DEMAND, demand, pair, catalogue, notes),
        *_pay(first, second, context, notes),
        *_choice(pair, catalogue, notes),
    )
    return View(
        title=f"{capitalised(first.name)} and {in_sentence(second.name)}",
        blocks=(*blocks, *notes.blocks(), _buttons(first, second)),
        fallback=f"{capitalised(first.name)} and {in_sentence(second.name)} compared.",
    )


def _skills(first: Role, second: Role, catalogue: Catalogue) -> Iterator[Block]:
    names = catalogue.content.skills
    found = roles.differences(first, second, names)
    if found.shared:
        shared = [names[skill].name for skill in found.shared]
        rest = len(shared) - MOST_SHARED
        more = (f"and {rest} more",) if rest > 0 else ()
        yield Heading("Strengths of both")
        yield Prose((Text(in_a_row((*shared[:MOST_SHARED], *more))),))
    for side, skills in ((first, found.more_in_first), (second, found.more_in_second)):
        if skills:
            yield Heading(f"More of this as {in_sentence(side.name)}")
            yield Comparison(
                first.name,
                second.name,
                tuple(
                    Level(names[skill].name, first.level(skill), second.level(skill))
                    for skill in skills
                ),
                LEVELS,
            )


def _overlap(pair: tuple[Role, Role], catalogue: Catalogue, notes: Footnotes) -> Iterator[Block]:
    if items := _pair_notes(Topic.OVERLAP, pair, catalogue, notes, NOTES_A_TOPIC):
        yield Heading("In short")
        yield Bullets(items)


def _pair_notes(
    topic: Topic, pair: tuple[Role, Role], catalogue: Catalogue, notes: Footnotes, most: int
) -> tuple[Spans, ...]:
    found = [note for note in catalogue.notes(*(role.id for role in pair)) if note.topic is topic]
    return tuple(notes.cite_note(note) for note in found[:most])


def _on_both(
    title: str,
    topic: Topic,
    facts: tuple[Fact, Fact],
    pair: tuple[Role, Role],
    catalogue: Catalogue,
    notes: Footnotes,
) -> Iterator[Block]:
    """What is known of just this pair, or else a fact about each."""
    yield Heading(title)
    yield Bullets(
        _pair_notes(topic, pair, catalogue, notes, NOTES_A_TOPIC)
        or tuple(
            (Bold(f"{capitalised(role.name)}: "), *notes.cite(fact))
            for role, fact in zip(pair, facts, strict=True)
        )
    )


def _pay(first: Role, second: Role, context: Context, notes: Footnotes) -> Iterator[Block]:
    catalogue = context.catalogue
    comparable = _comparable(first, second)
    yield Heading("Pay")
    rows = tuple(
        (
            Bold(f"{catalogue.content.countries[mine.country].name}, {mine.what}: "),
            Text(
                f"{_counted(first, mine)} {money(mine.amount, mine.currency)}, "
                f"{_counted(second, yours)} {money(yours.amount, yours.currency)} "
                f"({mine.statistic}, {date_in_words(mine.as_of)})"
            ),
            notes.mark((mine.source,), mine.as_of),
        )
        for mine, yours in comparable
    )
    notes_on_pay = _pair_notes(Topic.PAY, (first, second), catalogue, notes, 1)
    if rows or notes_on_pay:
        yield Bullets((*rows, *notes_on_pay))
    yield from old_figures((mine for mine, _ in comparable), context)
    if not rows:
        yield Prose((Text("No source that we know has figures for both of them."),))


def _comparable(first: Role, second: Role) -> list[tuple[Pay, Pay]]:
    """Pairs of figures that were counted alike: same source, country, date, statistic, kind."""
    theirs = {_kind_of(pay): pay for pay in reversed(second.pay)}
    mine = {_kind_of(pay): pay for pay in reversed(first.pay)}
    return [(pay, theirs[kind]) for kind, pay in reversed(mine.items()) if kind in theirs]


def _counted(role: Role, figure: Pay) -> str:
    """The role, and what the source counts it as where that is something else."""
    name = in_sentence(role.name)
    same = squeeze(figure.title) in {squeeze(alias) for alias in (role.name, *role.aliases)}
    return name if same else f"{name} (counted as {in_sentence(figure.title)})"


def _kind_of(pay: Pay) -> tuple[str, ...]:
    return (pay.source, pay.country, pay.currency, pay.as_of, pay.statistic, pay.what)


def _choice(pair: tuple[Role, Role], catalogue: Catalogue, notes: Footnotes) -> Iterator[Block]:
    yield Heading("Which one")
    yield Bullets(
        (
            *((Bold(f"{capitalised(role.name)}: "), *notes.cite(role.choose_if)) for role in pair),
            *_pair_notes(Topic.TITLES, pair, catalogue, notes, NOTES_A_TOPIC),
        )
    )


def _buttons(first: Role, second: Role) -> Actions:
    pair = (first.id, second.id)
    names = f"{in_sentence(first.name)} to {in_sentence(second.name)}"
    return Actions(
        (
            Button("Skills", CompareAspect(Aspect.SKILLS, *pair), primary=True),
            Button("Pay", CompareAspect(Aspect.PAY, *pair)),
            Button("Day to day", CompareAspect(Aspect.DAYS, *pair)),
            Button(f"Move from {names}", Run("path", pair)),
            Button("Swap", Run("compare", (second.id, first.id))),
            *(
                (Button("Quiz me on this pair", Run("quiz", pair)),)
                if first.fit is not None and second.fit is not None
                else ()
            ),
        )
    )


def aspect_view(intent: CompareAspect, context: Context) -> View:
    """One aspect of two roles in full. Raises KeyError for a role that is gone."""
    catalogue = context.catalogue
    first, second = catalogue.role(intent.first), catalogue.role(intent.second)
    notes = Footnotes(catalogue.content.sources)
    match intent.aspect:
        case Aspect.SKILLS:
            what, blocks = "Skills", _all_skills(first, second, catalogue)
        case Aspect.PAY:
            what, blocks = "Pay", _both_pay(first, second, context, notes)
        case Aspect.DAYS:
            what, blocks = "Day to day", _both_days(first, second, notes)
        case _:
            assert_never(intent.aspect)
    title = f"{what}: {in_sentence(first.name)} and {in_sentence(second.name)}"
    shown = tuple(blocks)
    back = Button("Whole comparison", Run("compare", (first.id, second.id)))
    return View(title, (*shown, *notes.blocks(), Actions((back,))), fallback=title)


def _all_skills(first: Role, second: Role, catalogue: Catalogue) -> Iterator[Block]:
    for group in catalogue.content.skill_groups:
        rows = tuple(
            Level(skill.name, first.level(skill.id), second.level(skill.id))
            for skill in catalogue.content.skills.values()
            if skill.group == group.id and (first.level(skill.id) or second.level(skill.id))
        )
        if rows:
            yield Heading(group.name)
            yield Comparison(first.name, second.name, rows, LEVELS)
    reviewed = date_in_words(min(first.reviewed, second.reviewed).isoformat())
    yield Notice((Text(f"The levels are the editors' judgement, reviewed {reviewed}."),))


def _both_pay(first: Role, second: Role, context: Context, notes: Footnotes) -> Iterator[Block]:
    for role in (first, second):
        yield Heading(capitalised(role.name))
        yield from pay_tables(role.pay, context, notes, headings=False)
        if role.pay_note:
            yield Prose(notes.cite(role.pay_note))


def _both_days(first: Role, second: Role, notes: Footnotes) -> Iterator[Block]:
    for role in (first, second):
        yield Heading(capitalised(role.name))
        yield from day_blocks(role, notes)


COMMAND = Command(
    name="compare",
    description="Two roles beside each other: skills, background, demand, pay, and which to choose",
    options=(
        Option("first", "A role, such as AI engineer", Kind.ROLE),
        Option("second", "The role to compare it with", Kind.ROLE),
    ),
    visibility=Visibility.PUBLIC,
    handler=compare,
    example="ai-engineer ml-engineer",
)
