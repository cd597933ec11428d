"""PostgreSQL goes away while people take quizzes, and comes back; the bot runs all the time."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from bot.store.database import database_url
from tests.crash.checks import check
from tests.crash.cluster import Cluster, programs, running_cluster
from tests.crash.ledger import Count, Ledger
from tests.crash.line import Line
from tests.crash.world import crowd, living, played, two_platforms

PLAYERS = 12
WITHIN = 60.0
"""Seconds for anything to happen, on a machine that is busy."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    found = programs()
    if found is None:
        missing = "no initdb in /usr/lib/postgresql or on the PATH"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    with running_cluster(found) as made:
        yield made


@pytest.mark.timeout(180)
async def test_nothing_is_lost_while_the_server_restarts_and_stays_away(
    cluster: Cluster, tmp_path: Path
) -> None:
    ledger, line, enough = Ledger(), Line(), asyncio.Event()
    async with two_platforms(tmp_path, cluster.url) as world, living(world, line) as bot:
        players = crowd(world, line, ledger, Random(3), PLAYERS)
        playing = asyncio.create_task(played(players, enough))
        for _ in range(3):
            await ledger.counted(Count.ACKNOWLEDGED, 50, WITHIN)
            line.works.clear()
            await asyncio.to_thread(cluster.restart, "immediate")
            line.works.set()
        await ledger.counted(Count.ACKNOWLEDGED, 50, WITHIN)

        await asyncio.to_thread(cluster.stop)
        await ledger.counted(Count.REFUSED, 5 * PLAYERS, WITHIN)
        line.works.clear()
        await asyncio.to_thread(cluster.start)
        line.works.set()

        await ledger.counted(Count.ACKNOWLEDGED, 50, WITHIN)
        enough.set()
        async with asyncio.timeout(WITHIN):
            await playing
        bot.signal(signal.SIGTERM)
        assert await bot.ended() == 0
    assert await check(database_url(tmp_path, cluster.url), ledger) == []
    assert ledger.counts[Count.UNANSWERED] == 0
    assert ledger.counts[Count.ENDED] == ledger.counts[Count.BEGUN]
    written = "".join(bot.lines)
    assert "the store failed: the database cannot be reached" in written
    assert "fault of ours" not in written
    assert "failed to answer" not in written
