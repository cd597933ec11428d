"""What people answered, what they are able to do, and what comes back for review."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, literal, select

from bot.core.ports import Answer, Card, Known, Seen
from bot.core.quiz.adaptive import Rating
from bot.core.quiz.statistics import Attempt
from bot.store.prepared import Prepared
from bot.store.tables import IS_FIRST, abilities, answers, cards, difficulties
from bot.store.upsert import Insert, replace, upsert

LATEST = 30
"""Answers whose time counts as usual."""

BATCH = 1_000
"""Rows that are held at once when all answers are read."""


def _known(_: Connection) -> Select[Any]:
    """The ability, the difficulty and the card in one row, each with what is missing as None."""
    here = select(literal(1).label("here")).subquery()
    ability = and_(
        abilities.c.person == bindparam("person"), abilities.c.skill_group == bindparam("group")
    )
    card = and_(cards.c.person == bindparam("person"), cards.c.item == bindparam("item"))
    return (
        select(
            abilities.c.value.label("ability"),
            abilities.c.answers.label("ability_answers"),
            difficulties.c.value.label("difficulty"),
            difficulties.c.answers.label("difficulty_answers"),
            cards.c.state,
            cards.c.due,
            cards.c.last,
            cards.c.quick,
        )
        .select_from(here)
        .outerjoin(abilities, ability)
        .outerjoin(difficulties, difficulties.c.item == bindparam("item"))
        .outerjoin(cards, card)
    )


def _counted(_: Insert) -> Mapping[str, Any]:
    """Several processes may count at once, so the change is added where the row lies."""
    change = bindparam("change", type_=difficulties.c.value.type)
    return {
        "value": difficulties.c.value + change,
        "answers": difficulties.c.answers + 1,
    }


_KNOWN = Prepared(_known)
_ANSWER = Prepared(lambda _: answers.insert())
_ABILITY = Prepared(upsert(abilities, replace("value", "answers")))
_CARD = Prepared(upsert(cards, replace("state", "due", "last", "quick")))
_DIFFICULTY = Prepared(upsert(difficulties, _counted))
_ABILITIES = select(abilities).where(abilities.c.person == bindparam("person"))
_DIFFICULTIES = select(difficulties)
_SEEN = select(cards.c.item, cards.c.last, cards.c.due).where(cards.c.person == bindparam("person"))
_DUE = (
    select(cards.c.item)
    .where(cards.c.person == bindparam("person"), cards.c.due <= bindparam("now"))
    .order_by(cards.c.due, cards.c.item)
)
_SECONDS = Prepared(
    lambda _: (
        select(answers.c.seconds)
        .where(answers.c.person == bindparam("person"))
        .order_by(answers.c.at.desc(), answers.c.seconds.desc())
        .limit(LATEST)
    )
)
_FIRST_ATTEMPTS = (
    select(answers.c.item, answers.c.score, answers.c.ability, answers.c.chosen)
    .where(IS_FIRST)
    .execution_options(yield_per=BATCH)
)


class Learning:
    """Implements `ports.Learning`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self, person: str, item: str, group: str) -> Known:
        given = {"person": person, "item": item, "group": group}
        [row] = _KNOWN(self._connection, given)
        return Known(
            Rating() if row.ability is None else Rating(row.ability, row.ability_answers),
            None if row.difficulty is None else Rating(row.difficulty, row.difficulty_answers),
            None if row.state is None else Card(row.state, row.due, row.last, row.quick),
        )

    def record(
        self, answer: Answer, ability: Rating, difficulty: float, change: float, card: Card
    ) -> None:
        connection = self._connection
        whose = {"person": answer.person, "skill_group": answer.group}
        _ANSWER(connection, _row(answer))
        _ABILITY(
            connection,
            {**whose, "value": ability.value, "answers": ability.answers},
        )
        _CARD(
            connection,
            {
                "person": answer.person,
                "item": answer.item,
                "state": card.state,
                "due": card.due,
                "last": card.last,
                "quick": card.quick,
            },
        )
        if answer.first:
            # Last, because everybody who answers this item waits for this row.
            moved = {"value": difficulty + change, "answers": 1, "change": change}
            _DIFFICULTY(connection, {"item": answer.item, **moved})

    def abilities(self, person: str) -> Mapping[str, Rating]:
        rows = self._connection.execute(_ABILITIES, {"person": person})
        return {row.skill_group: Rating(row.value, row.answers) for row in rows}

    def difficulties(self) -> Mapping[str, Rating]:
        rows = self._connection.execute(_DIFFICULTIES)
        return {row.item: Rating(row.value, row.answers) for row in rows}

    def seen(self, person: str) -> Mapping[str, Seen]:
        rows = self._connection.execute(_SEEN, {"person": person})
        return {row.item: Seen(row.last, row.due) for row in rows}

    def due(self, person: str, now: dt.datetime) -> tuple[str, ...]:
        return tuple(self._connection.scalars(_DUE, {"person": person, "now": now}))

    def usual_seconds(self, person: str) -> tuple[float, ...]:
        return tuple(row.seconds for row in _SECONDS(self._connection, {"person": person}))

    def first_attempts(self) -> Iterator[Attempt]:
        with self._connection.execute(_FIRST_ATTEMPTS) as rows:
            for row in rows:
                yield Attempt(row.item, row.score, row.ability, tuple(json.loads(row.chosen)))


def _row(answer: Answer) -> dict[str, Any]:
    return {
        "session": answer.session,
        "position": answer.position,
        "person": answer.person,
        "community": answer.community,
        "item": answer.item,
        "skill_group": answer.group,
        "score": answer.score,
        "chosen": json.dumps(answer.chosen),
        "is_first": answer.first,
        "seconds": answer.seconds,
        "ability": answer.ability,
        "at": answer.at,
    }
