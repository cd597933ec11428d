"""What our bot keeps in memory of quizzes that are under way: hardly anything."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.effort import Effort
from tests.bench.load import AT_ONCE
from tests.bench.playing import ours
from tests.bench.pressing import Platform
from tests.bench.stored import Scene
from tests.bench.table import Most, Row, Unit

FIRST = 1_000
"""Sessions before those that count, so that what is loaded late is there."""

SHARE = 20
"""Of so many people that are there elsewhere, one has an open session."""


def measure(platform: Platform, made: Scene, effort: Effort) -> Iterator[Row]:
    """How much more memory the bot has when so many people have answered in their sessions."""
    sessions = effort.people // SHARE
    with ours(platform, made, FIRST + sessions) as mine:
        mine.answer(made.knowledge, range(FIRST), AT_ONCE)
        before = mine.answering.program.mebibytes()
        mine.answer(made.knowledge, range(FIRST, FIRST + sessions), AT_ONCE)
        grown = max(0.0, mine.answering.program.mebibytes() - before)
    yield Row(
        f"{platform.name}, memory that grows with 1,000 open sessions, of {sessions:,}",
        grown / sessions * 1000,
        Unit.MEBIBYTES,
        target=Most(1, ratio=False),
    )
