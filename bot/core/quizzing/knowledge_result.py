"""The result of a knowledge quiz: the score, bars by skill, what was missed, what comes back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from bot.core.command import Context
from bot.core.content.quizzes import Item
from bot.core.intents import Ask, Run, Step, TakeStep, Wish
from bot.core.items import why
from bot.core.markdown import spans
from bot.core.ports import Seen
from bot.core.quiz.adaptive import Mastery, Rating, mastery
from bot.core.quiz.session import Kind, Session
from bot.core.quizzing.explained import key
from bot.core.quizzing.states import what_of
from bot.core.views import (
    Actions,
    Bar,
    Bars,
    Block,
    Bold,
    Button,
    Heading,
    Notice,
    Prose,
    Text,
    View,
)
from bot.core.wording import in_sentence, listed

_LADDER = tuple(Mastery)

MOST_TO_READ = 5
"""Skills whose definitions are offered after a quiz."""


def points(score: float) -> str:
    """A sum of scores, without a fraction where there is none: `7` or `7.5`."""
    return f"{score:.1f}".removesuffix(".0")


def knowledge_result(
    session: Session,
    items: Sequence[Item],
    seen: Mapping[str, Seen],
    abilities: Mapping[str, Rating],
    context: Context,
    now: dt.datetime,
) -> View:
    """The result of a session that is done; `items` are those that it asked, in order."""
    said = f"{points(session.score)} of {len(items)}"
    missed = [
        item for item, asked in zip(items, session.asked, strict=True) if (asked.score or 0.0) < 1.0
    ]
    return View(
        f"Your result: {said}",
        (
            *_levels(session, items, abilities, context),
            *_bars(session, items, context),
            *(
                block
                for number, item in enumerate(missed)
                for block in _missed(item, context, first=not number)
            ),
            *_comes_back(items, seen, now),
            *_to_read(missed, context),
            _buttons(session),
        ),
        fallback=f"{said} on {listed(topic_names(session, context)) or 'your reviews'}.",
    )


def topic_names(session: Session, context: Context) -> list[str]:
    """What a quiz is about, by name, as it stands inside a sentence."""
    content = context.catalogue.content
    groups = {group.id: group.name for group in content.skill_groups}
    return [
        in_sentence(content.roles[t].name)
        if t in content.roles
        else groups.get(t) or context.library.skill_name(t)
        for t in session.topic
    ]


def _levels(
    session: Session, items: Sequence[Item], abilities: Mapping[str, Rating], context: Context
) -> Iterator[Block]:
    """After a placement, the level in every group of skills that was asked about."""
    if session.kind is Kind.PLACEMENT:
        groups = {context.library.group_of(item.skill) for item in items}
        yield Heading("Your level")
        yield level_bars({group: abilities[group] for group in groups & abilities.keys()}, context)


def level_bars(abilities: Mapping[str, Rating], context: Context) -> Bars:
    """The level in each group of skills, in words and as a bar of four steps.

    The number of answers stands beside it, because few of them say little.
    """
    groups = context.catalogue.content.skill_groups
    return Bars(tuple(_level(g.name, abilities[g.id]) for g in groups if g.id in abilities))


def _level(group: str, rating: Rating) -> Bar:
    level = mastery(rating.value)
    share = (1 + _LADDER.index(level)) / len(_LADDER)
    return Bar(group, share, f"{level.value}, from {_counted('answer', rating.answers)}")


def _bars(session: Session, items: Sequence[Item], context: Context) -> Iterator[Block]:
    scores: dict[str, list[float]] = {}
    for item, asked in zip(items, session.asked, strict=True):
        scores.setdefault(item.skill, []).append(asked.score or 0.0)
    yield Heading("By skill")
    yield Bars(
        tuple(
            Bar(
                context.library.skill_name(skill),
                sum(got) / len(got),
                f"{points(sum(got))} of {len(got)}",
            )
            for skill, got in scores.items()
        )
    )


def _missed(item: Item, context: Context, *, first: bool) -> Iterator[Block]:
    if first:
        yield Heading("What you missed")
    yield Prose((Bold("Asked: "), *spans(item.stem)))
    yield Prose((Bold("Right: "), *key(item)))
    yield from why(item, context.catalogue.content.sources)


def _comes_back(
    items: Sequence[Item], seen: Mapping[str, Seen], now: dt.datetime
) -> Iterator[Block]:
    days: dict[int, int] = {}
    for item in items:
        if item.id in seen:
            wait = max(0, (seen[item.id].due.date() - now.date()).days)
            days[wait] = days.get(wait, 0) + 1
    if days:
        parts = [f"{_counted('question', n)} {_in_days(wait)}" for wait, n in sorted(days.items())]
        yield Heading("What comes back for review")
        yield Prose((Text(f"{listed(parts)}."),))


def _counted(noun: str, count: int) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _in_days(wait: int) -> str:
    match wait:
        case 0:
            return "today"
        case 1:
            return "tomorrow"
        case _:
            return f"in {wait} days"


def _to_read(missed: Sequence[Item], context: Context) -> Iterator[Block]:
    skills = list(dict.fromkeys(item.skill for item in missed))[:MOST_TO_READ]
    known = [skill for skill in skills if skill in context.catalogue.content.skills]
    if known:
        yield Heading("What to read")
        yield Actions(
            tuple(
                Button(context.library.skill_name(skill), Run("define", (skill,)))
                for skill in known
            )
        )
    elif not missed:
        yield Notice((Text("Nothing was missed."),))


def _buttons(session: Session) -> Actions:
    return Actions(
        (
            Button("Another round", Run("quiz", what_of(session)), primary=True),
            Button("Remind me to review", Ask(Wish.REMIND)),
            Button("Share the result", TakeStep(session.id, session.position, Step.SHARE)),
            Button("My progress", Run("progress")),
        )
    )
