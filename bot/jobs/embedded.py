"""Rounds in the process of the bot itself, the only one that works with its database."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from typing import Any

from bot.core.ports import StoreError
from bot.jobs import delivering, rounds
from bot.jobs.tick import Work

logger = logging.getLogger(__name__)

PAUSE = 15.0
"""Seconds between two rounds."""

CHORES = "chores"
"""What their task is called among those of the destinations."""

DRAIN_WITHIN = 20.0
"""Seconds that requests under way get when the work is to stop."""


async def run(work: Work, pause: float = PAUSE) -> None:
    """Do a round now and then until `work.stopping`; then finish what is under way.

    Deliveries have a task for each destination, and the chores have one, all beside each other.
    """
    under_way: dict[str, asyncio.Task[None]] = {}
    while not work.stopping.is_set():
        await _guarded(_round(work, under_way), "a round of work")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(work.stopping.wait(), pause)
    if under_way:
        _, late = await asyncio.wait(under_way.values(), timeout=DRAIN_WITHIN)
        for task in late:
            task.cancel()


async def _round(work: Work, under_way: dict[str, asyncio.Task[None]]) -> None:
    await rounds.tick(work)
    for name in [name for name, task in under_way.items() if task.done()]:
        del under_way[name]
    for destination in await rounds.destinations(work):
        if destination not in under_way:
            under_way[destination] = asyncio.create_task(_deliver(work, destination))
    if CHORES not in under_way:
        chores = _guarded(rounds.chores(work), "a round of chores")
        under_way[CHORES] = asyncio.create_task(chores)


async def _deliver(work: Work, destination: str) -> None:
    await _guarded(delivering.deliver(work, destination), "a delivery")


async def _guarded(doing: Coroutine[Any, Any, object], what: str) -> None:
    """What fails is tried again in the next round."""
    try:
        await doing
    except StoreError as error:
        logger.warning("%s failed: %s", what, error)
    except Exception:
        logger.exception("%s failed by a fault of ours", what)
