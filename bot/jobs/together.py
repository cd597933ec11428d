"""Units of work that come at the same time, written as one: a commit costs more than they do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from bot.core.ports import Store, Unit

T = TypeVar("T")

MOST = 100
"""Units of work in one transaction, so that others need not wait long: neither for theirs, nor for
a turn of the event loop when all who waited for this one go on at the same moment."""


class Together:
    """Writes to a store what many tasks want to write, in as few transactions as there can be."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[_Wanted] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, work: Callable[[Unit], T]) -> T:
        """The result of a unit of work, which is kept as a whole if it does not raise.

        Raises:
            StoreError: as the store does.
        """
        wanted = _Wanted(work)
        self._waiting.append(wanted)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        result: T = await wanted.result
        return result

    async def _write(self) -> None:
        try:
            while self._waiting:
                some, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                if not await self._all(some):
                    for wanted in some:
                        await self._alone(wanted)
        finally:
            self._writing = None

    async def _all(self, some: list[_Wanted]) -> bool:
        """Whether they could be written in one transaction; if not, nothing of it was kept."""
        try:
            results = await self._store.write(lambda unit: [one.work(unit) for one in some])
        except Exception:
            return False
        for wanted, result in zip(some, results, strict=True):
            wanted.succeed(result)
        return True

    async def _alone(self, wanted: _Wanted) -> None:
        try:
            wanted.succeed(await self._store.write(wanted.work))
        except Exception as error:
            wanted.fail(error)


class _Wanted:
    """A unit of work and its result, for whoever still waits for it."""

    def __init__(self, work: Callable[[Unit], Any]) -> None:
        self.work = work
        self.result: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def succeed(self, result: object) -> None:
        if not self.result.done():
            self.result.set_result(result)

    def fail(self, error: Exception) -> None:
        if not self.result.done():
            self.result.set_exception(error)
