"""Visitors while an issue goes out as fast as it can: how long they wait for their answers."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.store.database import FILE, database_url
from tests.bench import posting
from tests.bench.discord import COMMAND, Discord, loopback
from tests.bench.effort import Effort
from tests.bench.fanned import WORKSPACES, Server, fanned
from tests.bench.load import WARM_UP
from tests.bench.measure import PATIENCE, PAUSE, BenchError, ask, running
from tests.bench.table import Most, Row, Unit, percentile
from tests.fanout.places import DISCORD, Layout, Place
from tests.fanout.seed import seed

CHANNELS = 3_000
"""Channels on each platform; the issue must last for long enough."""

AT_A_TIME = 20
"""Visitors between two looks whether the issue is still on its way."""

FEWEST = 100
"""Visitors that must have come meanwhile."""

SENT = "SELECT count(*) FROM deliveries WHERE state = 'sent'"


@dataclass(frozen=True, slots=True)
class Visited:
    """A bot with visitors on Discord that sends to channels there and on Slack, and its data."""

    discord: Discord
    slack: Server
    data: Path

    def meanwhile(self) -> list[float]:
        """Milliseconds to the answers between the first and the last post of an issue.

        Raises BenchError if there are too few of them.
        """
        places = [*self._channels(), *self.slack.layout.places()]
        asyncio.run(seed(database_url(self.data, None), places, posting.DUE))
        found, late = list[float](), time.monotonic() + PATIENCE
        while not self._sent():
            if time.monotonic() > late:
                raise BenchError("the issue was not begun")
            time.sleep(PAUSE)
        while True:
            some = self.discord.load(AT_A_TIME).latencies_ms
            if self._sent() == len(places):
                break
            found += some
        if len(found) < FEWEST:
            raise BenchError(f"the issue was there after {len(found)} answers: too few to tell")
        return found

    def _channels(self) -> Iterator[Place]:
        for channel in ask(f"{self.discord.control}/state")["channels"]:
            yield Place(DISCORD, channel["guild_id"], channel["id"])

    def _sent(self) -> int:
        with contextlib.closing(sqlite3.connect(self.data / FILE)) as connection:
            return int(connection.execute(SENT).fetchone()[0])


@contextlib.contextmanager
def visited(channels: int) -> Iterator[Visited]:
    """Such a bot, with so many channels on each platform."""
    with (
        tempfile.TemporaryDirectory() as folder,
        loopback(channels=channels) as discord,
        fanned(Layout(0, channels, WORKSPACES)) as slack,
    ):
        known = {
            "token": discord.environment["DISCORD_TOKEN"],
            "api_base": discord.environment["DISCORD_API_BASE"],
        }
        platforms = (json.dumps(known), json.dumps(slack.known["slack"]))
        url = database_url(Path(folder), None)
        with running("tests.bench.visited_bot", url, *platforms) as program:
            program.first_line()
            discord.wait_for(program)
            yield Visited(discord, slack, Path(folder))


def measure(effort: Effort) -> Iterator[Row]:
    """The slowest but one of a hundred answers, beside what it is without an issue."""
    with visited(CHANNELS) as bot:
        bot.discord.load(WARM_UP)
        quiet = percentile(bot.discord.load(effort.requests).latencies_ms, 0.99)
        busy = percentile(bot.meanwhile(), 0.99)
    yield Row(
        f"Discord `/{COMMAND}` while an issue goes out without limits to {2 * CHANNELS:,} "
        "channels, 99 of 100 answers within (bare: ours in quiet)",
        busy,
        Unit.MILLISECONDS,
        quiet,
        Most(100, ratio=False),
    )
