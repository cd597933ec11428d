"""What `make bench` measures of quizzes: people in the middle of one, and bots that answer them."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.command import Actor, Click, Update
from bot.core.content.catalogue import index
from bot.core.content.loader import load
from bot.core.desk import Desk
from bot.core.dispatch import Dispatcher
from bot.core.intents import decode
from bot.core.ports import Unit
from bot.core.quiz.library import Library
from bot.settings import shipped_content
from bot.store.database import Database, database_url
from tests.bench.bare_commit import Commits
from tests.bench.choice import many_items
from tests.bench.measure import ROOT, BenchError, bare_environment
from tests.bench.playing import bare, ours, shipped_scene
from tests.bench.pressing import ON_DISCORD, ON_SLACK, Platform
from tests.bench.stored import PAST, Quiz, Scene, add_people, begin_again, opened, prepare
from tests.test_bench import known_keys


@pytest.fixture(scope="module")
def quizzes() -> Scene:
    return shipped_scene()


@pytest.mark.parametrize("kind", ["fit", "knowledge"])
async def test_everybody_is_in_the_middle_of_a_quiz_and_can_begin_again(
    quizzes: Scene, kind: str, tmp_path: Path
) -> None:
    quiz: Quiz = getattr(quizzes, kind)
    people = [Actor("bench", str(number)) for number in range(3)]
    url = database_url(tmp_path, None)
    await asyncio.to_thread(prepare, url, quizzes)
    database = Database(url)
    dispatcher = Dispatcher(index(load(shipped_content())), desk=Desk(database))

    async def answer(number: int) -> str:
        click = Click(decode(quiz.button(number)), people[number])
        effect = await dispatcher.click(click)
        assert isinstance(effect, Update)
        return effect.view.title

    def again() -> int:
        return begin_again(engine, quiz, range(3), [person.key for person in people])

    with opened(url) as engine:
        add_people(
            engine,
            quizzes,
            [quizzes.fit, quizzes.knowledge, quizzes.past],
            [person.key for person in people],
        )
        first = [await answer(number) for number in range(3)]
        assert again() == 3
        assert again() == 0
        assert [await answer(number) for number in (1, 2)] == first[1:]
        assert again() == 2
    kept = await database.read(lambda unit: unit.learning.seen(people[0].key))
    await database.close()

    assert len(set(first)) == 1
    assert kept.keys() == {item.id for item in quizzes.answered}


async def test_a_past_is_everybodys_own(quizzes: Scene, tmp_path: Path) -> None:
    url = database_url(tmp_path, None)
    await asyncio.to_thread(prepare, url, quizzes)
    with opened(url) as engine:
        add_people(engine, quizzes, [quizzes.past], ["bench:1", "bench:2"])
        add_people(engine, quizzes, [quizzes.knowledge], ["bench:1", "bench:2", "bench:3"])
    database = Database(url)

    def of(person: str) -> Callable[[Unit], tuple[int, int, int]]:
        return lambda unit: (
            len(unit.learning.usual_seconds(person)),
            len(unit.learning.seen(person)),
            len(unit.sessions.open(person)),
        )

    found = [await database.read(of(f"bench:{number}")) for number in (1, 2, 3)]
    await database.close()

    assert found == [(PAST, PAST, 1), (PAST, PAST, 1), (0, 0, 1)]


@pytest.mark.parametrize("platform", [ON_SLACK, ON_DISCORD], ids=lambda platform: platform.name)
def test_our_bot_and_a_bare_one_answer_a_press_with_the_same_message(
    platform: Platform, quizzes: Scene
) -> None:
    with ours(platform, quizzes, 3) as mine:
        times, reply = mine.answer(quizzes.fit, range(3), 2)
        with bare(platform, reply, 3) as other:
            buttons = [(number, platform.bare_button) for number in range(3)]
            bare_times, bare_reply = other.press(buttons, 2)

    assert len(times.latencies_ms) == len(bare_times.latencies_ms) == 3
    assert known_keys(bare_reply, reply) == reply


def test_presses_that_are_not_answered_are_no_measurement(quizzes: Scene) -> None:
    nowhere = replace(quizzes.fit, place=9)

    with ours(ON_DISCORD, quizzes, 2) as mine, pytest.raises(BenchError, match="unanswered"):
        mine.answer(nowhere, range(2), 1)


def test_a_row_is_on_disk_after_each_press(tmp_path: Path) -> None:
    commits = Commits(tmp_path / "answers.db")
    for _ in range(3):
        commits.one()

    with sqlite3.connect(tmp_path / "answers.db") as connection:
        [row] = connection.execute("SELECT count(*), min(length(body)) FROM answers")
        [mode] = connection.execute("PRAGMA journal_mode")
    connection.close()

    assert row == (3, 300)
    assert mode == ("wal",)


def test_without_postgresql_it_is_left_out_and_said() -> None:
    script = (
        "from tests.bench.databases import on_postgres\n"
        "with on_postgres(2) as addresses:\n"
        "    print(addresses)\n"
    )
    finished = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=bare_environment() | {"ROLECALL_TEST_POSTGRES": "postgresql://127.0.0.1:9/none"},
        check=True,
        capture_output=True,
        text=True,
    )

    assert finished.stdout == "()\n"
    assert finished.stderr.startswith("PostgreSQL is left out (ROLECALL_TEST_POSTGRES): ")
    assert finished.stderr.count("\n") == 1


def test_generated_items_can_all_be_asked_together() -> None:
    content = many_items(500)
    topic = next(iter(content.skills.values())).group

    assert len(Library(content).about(topic)) == len(content.items) == 500
