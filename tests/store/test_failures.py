"""Whatever happens to the database, one line says so, nothing is half kept, and it goes on."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event

from bot.core.ports import StoreError, Unit
from bot.store.database import Database
from tests.store.samples import ANN, BEN, a_session, answer_once, asking, failure_of, keep_answer

BRIEFLY = 0.1
"""Seconds of patience, in tests where it is to run out."""


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def intact(url: str) -> bool:
    with sqlite3.connect(file_of(url)) as connection:
        [[found]] = connection.execute("PRAGMA integrity_check")
    connection.close()
    return bool(found == "ok")


def on_every_use(database: Database, do: Callable[[sqlite3.Connection], object]) -> None:
    """Prepare connections to SQLite, each time that one is used."""
    event.listen(database.engine, "checkout", lambda connection, *_: do(connection))


async def test_a_full_disk_loses_nothing_and_is_forgotten_when_there_is_room(
    sqlite_url: str,
) -> None:
    database = Database(sqlite_url)
    await database.write(lambda unit: unit.sessions.add(asking()))
    pages = {"most": 0}

    def limit(connection: sqlite3.Connection) -> None:
        [[size]] = connection.execute("PRAGMA page_count")
        pages["most"] = pages["most"] or size + 10
        connection.execute(f"PRAGMA max_page_count = {pages['most']}")

    on_every_use(database, limit)
    kept = 0

    def keep_more(unit: Unit) -> None:
        unit.sessions.keep(f"text {kept}", "x" * 3_000)
        unit.sessions.keep(f"more {kept}", "x" * 3_000)

    with pytest.raises(StoreError, match=r"^the disk is full$"):  # noqa: PT012
        while True:
            await database.write(keep_more)
            kept += 1
    assert kept > 1
    assert await failure_of(database, lambda unit: unit.sessions.keep("big", "x" * 99_000)) == (
        "the disk is full"
    )
    # Half of a unit is nothing, and what was kept before is all there.
    texts = await database.read(
        lambda unit: [
            (unit.sessions.kept(f"text {number}"), unit.sessions.kept(f"more {number}"))
            for number in range(kept + 1)
        ]
    )
    assert texts == [("x" * 3_000, "x" * 3_000)] * kept + [(None, None)]
    pages["most"] = 10_000
    await database.write(keep_more)
    assert await database.write(lambda unit: answer_once(unit, "session1"))
    await database.close()
    assert intact(sqlite_url)


async def test_a_read_only_database_can_still_be_read(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    await database.write(lambda unit: unit.sessions.add(asking()))
    only = {"reads": "ON"}
    on_every_use(database, lambda c: c.execute(f"PRAGMA query_only = {only['reads']}"))
    failed = await failure_of(database, lambda unit: answer_once(unit, "session1"))
    assert failed == "the database is read-only"
    assert len(await database.read(lambda unit: unit.sessions.open(ANN))) == 1
    only["reads"] = "OFF"
    assert await database.write(lambda unit: answer_once(unit, "session1"))
    await database.close()
    assert intact(sqlite_url)


async def test_a_file_that_is_no_database_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "rolecall.db"
    path.write_bytes(b"These are my notes, and no database at all." * 100)
    before = path.read_bytes()
    database = Database(f"sqlite:///{path}")
    with pytest.raises(StoreError, match=r"^the database file is damaged$"):
        await database.open()
    await database.close()
    assert path.read_bytes() == before


async def test_damage_in_the_middle_of_a_file_is_told(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    await database.write(lambda unit: unit.sessions.add(asking()))
    await database.close()
    path = file_of(sqlite_url)
    with sqlite3.connect(path) as connection:
        [[page]] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'sessions'")
        [[size]] = connection.execute("PRAGMA page_size")
    connection.close()
    content = bytearray(path.read_bytes())
    content[(page - 1) * size : page * size] = b"\x55" * size
    path.write_bytes(content)
    damaged = Database(sqlite_url)
    with pytest.raises(StoreError, match=r"^the database file is damaged$"):
        await damaged.read(lambda unit: unit.sessions.get("session1"))
    await damaged.close()


async def test_a_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    database = Database(f"sqlite:///{tmp_path}/file/rolecall.db")
    with pytest.raises(StoreError, match="cannot be reached: File exists"):
        await database.open()
    await database.close()


async def test_another_process_that_writes_is_waited_for(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    await database.open()
    loop, begins = asyncio.get_running_loop(), asyncio.Event()
    event.listen(
        database.engine, "before_cursor_execute", lambda *_: loop.call_soon_threadsafe(begins.set)
    )
    stranger = sqlite3.connect(file_of(sqlite_url), isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(database.write(lambda unit: unit.sessions.add(asking())))
    await begins.wait()
    stranger.execute("COMMIT")
    stranger.close()
    assert await writing
    await database.close()


async def test_it_is_not_waited_for_for_ever_and_reading_goes_on(sqlite_url: str) -> None:
    database = Database(sqlite_url, patience=BRIEFLY)
    await database.open()
    stranger = sqlite3.connect(file_of(sqlite_url), isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    failed = await failure_of(database, lambda unit: unit.sessions.add(asking()))
    assert failed == "the database is busy"
    assert await database.read(lambda unit: unit.sessions.open(ANN)) == ()
    stranger.execute("ROLLBACK")
    stranger.close()
    assert await database.write(lambda unit: unit.sessions.add(asking()))
    await database.close()


async def test_who_waits_too_long_for_a_turn_is_told(sqlite_url: str) -> None:
    database = Database(sqlite_url, patience=BRIEFLY / 2)
    await database.open()
    loop, has_begun = asyncio.get_running_loop(), asyncio.Event()

    def take_long(_: Unit) -> bool:
        loop.call_soon_threadsafe(has_begun.set)
        return threading.Event().wait(3 * BRIEFLY)

    long = asyncio.create_task(database.write(take_long))
    await has_begun.wait()
    failed = await failure_of(database, lambda unit: unit.sessions.add(asking()))
    assert failed == "the database is busy"
    assert await long is False
    assert await database.write(lambda unit: unit.sessions.add(asking()))
    await database.close()


async def test_a_unit_that_runs_out_does_not_let_people_wait_for_ever(database: Database) -> None:
    nothing: list[int] = []
    with pytest.raises(RuntimeError, match="ran out"):
        await database.write(lambda _: next(iter(nothing)))


async def test_no_error_repeats_what_somebody_wrote(database: Database) -> None:
    secret = "my answer to nobody"
    await database.write(lambda unit: unit.sessions.add(asking()))
    await database.write(lambda unit: keep_answer(unit, asking(), item=secret))
    with pytest.raises(StoreError) as caught:
        await database.write(lambda unit: keep_answer(unit, asking(), item=secret))
    link: BaseException | None = caught.value
    told = ""
    while link is not None:
        told += f"{link} {link!r} "
        link = link.__cause__ or link.__context__
    assert secret not in told
    assert "session1" not in told
    assert "refuses a row" in told
    assert "answers" in told


async def test_after_a_failure_the_next_unit_is_as_good_as_new(database: Database) -> None:
    await database.write(lambda unit: unit.sessions.add(a_session("same")))
    for _ in range(20):
        assert "refuses" in await failure_of(
            database, lambda unit: unit.sessions.add(a_session("same", BEN))
        )
    assert await database.write(lambda unit: unit.sessions.add(a_session("other", BEN)))


async def test_a_table_that_is_missing_is_told(own_url: str) -> None:
    engine = create_engine(own_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE cards")
    engine.dispose()
    database = Database(own_url)
    failed = await failure_of(database, lambda unit: unit.learning.due(ANN, asking().started))
    assert failed.startswith("the database ")
    await database.close()
