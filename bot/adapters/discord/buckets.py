"""What discord.py remembers of rate limits, no longer than it matters.

By itself it keeps every channel for five minutes, and looks through all that it keeps whenever
there is a new one: to post to thousands of channels would take longer each time.
"""

from __future__ import annotations

from collections import OrderedDict

from discord.http import Ratelimit

MOST = 128
"""Limits that are kept although they hold nobody back; from 256 on discord.py looks through all."""


class Buckets(OrderedDict[str, Ratelimit]):
    """Rate limits by what they are about, in place of discord.py's own dictionary.

    Where there are too many, the oldest is forgotten unless it is in use or exhausted: the next
    answer about it tells again where it stands.
    """

    def __setitem__(self, key: str, limit: Ratelimit) -> None:
        super().__setitem__(key, limit)
        for _ in range(min(2, len(self) - MOST)):
            oldest = next(iter(self))
            if _holds_back(self[oldest]):
                self.move_to_end(oldest)
            else:
                del self[oldest]


def _holds_back(limit: Ratelimit) -> bool:
    return limit.outgoing > 0 or (limit.remaining <= 0 and not limit.is_expired())
