"""What the server keeps of each channel, and of what came at the same time."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord.world import NONCE_SECONDS
from tests.fanout.faults import Fault, Plan
from tests.fanout.places import Place

SECOND = 1.0


@dataclass(slots=True)
class Message:
    """A message that is there."""

    id: str
    nonce: str | None
    body: dict[str, Any]
    published: bool = False

    def mark(self) -> str:
        """Its content in sixteen letters, without the nonce."""
        content = {key: value for key, value in self.body.items() if key != "nonce"}
        written = json.dumps(content, sort_keys=True).encode()
        return hashlib.blake2b(written, digest_size=8).hexdigest()


@dataclass(slots=True)
class Room:
    """A channel; `requests` are the times of all that wanted to post, in seconds."""

    place: Place
    plan: Plan
    requests: list[float] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    met: list[Fault] = field(default_factory=list)
    nonces: dict[str, tuple[Message, float]] = field(default_factory=dict)

    def comes(self) -> Fault | None:
        """Take note of a request; what goes wrong with it."""
        fault = self.plan.fault(len(self.requests))
        self.requests.append(time.monotonic())
        if fault is not None:
            self.met.append(fault)
        return fault

    def with_nonce(self, nonce: str) -> Message | None:
        """The message of the past few minutes with this nonce."""
        message, at = self.nonces.get(nonce, (None, 0.0))
        return message if time.monotonic() < at + NONCE_SECONDS else None

    def keep(self, message: Message, *, enforced: bool = False) -> None:
        """Store a message, whose nonce is known from now on if it is enforced."""
        self.messages.append(message)
        if enforced and message.nonce is not None:
            self.nonces[message.nonce] = (message, time.monotonic())

    def forget(self) -> None:
        """Be as in the beginning."""
        self.requests.clear()
        self.messages.clear()
        self.met.clear()
        self.nonces.clear()


@dataclass(slots=True)
class Flight:
    """Requests under way: how many now, and how many at most so far."""

    now: int = 0
    most: int = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """While a request is under way."""
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            yield
        finally:
            self.now -= 1


def busiest(times: Iterable[float], within: float = SECOND) -> int:
    """The most of these times, in seconds, that lie less than `within` seconds apart."""
    ordered = sorted(times)
    most = first = 0
    for number, at in enumerate(ordered):
        while at - ordered[first] >= within:
            first += 1
        most = max(most, number - first + 1)
    return most
