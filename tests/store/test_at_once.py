"""Several units of work at once, in one process or two: nothing is lost, doubled or half seen."""

from __future__ import annotations

import asyncio
import threading
from functools import partial

from sqlalchemy import event

from bot.core.ports import Unit
from bot.core.quiz.adaptive import Rating
from bot.store.database import Database
from tests.store import postgres
from tests.store.samples import (
    ANN,
    BEN,
    NOW,
    a_card,
    a_session,
    an_answer,
    answer_once,
    asking,
    keep_answer,
)


async def it_waits(store: Database, url: str) -> None:
    """Until the unit of work that was just begun waits for somebody's lock."""
    if url.startswith("sqlite"):
        # The lock is taken, and waited for, by the first statement.
        loop, begins = asyncio.get_running_loop(), asyncio.Event()

        def begun(*_: object) -> None:
            loop.call_soon_threadsafe(begins.set)

        event.listen(store.engine, "before_cursor_execute", begun)
        await begins.wait()
    else:
        while not await asyncio.to_thread(postgres.waiting_for_locks, url):
            pass


async def test_what_a_unit_reads_is_of_one_moment(database: Database, other: Database) -> None:
    loop = asyncio.get_running_loop()
    has_read, has_written = asyncio.Event(), threading.Event()

    def work(unit: Unit) -> tuple[bool, bool]:
        before = unit.sessions.get("session1") is None
        loop.call_soon_threadsafe(has_read.set)
        assert has_written.wait(10)
        return before, unit.sessions.get("session1") is None

    reading = asyncio.create_task(database.read(work))
    await has_read.wait()
    await other.write(lambda unit: unit.sessions.add(asking()))
    has_written.set()
    assert await reading == (True, True)
    assert await database.read(lambda unit: unit.sessions.get("session1")) is not None


async def test_of_two_processes_that_answer_one_wins(database: Database, other: Database) -> None:
    names = [f"s{number}" for number in range(10)]
    await database.write(
        lambda unit: [unit.sessions.add(asking(name, topic=(name,))) for name in names]
    )

    async def press(store: Database, name: str) -> bool:
        return await store.write(lambda unit: answer_once(unit, name))

    presses = [press(store, name) for name in names for store in (database, other, database)]
    won = await asyncio.gather(*presses)
    assert [sum(won[at : at + 3]) for at in range(0, len(won), 3)] == [1] * len(names)
    assert await database.read(lambda unit: len(list(unit.learning.first_attempts()))) == 10


async def test_a_locked_session_waits_for_whoever_has_it(
    database: Database, other: Database, url: str
) -> None:
    await other.open()
    await database.write(lambda unit: unit.sessions.add(asking()))
    loop = asyncio.get_running_loop()
    is_held, go_on = asyncio.Event(), threading.Event()

    def hold(unit: Unit) -> bool:
        unit.sessions.get("session1", lock=True)
        loop.call_soon_threadsafe(is_held.set)
        assert go_on.wait(10)
        return answer_once(unit, "session1")

    holding = asyncio.create_task(database.write(hold))
    await is_held.wait()
    second = asyncio.create_task(other.write(lambda unit: answer_once(unit, "session1")))
    await it_waits(other, url)
    assert not second.done()
    go_on.set()
    assert (await holding, await second) == (True, False)


async def test_fifty_answers_at_once_are_fifty_answers(database: Database) -> None:
    names = [f"s{number}" for number in range(50)]
    await database.write(
        lambda unit: [unit.sessions.add(asking(name, f"person {name}")) for name in names]
    )

    async def press(name: str) -> bool:
        return await database.write(lambda unit: answer_once(unit, name))

    assert all(await asyncio.gather(*map(press, names)))
    found = await database.read(lambda unit: unit.learning.difficulties())
    assert found == {"rag-1": Rating(25.0, 50)}
    kept = await database.read(lambda unit: [unit.sessions.get(name) for name in names])
    assert all(session and session.current.settled for session in kept)


