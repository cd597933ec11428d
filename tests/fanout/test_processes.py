"""Bots on the server of the fan-out: they send, are killed in the middle, frozen, and misled."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.store.database import database_url
from tests.fanout.account import Wrong, account
from tests.fanout.books import books, settled
from tests.fanout.places import Layout
from tests.fanout.processes import Command, WrongClock, crew
from tests.fanout.seed import seed
from tests.fanout.server import FanoutServer, Options

pytestmark = pytest.mark.timeout(180)

LAYOUT = Layout(discord=12, slack=0, workspaces=1)
WITHIN = 60.0
"""Seconds for anything to happen, on a machine that is busy."""


@pytest.fixture
async def server() -> AsyncIterator[FanoutServer]:
    async with FanoutServer(Options(LAYOUT)) as made:
        yield made


@pytest.fixture
async def command(server: FanoutServer, tmp_path: Path) -> Command:
    """A bot with every channel's issue due."""
    await seed(database_url(tmp_path, None), LAYOUT.places(), dt.datetime.now(dt.UTC))
    addresses: Any = server.addresses()
    return Command(
        {
            "DISCORD_TOKEN": addresses["discord"]["token"],
            "DISCORD_API_BASE": addresses["discord"]["api_base"],
            "ROLECALL_DATA": str(tmp_path),
        }
    )


async def control(server: FanoutServer, method: str, path: str) -> Any:
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"{server.control}{path}") as response,
    ):
        return await response.json()


async def test_every_channel_gets_the_issue(
    server: FanoutServer, command: Command, tmp_path: Path
) -> None:
    url = database_url(tmp_path, None)
    async with crew([command]) as bots:
        await settled(url, WITHIN)
        assert await bots.stop() == [0]
        assert bots.tracebacks() == []
    verdict = account(await books(url), server.tally())
    assert verdict.problems == ()
    assert verdict.channels.total() == verdict.ends.total() == 12


async def test_a_bot_is_killed_with_its_messages_stored_and_unanswered(
    server: FanoutServer, command: Command, tmp_path: Path
) -> None:
    await control(server, "POST", "/hold?after=4")
    async with crew([command]) as bots:
        assert (await control(server, "GET", f"/held?within={WITHIN}"))["reached"]
        await bots.kill(0)
        verdict = account(await books(database_url(tmp_path, None)), server.tally())
        assert {problem.wrong for problem in verdict.problems} == {Wrong.UNFINISHED}
        assert sum(len(one.messages) for one in server.tally().channels.values()) >= 4
        await control(server, "POST", "/release")
        await bots.restart(0)
        await bots.ready(0)
        assert await bots.stop() == [0]
        assert sum("discord is ready" in line for line in bots.lines()) == 2


async def test_a_frozen_bot_goes_on_where_it_was(command: Command, tmp_path: Path) -> None:
    async with crew([command]) as bots:
        bots.freeze(0)
        bots.thaw(0)
        found = await settled(database_url(tmp_path, None), WITHIN)
        assert all(one.is_settled for one in found.values())
        assert await bots.stop() == [0]


async def test_a_clock_is_wrong_as_far_as_the_file_says(tmp_path: Path) -> None:
    clock = WrongClock(tmp_path / "clock")
    clock.put_by(-3600)
    look = "from bot.core.desk import Desk; print(Desk(None).clock().isoformat())"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", look, env={**os.environ, **clock.environment}, stdout=-1
    )
    told, _ = await process.communicate()
    seen = dt.datetime.fromisoformat(told.decode().strip())
    behind = dt.datetime.now(dt.UTC) - seen
    assert dt.timedelta(hours=1) <= behind < dt.timedelta(hours=1, minutes=5)
