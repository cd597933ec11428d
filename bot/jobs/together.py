"""What many tasks want written at the same time, as one: a commit costs more than they do."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypeVar

from bot.core.ports import Store, Unit

Asked = TypeVar("Asked")
Got = TypeVar("Got")
Batch: TypeAlias = Callable[[Unit, Sequence[Asked]], Sequence[Got]]
"""Does what some have asked for, and returns what each of them gets, in the same order."""

MOST = 100
"""Wishes in one transaction, so that others need not wait long: neither for theirs, nor for a turn
of the event loop when all who waited for this one go on at the same moment."""


class Together:
    """Writes to a store what many tasks want to write, in as few transactions as there can be."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[_Wish] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, work: Batch[Asked, Got], asked: Asked) -> Got:
        """What `work` returns for `asked`; others may be asking for the same work at this moment.

        It is kept as a whole if it does not raise. If it does, each wish is tried by itself.

        Raises:
            StoreError: as the store does.
        """
        wish = _Wish(work, asked)
        self._waiting.append(wish)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        result: Got = await wish.result
        return result

    async def _write(self) -> None:
        try:
            while self._waiting:
                some, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                if not await self._all(some):
                    for wish in some:
                        await self._alone(wish)
        finally:
            self._writing = None

    async def _all(self, some: list[_Wish]) -> bool:
        """Whether they could be written in one transaction; if not, nothing of it was kept."""
        alike: defaultdict[Batch[Any, Any], list[_Wish]] = defaultdict(list)
        for wish in some:
            alike[wish.work].append(wish)
        try:
            ended = await self._store.write(
                lambda unit: [
                    end for work, them in alike.items() for end in _ends(unit, work, them)
                ]
            )
        except Exception:
            return False
        for wish, result in ended:
            wish.succeed(result)
        return True

    async def _alone(self, wish: _Wish) -> None:
        try:
            ((_, result),) = await self._store.write(lambda unit: _ends(unit, wish.work, [wish]))
        except Exception as error:
            wish.fail(error)
        else:
            wish.succeed(result)


class _Wish:
    """What somebody wants to be done, and the result, if they still wait for it."""

    def __init__(self, work: Batch[Any, Any], asked: object) -> None:
        self.work = work
        self.asked = asked
        self.result: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def succeed(self, result: object) -> None:
        if not self.result.done():
            self.result.set_result(result)

    def fail(self, error: Exception) -> None:
        if not self.result.done():
            self.result.set_exception(error)


def _ends(unit: Unit, work: Batch[Any, Any], wishes: Sequence[_Wish]) -> list[tuple[_Wish, object]]:
    """Every wish with its result. Raises ValueError if there are more or fewer results."""
    return list(zip(wishes, work(unit, [wish.asked for wish in wishes]), strict=True))
