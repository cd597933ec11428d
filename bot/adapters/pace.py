"""How fast requests may go out: evenly, for each key by itself."""

from __future__ import annotations

import asyncio

from aiolimiter import AsyncLimiter

KEPT = 1_000
"""How many keys are remembered before those that nobody waits for are forgotten."""


class Pace:
    """Lets at most `rate` requests a second begin for each key; with None, all of them at once.

    After a rest the first `burst` of them need not wait, so that no window of a second has more
    than `rate + burst`. What a key needs is forgotten once it has rested for long enough.
    """

    def __init__(self, rate: float | None, burst: int = 1) -> None:
        self._rate = rate
        self._burst = burst
        self._limiters: dict[str, AsyncLimiter] = {}
        self._in_line: dict[str, int] = {}
        self._latest: dict[str, float] = {}
        self._most = KEPT

    def __len__(self) -> int:
        """How many keys are remembered."""
        return len(self._limiters)

    async def turn(self, key: str = "") -> None:
        """Wait until one more request may begin."""
        if self._rate is None:
            return
        limiter = self._limiters.get(key)
        if limiter is None:
            limiter = self._limiter(key, self._rate)
        self._in_line[key] = self._in_line.get(key, 0) + 1
        try:
            await limiter.acquire()
            self._latest[key] = asyncio.get_running_loop().time()
        finally:
            self._in_line[key] -= 1
            if not self._in_line[key]:
                del self._in_line[key]

    def pause(self, key: str = "") -> float:
        """Seconds until a request would have its turn at once, as long as nobody else takes one."""
        limiter = self._limiters.get(key)
        if self._rate is None or limiter is None or limiter.has_capacity():
            return 0.0
        since = asyncio.get_running_loop().time() - self._latest.get(key, 0.0)
        return max(0.0, 1 / self._rate - since)

    def _limiter(self, key: str, rate: float) -> AsyncLimiter:
        if len(self._limiters) >= self._most:
            self._forget()
        made = self._limiters[key] = AsyncLimiter(self._burst, self._burst / rate)
        return made

    def _forget(self) -> None:
        """Drop the keys that make no difference any more; then wait until as many are new."""
        self._limiters = {
            key: limiter
            for key, limiter in self._limiters.items()
            if key in self._in_line or not limiter.has_capacity(self._burst)
        }
        self._latest = {key: at for key, at in self._latest.items() if key in self._limiters}
        self._most = max(KEPT, 2 * len(self._limiters))
