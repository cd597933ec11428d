"""A broken bot, to see whether a run finds out: once it answers long before it commits.

Python imports this by its name where `PYTHONPATH` names its folder.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from typing import TypeVar

from bot.core.ports import Unit
from bot.store.database import Database

T = TypeVar("T")

NUMBER = 8
"""Of the commit that comes late."""

TOO_EARLY = 3.0
"""Seconds between the answer and that commit."""

numbers = itertools.count(1)
write = Database.write


async def hasty_write(self: Database, work: Callable[[Unit], T]) -> T:
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[T] = loop.create_future()

    def hasty(unit: Unit) -> T:
        result = work(unit)
        loop.call_soon_threadsafe(answered.set_result, result)
        if next(numbers) == NUMBER:
            time.sleep(TOO_EARLY)
        return result

    writing = asyncio.create_task(write(self, hasty))
    await asyncio.wait({answered, writing}, return_when=asyncio.FIRST_COMPLETED)
    return answered.result() if answered.done() else writing.result()


setattr(Database, write.__name__, hasty_write)
