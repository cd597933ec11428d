"""How much is measured: the whole, or a quick look."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """How often things are done; more and shorter `rounds` stand a noisy machine better.

    `rounds` of so many `requests` for an app, `starts` of a program, `passes` over the questions
    to the core, `loads` of large content.
    """

    rounds: int
    requests: int
    starts: int
    passes: int
    loads: int


FULL = Effort(rounds=20, requests=250, starts=5, passes=8, loads=3)
QUICK = Effort(rounds=4, requests=100, starts=2, passes=2, loads=1)
