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
        self._known: tuple[dt.datetime, Mapping[str, Rating]] | None = None

    def difficulties(self, unit: Unit) -> Mapping[str, Rating]:
        """The difficulty of every item that was answered, at most a minute old."""
        now, known = self.clock(), self._known
        if known is None or not dt.timedelta() <= now - known[0] < FRESH:
            known = self._known = (now, unit.learning.difficulties())
        return known[1]
