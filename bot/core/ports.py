"""What the core needs from outside: a store, a clock, and somebody who carries messages.

A `Store` runs units of work: functions over a `Unit`, beside the event loop. What one writes is
kept as a whole or not at all, and is on disk when `write` returns. Everything may raise
`StoreError`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, TypeAlias, TypeVar

from bot.core.feeds import Feeds
from bot.core.quiz.adaptive import Rating
from bot.core.quiz.session import Kind, Session
from bot.core.quiz.statistics import Attempt
from bot.core.subscriptions import Newsletters
from bot.core.votes import Votes

T = TypeVar("T")

Clock: TypeAlias = Callable[[], dt.datetime]
"""The time, in UTC."""


class StoreError(Exception):
    """The store cannot read or write at this moment; nothing of the unit of work was kept."""


@dataclass(frozen=True, slots=True)
class Card:
    """What is remembered of one person and one item: the review state, and when it is due.

    `quick` says that the last answer was right and quick.
    """

    state: str
    due: dt.datetime
    last: dt.datetime
    quick: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before an answer: the person's ability, the item's difficulty, the card."""

    ability: Rating
    difficulty: Rating | None
    card: Card | None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a knowledge item, as it is kept for good.

    `chosen` are indices in the content's order, none for typed answers. `first` says that the
    person never answered the item before. `ability` is theirs before it; `group` is the group of
    skills.
    """

    session: str
    position: int
    person: str
    community: str | None
    item: str
    group: str
    score: float
    chosen: tuple[int, ...]
    first: bool
    seconds: float
    ability: float
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """When a person last answered an item, and when it comes back."""

    last: dt.datetime
    due: dt.datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A place on a leaderboard: right answers at the first attempt, and all of these."""

    name: str
    points: float
    answers: int


class Reason(StrEnum):
    """Why somebody reports a question."""

    WRONG = "wrong"
    UNCLEAR = "unclear"
    OUTDATED = "outdated"
    OTHER = "other"


class Outcome(StrEnum):
    """What became of a report."""

    OPEN = "open"
    FIXED = "fixed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Report:
    """A report of a question. `note` is what the maintainers answered."""

    id: int
    person: str
    item: str
    version: str
    reason: Reason
    text: str
    at: dt.datetime
    outcome: Outcome = Outcome.OPEN
    note: str = ""


class Topic(StrEnum):
    """What a notice is about."""

    RESUME = "resume"
    REVIEWS = "reviews"
    REPORTED = "reported"
    SETTLED = "settled"
    NEWSLETTER_PAUSED = "newsletter paused"
    NEWSLETTER_DOUBT = "newsletter in doubt"


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that the bot sends by itself, once, at `due` or soon after.

    `key` tells notices apart: a new one with the same key takes the place of one that still waits.
    It goes to `person` (a key of `Actor.key`), or to a `channel` written `platform:id`.
    """

    key: str
    topic: Topic
    due: dt.datetime
    person: str | None = None
    channel: str | None = None
    data: Mapping[str, str] = field(default_factory=dict)
    id: int = 0


class Sessions(Protocol):
    """Quizzes, open and ended."""

    def get(self, identity: str, *, lock: bool = False) -> Session | None:
        """The session; with `lock` nobody else can change it until the unit of work ends."""

    def add(self, session: Session) -> bool:
        """Keep a new one. False if the person has an open one of this kind and topic already."""

    def save(self, session: Session) -> None:
        """Keep its new state."""

    def open(self, person: str) -> tuple[Session, ...]:
        """A person's open sessions, the latest first."""

    def ended(self, person: str, kinds: tuple[Kind, ...], limit: int) -> tuple[Session, ...]:
        """A person's sessions with a result, the latest first."""

    def resting(self, since: dt.datetime, limit: int) -> tuple[Session, ...]:
        """Open sessions that were last touched before `since`."""

    def delete(self, identity: str) -> None:
        """Forget a session and its answers."""

    def keep(self, version: str, body: str) -> None:
        """Keep a text under the hash of it, where it is not kept yet."""

    def kept(self, version: str) -> str | None:
        """The text with this hash."""


