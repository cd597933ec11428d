"""Rounds that note what a cluster asks of them, and last for as long as a test wants."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

from bot.jobs.cluster import Cluster, Rounds, Timing

TICK = "tick"
CHORES = "chores"

QUICK = Timing(
    tick=1,
    recover=1,
    look=0.1,
    heartbeat=0.2,
    silent=1.5,
    pause=0.1,
    first_retry=0.1,
    last_retry=0.5,
    drain=10.0,
)

PATIENCE = 30.0
"""Seconds for anything to happen, on a machine that is busy."""


class Asked:
    """What all the processes of a cluster were asked to do; destinations are `due` again and again.

    What is in `held` lasts until it is taken out there; what is in `failing` raises its errors one
    after another.
    """

    def __init__(self, *due: str, held: Iterable[str] = ()) -> None:
        self.due = set(due)
        self.held = set(held)
        self.failing: dict[str, list[Exception]] = {}
        self.begun: Counter[str] = Counter()
        self.ended: Counter[str] = Counter()
        self.broken_off: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        """Of each, how many were under way at the same time at most."""
        self._changed = asyncio.Condition()

    def rounds(self) -> Rounds:
        """For one process of the cluster."""
        return Rounds(self._tick, self._chores, self._destinations, self._do, asyncio.Event())

    async def until(self, happened: Callable[[], bool]) -> None:
        """Wait for something that is seen here."""
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(happened)

    async def let_go(self, *names: str) -> None:
        """Let what was held go on."""
        async with self._changed:
            self.held -= set(names)
            self._changed.notify_all()

    def under_way(self, name: str) -> int:
        """How many of these are under way."""
        return self.begun[name] - self.ended[name] - self.broken_off[name]

    async def _tick(self) -> None:
        await self._do(TICK)

    async def _chores(self) -> None:
        await self._do(CHORES)

    async def _destinations(self) -> tuple[str, ...]:
        return tuple(sorted(self.due))

    async def _do(self, name: str) -> None:
        async with self._changed:
            self.begun[name] += 1
            self.most[name] = max(self.most[name], self.under_way(name))
            self._changed.notify_all()
        try:
            async with self._changed:
                await self._changed.wait_for(lambda: name not in self.held)
            if errors := self.failing.get(name):
                raise errors.pop(0)
        except BaseException:
            self.broken_off[name] += 1
            raise
        else:
            self.ended[name] += 1
        finally:
            async with self._changed:
                self._changed.notify_all()


@asynccontextmanager
async def working(url: str, *all_rounds: Rounds, timing: Timing = QUICK) -> AsyncIterator[Cluster]:
    """Processes of a cluster, one for each of these; they drain in the end. The first one."""
    clusters = [Cluster(url, rounds, timing) for rounds in all_rounds]
    running = [asyncio.create_task(cluster.run()) for cluster in clusters]
    try:
        yield clusters[0]
    finally:
        for rounds in all_rounds:
            rounds.stopping.set()
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*running)
