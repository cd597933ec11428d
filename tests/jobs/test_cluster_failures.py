"""Processes die, freeze and wake up, and the database goes away: the work goes on."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from procrastinate import App, PsycopgConnector
from psycopg import sql

from bot.jobs.cluster import connector_to
from bot.jobs.manager import Manager
from tests.jobs.asked import PATIENCE, TICK, Asked, working
from tests.jobs.seen import address, jobs, until_found
from tests.store import postgres

NO_WORKER = "SELECT count(*) FROM procrastinate_workers HAVING count(*) = 0"


class Process:
    """Another process of the cluster, and what it has said."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.errors: list[str] = []
        self._reading = asyncio.create_task(self._read_errors())

    async def _read_errors(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.errors.append(line.decode())

    async def says(self, wanted: str) -> None:
        """Wait for a line of its output."""
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            async for line in self.process.stdout:
                if line.decode().strip() == wanted:
                    return
        raise AssertionError("".join(self.errors))

    async def let_go(self) -> None:
        """Let its delivery end."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"\n")
        await self.process.stdin.drain()

    async def ended(self) -> int:
        """Its exit code, once it has ended."""
        async with asyncio.timeout(PATIENCE):
            code = await self.process.wait()
            await self._reading
        return code


@asynccontextmanager
async def another_process(url: str, destination: str) -> AsyncIterator[Process]:
    """One that delivers to a destination until it is let go; it is killed in the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.jobs.worker",
        url,
        destination,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    made = Process(process)
    try:
        yield made
    finally:
        if process.returncode is None:
            process.kill()
        assert process.stdin is not None
        process.stdin.close()
        await made.ended()


async def a_further_tick(asked: Asked) -> None:
    """Wait for one that has not ended yet."""
    ticks = asked.ended[TICK]
    await asked.until(lambda: asked.ended[TICK] > ticks)


# Processes


async def test_what_a_killed_process_was_at_goes_on_elsewhere(own_postgres_url: str) -> None:
    asked = Asked()
    async with another_process(own_postgres_url, "discord") as other:
        await other.says("begun discord")
        other.process.kill()
        await other.ended()
    async with working(own_postgres_url, asked.rounds()):
        await asked.until(lambda: asked.ended["discord"] == 1)


async def test_a_tick_that_died_holds_up_no_other(own_postgres_url: str) -> None:
    postgres.administer(
        "WITH dead AS (INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id) "
        "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, status, "
        "worker_id) SELECT 'rounds', 'tick', 'tick', 'tick', 'doing', id FROM dead",
        address(own_postgres_url),
    )
    asked = Asked()
    async with working(own_postgres_url, asked.rounds()):
        await asked.until(lambda: asked.ended[TICK] == 2)


async def test_a_frozen_process_loses_its_delivery_and_cannot_end_that_of_its_successor(
    own_postgres_url: str,
) -> None:
    asked = Asked(held=["discord"])
    async with another_process(own_postgres_url, "discord") as other:
        await other.says("begun discord")
        other.process.send_signal(signal.SIGSTOP)
        async with working(own_postgres_url, asked.rounds()):
            await asked.until(lambda: asked.begun["discord"] == 1)
            other.process.send_signal(signal.SIGCONT)
            await other.let_go()
            await other.says("ended discord")
            # It lives on and does its share, and nobody else has come here meanwhile.
            await a_further_tick(asked)
            assert ("deliver", "doing") in await jobs(own_postgres_url)
            assert asked.most["discord"] == 1
            await asked.let_go("discord")
            await asked.until(lambda: asked.ended["discord"] == 1)
        other.process.send_signal(signal.SIGTERM)
        await other.let_go()
        assert await other.ended() == 0
    written = "".join(other.errors)
    assert "a job has ended elsewhere" in written
    assert "Traceback" not in written


async def test_a_process_holds_no_lock_between_two_words_to_the_database(
    own_postgres_url: str,
) -> None:
    connector = connector_to(own_postgres_url)
    # Whatever had been said before, such as BEGIN, would have begun the transaction earlier.
    query = "SELECT transaction_timestamp() = statement_timestamp() AS alone"
    async with App(connector=connector).open_async():
        assert await connector.execute_query_one_async(query) == {"alone": True}


async def test_sigterm_ends_a_process_when_its_delivery_is_done(own_postgres_url: str) -> None:
    async with another_process(own_postgres_url, "discord") as other:
        await other.says("begun discord")
        other.process.send_signal(signal.SIGTERM)
        await other.let_go()
        await other.says("ended discord")
        assert await other.ended() == 0
    assert ("deliver", "doing") not in await jobs(own_postgres_url)
    await until_found(own_postgres_url, NO_WORKER)


# The database


def allow_connections(url: str, *, allowed: bool) -> None:
    """Let nobody into the database any more, or let them in again."""
    postgres.administer(
        sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}").format(
            sql.Identifier(postgres.name_of(url)), sql.SQL("true" if allowed else "false")
        )
    )


