"""What people answered, what they are able to do, and what comes back for review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, and_, bindparam, select, text

from bot.core.ports import Answer, Card, Known, Seen
from bot.core.quiz.adaptive import Rating
from bot.core.quiz.statistics import Attempt
from bot.store.tables import abilities, answers, cards, difficulties
from bot.store.upsert import upsert

LATEST = 30
"""Answers whose time counts as usual."""

BATCH = 2_000
"""Rows that are held at once when all are read."""

_one = select(bindparam("item").label("one")).subquery()
_KNOWN = (
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
    .select_from(_one)
    .outerjoin(
        abilities,
        and_(
            abilities.c.person == bindparam("person"),
            abilities.c.skill_group == bindparam("group"),
        ),
    )
    .outerjoin(difficulties, difficulties.c.item == bindparam("item"))
    .outerjoin(
        cards, and_(cards.c.person == bindparam("person"), cards.c.item == bindparam("item"))
    )
)
_SECONDS = (
    select(answers.c.seconds)
    .where(answers.c.person == bindparam("person"))
    .order_by(answers.c.at.desc())
    .limit(LATEST)
)
_DUE = (
    select(cards.c.item)
    .where(cards.c.person == bindparam("person"), cards.c.due <= bindparam("now"))
    .order_by(cards.c.due, cards.c.item)
)


_ANSWER = answers.insert()
_ABILITY = upsert(abilities, ("person", "skill_group"), ("value", "answers"))
_CARD = upsert(cards, ("person", "item"), ("state", "due", "last", "quick"))
_DIFFICULTY = text(
    "INSERT INTO difficulties (item, value, answers) VALUES (:item, :start + :change, 1) "
    "ON CONFLICT (item) DO UPDATE SET value = difficulties.value + :change, "
    "answers = difficulties.answers + 1"
)


def _row(answer: Answer) -> dict[str, Any]:
    return {
        "session": answer.session,
        "position": answer.position,
        "person": answer.person,
        "community": answer.community,
        "item": answer.item,
        "skill_group": answer.group,
        "score": answer.score,
        "chosen": "".join(map(str, answer.chosen)),
        "is_first": answer.first,
        "seconds": answer.seconds,
        "ability": answer.ability,
        "at": answer.at,
    }


class Learning:
    """Implements `ports.Learning`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self, person: str, item: str, group: str) -> Known:
        given = {"person": person, "item": item, "group": group}
        row = (self._connection.execute(_KNOWN, given)).one()
        return Known(
            Rating() if row.ability is None else Rating(row.ability, row.ability_answers),
            None if row.difficulty is None else Rating(row.difficulty, row.difficulty_answers),
            None if row.state is None else Card(row.state, row.due, row.last, bool(row.quick)),
        )

    def record(
        self, answer: Answer, ability: Rating, difficulty: float, change: float, card: Card
    ) -> None:
        connection = self._connection
        connection.execute(_ANSWER, _row(answer))
        connection.execute(
            _ABILITY(connection),
            {
                "person": answer.person,
                "skill_group": answer.group,
                "value": ability.value,
                "answers": ability.answers,
            },
        )
        if answer.first:
            given = {"item": answer.item, "start": difficulty, "change": change}
            connection.execute(_DIFFICULTY, given)
        connection.execute(
            _CARD(connection),
            {
                "person": answer.person,
                "item": answer.item,
                "state": card.state,
                "due": card.due,
                "last": card.last,
                "quick": card.quick,
            },
        )

    def abilities(self, person: str) -> Mapping[str, Rating]:
        statement = select(abilities).where(abilities.c.person == bindparam("person"))
        found = self._connection.execute(statement, {"person": person})
        return {row.skill_group: Rating(row.value, row.answers) for row in found}

    def difficulties(self) -> Mapping[str, Rating]:
        found = self._connection.execute(select(difficulties))
        return {row.item: Rating(row.value, row.answers) for row in found}

    def seen(self, person: str) -> Mapping[str, Seen]:
        statement = select(cards.c.item, cards.c.last, cards.c.due).where(
            cards.c.person == bindparam("person")
        )
        found = self._connection.execute(statement, {"person": person})
        return {row.item: Seen(row.last, row.due) for row in found}

    def due(self, person: str, now: dt.datetime) -> tuple[str, ...]:
        found = self._connection.scalars(_DUE, {"person": person, "now": now})
        return tuple(found)

    def usual_seconds(self, person: str) -> tuple[float, ...]:
        return tuple(self._connection.scalars(_SECONDS, {"person": person}))

    def first_attempts(self) -> Iterator[Attempt]:
        statement = select(
            answers.c.item, answers.c.score, answers.c.ability, answers.c.chosen
        ).where(answers.c.is_first)
        rows = self._connection.execute(statement, execution_options={"yield_per": BATCH})
        for row in rows:
            yield Attempt(row.item, row.score, row.ability, tuple(map(int, row.chosen)))
