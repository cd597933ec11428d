"""What all visits share: the store, the clock, chance, and how hard the questions are."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping

from bot.core.ports import Clock, Store, Unit
from bot.core.quiz.adaptive import Rating

FRESH = dt.timedelta(minutes=1)
"""How long difficulties are taken from memory; they change slowly."""


def utc_now() -> dt.datetime:
    """The time in UTC."""
    return dt.datetime.now(dt.UTC)


class Desk:
    """Shared by everything that answers people; to be made once."""

    def __init__(
        self, store: Store, clock: Clock = utc_now, chance: random.Random | None = None
    ) -> None:
        self.store = store
        self.clock = clock
        self.chance = chance or random.SystemRandom()
        self._difficulties: Mapping[str, Rating] = {}
        self._read_at: dt.datetime | None = None

    async def difficulties(self, unit: Unit) -> Mapping[str, Rating]:
        """The difficulty of every item that was answered, at most a minute old."""
        now = self.clock()
        if self._read_at is None or not dt.timedelta() <= now - self._read_at < FRESH:
            self._difficulties = await unit.learning.difficulties()
            self._read_at = now
        return self._difficulties
