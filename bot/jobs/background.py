"""The work in the background of a process: which of the two ways it runs in, and how it ends."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.jobs import embedded
from bot.jobs.tick import Work

if TYPE_CHECKING:
    from bot.jobs.cluster import Cluster

logger = logging.getLogger(__name__)

DRAIN_WITHIN = 30.0
"""Seconds for it to end; both ways have bounds of their own, which are shorter."""


class Background:
    """By itself on SQLite, which has one process; shared with other processes on PostgreSQL.

    Args:
        address: What `database_url` returned.
        work: What is to be done, and when it is to end.
    """

    def __init__(self, address: str, work: Work) -> None:
        self._work = work
        self._cluster = _cluster(address, work) if is_shared(address) else None
        self._running: asyncio.Task[None] | None = None

    def ready(self) -> bool:
        """Whether it is done at the moment."""
        if self._running is None or self._running.done():
            return False
        return self._cluster is None or self._cluster.ready()

    def start(self) -> None:
        """Begin."""
        doing = self._cluster.run() if self._cluster else embedded.run(self._work)
        self._running = asyncio.create_task(doing, name="background")

    async def stop(self) -> None:
        """Begin nothing more, and wait for what is under way."""
        self._work.stopping.set()
        if self._running is None:
            return
        await asyncio.wait({self._running}, timeout=DRAIN_WITHIN)
        if not self._running.done():
            logger.warning("the work in the background did not end in time")
            self._running.cancel()
        [end] = await asyncio.gather(self._running, return_exceptions=True)
        if isinstance(end, Exception):
            logger.error("the work in the background broke off", exc_info=end)


def is_shared(address: str) -> bool:
    """Whether several processes may work with a database."""
    return address.startswith("postgresql")


def _cluster(address: str, work: Work) -> Cluster:
    """Loaded only where it is needed."""
    from bot.jobs.cluster import Cluster, rounds_of

    return Cluster(address, rounds_of(work))
