"""The disk is full or read-only under a running bot: people are told, and nothing is lost."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from psycopg import sql

from bot.core import problems
from bot.store.database import FILE, database_url
from tests.crash.checks import check
from tests.crash.ledger import Count, Ledger
from tests.crash.line import Line
from tests.crash.on_discord import OnDiscord
from tests.crash.on_slack import OnSlack
from tests.crash.world import World, crowd, living, played, two_platforms
from tests.e2e.process import running
from tests.store import postgres

PLAYERS = 6
WITHIN = 60.0
"""Seconds for anything to happen, on a machine that is busy."""

BUSY = pytest.mark.timeout(180)
NO_ROOM = 4096
"""Bytes that a file may have when there is no more room."""

AS_ANYBODY = ("setpriv", "--bounding-set=-dac_override") if os.geteuid() == 0 else ()
"""Root may write whatever is read-only, unless it gives up that right."""


def has_no_room(pid: int) -> None:
    """From now on no file of this process can grow."""
    _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (NO_ROOM, most))


def has_room(pid: int) -> None:
    _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))


@BUSY
async def test_without_room_people_are_told_and_with_room_it_goes_on(tmp_path: Path) -> None:
    ledger, line, enough = Ledger(), Line(), asyncio.Event()
    async with two_platforms(tmp_path) as world, living(world, line) as bot:
        players = crowd(world, line, ledger, Random(4), PLAYERS)
        playing = asyncio.create_task(played(players, enough))
        await ledger.counted(Count.ACKNOWLEDGED, 50, WITHIN)

        has_no_room(bot.process.pid)
        await ledger.counted(Count.REFUSED, 5 * PLAYERS, WITHIN)
        line.works.clear()
        has_room(bot.process.pid)
        line.works.set()

        await ledger.counted(Count.ACKNOWLEDGED, 50, WITHIN)
        enough.set()
        async with asyncio.timeout(WITHIN):
            await playing
        bot.signal(signal.SIGTERM)
        assert await bot.ended() == 0
    assert await check(database_url(tmp_path, None), ledger) == []
    assert ledger.counts[Count.UNANSWERED] == 0
    assert ledger.counts[Count.ENDED] == ledger.counts[Count.BEGUN]


@BUSY
async def test_a_server_that_turns_read_only_is_told_and_turns_back(tmp_path: Path) -> None:
    postgres.need_server()
    ledger, line, enough = Ledger(), Line(), asyncio.Event()
    with postgres.fresh_database() as database:
        async with two_platforms(tmp_path, database) as world, living(world, line) as bot:
            players = crowd(world, line, ledger, Random(5), PLAYERS)
            playing = asyncio.create_task(played(players, enough))
            await ledger.counted(Count.ACKNOWLEDGED, 50, WITHIN)

            await asyncio.to_thread(switch_read_only, database, "on")
            await ledger.counted(Count.REFUSED, 5 * PLAYERS, WITHIN)
            line.works.clear()
            await asyncio.to_thread(switch_read_only, database, "off")
            line.works.set()

            await ledger.counted(Count.ACKNOWLEDGED, 50, WITHIN)
            enough.set()
            async with asyncio.timeout(WITHIN):
                await playing
            assert "the store failed: the database is read-only" in "".join(bot.lines)
        assert await check(database_url(tmp_path, database), ledger) == []
    assert ledger.counts[Count.UNANSWERED] == 0
    assert ledger.counts[Count.ENDED] == ledger.counts[Count.BEGUN]


def switch_read_only(url: str, state: str) -> None:
    """As when another server takes over and this one only follows."""
    postgres.administer(
        sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = {}").format(
            sql.Identifier(postgres.name_of(url)), sql.SQL(state)
        )
    )
    postgres.kill_connections(url)


@BUSY
async def test_in_front_of_a_read_only_file_people_are_told(tmp_path: Path) -> None:
    line = Line()
    async with two_platforms(tmp_path) as world:
        people = (OnDiscord(world.discord, "Ada"), OnSlack(world.slack, "Bob"))
        await makes_its_tables(world)
        (tmp_path / FILE).chmod(0o444)
        async with living(world, line, AS_ANYBODY) as bot:
            for person in people:
                said = await person.begin("fit")
                assert problems.try_again().title in said.text
                assert "try again in a minute" in said.text
            assert "the store failed: the database is read-only" in "".join(bot.lines)
        (tmp_path / FILE).chmod(0o644)
        async with living(world, line):
            for person in people:
                assert (await person.begin("fit")).standing is not None
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT count(*) FROM sessions").fetchall() == [(2,)]


async def makes_its_tables(world: World) -> None:
    async with living(world, Line()) as bot:
        bot.signal(signal.SIGTERM)
        assert await bot.ended() == 0


async def test_a_read_only_directory_stops_the_start_with_one_line(tmp_path: Path) -> None:
    async with two_platforms(tmp_path / "data") as world:
        await makes_its_tables(world)
        before = (tmp_path / "data" / FILE).read_bytes()
        (tmp_path / "data" / FILE).chmod(0o444)
        (tmp_path / "data").chmod(0o555)
        async with running(world.settings, through=AS_ANYBODY) as bot:
            assert await bot.ended() == 1
        (tmp_path / "data").chmod(0o755)
    written = "".join(bot.lines)
    assert "the database cannot be used: the database is read-only" in written
    assert "Traceback" not in written
    assert (tmp_path / "data" / FILE).read_bytes() == before
