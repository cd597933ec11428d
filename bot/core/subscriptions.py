"""What the store keeps of the newsletter: who gets it where and when, and what became of issues."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class SubscriptionState(StrEnum):
    """A draft is not confirmed yet; a paused one is kept and not served."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an issue goes.

    `community` is the server or workspace as actors have it. `channel` is a channel or a thread, as
    the platform's adapter writes it. `announcement` says that others can follow the channel, so
    that a message there is to be published. `mention` is the role that is told of every issue.
    """

    platform: str
    community: str
    channel: str
    announcement: bool = False
    mention: str = ""

    @property
    def destination(self) -> str:
        """What shares one rate limit: Discord as a whole, and each workspace of Slack."""
        return self.community if self.platform == "slack" else self.platform


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel that gets the newsletter.

    `person` is who set it up, or nobody once that person has had their data deleted. `name` is the
    channel's, where it is known, for people to read. `topics` are values of `newsletter.Topic`.
    `rhythm`, `weekday` (0 Monday), `time`, `zone` and `anchor` say when, in local time. `again`
    says that an issue is sent again where nobody knows whether it arrived. `since` is when it
    began, `last` the local date of the last occurrence that was dealt with, and `next_at` when the
    next one is due. `number` counts its issues, and `digests` those of them that were composed.
    `content` is the version of the content at the last issue. `reason` says why it is paused.
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
    name: str = ""
    announcement: bool = False
    mention: str = ""
    topics: frozenset[str] = frozenset()
    again: bool = False
    digests: int = 0
    content: str = ""

    @property
    def place(self) -> Place:
        """Where its issues go."""
        return Place(self.platform, self.community, self.channel, self.announcement, self.mention)


@dataclass(frozen=True, slots=True)
class Manager:
    """Who looks after a community's newsletter; `allowed` says that an admin let them."""

    person: str
    allowed: bool
    seen: dt.datetime


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
    """An issue for a channel.

    `date` is the local date of its occurrence, and `issue` its key. `before` is the version of the
    content at the issue before. `destination` is that of its place. No attempt began before it was
    `planned`; while it is being sent, the latest one was `updated`.
    """

    id: int
    subscription: int
    destination: str
    date: dt.date
    issue: str
    due: dt.datetime
    planned: dt.datetime
    updated: dt.datetime
    state: DeliveryState = DeliveryState.WAITING
    attempts: int = 0
    reason: str = ""
    before: str = ""

    @property
    def key(self) -> str:
        """The same for every attempt, so that a platform may know a repeat."""
        return f"issue {self.id}"


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of an attempt. One that waits is tried again at `due`."""

    delivery: IssueDelivery
    state: DeliveryState
    reason: str
    due: dt.datetime
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """For how many channels of a platform an issue is in a state, for one reason."""

    platform: str
    state: DeliveryState
    reason: str
    count: int


class Newsletters(Protocol):
    """Subscriptions, deliveries, and who looks after them."""

    def add(self, subscription: Subscription) -> Subscription:
        """Keep a new one in place of what the channel had before; it gets its number."""

    def get(self, identity: int, *, lock: bool = False) -> Subscription | None:
        """The subscription with this number; `lock` keeps others from changing it meanwhile."""

    def several(self, identities: Collection[int]) -> Mapping[int, Subscription]:
        """Those with these numbers that are there."""

    def of(self, community: str) -> tuple[Subscription, ...]:
        """Those of a community that are no drafts, the oldest first."""

    def in_channel(self, platform: str, channel: str) -> Subscription | None:
        """The one of a channel, drafts included."""

    def save(self, subscription: Subscription) -> None:
        """Keep its new state; one that is not active takes its waiting deliveries back."""

    def remove(self, identity: int) -> None:
        """End it, with its deliveries."""

    def active(self, after: int, limit: int) -> tuple[Subscription, ...]:
        """Active ones with a greater number, by their numbers, locked until the unit ends."""

    def had(
        self, identities: Collection[int], issues: Collection[str]
    ) -> Mapping[int, frozenset[str]]:
        """Which of these issues were planned for each subscription that had any of them."""

    def span(self, delivery: IssueDelivery) -> tuple[dt.datetime | None, dt.datetime]:
        """When the issue before was planned, if there was one, and when this one was."""

    def tally(self, issue: str) -> tuple[Tally, ...]:
        """What became of an issue over all channels."""

    def latest(self, limit: int) -> tuple[str, ...]:
        """Issues that were planned for any channel, the latest first."""

    def due(self, now: dt.datetime, limit: int) -> tuple[Subscription, ...]:
        """Active ones whose next occurrence has come, locked until the unit of work ends."""

    def move_on(self, moved: Sequence[tuple[Subscription, dt.datetime | None]]) -> None:
        """Keep what changes with an occurrence: the last date, the counts, and the content.

        With each stands when its next occurrence is due.
        """

    def plan(self, issues: Sequence[IssueDelivery]) -> frozenset[int]:
        """Let issues wait for their channels, one for each subscription.

        Returns:
            The subscriptions for which the date was not planned before.
        """

    def destinations(self, now: dt.datetime) -> tuple[str, ...]:
        """Where deliveries are due, or under way."""

    def take_over(self, destination: str, token: str) -> tuple[IssueDelivery, ...]:
        """From now on only who holds this token claims there; what somebody else had under way."""

    def claim(
        self, destination: str, token: str, now: dt.datetime, limit: int
    ) -> tuple[IssueDelivery, ...]:
        """Take waiting deliveries that are due; they are being sent from now on.

        Those that were written later than now are due: the clock was put back. None where somebody
        else has taken the destination over.
        """

    def delivery(self, identity: int, *, lock: bool = False) -> IssueDelivery | None:
        """The delivery with this number; `lock` keeps others from changing it meanwhile."""

    def settle(self, settlements: Sequence[Settlement]) -> None:
        """Say what became of attempts; nothing happens to one that was claimed again since."""

    def history(self, subscription: int, limit: int) -> tuple[IssueDelivery, ...]:
        """The latest deliveries, the latest first."""

    def communities(self, platform: str, after: str, limit: int) -> tuple[str, ...]:
        """Communities with subscriptions, in the order of their keys, after this one."""

    def managed(self, community: str, person: str, now: dt.datetime) -> None:
        """Remember that somebody looks after a community's newsletter."""

    def allow(self, community: str, person: str, *, allowed: bool, now: dt.datetime) -> None:
        """Let somebody look after it, or no longer."""

    def managers(self, community: str) -> tuple[Manager, ...]:
        """Those who look after it, the latest first."""
