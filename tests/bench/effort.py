"""How much is measured: the whole, or a quick look."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """How often things are done; more and shorter `rounds` stand a noisy machine better.

    `rounds` of so many `requests` for an app, `starts` of a program, `passes` over the questions
    to the core, `loads` of large content, `press_rounds` of so many `presses` in quizzes; so many
    `people` are there where much is stored. An issue goes to so many channels of a platform:
    `posts` as fast as it goes, `issues` times, and `paced` at the platforms' rates; `channels` is
    the most of both together.
    """

    rounds: int
    requests: int
    starts: int
    passes: int
    loads: int
    press_rounds: int
    presses: int
    people: int
    posts: int
    issues: int
    paced: int
    channels: int


FULL = Effort(
    rounds=20,
    requests=250,
    starts=5,
    passes=8,
    loads=3,
    press_rounds=10,
    presses=120,
    people=100_000,
    posts=5_000,
    issues=9,
    paced=5_000,
    channels=100_000,
)
QUICK = Effort(
    rounds=4,
    requests=100,
    starts=2,
    passes=2,
    loads=1,
    press_rounds=3,
    presses=50,
    people=10_000,
    posts=500,
    issues=2,
    paced=450,
    channels=4_000,
)
