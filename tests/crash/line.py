"""The line between people and the bot: open while it runs, cut when it is dead."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from tests.crash.screens import UnansweredError
from tests.fakes.discord.world import Changes

T = TypeVar("T")

LONG = 60.0
"""Seconds that anybody waits for the bot to come back."""


class Line:
    """Carries what people do. A dead bot answers nobody, so nobody waits for it."""

    def __init__(self) -> None:
        self.sent = 0
        self.works = asyncio.Event()
        """Whether it makes sense to try again what could not be saved."""
        self.works.set()
        self._changes = Changes()
        self._open = asyncio.Event()
        self._cut: asyncio.Future[None] | None = None

    @property
    def is_open(self) -> bool:
        """Whether the bot is there."""
        return self._open.is_set()

    def opens(self) -> None:
        """The bot answers."""
        self.sent = 0
        self._cut = asyncio.get_running_loop().create_future()
        self._open.set()

    def closes(self) -> None:
        """The bot is about to die: what is on the line may be answered, and nothing new comes."""
        self._open.clear()

    def is_cut(self) -> None:
        """The bot is dead."""
        self._open.clear()
        if self._cut is not None and not self._cut.done():
            self._cut.set_result(None)

    async def presses(self, number: int, within: float) -> None:
        """Return when so many presses went out since the bot came up, or so many seconds later."""
        try:
            await self._changes.wait_for(lambda: self.sent >= number, "presses", within)
        except AssertionError:
            return

    async def opened(self) -> None:
        """Return when the bot is there, and makes sense of what people do."""
        async with asyncio.timeout(LONG):
            await self.works.wait()
            await self._open.wait()

    async def carried(self, act: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Do this while the line is open.

        Raises:
            UnansweredError: if the bot dies before it has answered.
        """
        if self._cut is None or not self.is_open:
            raise UnansweredError("the line is not open")
        doing = asyncio.create_task(act())
        self.sent += 1
        self._changes.notify()
        try:
            either: set[asyncio.Future[Any]] = {doing, self._cut}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not doing.done():
                raise UnansweredError("the bot is dead")
            return doing.result()
        finally:
            if not doing.done():
                doing.cancel()
                await asyncio.wait({doing})
