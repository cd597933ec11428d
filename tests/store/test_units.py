"""Units of work: whole or not at all, kept for good, and beside the event loop."""

from __future__ import annotations

import asyncio
import sqlite3
import threading

import pytest

from bot.core.ports import StoreError, Unit
from bot.core.quiz.adaptive import Rating
from bot.store.database import Database
from tests.store.samples import (
    ANN,
    a_session,
    answer_once,
    asking,
)


class ChangedMindError(Exception):
    """Raised in the middle of a unit of work."""


async def test_a_unit_that_raises_leaves_nothing(database: Database) -> None:
    def work(unit: Unit) -> None:
        unit.sessions.add(asking())
        answer_once(unit, "session1")
        raise ChangedMindError

    with pytest.raises(ChangedMindError):
        await database.write(work)
    assert await database.read(lambda unit: unit.sessions.open(ANN)) == ()
    assert await database.read(lambda unit: unit.learning.difficulties()) == {}
    assert await database.write(lambda unit: unit.sessions.add(asking()))


async def test_a_unit_that_reads_changes_nothing(database: Database) -> None:
    with pytest.raises(StoreError, match="the database is read-only"):
        await database.read(lambda unit: unit.sessions.add(asking()))
    assert await database.read(lambda unit: unit.sessions.open(ANN)) == ()


async def test_what_was_written_is_there_after_a_restart(url: str) -> None:
    before = Database(url)
    await before.write(lambda unit: unit.sessions.add(asking()))
    assert await before.write(lambda unit: answer_once(unit, "session1"))
    await before.close()
    after = Database(url)
    session = await after.read(lambda unit: unit.sessions.get("session1"))
    assert session is not None
    assert session.current.response == (1,)
    assert (await after.read(lambda unit: unit.learning.abilities(ANN))) == {"llm": Rating(0.5, 1)}
    await after.close()


async def test_it_opens_by_itself_and_once(empty_url: str) -> None:
    database = Database(empty_url)
    found = await asyncio.gather(
        *(database.read(lambda unit: unit.sessions.open(ANN)) for _ in range(10)),
        database.write(lambda unit: unit.sessions.add(a_session())),
    )
    assert found[-1] is True
    await database.open()
    await database.close()


async def test_a_store_that_is_closed_says_so(url: str) -> None:
    database = Database(url)
    await database.write(lambda unit: unit.sessions.add(a_session()))
    await database.close()
    with pytest.raises(StoreError, match="closed"):
        await database.read(lambda unit: unit.sessions.open(ANN))
    with pytest.raises(StoreError, match="closed"):
        await database.write(lambda unit: unit.sessions.add(a_session()))
    await database.close()


async def test_closing_lets_what_is_under_way_finish(url: str) -> None:
    database = Database(url)
    await database.open()
    loop = asyncio.get_running_loop()
    has_begun, go_on = asyncio.Event(), threading.Event()

    def work(unit: Unit) -> bool:
        loop.call_soon_threadsafe(has_begun.set)
        assert go_on.wait(10)
        return unit.sessions.add(a_session())

    working = asyncio.create_task(database.write(work))
    await has_begun.wait()
    closing = asyncio.create_task(database.close())
    go_on.set()
    await closing
    assert await working
    again = Database(url)
    assert len(await again.read(lambda unit: unit.sessions.open(ANN))) == 1
    await again.close()


async def test_the_event_loop_goes_on_while_a_unit_works(database: Database) -> None:
    loop_went_on = threading.Event()
    working = asyncio.create_task(database.write(lambda _: loop_went_on.wait(10)))
    await asyncio.sleep(0)
    loop_went_on.set()
    assert await working


async def test_on_sqlite_a_writing_unit_has_the_lock_from_its_beginning(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    path = sqlite_url.removeprefix("sqlite:///")

    def others_can_write(_: Unit) -> bool:
        stranger = sqlite3.connect(path, timeout=0, isolation_level=None)
        try:
            stranger.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        finally:
            stranger.close()
        return True

    assert not await database.write(others_can_write)
    assert await database.read(others_can_write)
    await database.close()


async def test_sqlite_is_set_up_to_lose_nothing(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    await database.open()
    with database.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    await database.close()
    full = 2
    assert found == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
    }


async def test_postgresql_is_set_up_not_to_wait_for_ever(postgres_url: str) -> None:
    database = Database(f"{postgres_url}?application_name=ours")
    await database.open()
    with database.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"SHOW {name}").scalar_one()
            for name in ("statement_timeout", "lock_timeout", "TimeZone", "application_name")
        }
    await database.close()
    assert found == {
        "statement_timeout": "10s",
        "lock_timeout": "5s",
        "TimeZone": "UTC",
        "application_name": "ours",
    }