async def test_first_attempts_in_two_processes_all_count(
    database: Database, other: Database
) -> None:
    async def first(store: Database, number: int) -> None:
        session = asking(f"s{number}", f"person {number}")

        def work(unit: Unit) -> None:
            unit.sessions.add(session)
            keep_answer(unit, session, change=0.25)

        await store.write(work)

    await asyncio.gather(*(first((database, other)[n % 2], n) for n in range(30)))
    found = await database.read(lambda unit: unit.learning.difficulties())
    assert found == {"rag-1": Rating(7.5, 30)}


async def test_answers_of_one_person_in_several_quizzes_at_once_are_all_learnt_from(
    database: Database, other: Database
) -> None:
    names = [f"s{number}" for number in range(12)]
    await database.write(
        lambda unit: [unit.sessions.add(asking(name, topic=(name,))) for name in names]
    )

    def learn(unit: Unit, name: str) -> bool:
        session = unit.sessions.get(name, lock=True)
        assert session is not None
        known = unit.learning.known(ANN, "rag-1", "llm")
        first = known.card is None
        ability = Rating(known.ability.value + 0.5, known.ability.answers + 1)
        unit.learning.record(an_answer(session, first=first), ability, 0.0, 0.25, a_card())
        return first

    firsts = await asyncio.gather(
        *(
            (database, other)[number % 2].write(partial(learn, name=name))
            for number, name in enumerate(names)
        )
    )
    assert sum(firsts) == 1
    found = await database.read(lambda unit: unit.learning.known(ANN, "rag-1", "llm"))
    assert found.ability == Rating(6.0, 12)
    assert found.difficulty == Rating(0.25, 1)


async def test_a_quiz_begun_twice_at_once_is_begun_once(
    database: Database, other: Database
) -> None:
    async def begin(store: Database, identity: str) -> bool:
        return await store.write(lambda unit: unit.sessions.add(a_session(identity)))

    stores = (database, other) * 5
    begun = await asyncio.gather(*(begin(store, f"s{n}") for n, store in enumerate(stores)))
    assert sum(begun) == 1
    assert len(await database.read(lambda unit: unit.sessions.open(ANN))) == 1


async def test_deleting_waits_for_an_answer_that_is_being_kept(
    database: Database, other: Database, url: str
) -> None:
    await other.open()
    await database.write(lambda unit: unit.sessions.add(asking()))
    loop = asyncio.get_running_loop()
    is_held, go_on = asyncio.Event(), threading.Event()

    def hold(unit: Unit) -> bool:
        done = answer_once(unit, "session1")
        loop.call_soon_threadsafe(is_held.set)
        assert go_on.wait(10)
        return done

    answering = asyncio.create_task(database.write(hold))
    await is_held.wait()
    deleting = asyncio.create_task(other.write(lambda unit: unit.privacy.delete(ANN)))
    await it_waits(other, url)
    go_on.set()
    assert await answering
    assert await deleting == 4
    left = await database.read(lambda unit: unit.privacy.export(ANN))
    assert not any(left.values())


async def test_reading_goes_on_while_somebody_writes(database: Database, other: Database) -> None:
    await database.write(lambda unit: unit.sessions.add(asking()))
    loop = asyncio.get_running_loop()
    is_held, go_on = asyncio.Event(), threading.Event()

    def hold(unit: Unit) -> bool:
        unit.sessions.add(a_session("of-ben", BEN, updated=NOW))
        loop.call_soon_threadsafe(is_held.set)
        return go_on.wait(10)

    holding = asyncio.create_task(database.write(hold))
    await is_held.wait()
    for store in (database, other):
        assert len(await store.read(lambda unit: unit.sessions.open(ANN))) == 1
        assert await store.read(lambda unit: unit.sessions.open(BEN)) == ()
    go_on.set()
    assert await holding
