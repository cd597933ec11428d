"""One run: an issue is due everywhere, troubles come, and in the end all is accounted for."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from tests.crash.cluster import Cluster
from tests.fanout.account import Account, Bounds, account
from tests.fanout.books import settled
from tests.fanout.bots import Base
from tests.fanout.faults import CALM, Weather
from tests.fanout.places import Layout
from tests.fanout.processes import Crew, crew
from tests.fanout.seed import install, seed
from tests.fanout.server import FanoutServer, Options
from tests.fanout.troubles import ClockBack, Done, Freeze, Stage, Trouble

WITH_REPEATS = 65
"""Requests a second at Discord, where a sixth of the channels fails now and then."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do. `within` is for the end: seconds after the last trouble."""

    layout: Layout
    seed: int = 0
    weather: Weather = CALM
    troubles: Sequence[Trouble] = ()
    within: float = 900.0

    def schedule(self, chance: Random) -> Iterator[tuple[int, Trouble]]:
        """What happens in which order, with the number of requests that it comes after."""
        found = chance.sample(self.troubles, len(self.troubles))
        channels = self.layout.discord + self.layout.slack
        moments = sorted(chance.randrange(1, max(2, channels * 3 // 4)) for _ in found)
        return zip(moments, found, strict=True)

    def bounds(self) -> Bounds:
        """What it may lead to.

        PostgreSQL that is gone, and a frozen bot, may leave as much in doubt as a kill does. A bot
        that wakes up ends what it had begun, beside its successor. What Discord does not take,
        discord.py sends again by itself, and on top.
        """
        ends = sum(not isinstance(one, ClockBack) for one in self.troubles)
        wakes = any(isinstance(one, Freeze) for one in self.troubles)
        rate = 50 if self.weather == CALM else WITH_REPEATS
        return Bounds(ends, in_flight=1 + wakes, discord_rate=2 * rate if wakes else rate)


@dataclass(frozen=True, slots=True)
class Report:
    """What was done, and what came of it.

    `told` are messages to people, and `log` is what the bots wrote, those that ended first.
    """

    plan: Plan
    done: Done
    account: Account
    told: int
    seconds: float
    faults: tuple[str, ...]
    log: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Whether every promise was kept."""
        return self.account.is_clean and self.done.most_left <= 1 and not self.faults

    def __str__(self) -> str:
        left, done = self.done.left, self.done.troubles
        lines = [
            ("kills", done["Kill"]),
            ("  left under way on Discord", left["discord"]),
            ("  left under way on Slack", left["slack"]),
            ("  most of one workspace at once", self.done.most_left),
            ("frozen", done["Freeze"]),
            ("restarts of PostgreSQL", done["Restart"]),
            ("clock put back by an hour", done["ClockBack"]),
            ("messages to people", self.told),
            ("seconds", f"{self.seconds:.0f}"),
        ]
        head = "\n".join(f"{name:<44}{value:>10}" for name, value in lines)
        return f"{head}\n\n{self.account.table()}"


async def run(
    plan: Plan, base: Base, cluster: Cluster | None = None, told: Callable[[str], None] = print
) -> Report:
    """Let bots send an issue everywhere; `told` hears of each trouble that is over."""
    began = time.monotonic()
    chance, done = Random(plan.seed), Done()
    now = dt.datetime.now(dt.UTC)
    await seed(base.url, plan.layout.places(), now)
    await install(base.url, plan.layout.workspaces, base.key, now)
    server = FanoutServer(Options(plan.layout, plan.seed, plan.weather))
    await server.start(others=base.bots - 1)
    try:
        async with crew(base.commands(server)) as bots:
            stage = Stage(base, server, bots, cluster, chance, done)
            for after, trouble in plan.schedule(chance):
                await stage.play(trouble, after)
                told(
                    f"{time.monotonic() - began:5.0f} s, {server.door.requests} requests: {trouble}"
                )
            found = await settled(base.url, plan.within)
            faults = await _ended(bots)
            log = tuple(bots.lines())
        verdict = account(found, server.tally(), plan.bounds())
    finally:
        await server.stop()
    return Report(plan, done, verdict, server.told, time.monotonic() - began, faults, log)


async def _ended(bots: Crew) -> tuple[str, ...]:
    """Whatever went wrong with the processes themselves, once they have been stopped."""
    for number in range(len(bots.bots)):
        await bots.ready(number)
    codes = [code for code in await bots.stop() if code]
    ended = [f"a bot ended with {code}" for code in codes]
    return (*ended, *(problem.text for problem in bots.tracebacks()))
