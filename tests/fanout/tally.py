"""What the server got, as another process reads it: `GET /tally`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any

from tests.fanout.faults import Fault
from tests.fanout.rooms import Flight, Room, busiest

LONG = 10.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Got:
    """A message that is there; on Slack there are no nonces."""

    id: str
    nonce: str | None
    mark: str
    published: bool


@dataclass(frozen=True, slots=True)
class Met:
    """A fault that a request ran into. `unclear`: its sender cannot know whether it was stored."""

    what: str
    unclear: bool


@dataclass(frozen=True, slots=True)
class ChannelTally:
    """What came to a channel.

    `busiest` is the most requests within a second, `met` the faults that they ran into, in order,
    and `planned` those that wait for further ones. `for_good` is why it never takes anything.
    """

    platform: str
    community: str
    requests: int
    busiest: int
    messages: tuple[Got, ...]
    met: tuple[Met, ...]
    planned: tuple[str, ...]
    for_good: str


@dataclass(frozen=True, slots=True)
class DestinationTally:
    """All that came to the whole of Discord, or to a workspace of Slack.

    `rate` is how many requests a second came in the ten busiest seconds on end: in a single one
    there may be more, where this machine has held some up. `in_flight` is the most requests that
    were under way at the same time. `invalid` are those that were answered with 401, 403 or 429.
    """

    requests: int
    busiest: int
    rate: float
    in_flight: int
    invalid: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Everything, by channel and by workspace; `strange` is what no bot asks for, by platform."""

    seed: int
    channels: Mapping[str, ChannelTally]
    discord: DestinationTally
    workspaces: Mapping[str, DestinationTally]
    strange: Mapping[str, tuple[str, ...]]

    def as_json(self) -> dict[str, Any]:
        """What `read` takes."""
        return asdict(self)


def tally_of_channel(room: Room) -> ChannelTally:
    """What came to one channel."""
    plan = room.plan
    return ChannelTally(
        platform=room.place.platform,
        community=room.place.community,
        requests=len(room.requests),
        busiest=busiest(room.requests),
        messages=tuple(Got(one.id, one.nonce, one.mark(), one.published) for one in room.messages),
        met=tuple(Met(str(fault), fault.is_unclear) for fault in room.met),
        planned=tuple(map(str, plan.first[len(room.requests) :])),
        for_good=str(plan.always) if plan.always else "",
    )


def tally_of_destination(rooms: list[Room], flight: Flight) -> DestinationTally:
    """What came to some channels that share their limits."""
    times = list(chain.from_iterable(room.requests for room in rooms))
    met = chain.from_iterable(room.met for room in rooms)
    return DestinationTally(
        requests=len(times),
        busiest=busiest(times),
        rate=busiest(times, LONG) / LONG,
        in_flight=flight.most,
        invalid=sum(map(_is_invalid, met)),
    )


def _is_invalid(fault: Fault) -> bool:
    return fault.status in {401, 403, 429}


def read(found: Mapping[str, Any]) -> Tally:
    """A tally from the JSON that the server answers."""
    return Tally(
        seed=found["seed"],
        channels={
            channel: ChannelTally(
                **{
                    **one,
                    "messages": tuple(Got(**message) for message in one["messages"]),
                    "met": tuple(Met(**fault) for fault in one["met"]),
                    "planned": tuple(one["planned"]),
                }
            )
            for channel, one in found["channels"].items()
        },
        discord=DestinationTally(**found["discord"]),
        workspaces={team: DestinationTally(**one) for team, one in found["workspaces"].items()},
        strange={platform: tuple(what) for platform, what in found["strange"].items()},
    )
