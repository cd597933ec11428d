"""What happens to the bots of a run, and when: each trouble comes after so many requests."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import TypeAlias, assert_never

from tests.crash.cluster import Cluster
from tests.fanout.books import under_way
from tests.fanout.bots import Base
from tests.fanout.places import DISCORD
from tests.fanout.processes import Crew
from tests.fanout.server import FanoutServer

PATIENCE = 90.0
"""Seconds until a trouble comes although the requests do not; others take over in half of it."""

AWAY = 10.0
"""Seconds that PostgreSQL is away when it is stopped."""

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Kill:
    """SIGKILL, and a new start at once.

    If `held`, all answers are held back before, so that what was sent is there and the bot does
    not know. If `early`, it comes so many `seconds` after the last trouble, perhaps in the middle
    of a start, and else so many seconds after the requests.
    """

    held: bool
    early: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Freeze:
    """SIGSTOP, and SIGCONT after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Restart:
    """PostgreSQL crashes and comes back; or it is stopped for a while, if `away`."""

    away: bool


@dataclass(frozen=True, slots=True)
class ClockBack:
    """The clock of every bot goes back by an hour, and stays there."""


Trouble: TypeAlias = Kill | Freeze | Restart | ClockBack


@dataclass(slots=True)
class Done:
    """What was done. `left` is what kills left under way, and `most_left` that of one workspace."""

    troubles: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    most_left: int = 0

    def left_by_kill(self, found: dict[str, int]) -> None:
        """Take note of what was under way when a bot was killed."""
        for destination, number in found.items():
            self.left[destination.partition(":")[0]] += number
            if destination != DISCORD:
                self.most_left = max(self.most_left, number)


def some_kills(number: int, chance: Random) -> Iterator[Kill]:
    """Kills at any moment; those in the middle of requests come most often."""
    for _ in range(number):
        kind = chance.choices(("held", "early", "any"), (5, 1, 4))[0]
        seconds = chance.uniform(0.0, 2.0 if kind == "early" else 0.1)
        yield Kill(kind == "held", kind == "early", seconds)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where troubles happen."""

    base: Base
    server: FanoutServer
    crew: Crew
    cluster: Cluster | None
    chance: Random
    done: Done

    async def play(self, trouble: Trouble, after: int) -> None:
        """Let a trouble happen after so many requests in all; return when it is over."""
        door = self.server.door
        match trouble:
            case Kill(held=True):
                door.shut(max(1, after - door.requests))
                await door.is_shut(PATIENCE)
                await asyncio.sleep(trouble.seconds)
                await self._kill()
                door.open()
            case Kill():
                if not trouble.early:
                    await door.reached(after, PATIENCE)
                await asyncio.sleep(trouble.seconds)
                await self._kill()
            case Freeze():
                await door.reached(after, PATIENCE)
                await self._freeze(trouble.seconds)
            case Restart():
                await door.reached(after, PATIENCE)
                await self._restart(away=trouble.away)
            case ClockBack():
                await door.reached(after, PATIENCE)
                self.base.clock.put_by(-HOUR)
            case _:
                assert_never(trouble)
        self.done.troubles[type(trouble).__name__] += 1

    async def _kill(self) -> None:
        number = self._some_bot()
        await self.crew.kill(number)
        self.done.left_by_kill(await under_way(self.base.url))
        await self.crew.restart(number)

    async def _freeze(self, seconds: float) -> None:
        number = self._some_bot()
        self.crew.freeze(number)
        await asyncio.sleep(seconds)
        self.crew.thaw(number)

    async def _restart(self, *, away: bool) -> None:
        assert self.cluster is not None
        # Whoever starts without a database ends at once, and says so.
        for number in range(self.base.bots):
            await self.crew.ready(number)
        if not away:
            await asyncio.to_thread(self.cluster.restart, "immediate")
            return
        await asyncio.to_thread(self.cluster.stop)
        await asyncio.sleep(AWAY)
        await asyncio.to_thread(self.cluster.start)

    def _some_bot(self) -> int:
        """Often the one that sends to Discord."""
        ports = self.server.ports
        if self.server.busy_port in ports and self.chance.random() < 0.5:
            return ports.index(self.server.busy_port) % self.base.bots
        return self.chance.randrange(self.base.bots)