async def kill_connections(url: str) -> int:
    """End every connection to it; how many."""
    return await asyncio.to_thread(postgres.kill_connections, url)


class Waiting(logging.Handler):
    """Waits for something to be logged."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text, self.seen = text, asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        if self.text in record.getMessage():
            self.seen.set()


@asynccontextmanager
async def logging_of(text: str) -> AsyncIterator[None]:
    """Wait in the end until this has been logged within."""
    waiting = Waiting(text)
    logging.getLogger("bot").addHandler(waiting)
    try:
        yield
        async with asyncio.timeout(PATIENCE):
            await waiting.seen.wait()
    finally:
        logging.getLogger("bot").removeHandler(waiting)


async def test_lost_connections_are_replaced(own_postgres_url: str) -> None:
    asked = Asked("discord", held=["discord"])
    async with working(own_postgres_url, asked.rounds()):
        await asked.until(lambda: asked.begun["discord"] == 1)
        for _ in range(3):
            assert await kill_connections(own_postgres_url) > 0
            await a_further_tick(asked)
        assert asked.under_way("discord") == 1
        await asked.let_go("discord")
        await asked.until(lambda: asked.ended["discord"] >= 3)
    assert asked.most["discord"] == 1
    assert asked.broken_off["discord"] == 0


async def test_a_delivery_that_ends_while_the_database_is_away_is_written_down_later(
    own_postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    asked = Asked("discord", held=["discord"])
    async with working(own_postgres_url, asked.rounds()) as cluster:
        await asked.until(lambda: asked.begun["discord"] == 1)
        async with logging_of("the database cannot be reached"):
            allow_connections(own_postgres_url, allowed=False)
            await kill_connections(own_postgres_url)
            await asked.let_go("discord")
            await asked.until(lambda: asked.ended["discord"] == 1)
        assert not cluster.ready()
        allow_connections(own_postgres_url, allowed=True)
        await asked.until(lambda: asked.ended["discord"] >= 2)
        assert cluster.ready()
    assert asked.most["discord"] == 1
    assert "the database is there again" in caplog.text
    assert "fault of ours" not in caplog.text


async def test_a_process_ends_also_while_the_database_is_away(own_postgres_url: str) -> None:
    asked = Asked("discord", held=["discord"])
    async with working(own_postgres_url, asked.rounds()):
        await asked.until(lambda: asked.begun["discord"] == 1)
        allow_connections(own_postgres_url, allowed=False)
        await kill_connections(own_postgres_url)
        await asked.let_go("discord")
        await asked.until(lambda: asked.ended["discord"] == 1)
    allow_connections(own_postgres_url, allowed=True)
    # Nobody could write down the end of that one, so it is recovered and comes once more.
    async with working(own_postgres_url, asked.rounds()):
        await asked.until(lambda: asked.ended["discord"] == 2)
    assert asked.most["discord"] == 1


async def test_whoever_polls_is_patient_while_the_database_is_away() -> None:
    nowhere = "postgresql://postgres@127.0.0.1:1/nothing"
    connector = PsycopgConnector(
        conninfo=nowhere, min_size=0, max_size=1, timeout=0.1, reconnect_timeout=0.1
    )
    manager = Manager(connector, asyncio.Event(), pause=0.1)
    async with App(connector=connector).open_async():
        assert await manager.fetch_job(None, 1) is None
        assert list(await manager.list_jobs_to_abort_async()) == []
        await manager.update_heartbeat(1)
    assert not manager.reach.is_there


async def test_a_worker_that_was_taken_off_the_list_enrols_again(own_postgres_url: str) -> None:
    asked = Asked()
    async with working(own_postgres_url, asked.rounds()):
        await asked.until(lambda: asked.ended[TICK] >= 1)
        postgres.administer("DELETE FROM procrastinate_workers", address(own_postgres_url))
        ticks = asked.ended[TICK]
        asked.due.add("discord")
        await asked.until(lambda: asked.ended["discord"] >= 1 and asked.ended[TICK] > ticks + 1)
