"""How many answers a second our bot gives with one core to itself, on either kind of database."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from tests.bench.databases import on_postgres
from tests.bench.effort import Effort
from tests.bench.load import AT_ONCE, Load
from tests.bench.measure import Program, in_turns
from tests.bench.playing import bare, bare_load, ours
from tests.bench.pressing import Platform
from tests.bench.stored import Scene
from tests.bench.table import Row, Unit

SHARE = 4
"""How many times more presses there are in a round than otherwise."""


def measure(platform: Platform, made: Scene, effort: Effort) -> Iterator[Row]:
    """Answers to knowledge questions by many people at once."""
    number, rounds = SHARE * effort.presses, effort.press_rounds // 2 + 1
    quiz = made.knowledge
    with contextlib.ExitStack() as stack:
        mine = stack.enter_context(ours(platform, made, number))
        _, reply = mine.answer(quiz, range(number), AT_ONCE)
        other = stack.enter_context(bare(platform, reply, number))
        send = {
            "SQLite": partial(mine.load, quiz, number, AT_ONCE),
            "bare": partial(bare_load, other, platform.bare_button, number, AT_ONCE),
        }
        programs = [mine.answering.program, other.program]
        for address in stack.enter_context(on_postgres(1)):
            third = stack.enter_context(ours(platform, made, number, address))
            send["PostgreSQL"] = partial(third.load, quiz, number, AT_ONCE)
            programs.append(third.answering.program)
        for program in programs:
            pin(program)
        for warm_up in send.values():
            warm_up()
        found = in_turns(rounds, {name: partial(_rate, one, number) for name, one in send.items()})
    what = f"{platform.name}, answers to knowledge questions, {AT_ONCE} at once, on one core"
    yield Row(
        f"{what}, SQLite (bare: {platform.against})",
        found["SQLite"]["answers"],
        Unit.A_SECOND,
        found["bare"]["answers"],
    )
    if "PostgreSQL" in found:
        yield Row(f"{what}, PostgreSQL", found["PostgreSQL"]["answers"], Unit.A_SECOND)


def pin(program: Program) -> None:
    """Let all threads of a program, and those to come, share one core."""
    core = max(os.sched_getaffinity(0))
    for thread in Path(f"/proc/{program.popen.pid}/task").iterdir():
        os.sched_setaffinity(int(thread.name), {core})


def _rate(send: Callable[[], Load], number: int) -> dict[str, float]:
    return {"answers": number / send().seconds}
