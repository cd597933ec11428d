"""Memory that cannot grow without an end: the oldest entry goes first."""

from __future__ import annotations

from collections import OrderedDict
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")

MOST = 10_000
"""Entries that are kept."""


class Seen:
    """Which ids have been seen: Slack sends an event again whenever it doubts the first answer."""

    def __init__(self) -> None:
        self._ids: OrderedDict[str, None] = OrderedDict()

    def first_time(self, id_: str) -> bool:
        """Whether this id is new; it is not from now on."""
        if id_ in self._ids:
            return False
        remember(self._ids, id_, None)
        return True


def remember(kept: OrderedDict[K, V], key: K, value: V) -> None:
    """Keep a value, and let go of the oldest one where there are too many."""
    kept[key] = value
    if len(kept) > MOST:
        kept.popitem(last=False)
