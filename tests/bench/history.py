"""An answer where a hundred thousand people have given a million, and where nobody has.

The core and the store run in this process, without a platform, so that nothing else is measured.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.app import make_dispatcher
from bot.core.command import Actor, Click, Update
from bot.core.content.catalogue import Catalogue
from bot.core.desk import Desk
from bot.core.dispatch import Dispatcher
from bot.core.intents import decode
from bot.settings import read_settings
from bot.store.database import Database, database_url
from tests.bench.databases import on_postgres
from tests.bench.effort import Effort
from tests.bench.measure import BenchError, in_turns
from tests.bench.stored import PAST, Scene, add_people, opened, prepare, scene
from tests.bench.table import Most, Row, Unit, percentile

ANSWERS = 250
"""Answers in a pass, each by another person."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A database with so many `people` in the middle of a quiz, and the answers they have given."""

    dispatcher: Dispatcher
    made: Scene
    people: Sequence[Actor]

    async def answer(self, turn: int, turns: int) -> dict[str, float]:
        """A pass of answers, by people who stand all over the database; milliseconds an answer."""
        quiz, times = self.made.knowledge, []
        numbers = range(turn, len(self.people), len(self.people) // (turns * ANSWERS) * turns)
        began = time.process_time()
        for number in list(numbers)[:ANSWERS]:
            click = Click(decode(quiz.button(number)), self.people[number])
            pressed = time.perf_counter()
            effect = await self.dispatcher.click(click)
            times.append((time.perf_counter() - pressed) * 1000)
            if not isinstance(effect, Update) or not effect.view.title.startswith("Right"):
                raise BenchError("an answer was not taken")
        cpu = (time.process_time() - began) / ANSWERS * 1000
        return {"cpu": cpu, "median": percentile(times, 0.5)}


def measure(effort: Effort) -> Iterator[Row]:
    """What an answer costs with everybody's history, on SQLite and, where it is there, PostgreSQL.

    SQLite works in this process, so that its CPU time is counted; PostgreSQL does not.
    """
    turns = effort.passes + 1  # the first is to warm up
    catalogue = make_dispatcher(read_settings()).catalogue
    people = effort.people
    what = f"An answer with {people:,} people and {people * PAST:,} answers stored"
    with tempfile.TemporaryDirectory() as folder:
        empty, full = (database_url(_made(Path(folder) / name), None) for name in ("e", "f"))
        found = _compared(catalogue, empty, full, people, turns)
        yield _row(f"{what}, SQLite, CPU time", found, "cpu", Most(1.2))
        yield _row(f"{what}, SQLite, median time", found, "median")
    with on_postgres(2) as addresses:
        if addresses:
            empty, full = (database_url(Path(), address) for address in addresses)
            found = _compared(catalogue, empty, full, people, turns)
            yield _row(f"{what}, PostgreSQL, median time", found, "median", Most(1.2))


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _row(
    what: str, found: Mapping[str, Mapping[str, float]], name: str, most: Most | None = None
) -> Row:
    against = "(bare: with none)"
    return Row(
        f"{what} {against}", found["full"][name], Unit.MILLISECONDS, found["empty"][name], most
    )


def _compared(
    catalogue: Catalogue, empty: str, full: str, people: int, turns: int
) -> dict[str, dict[str, float]]:
    with contextlib.ExitStack() as stack:
        runner = stack.enter_context(asyncio.Runner())
        sides = {}
        for name, url, number in (("empty", empty, turns * ANSWERS), ("full", full, people)):
            database = Database(url)
            stack.callback(_close, runner, database)
            there = _answered(catalogue, database, url, number, past=name == "full")
            passes = iter(range(turns))
            sides[name] = partial(_one_pass, runner, there, passes, turns)
            sides[name]()
        return in_turns(turns - 1, sides)


def _close(runner: asyncio.Runner, database: Database) -> None:
    runner.run(database.close())


def _one_pass(
    runner: asyncio.Runner, there: Answered, passes: Iterator[int], turns: int
) -> dict[str, float]:
    return runner.run(there.answer(next(passes), turns))


def _answered(
    catalogue: Catalogue, database: Database, url: str, people: int, *, past: bool
) -> Answered:
    dispatcher = Dispatcher(catalogue, desk=Desk(database))
    made = scene(dispatcher.context().library)
    actors = [Actor("bench", f"{number:09}") for number in range(people)]
    prepare(url, made)
    with opened(url) as engine:
        quizzes = [made.knowledge, made.past] if past else [made.knowledge]
        add_people(engine, made, quizzes, [actor.key for actor in actors])
    return Answered(dispatcher, made, actors)
