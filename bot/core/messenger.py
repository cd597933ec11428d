"""Messages that the bot sends by itself: who carries them, and what becomes of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.core.subscriptions import Place
from bot.core.views import View


class Delivery(StrEnum):
    """What became of a message.

    `MALFORMED`, `FORBIDDEN` and `GONE` are refusals: of this very message, of the bot in this
    place, and because the place is not there any more. `LIMITED` and `LATER` pass. In `DOUBT`
    means that it may have arrived.
    """

    SENT = "sent"
    MALFORMED = "malformed"
    FORBIDDEN = "forbidden"
    GONE = "gone"
    LIMITED = "limited"
    LATER = "later"
    DOUBT = "in doubt"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a message; `wait` is how many seconds the platform wants to be left alone.

    `note` is a sentence for whoever manages the place, such as what could not be done besides.
    """

    delivery: Delivery
    wait: float = 0.0
    note: str = ""


class Sight(StrEnum):
    """Whether a message is there, where a platform can be asked."""

    THERE = "there"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Messenger(Protocol):
    """Carries messages that nobody asked for at this moment. `key` is the same for a repeat."""

    async def direct(self, user: str, view: View, key: str) -> Receipt:
        """Send to a person's own conversation with the bot."""

    async def post(self, place: Place, view: View, key: str) -> Receipt:
        """Post to a channel or thread, when the platform's rates allow it."""

    def pause(self, destination: str) -> float:
        """Seconds until a post to a destination would begin; what begins early only waits."""

    async def find(
        self,
        place: Place,
        view: View,
        key: str,
        since: dt.datetime,
        latest: dt.datetime | None = None,
    ) -> Sight:
        """Whether what was posted under this key, at that time or later, is there.

        `latest` is when the latest attempt began, if there were several.
        """

    async def has_left(self, community: str) -> bool:
        """Whether the bot was removed from a community; False where nobody can tell now."""
