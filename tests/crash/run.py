"""One run: people play, the bot is killed and started, and all is checked in the end."""

from __future__ import annotations

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bot.store.database import database_url
from tests.crash.checks import check
from tests.crash.ledger import Count, Fault, Ledger, Problem
from tests.crash.line import Line
from tests.crash.moments import Moment, kill_at, some_moment
from tests.crash.world import World, crowd, faults_in, living, played, two_platforms
from tests.e2e.process import running

TO_THE_END = 120.0
"""Seconds after the last kill until everybody must be through with all that they began."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do. Without a database the bot has SQLite in `data`.

    `moment` chooses when the bot is killed, each time.
    """

    kills: int
    players: int
    seed: int
    data: Path
    database: str | None = None
    moment: Callable[[Random], Moment] = some_moment

    @property
    def url(self) -> str:
        """The address of the database for the store."""
        return database_url(self.data, self.database)


@dataclass(frozen=True, slots=True)
class Report:
    """What came of it. `moments` counts the kills by kind; `seconds` are those of the whole."""

    ledger: Ledger
    problems: list[Problem]
    moments: Counter[str]
    seconds: float

    def __str__(self) -> str:
        kinds = ", ".join(f"{n} {kind}" for kind, n in sorted(self.moments.items()))
        faults = Counter(problem.fault for problem in self.problems)
        lines = [("kills", f"{self.moments.total()} ({kinds})")]
        lines += [(count.value, str(self.ledger.counts[count])) for count in Count]
        lines += [(fault.value, str(faults[fault])) for fault in Fault]
        lines += [("seconds", f"{self.seconds:.0f}")]
        return "\n".join(f"{name:<24}{value}" for name, value in lines)


async def run(plan: Plan, told: Callable[[int], None] = lambda _: None) -> Report:
    """Let people play while the bot is killed; `told` hears the number of kills after each."""
    began = time.monotonic()
    chance, ledger, line = Random(plan.seed), Ledger(), Line()
    moments: Counter[str] = Counter()
    async with two_platforms(plan.data, plan.database) as world:
        players = crowd(world, line, ledger, chance, plan.players)
        enough = asyncio.Event()
        playing = asyncio.create_task(played(players, enough))
        try:
            for number in range(plan.kills):
                moments[await _life(world, line, ledger, plan.moment(chance))] += 1
                told(number + 1)
                if playing.done():
                    break
            enough.set()
            await _last_life(world, line, ledger, playing)
        finally:
            playing.cancel()
            await asyncio.wait({playing})
        ledger.problems += [Problem(Fault.SAID, rule) for rule in world.rules_broken()]
    problems = await check(plan.url, ledger)
    return Report(ledger, problems, moments, time.monotonic() - began)


async def _life(world: World, line: Line, ledger: Ledger, moment: Moment) -> str:
    """Start the bot and kill it; the kind of moment at which it died."""
    async with running(world.settings) as bot:
        await kill_at(moment, world, line, bot)
        if bot.process.returncode != -signal.SIGKILL:
            how = f"it ended by itself, with {bot.process.returncode} at {moment}: {bot.lines}"
            ledger.problems.append(Problem(Fault.STUCK, how))
        ledger.problems += faults_in(bot.lines)
    return type(moment).__name__


async def _last_life(world: World, line: Line, ledger: Ledger, playing: asyncio.Task[None]) -> None:
    """Start the bot once more, and let everybody come to the end."""
    async with living(world, line) as bot:
        async with asyncio.timeout(TO_THE_END):
            await playing
        bot.signal(signal.SIGTERM)
        if await bot.ended():
            ledger.problems.append(Problem(Fault.STUCK, f"it did not end well: {bot.lines}"))
    ledger.problems += faults_in(bot.lines)
