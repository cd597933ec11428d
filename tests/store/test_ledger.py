"""After a thousand units of work in two processes, everything that is kept agrees with itself."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeAlias

from sqlalchemy import Select, func, select

from bot.core.ports import Answer, Unit
from bot.core.quiz import session as moves
from bot.core.quiz.adaptive import Rating
from bot.core.quiz.session import Session
from bot.store.database import Database
from bot.store.tables import abilities, answers, cards, sessions
from tests.store.samples import NOW, a_card, asking

UNITS, AT_ONCE = 1_000, 25
PEOPLE = [f"discord:{number}" for number in range(4)]
TOPICS = ["data", "ml", "genai"]
ITEMS = [f"item-{number}" for number in range(6)]
CHANGE = 0.125
"""Of a difficulty by a first attempt; halves add up without rounding."""


class SecondThoughtsError(Exception):
    """Raised at the end of a unit of work, so that nothing of it is kept."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a unit of work says that it has kept."""

    item: str
    first: bool


Work: TypeAlias = Callable[[Unit], Learnt | None]


def press(position: int, identity: str, unit: Unit) -> Learnt | None:
    """Answer the question at a position, where it waits, and put the next one."""
    session = unit.sessions.get(identity, lock=True)
    if session is None or not session.is_open or session.position != position:
        return None
    item = session.current.item
    group = TOPICS[ITEMS.index(item) % len(TOPICS)]
    known = unit.learning.known(session.person, item, group)
    first = known.card is None
    ability = Rating(known.ability.value + CHANGE, known.ability.answers + 1)
    unit.learning.record(
        Answer(
            session=session.id,
            position=position,
            person=session.person,
            community=session.community,
            item=item,
            group=group,
            score=1.0,
            chosen=(0,),
            first=first,
            seconds=1.0,
            ability=known.ability.value,
            at=NOW,
        ),
        ability,
        0.0,
        CHANGE,
        a_card(),
    )
    session = moves.answer(session, position, (0,), 1.0, NOW)
    unit.sessions.save(moves.ask(session, ITEMS[(position + 1) % len(ITEMS)], "v1", NOW))
    return Learnt(item, first)


def press_twice(position: int, identity: str, unit: Unit) -> Learnt | None:
    """A double click that ends up in one unit of work."""
    learnt = press(position, identity, unit)
    assert press(position, identity, unit) is None
    return learnt


def regret(position: int, identity: str, unit: Unit) -> Learnt | None:
    press(position, identity, unit)
    raise SecondThoughtsError


def stop(identity: str, unit: Unit) -> None:
    session = unit.sessions.get(identity, lock=True)
    if session is not None:
        unit.sessions.save(moves.stop(session, NOW))


def begin(session: Session, unit: Unit) -> None:
    unit.sessions.add(session)


def forget(person: str, unit: Unit) -> None:
    unit.privacy.delete(person)


def begun(identity: str, person: str, topic: str) -> Session:
    session = asking(identity, person, topic=(topic,))
    return replace(session, asked=(replace(session.current, item=ITEMS[0]),))


def all_open(unit: Unit) -> list[Session]:
    return [session for person in PEOPLE for session in unit.sessions.open(person)]


class Play:
    """People who press, stop, begin and forget by chance."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._numbers = itertools.count()

    def units(self, waiting: list[Session], count: int) -> list[Work]:
        """Units of work to do at once: where few quizzes are open, many press the same button."""
        return [self._unit(waiting) for _ in range(count)]

    def _unit(self, waiting: list[Session]) -> Work:
        person, topic = self._chance.choice(PEOPLE), self._chance.choice(TOPICS)
        new = partial(begin, begun(f"{topic} {next(self._numbers)}", person, topic))
        if not waiting:
            return new
        session = self._chance.choice(waiting)
        position, identity = session.position, session.id
        works: dict[Work, int] = {
            partial(press, position, identity): 70,
            partial(press, position - 1, identity): 5,
            partial(press_twice, position, identity): 8,
            partial(regret, position, identity): 5,
            partial(stop, identity): 1,
            partial(forget, person): 1,
            new: 10,
        }
        [work] = self._chance.choices(list(works), list(works.values()))
        return work


async def test_a_thousand_units_in_two_processes_keep_the_books(
    database: Database, other: Database
) -> None:
    play = Play(seed=20261121)
    learnt: list[Learnt] = []
    regrets = 0

    async def do(store: Database, work: Work) -> None:
        nonlocal regrets
        try:
            found = await store.write(work)
        except SecondThoughtsError:
            regrets += 1
        else:
            if found is not None:
                learnt.append(found)

    for _ in range(UNITS // AT_ONCE):
        works = play.units(await database.read(all_open), AT_ONCE)
        stores = itertools.cycle((database, other))
        await asyncio.gather(*map(do, stores, works))

    assert regrets > 10
    assert len(learnt) > 100
    kept = await database.read(lambda unit: unit.learning.difficulties())
    firsts = Counter(one.item for one in learnt if one.first)
    assert kept == {item: Rating(count * CHANGE, count) for item, count in firsts.items()}
    assert_the_books_agree(database)


def assert_the_books_agree(database: Database) -> None:
    """What is derived from answers is what the answers say, and no answer is missing."""
    by_group = select(answers.c.person, answers.c.skill_group, func.count())
    by_group = by_group.group_by(answers.c.person, answers.c.skill_group)
    by_item = select(answers.c.person, answers.c.item, func.count().filter(answers.c.is_first))
    by_item = by_item.group_by(answers.c.person, answers.c.item)
    by_session = select(answers.c.session, func.count()).group_by(answers.c.session)
    with database.engine.connect() as connection:

        def rows(statement: Select[Any]) -> set[tuple[Any, ...]]:
            return {tuple(row) for row in connection.execute(statement)}

        known = rows(select(abilities.c.person, abilities.c.skill_group, abilities.c.answers))
        assert known == rows(by_group)
        assert known
        assert rows(by_item) == {(*row, 1) for row in rows(select(cards.c.person, cards.c.item))}
        settled = {
            (row.id, count)
            for row in connection.execute(select(sessions.c.id, sessions.c.asked))
            if (count := sum("response" in asked for asked in json.loads(row.asked)))
        }
        assert settled == rows(by_session)
