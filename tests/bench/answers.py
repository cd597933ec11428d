"""An answer in a quiz, from the press to the next message, beside bare programs that keep a row."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from functools import partial

from tests.bench.effort import Effort
from tests.bench.load import AT_ONCE, one_round
from tests.bench.measure import in_turns
from tests.bench.playing import bare, bare_load, ours
from tests.bench.pressing import Platform
from tests.bench.stored import Scene
from tests.bench.table import Most, Row, Unit

NAMES = {"fit": "to a role-fit question", "knowledge": "to a knowledge question"}


def measure(platform: Platform, made: Scene, effort: Effort) -> Iterator[Row]:
    """The time, the CPU time and how many there are when many come at once."""
    number = effort.presses
    quizzes = {"fit": made.fit, "knowledge": made.knowledge}
    with contextlib.ExitStack() as stack:
        mine = stack.enter_context(ours(platform, made, number))
        sides = {}
        for name, quiz in quizzes.items():
            _, reply = mine.answer(quiz, range(number), 1)  # which warms up, too
            other = stack.enter_context(bare(platform, reply, number))
            send = partial(bare_load, other, platform.bare_button)
            send(number, 1)
            load = partial(mine.load, quiz)
            sides[name] = partial(one_round, mine.answering.program, load, number)
            sides[f"bare {name}"] = partial(one_round, other.program, send, number)
        found = in_turns(effort.press_rounds, sides)
    for name in quizzes:
        what = f"{platform.name}, an answer {NAMES[name]}"
        yield from _rows(what, platform.against, found[name], found[f"bare {name}"])


def _rows(
    what: str, against: str, mine: Mapping[str, float], other: Mapping[str, float]
) -> Iterator[Row]:
    ms, a_second = Unit.MILLISECONDS, Unit.A_SECOND
    same = "(bare: the same)"
    median = f"{what}, median time to the new message"
    yield Row(f"{median} (bare: {against})", mine["p50"], ms, other["p50"], Most(2))
    yield Row(f"{what}, CPU time {same}", mine["cpu"], ms, other["cpu"])
    yield Row(
        f"{what}, answers, {AT_ONCE} at once {same}", mine["answers"], a_second, other["answers"]
    )
