"""What goes wrong at which channel, drawn from a seed: the same seed is the same bad day.

A channel may refuse everything for good, or let some requests fail before it takes one. What fails
may have been stored or not, and the sender cannot tell: `Fault.is_unclear`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from tests.fanout.places import DISCORD, SLACK, Layout, Place


class Way(StrEnum):
    """How a request fails."""

    REFUSED = "refused"
    LIMITED = "limited"
    BROKEN_BEFORE = "broken before"
    BROKEN_AFTER = "broken after"
    CUT_BEFORE = "cut before"
    CUT_AFTER = "cut after"
    HELD_BEFORE = "held before"
    HELD_AFTER = "held after"


_HELD = frozenset({Way.HELD_BEFORE, Way.HELD_AFTER})
_AFTER = frozenset({Way.BROKEN_AFTER, Way.CUT_AFTER, Way.HELD_AFTER})


@dataclass(frozen=True, slots=True)
class Fault:
    """A failure. `error` is the platform's word or number for it, `retry_after` in seconds.

    `by_proxy` is a refusal by what stands before the platform, in its own format. Where the
    connection is cut or held there is no status.
    """

    way: Way
    status: int = 0
    error: str = ""
    retry_after: float = 0.0
    whole_bot: bool = False
    by_proxy: bool = False

    @property
    def stores(self) -> bool:
        """Whether the message is stored although the request fails."""
        return self.way in _AFTER

    @property
    def is_for_all(self) -> bool:
        """Whether the sender should leave the whole platform alone for a while."""
        return self.way is Way.LIMITED and self.by_proxy

    @property
    def is_unclear(self) -> bool:
        """Whether the sender cannot know if the message was stored."""
        return self.way not in {Way.REFUSED, Way.LIMITED}

    def __str__(self) -> str:
        details = (str(self.status) if self.status else "", self.error)
        return " ".join(part for part in (self.way.value, *details) if part)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a channel does: fail for good, or fail so many requests one after another."""

    always: Fault | None = None
    first: tuple[Fault, ...] = ()

    def fault(self, request: int) -> Fault | None:
        """What happens to the request with this number, from 0."""
        if self.always is not None:
            return self.always
        return self.first[request] if request < len(self.first) else None


FINE = Plan()

FOR_GOOD: Mapping[str, tuple[Fault, ...]] = {
    DISCORD: (
        Fault(Way.REFUSED, 403, "50013"),
        Fault(Way.REFUSED, 403, "50001"),
        Fault(Way.REFUSED, 404, "10003"),
        Fault(Way.REFUSED, 400, "50035"),
    ),
    SLACK: tuple(
        Fault(Way.REFUSED, 200, error)
        for error in (
            "channel_not_found",
            "is_archived",
            "not_in_channel",
            "msg_blocks_too_long",
            "invalid_blocks",
        )
    ),
}

SELDOM = 0.1
"""How often a failure comes that is for everybody, beside one that is for a single channel."""

INACTIVE = Fault(Way.REFUSED, 200, "account_inactive")
"""Of every channel in a workspace that has removed the bot."""

_ON_THE_WAY = tuple(
    Fault(way) for way in (Way.CUT_BEFORE, Way.CUT_AFTER, Way.HELD_BEFORE, Way.HELD_AFTER)
)

PASSING: Mapping[str, tuple[Fault, ...]] = {
    DISCORD: (
        Fault(Way.LIMITED, 429, retry_after=0.1),
        Fault(Way.LIMITED, 429, retry_after=0.3),
        Fault(Way.LIMITED, 429, retry_after=0.1, whole_bot=True),
        Fault(Way.LIMITED, 429, by_proxy=True),
        Fault(Way.BROKEN_BEFORE, 500),
        Fault(Way.BROKEN_BEFORE, 502, by_proxy=True),
        Fault(Way.BROKEN_BEFORE, 503),
        Fault(Way.BROKEN_AFTER, 500),
        Fault(Way.BROKEN_AFTER, 504, by_proxy=True),
        *_ON_THE_WAY,
    ),
    # Of an internal error Slack says itself that some of it may have been done.
    SLACK: (
        Fault(Way.LIMITED, 429, "ratelimited", retry_after=1.0),
        Fault(Way.LIMITED, 429, "ratelimited", retry_after=1.0),
        Fault(Way.BROKEN_BEFORE, 200, "internal_error"),
        Fault(Way.BROKEN_AFTER, 200, "internal_error"),
        Fault(Way.BROKEN_BEFORE, 503, "service_unavailable"),
        Fault(Way.BROKEN_AFTER, 500, by_proxy=True),
        *_ON_THE_WAY,
    ),
}


@dataclass(frozen=True, slots=True)
class Weather:
    """How much goes wrong: shares of channels and workspaces, and failures one after another.

    If `held`, some requests get no answer until the bot gives them up, which takes it some seconds.
    """

    for_good: float = 0.04
    passing: float = 0.16
    inactive: float = 0.02
    most: int = 3
    held: bool = True

    def passing_faults(self, platform: str) -> Sequence[Fault]:
        """What may go wrong for a while."""
        return [one for one in PASSING[platform] if self.held or one.way not in _HELD]


CALM = Weather(0.0, 0.0, 0.0)


def plans(layout: Layout, seed: int, weather: Weather = Weather()) -> dict[str, Plan]:
    """What every channel does, by the channel's id."""
    places = list(layout.places())
    gone = _inactive(places, seed, weather)
    return {place.channel: _plan(place, gone, seed, weather) for place in places}


def _inactive(places: Iterable[Place], seed: int, weather: Weather) -> frozenset[str]:
    teams = sorted({place.community for place in places if place.platform == SLACK})
    number = round(len(teams) * weather.inactive)
    return frozenset(Random(f"{seed} workspaces").sample(teams, number))


def _plan(place: Place, gone: frozenset[str], seed: int, weather: Weather) -> Plan:
    if place.community in gone:
        return Plan(INACTIVE)
    chance = Random(f"{seed} {place.channel}")
    drawn = chance.random()
    if drawn < weather.for_good:
        return Plan(chance.choice(FOR_GOOD[place.platform]))
    if drawn < weather.for_good + weather.passing:
        faults = weather.passing_faults(place.platform)
        often = [SELDOM if one.is_for_all else 1.0 for one in faults]
        number = chance.randint(1, weather.most)
        return Plan(None, tuple(chance.choices(faults, often, k=number)))
    return FINE