class Learning(Protocol):
    """What people answered, what they are able to do, and what comes back for review."""

    def known(self, person: str, item: str, group: str) -> Known:
        """What is known before an answer."""

    def record(
        self, answer: Answer, ability: Rating, difficulty: float, change: float, card: Card
    ) -> None:
        """Keep an answer and what it changes: the ability, the card, and the item's difficulty.

        `difficulty` is the item's value before; `change`, added to it where this is a first
        attempt, may be 0 while the item's answers still count.
        """

    def abilities(self, person: str) -> Mapping[str, Rating]:
        """A person's ability by group of skills."""

    def difficulties(self) -> Mapping[str, Rating]:
        """The difficulty of every item that was ever answered."""

    def seen(self, person: str) -> Mapping[str, Seen]:
        """Every item that a person has a card for."""

    def due(self, person: str, now: dt.datetime) -> tuple[str, ...]:
        """Items to review, the longest due first."""

    def usual_seconds(self, person: str) -> tuple[float, ...]:
        """How long the person's latest answers took, at most 30 of them."""

    def first_attempts(self) -> Iterator[Attempt]:
        """Every first attempt of everybody, for statistics."""


class Communities(Protocol):
    """What servers and workspaces choose: packs that are off, and who is on the leaderboard."""

    def packs_off(self, community: str) -> frozenset[str]:
        """Packs that are switched off there."""

    def switch_pack(self, community: str, pack: str, *, on: bool) -> None:
        """Switch a pack on or off."""

    def join(self, community: str, person: str, name: str, now: dt.datetime) -> None:
        """Put a person on the leaderboard, under this name; again, for a new name."""

    def leave(self, community: str, person: str) -> None:
        """Take a person off the leaderboard."""

    def is_member(self, community: str, person: str) -> bool:
        """Whether a person is on the leaderboard."""

    def standings(self, community: str, since: dt.datetime, limit: int) -> tuple[Standing, ...]:
        """Members with answers since then, the best first."""

    def purge(self, community: str) -> int:
        """Forget a community, its subscriptions included; how many rows went.

        A key that ends in a slash stands for every workspace of an organisation.
        """


class Reports(Protocol):
    """The maintainers' queue of reported questions."""

    def add(self, report: Report) -> Report | None:
        """Keep a report, and return it with its number.

        None if the person has reported this version of the item already.
        """

    def get(self, identity: int) -> Report | None:
        """The report with this number."""

    def open(self) -> tuple[Report, ...]:
        """Reports that wait, the oldest first."""

    def settle(self, identity: int, outcome: Outcome, note: str) -> Report | None:
        """Close a report; None if it is not there or closed already."""


class Notices(Protocol):
    """Messages that wait for their time."""

    def put(self, notice: Notice) -> None:
        """Let a notice wait; it replaces one with the same key that still waits."""

    def cancel(self, key: str) -> None:
        """Drop a notice that still waits."""

    def claim(self, now: dt.datetime, limit: int) -> tuple[Notice, ...]:
        """Take notices that are due; no other process gets the same ones."""

    def settle(self, identity: int, *, sent: bool) -> None:
        """Say what became of a claimed notice."""

    def release(self, identity: int, due: dt.datetime) -> None:
        """Let a claimed notice wait again, because it could not be sent just now."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a chore has come: what it reached last, when, and whether that was the end."""

    reached: str
    at: dt.datetime
    done: bool


class Chores(Protocol):
    """Work that comes again and again, a piece at a time."""

    def get(self, name: str) -> Mark | None:
        """How far it has come; nobody else can move the mark until the unit of work ends."""

    def put(self, name: str, mark: Mark) -> None:
        """Say how far it has come."""


class Privacy(Protocol):
    """Everything that is kept about a person."""

    def export(self, person: str) -> Mapping[str, list[dict[str, Any]]]:
        """Every row about the person by table, ready for JSON."""

    def delete(self, person: str) -> int:
        """Delete every row about the person; the number of rows."""


class Unit(Protocol):
    """One unit of work, by subject."""

    @property
    def sessions(self) -> Sessions: ...
    @property
    def learning(self) -> Learning: ...
    @property
    def communities(self) -> Communities: ...
    @property
    def reports(self) -> Reports: ...
    @property
    def notices(self) -> Notices: ...
    @property
    def newsletters(self) -> Newsletters: ...
    @property
    def chores(self) -> Chores: ...
    @property
    def feeds(self) -> Feeds: ...
    @property
    def votes(self) -> Votes: ...
    @property
    def privacy(self) -> Privacy: ...


class Store(Protocol):
    """Where state lives. `work` runs in another thread, perhaps twice: only its result counts."""

    async def read(self, work: Callable[[Unit], T]) -> T:
        """The result of a unit of work that changes nothing."""

    async def write(self, work: Callable[[Unit], T]) -> T:
        """The result of a unit of work, which is kept as a whole if it does not raise."""


class Nowhere:
    """A store that keeps nothing and finds nothing: every unit of work fails with StoreError."""

    async def read(self, work: Callable[[Unit], T]) -> T:
        """Fails."""
        raise StoreError("there is no store")

    async def write(self, work: Callable[[Unit], T]) -> T:
        """Fails."""
        raise StoreError("there is no store")
