"""What a database server does to those who use it: it goes away, says no, or takes its time."""

from __future__ import annotations

import asyncio
import threading

import pytest
from psycopg import sql

from bot.core.ports import StoreError, Unit
from bot.core.quiz.adaptive import Rating
from bot.store.database import Database
from tests.store import postgres
from tests.store.samples import ANN, BEN, answer_once, asking, failure_of

BRIEFLY = 0.1
"""Seconds of patience, in tests where it is to run out."""


async def test_a_read_only_server_can_still_be_read(own_postgres_url: str) -> None:
    database = Database(own_postgres_url)
    await database.write(lambda unit: unit.sessions.add(asking()))
    set_on_server(own_postgres_url, "default_transaction_read_only", "on")
    postgres.kill_connections(own_postgres_url)
    failed = await failure_of(database, lambda unit: answer_once(unit, "session1"))
    assert failed == "the database is read-only"
    assert len(await database.read(lambda unit: unit.sessions.open(ANN))) == 1
    set_on_server(own_postgres_url, "default_transaction_read_only", "off")
    postgres.kill_connections(own_postgres_url)
    assert await database.write(lambda unit: answer_once(unit, "session1"))
    await database.close()


def set_on_server(url: str, name: str, value: str) -> None:
    postgres.administer(
        sql.SQL("ALTER DATABASE {} SET {} = {}").format(
            sql.Identifier(postgres.name_of(url)), sql.Identifier(name), sql.Literal(value)
        )
    )


async def test_on_postgresql_a_row_is_not_waited_for_for_ever(postgres_url: str) -> None:
    patient, hasty = Database(postgres_url), Database(postgres_url, patience=BRIEFLY)
    await patient.write(lambda unit: unit.sessions.add(asking()))
    loop = asyncio.get_running_loop()
    is_held, go_on = asyncio.Event(), threading.Event()

    def hold(unit: Unit) -> bool:
        unit.sessions.get("session1", lock=True)
        loop.call_soon_threadsafe(is_held.set)
        assert go_on.wait(10)
        return answer_once(unit, "session1")

    holding = asyncio.create_task(patient.write(hold))
    await is_held.wait()
    failed = await failure_of(hasty, lambda unit: answer_once(unit, "session1"))
    assert failed == "the database is busy"
    go_on.set()
    assert await holding
    assert not await hasty.write(lambda unit: answer_once(unit, "session1"))
    await patient.close()
    await hasty.close()


async def test_a_statement_may_not_work_for_ever(postgres_url: str) -> None:
    database = Database(postgres_url, patience=BRIEFLY)
    await database.open()

    def sleep(_: Unit) -> None:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("SELECT pg_sleep(20)")

    assert await failure_of(database, sleep) == "the database takes too long"
    assert await database.write(lambda unit: unit.sessions.add(asking()))
    await database.close()


async def test_connections_that_died_meanwhile_are_replaced(postgres_url: str) -> None:
    database = Database(postgres_url)
    await database.write(lambda unit: unit.sessions.add(asking()))
    assert postgres.kill_connections(postgres_url) > 0
    assert await database.write(lambda unit: answer_once(unit, "session1"))
    await database.close()


@pytest.mark.parametrize("when", ["before anything", "before the answer", "before the end"])
async def test_a_connection_lost_in_the_middle_loses_and_doubles_nothing(
    postgres_url: str, when: str
) -> None:
    database = Database(postgres_url)
    await database.write(lambda unit: unit.sessions.add(asking()))
    kills = [when]

    def die(moment: str) -> None:
        if moment in kills:
            kills.remove(moment)
            postgres.kill_connections(postgres_url)

    def work(unit: Unit) -> bool:
        die("before anything")
        unit.sessions.get("session1", lock=True)
        die("before the answer")
        done = answer_once(unit, "session1")
        die("before the end")
        return done

    assert await database.write(work)
    assert kills == []
    assert not await database.write(lambda unit: answer_once(unit, "session1"))
    attempts = await database.read(lambda unit: list(unit.learning.first_attempts()))
    assert len(attempts) == 1
    await database.close()


async def test_a_connection_lost_again_and_again_is_told(postgres_url: str) -> None:
    database = Database(postgres_url)
    await database.write(lambda unit: unit.sessions.add(asking()))

    def work(unit: Unit) -> bool:
        postgres.kill_connections(postgres_url)
        return answer_once(unit, "session1")

    assert await failure_of(database, work) == "the database cannot be reached"
    assert await database.write(lambda unit: answer_once(unit, "session1"))
    await database.close()


async def test_a_server_that_lets_nobody_in_is_told_until_it_does(own_postgres_url: str) -> None:
    database = Database(own_postgres_url)
    await database.write(lambda unit: unit.sessions.add(asking()))
    allow_connections(own_postgres_url, allowed=False)
    postgres.kill_connections(own_postgres_url)
    failed = await failure_of(database, lambda unit: answer_once(unit, "session1"))
    assert failed.startswith("the database cannot be reached: ")
    allow_connections(own_postgres_url, allowed=True)
    assert await database.write(lambda unit: answer_once(unit, "session1"))
    await database.close()


def allow_connections(url: str, *, allowed: bool) -> None:
    postgres.administer(
        sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}").format(
            sql.Identifier(postgres.name_of(url)), sql.SQL("true" if allowed else "false")
        )
    )


async def test_of_two_units_that_wait_for_each_other_one_is_repeated(postgres_url: str) -> None:
    database = Database(postgres_url)
    await database.write(lambda unit: unit.sessions.add(asking("ann's", ANN)))
    await database.write(lambda unit: unit.sessions.add(asking("ben's", BEN)))
    met = threading.Barrier(2, timeout=10)
    meets = [True, True]

    def work(unit: Unit, first: str, second: str) -> bool:
        unit.sessions.get(first, lock=True)
        if meets:
            meets.pop()
            met.wait()
        unit.sessions.get(second, lock=True)
        return answer_once(unit, first)

    both = await asyncio.gather(
        database.write(lambda unit: work(unit, "ann's", "ben's")),
        database.write(lambda unit: work(unit, "ben's", "ann's")),
    )
    assert all(both)
    assert await database.read(lambda unit: unit.learning.difficulties()) == {
        "rag-1": Rating(1.0, 2)
    }
    await database.close()


async def test_no_server_at_all_is_told_without_the_password() -> None:
    database = Database("postgresql+psycopg://ann:hush-hush@127.0.0.1:1/rolecall")
    with pytest.raises(StoreError, match=r"^the database cannot be reached") as caught:
        await database.open()
    assert "hush-hush" not in repr(caught.value)
    assert "hush-hush" not in repr(caught.value.__cause__)
    await database.close()
