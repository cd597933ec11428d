"""Holds a database against what people pressed and what they were shown."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from sqlalchemy import Connection, Row, select
from sqlalchemy.exc import DatabaseError

from bot.core.content.catalogue import index
from bot.core.content.loader import load
from bot.core.ports import StoreError
from bot.core.quiz.library import Library
from bot.core.quiz.session import Asked, Phase, Session
from bot.core.quizzing.material import fit_order_of, order_of
from bot.settings import shipped_content
from bot.store.database import Database
from bot.store.tables import abilities, answers, cards, difficulties, sessions
from tests.crash.ledger import Fault, Given, Ledger, Problem


@dataclass(frozen=True, slots=True)
class Kept:
    """What a database holds about quizzes; answers by session and position."""

    sessions: Mapping[str, Session]
    answers: Mapping[tuple[str, int], Row[Any]]
    abilities: Mapping[tuple[str, str], int]
    difficulties: Mapping[str, int]
    cards: frozenset[tuple[str, str]]


async def check(url: str, ledger: Ledger) -> list[Problem]:
    """Everything that is wrong with the database at this address, and with what was seen."""
    database = Database(url)
    try:
        damages = await asyncio.to_thread(_damages, database)
        if damages:
            return [*ledger.problems, *damages]
        kept = await _kept(database)
    except (StoreError, DatabaseError) as error:
        return [*ledger.problems, Problem(Fault.DAMAGED, str(error))]
    finally:
        await database.close()
    return [
        *ledger.problems,
        *_lost(kept, ledger),
        *_doubled(kept),
        *_invented(kept, ledger),
        *_stuck(kept),
    ]


def _damages(database: Database) -> list[Problem]:
    """What SQLite finds in its file; PostgreSQL was not killed."""
    engine = database.engine
    if engine.dialect.name != "sqlite":
        return []
    with engine.connect() as connection:
        found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        loose = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    told = [*(line for line in found if line != "ok"), *map(str, loose)]
    return [Problem(Fault.DAMAGED, str(line)) for line in told]


async def _kept(database: Database) -> Kept:
    def rows() -> tuple[list[str], list[Row[Any]], list[Row[Any]], list[Row[Any]], list[Row[Any]]]:
        with database.engine.connect() as connection:
            return (
                list(connection.scalars(select(sessions.c.id))),
                _all(connection, answers),
                _all(connection, abilities),
                _all(connection, difficulties),
                _all(connection, cards),
            )

    ids, answered, able, difficult, carded = await asyncio.to_thread(rows)
    found = await database.read(lambda unit: [unit.sessions.get(one) for one in ids])
    return Kept(
        sessions={session.id: session for session in found if session is not None},
        answers={(row.session, row.position): row for row in answered},
        abilities={(row.person, row.skill_group): row.answers for row in able},
        difficulties={row.item: row.answers for row in difficult},
        cards=frozenset((row.person, row.item) for row in carded),
    )


def _all(connection: Connection, table: Any) -> list[Row[Any]]:
    return list(connection.execute(select(table)))


def _lost(kept: Kept, ledger: Ledger) -> Iterator[Problem]:
    """What was shown to be settled must be settled."""
    for identity, reached in ledger.reached.items():
        session = kept.sessions.get(identity)
        if session is None:
            yield Problem(Fault.LOST, f"the quiz {identity} was shown and is not there")
            continue
        if reached.done and session.phase is not Phase.DONE:
            yield Problem(Fault.LOST, f"the result of {identity} was shown; it is {session.phase}")
        if reached.position > session.position:
            what = f"question {reached.position} of {identity} was shown"
            yield Problem(Fault.LOST, f"{what}; it is at {session.position}")
        for position in range(reached.settled):
            yield from _missing(kept, session, position)


def _missing(kept: Kept, session: Session, position: int) -> Iterator[Problem]:
    what = f"answer {position} of {session.id} ({session.kind.value})"
    if position > session.position or not session.asked[position].settled:
        yield Problem(Fault.LOST, f"{what} was acknowledged and is not in the session")
    if not session.kind.is_fit and (session.id, position) not in kept.answers:
        yield Problem(Fault.LOST, f"{what} was acknowledged and is not among the answers")


def _doubled(kept: Kept) -> Iterator[Problem]:
    """Every settled question of a knowledge quiz counts once, wherever it counts."""
    settled = {
        (session.id, position): asked
        for session in kept.sessions.values()
        if not session.kind.is_fit
        for position, asked in enumerate(session.asked)
        if asked.settled
    }
    for place in settled.keys() - kept.answers.keys():
        yield Problem(Fault.LOST, f"answer {place} is in its session and not among the answers")
    for place in kept.answers.keys() - settled.keys():
        yield Problem(Fault.DOUBLED, f"answer {place} is counted and not in its session")
    for place in settled.keys() & kept.answers.keys():
        row, asked = kept.answers[place], settled[place]
        if (row.item, row.score) != (asked.item, asked.score or 0.0):
            yield Problem(Fault.DOUBLED, f"answer {place} is counted as another one")
    rows = kept.answers.values()
    yield from _counted(
        "the ability", kept.abilities, Counter((row.person, row.skill_group) for row in rows)
    )
    first = Counter(row.item for row in rows if row.is_first)
    yield from _counted("the difficulty", kept.difficulties, first)
    firsts = Counter((row.person, row.item) for row in rows if row.is_first)
    seen = {(row.person, row.item) for row in rows}
    yield from _counted("the first attempt", dict.fromkeys(seen, 1), firsts)
    yield from _counted("the card", dict.fromkeys(kept.cards, 1), Counter(seen))


def _counted(what: str, kept: Mapping[Any, int], counted: Counter[Any]) -> Iterator[Problem]:
    for key in kept.keys() | counted.keys():
        have, should = kept.get(key, 0), counted[key]
        if have != should:
            fault = Fault.DOUBLED if have > should else Fault.LOST
            yield Problem(fault, f"{what} of {key} knows of {have} answers, and there are {should}")


def _invented(kept: Kept, ledger: Ledger) -> Iterator[Problem]:
    """What is kept is what somebody pressed, to the letter."""
    library = Library(index(load(shipped_content())).content)
    for session in kept.sessions.values():
        for position, asked in enumerate(session.asked):
            if not asked.settled:
                continue
            given = ledger.given.get((session.id, position), set())
            if asked.response not in {
                _meant(one, session, position, asked, library) for one in given
            }:
                what = f"{asked.response!r} to question {position} of {session.id}"
                yield Problem(Fault.INVENTED, f"{what}; given was {given}")


def _meant(given: Given, session: Session, position: int, asked: Asked, library: Library) -> Given:
    """An answer in the content's order, as it is kept."""
    match given:
        case None | str():
            return given
        case tuple():
            return tuple(_order(session, position, asked, library)[place] for place in given)
        case _:
            assert_never(given)


def _order(session: Session, position: int, asked: Asked, library: Library) -> tuple[int, ...]:
    if session.kind.is_fit:
        options = library.fit.model.items[asked.item].options
        return fit_order_of(session, position, len(options))
    item = library.item(asked.item, asked.version)
    assert item is not None, f"{asked.item} was changed meanwhile"
    return order_of(session, position, item)


def _stuck(kept: Kept) -> Iterator[Problem]:
    """Everybody went on to the end of all that they began."""
    for session in kept.sessions.values():
        if session.phase is not Phase.DONE:
            yield Problem(Fault.STUCK, f"{session.id} of {session.person} is {session.phase}")
