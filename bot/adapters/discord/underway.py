"""What has begun and not ended, so that stopping can wait for it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator


class UnderWay:
    """Counts what is under way. To be made inside an event loop."""

    def __init__(self) -> None:
        self._number = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @contextlib.contextmanager
    def one(self) -> Iterator[None]:
        """Something that `ended` waits for."""
        self._number += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._number -= 1
            if not self._number:
                self._idle.set()

    async def ended(self, within: float) -> bool:
        """Wait up to `within` seconds until nothing is under way; whether that came true."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), within)
        return self._idle.is_set()
