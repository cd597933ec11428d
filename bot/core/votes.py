"""What the store keeps of the questions in issues: which one each asked, and what people chose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """What a delivery asks and what it reveals, fixed before it is posted for the first time.

    `version` is the hash under which the item was kept, "" where the issue asks nothing. `reveals`
    is the earlier delivery of the same subscription whose question this one answers.
    """

    delivery: int
    version: str
    reveals: int | None = None


@dataclass(frozen=True, slots=True)
class Ballot:
    """What a person chose: the option's index in the content's order, and whether it is right."""

    delivery: int
    person: str
    chosen: int
    right: bool
    at: dt.datetime


class Votes(Protocol):
    """Questions of deliveries, and the answers to them."""

    def ask(self, delivery: int, version: str) -> AskedQuestion:
        """Fix what a delivery asks, and let it reveal the last question of its subscription.

        That is the latest which people got to see and which no other delivery revealed, or is
        about to. Nobody can answer it from then on. Where it was fixed before, that counts.
        """

    def asked(self, delivery: int) -> AskedQuestion | None:
        """What a delivery asks, once that is fixed."""

    def asked_in(self, community: str, channel: str, version: str) -> int | None:
        """The latest delivery that asked this in a channel; else anywhere in the community."""

    def is_revealed(self, delivery: int) -> bool:
        """Whether a delivery was to reveal the question of this one: it is closed for good."""

    def cast(self, ballot: Ballot) -> bool:
        """Keep what a person chose in place of what they chose before.

        False if the question is closed; then nothing is kept.
        """

    def of(self, delivery: int, person: str) -> Ballot | None:
        """What a person chose."""

    def tally(self, delivery: int) -> Mapping[int, int]:
        """How many chose each option, without those that nobody chose."""
