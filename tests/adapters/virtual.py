"""An event loop whose clock jumps ahead instead of waiting."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


ROUND = 1e-6
"""Seconds that one round of the loop takes: a clock that stood still would let some code spin."""


class _Clock(selectors.DefaultSelector):
    """Nobody waits for anything but the time, so time is all that has to pass."""

    def __init__(self, late: float) -> None:
        super().__init__()
        self.now = 0.0
        self._late = late

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "everything waits, and nothing will come"
        self.now += ROUND + (timeout + self._late if timeout > 0 else 0.0)
        return super().select(0)


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, late: float) -> None:
        self._clock = _Clock(late)
        super().__init__(self._clock)

    def time(self) -> float:
        return self._clock.now


def run(story: Coroutine[Any, Any, T], late: float = 0.0) -> T:
    """Run it in a loop of its own, whose timers are `late` by so many seconds."""
    with asyncio.Runner(loop_factory=lambda: _Loop(late)) as runner:
        return runner.run(story)
