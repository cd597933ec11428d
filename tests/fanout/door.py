"""Counts requests, and can hold all answers back from a certain one on.

Whoever kills a bot while the door is shut knows that its messages are stored and unanswered.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

from tests.fakes.discord.world import Changes


class Door:
    """The way out for all answers."""

    def __init__(self) -> None:
        self.requests = 0
        self._changes = Changes()
        self._shut_at = sys.maxsize
        self._open = asyncio.Event()
        self._open.set()

    def comes(self) -> None:
        """Count a request."""
        self.requests += 1
        self._changes.notify()

    async def passes(self) -> None:
        """Let an answer out, as soon as the door is open."""
        if self.requests >= self._shut_at:
            self._open.clear()
            self._shut_at = sys.maxsize
            self._changes.notify()
        if not self._open.is_set():
            await self._open.wait()

    def shut(self, after: int) -> None:
        """Hold all answers back from the request on that has this number from now."""
        self._shut_at = self.requests + after

    def open(self) -> None:
        """Let everything out again."""
        self._shut_at = sys.maxsize
        self._open.set()

    async def reached(self, number: int, within: float) -> bool:
        """Return when so many requests came in all; False after `within` seconds without them."""
        return await self._until(lambda: self.requests >= number, within)

    async def is_shut(self, within: float) -> bool:
        """Return when the first answer is held back; False after `within` seconds without one."""
        return await self._until(lambda: not self._open.is_set(), within)

    async def _until(self, reached: Callable[[], bool], within: float) -> bool:
        try:
            await self._changes.wait_for(reached, "requests", within)
        except AssertionError:
            return False
        return True
