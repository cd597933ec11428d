"""Bots whose people are in the middle of their quizzes: ours, and bare ones that keep a row."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from bot.app import make_dispatcher
from bot.settings import read_settings
from bot.store.database import database_url
from tests.bench.load import Load
from tests.bench.measure import BenchError
from tests.bench.pressing import Answering, Platform
from tests.bench.stored import Quiz, Scene, add_people, begin_again, opened, prepare, scene


@dataclass(frozen=True, slots=True)
class Ours:
    """Our bot with people in the middle of their quizzes; `engine` is its database."""

    answering: Answering
    engine: Engine
    people: Sequence[str]

    def load(self, quiz: Quiz, number: int, concurrency: int) -> Load:
        """So many people answer their question, and are put back to it afterwards."""
        return self.answer(quiz, range(number), concurrency)[0]

    def answer(self, quiz: Quiz, numbers: range, concurrency: int) -> tuple[Load, Any]:
        """The same of people by their numbers, with the last message.

        Raises BenchError unless every answer was kept.
        """
        pressed = [(number, quiz.button(number)) for number in numbers]
        found = self.answering.press(pressed, concurrency)
        kept = begin_again(self.engine, quiz, numbers, [self.people[n] for n in numbers])
        if kept != len(numbers):
            raise BenchError(f"{kept} of {len(numbers)} answers were kept")
        return found


@contextlib.contextmanager
def ours(
    platform: Platform, made: Scene, number: int, address: str | None = None
) -> Iterator[Ours]:
    """Our bot with so many people, on SQLite or with the database at another address."""
    with (
        tempfile.TemporaryDirectory() as folder,
        platform.loopback() as loopback,
    ):
        url = database_url(Path(folder), address)
        people = loopback.add_people(number)
        prepare(url, made)
        database = {"DATABASE_URL": address} if address else {}
        with opened(url) as engine:
            add_people(engine, made, [made.fit, made.knowledge, made.past], people)
            with platform.ours(loopback, Path(folder), database) as answering:
                yield Ours(answering, engine, people)


@contextlib.contextmanager
def bare(platform: Platform, reply: Any, number: int) -> Iterator[Answering]:
    """A bare program with this answer, and so many people."""
    with platform.loopback() as loopback:
        loopback.add_people(number)
        with platform.bare(loopback, reply) as answering:
            yield answering


def bare_load(answering: Answering, button: str, number: int, concurrency: int) -> Load:
    """So many people press the one button."""
    return answering.press([(person, button) for person in range(number)], concurrency)[0]


def shipped_scene() -> Scene:
    """The quizzes of the shipped content."""
    return scene(make_dispatcher(read_settings()).context().library)
