"""What the store keeps of the newsletter: who gets it where and when, and what became of issues."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class SubscriptionState(StrEnum):
    """A draft is not confirmed yet; a paused one is kept and not served."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel that gets the newsletter.

    `person` is who set it up. `rhythm`, `weekday` (0 Monday), `time`, `zone` and `anchor` say when,
    in local time. `since` is when it began, `last` the local date of the last occurrence that was
    dealt with, `next_at` when the next one is due, and `number` how many there were. `reason` says
    why it is paused.
    """

    id: int
    platform: str
    community: str
    channel: str
    person: str
    rhythm: str
    weekday: int
    time: dt.time
    zone: str
    anchor: dt.date
    intro: str
    since: dt.datetime
    state: SubscriptionState = SubscriptionState.DRAFT
    reason: str = ""
    last: dt.date | None = None
    next_at: dt.datetime | None = None
    number: int = 0


class DeliveryState(StrEnum):
    """What became of an issue for a channel.

    `SENDING` is written before the request. A row that a crash leaves there is in `DOUBT`: it may
    have arrived, so it is not sent again by itself.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DOUBT = "in doubt"


FINAL = frozenset({DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.DOUBT})


@dataclass(frozen=True, slots=True)
class IssueDelivery:
    """An issue for a channel. `date` is the local date of its occurrence, and `issue` its key."""

    id: int
    subscription: int
    date: dt.date
    issue: str
    due: dt.datetime
    updated: dt.datetime
    state: DeliveryState = DeliveryState.WAITING
    attempts: int = 0
    reason: str = ""


class Newsletters(Protocol):
    """Subscriptions and deliveries."""

    def add(self, subscription: Subscription) -> Subscription:
        """Keep a new one in place of what the channel had before; it gets its number."""

    def get(self, identity: int, *, lock: bool = False) -> Subscription | None:
        """The subscription with this number; `lock` keeps others from changing it meanwhile."""

    def of(self, community: str) -> tuple[Subscription, ...]:
        """Those of a community that are no drafts, the oldest first."""

    def in_channel(self, platform: str, channel: str) -> Subscription | None:
        """The one of a channel, drafts included."""

    def save(self, subscription: Subscription) -> None:
        """Keep its new state."""

    def remove(self, identity: int) -> None:
        """End it, with its deliveries."""

    def due(self, now: dt.datetime, limit: int) -> tuple[Subscription, ...]:
        """Active ones whose next occurrence has come, locked until the unit of work ends."""

    def plan(self, delivery: IssueDelivery) -> bool:
        """Let an issue wait for its channel; False if that date was planned before."""

    def claim(self, now: dt.datetime, limit: int) -> tuple[IssueDelivery, ...]:
        """Take waiting deliveries that are due; they are being sent from now on."""

    def delivery(self, identity: int, *, lock: bool = False) -> IssueDelivery | None:
        """The delivery with this number; `lock` keeps others from changing it meanwhile."""

    def settle(
        self,
        delivery: IssueDelivery,
        state: DeliveryState,
        reason: str,
        due: dt.datetime,
        now: dt.datetime,
    ) -> None:
        """Say what became of a delivery; nothing happens if it was claimed again since."""

    def doubt(self, before: dt.datetime, now: dt.datetime) -> int:
        """Put deliveries in doubt that were claimed before then and not settled; how many."""

    def history(self, subscription: int, limit: int) -> tuple[IssueDelivery, ...]:
        """The latest deliveries, the latest first."""
