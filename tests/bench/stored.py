"""What stands in the database when an answer is measured: people in the middle of their quizzes.

The first person's rows are made by the store. Everybody else's are copies of them, made in bulk, so
that a database of any size is there in seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    create_engine,
    delete,
    event,
    func,
    select,
    update,
)

from bot.core.content.quizzes import ChoiceItem
from bot.core.desk import utc_now
from bot.core.intents import AnswerQuestion, encode
from bot.core.ports import Answer, Card, Unit
from bot.core.quiz import session as moves
from bot.core.quiz.adaptive import Rating
from bot.core.quiz.library import Library
from bot.core.quiz.review import reviewed
from bot.core.quiz.session import Kind, Phase, Session
from bot.core.quizzing.material import order_of
from bot.core.quizzing.rounds import LENGTHS
from bot.store.database import Database
from bot.store.tables import abilities, answers, cards, sessions

AT = 5
"""The question, from 0, that everybody stands at."""

PAST = 10
"""Questions that everybody has answered before, in a quiz that has ended."""

SEED = 12
"""Decides the order of options, for everybody alike."""

FIRST = "bench:first"
"""The person whose rows are copied."""

BATCH = 10_000
"""Rows that are handed to the database at once."""


@dataclass(frozen=True, slots=True)
class Quiz:
    """A quiz that everybody is in the middle of, and the place of the option that they press."""

    session: Session
    place: int = 0

    def of(self, number: int) -> str:
        """The id of the session of the person with this number."""
        return f"{self.session.id}{number:09}"

    def button(self, number: int) -> str:
        """The id of the button that answers for the person with this number."""
        return encode(AnswerQuestion(self.of(number), AT, (self.place,)))


@dataclass(frozen=True, slots=True)
class Scene:
    """Everybody's quizzes: `past` has ended, and its questions are `answered`."""

    library: Library
    fit: Quiz
    knowledge: Quiz
    past: Quiz
    answered: tuple[ChoiceItem, ...]


def scene(library: Library, topic: str = "data-engineer") -> Scene:
    """The role-fit quiz and one about a role, at the same question for everybody.

    The knowledge question is one of middling length, and its right option is pressed.
    """
    pool = [
        i for i in library.about(topic).items if isinstance(i, ChoiceItem) and i.format == "single"
    ]
    pool.sort(key=lambda item: len(library.body_of(item)))
    middle, answered = pool[len(pool) // 2], tuple(pool[:PAST])
    core = library.fit.model.core
    fit = [(item, library.fit_version) for item in core[: AT + 1]]
    items = [(item.id, library.version_of(item)) for item in (*answered[:AT], middle)]
    blank = _blank(library)
    length = LENGTHS[Kind.KNOWLEDGE]
    knowledge = _asked(replace(blank, id="k", topic=(topic,), length=length), items)
    return Scene(
        library,
        Quiz(_asked(replace(blank, id="f", kind=Kind.FIT, length=len(core)), fit)),
        Quiz(knowledge, order_of(knowledge, AT, middle).index(0)),
        Quiz(replace(knowledge, id="p", phase=Phase.DONE)),
        answered,
    )


def _blank(library: Library) -> Session:
    now = utc_now()
    return Session("", FIRST, Kind.KNOWLEDGE, (), SEED, library.version, 0, now, now)


def _asked(session: Session, items: Sequence[tuple[str, str]]) -> Session:
    """With all of these questions answered but the last."""
    now, score = session.started, None if session.kind.is_fit else 1.0
    for item, version in items:
        if session.asked:
            session = moves.answer(session, session.position, (0,), score, now)
        session = moves.ask(session, item, version, now)
    return session


def prepare(url: str, made: Scene) -> None:
    """Make the tables at an address that `database_url` returned, and the first person's rows."""

    async def by_way_of_the_store() -> None:
        database = Database(url)
        await database.write(lambda unit: _write(unit, made))
        await database.close()

    asyncio.run(by_way_of_the_store())


def _write(unit: Unit, made: Scene) -> None:
    library, past = made.library, made.past.session
    unit.sessions.keep(library.fit_version, library.fit_body)
    for quiz in (made.past, made.fit, made.knowledge):
        unit.sessions.add(quiz.session)
    for position, item in enumerate(made.answered):
        now, group = past.started, library.group_of(item.skill)
        review = reviewed(None, 1.0, now)
        unit.learning.record(
            Answer(
                session=past.id,
                position=position,
                person=FIRST,
                community=past.community,
                item=item.id,
                group=group,
                score=1.0,
                chosen=(0,),
                first=True,
                seconds=20.0,
                ability=0.0,
                at=now,
            ),
            Rating(1.0, position + 1),
            0.0,
            0.0,
            Card(review.state, review.due, now),
        )


def _in_a_hurry(connection: sqlite3.Connection, _: object) -> None:
    """What is lost with the machine is no loss here; the bot's own connections are as ever."""
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -300000")


@contextlib.contextmanager
def opened(url: str) -> Iterator[Engine]:
    """The database at this address, past the store."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _in_a_hurry)
    try:
        yield engine
    finally:
        engine.dispose()


def add_people(engine: Engine, made: Scene, quizzes: Sequence[Quiz], people: Sequence[str]) -> None:
    """Let everybody be where these quizzes are; with the past one, they have its answers too."""
    with engine.begin() as connection:
        for quiz in quizzes:
            first = _row(connection, quiz)
            rows = ({**first, "id": quiz.of(n), "person": p} for n, p in enumerate(people))
            while batch := list(islice(rows, BATCH)):
                connection.execute(sessions.insert(), batch)
        if made.past in quizzes:
            _copy(connection, answers, {"session": sessions.c.id, "person": sessions.c.person})
            _copy(connection, abilities, {"person": sessions.c.person})
            _copy(connection, cards, {"person": sessions.c.person})


def _row(connection: Connection, quiz: Quiz) -> dict[str, Any]:
    """The row that the store made of a quiz of the first person."""
    found = connection.execute(select(sessions).where(sessions.c.id == quiz.session.id))
    return dict(found.mappings().one())


def _copy(connection: Connection, table: Table, own: dict[str, ColumnElement[Any]]) -> None:
    """The first person's rows again for everybody who has a past."""
    values = [own.get(column.name, column) for column in table.columns]
    rows = (
        select(*values)
        .select_from(sessions.join(table, table.c.person == FIRST))
        .where(sessions.c.phase == Phase.DONE.value, sessions.c.person != FIRST)
        .order_by(*(own.get(column.name, column) for column in table.primary_key))
    )
    connection.execute(table.insert().from_select([c.name for c in table.columns], rows))


def begin_again(engine: Engine, quiz: Quiz, numbers: Iterable[int], people: Sequence[str]) -> int:
    """Put people, by their numbers, back to where they were; how many had answered."""
    mine = [quiz.of(number) for number in numbers]
    waiting = quiz.session.current
    with engine.begin() as connection:
        before = _row(connection, quiz)
        moved = connection.scalar(
            select(func.count())
            .select_from(sessions)
            .where(sessions.c.id.in_(mine), sessions.c.asked != before["asked"])
        )
        connection.execute(delete(answers).where(answers.c.session.in_(mine)))
        forget = delete(cards).where(cards.c.item == waiting.item, cards.c.person.in_(people))
        connection.execute(forget)
        changed = {name: before[name] for name in ("asked", "phase", "updated", "length")}
        connection.execute(update(sessions).where(sessions.c.id.in_(mine)).values(changed))
    return moved or 0
