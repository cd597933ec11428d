"""The bot is killed while people take quizzes: nothing acknowledged is lost or counted twice."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.core.intents import AnswerQuestion, Intent, Step, TakeStep
from bot.store.database import FILE, database_url
from tests.crash.checks import check
from tests.crash.ledger import Count, Fault, Ledger
from tests.crash.moments import UnderLoad
from tests.crash.run import Plan, Report, run
from tests.crash.screens import Button, Screen
from tests.crash.world import faults_in
from tests.store import postgres

KILLS, PLAYERS = 5, 12

EARLY = Path(__file__).parents[1] / "crash" / "early"
"""A folder that makes a bot answer too early."""

BUSY = pytest.mark.timeout(180)
"""Some ten seconds, but the machine may have more to do."""


def found_nothing_wrong(report: Report) -> bool:
    assert report.problems == []
    assert report.moments.total() == KILLS
    counts = report.ledger.counts
    assert counts[Count.ENDED] == counts[Count.BEGUN] >= PLAYERS
    assert counts[Count.RETRIED] == counts[Count.UNANSWERED] > 0
    return counts[Count.REFUSED] == 0


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """The data directory of a bot on SQLite that was killed now and then, and what came of it."""
    data = tmp_path_factory.mktemp("killed")
    return data, asyncio.run(run(Plan(KILLS, PLAYERS, 1, data)))


@BUSY
def test_on_sqlite_nothing_is_lost_and_nothing_counts_twice(killed: tuple[Path, Report]) -> None:
    _, report = killed
    assert found_nothing_wrong(report)


@BUSY
async def test_on_postgresql_nothing_is_lost_and_nothing_counts_twice(tmp_path: Path) -> None:
    postgres.need_server()
    with postgres.fresh_database() as database:
        report = await run(Plan(KILLS, PLAYERS, 2, tmp_path, database))
    assert found_nothing_wrong(report)


@BUSY
async def test_a_bot_that_answers_before_it_has_committed_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(EARLY))
    report = await run(Plan(2, 6, 4, tmp_path, moment=lambda _: UnderLoad(1.5)))
    assert Fault.LOST in {problem.fault for problem in report.problems}


ONE_ANSWER = "(session, position) IN (SELECT session, position FROM answers LIMIT 1)"
ONE_QUIZ = "id = (SELECT session FROM answers LIMIT 1)"
ONE_FIT = "id = (SELECT id FROM sessions WHERE kind = 'fit' LIMIT 1)"
COLUMNS = "person, community, item, skill_group, score, chosen, is_first, seconds, ability, at"

DAMAGE = {
    "an answer is gone": (f"DELETE FROM answers WHERE {ONE_ANSWER}", Fault.LOST),
    "a quiz is gone with its answers": (f"DELETE FROM sessions WHERE {ONE_QUIZ}", Fault.LOST),
    "the last answer of a quiz is not in it": (
        f"UPDATE sessions SET asked = json_remove(asked, '$[#-1]') WHERE {ONE_QUIZ}",
        Fault.LOST,
    ),
    "the last answer of a role-fit quiz is not in it": (
        f"UPDATE sessions SET asked = json_remove(asked, '$[#-1]') WHERE {ONE_FIT}",
        Fault.LOST,
    ),
    "a result is taken back": (f"UPDATE sessions SET phase = 'asking' WHERE {ONE_FIT}", Fault.LOST),
    "an answer is there twice": (
        f"INSERT INTO answers (session, position, {COLUMNS}) "
        f"SELECT session, 99, {COLUMNS} FROM answers LIMIT 1",
        Fault.DOUBLED,
    ),
    "an answer counts twice for an ability": (
        "UPDATE abilities SET answers = answers + 1 WHERE (person, skill_group) IN "
        "(SELECT person, skill_group FROM abilities LIMIT 1)",
        Fault.DOUBLED,
    ),
    "an answer counts twice for a difficulty": (
        "UPDATE difficulties SET answers = answers + 1 "
        "WHERE item = (SELECT item FROM difficulties LIMIT 1)",
        Fault.DOUBLED,
    ),
    "a score is another one": (
        f"UPDATE answers SET score = 0.125 WHERE {ONE_ANSWER}",
        Fault.DOUBLED,
    ),
    "an answer is one that nobody gave": (
        "UPDATE sessions SET asked = json_set(asked, '$[0].response', json('[9]')) "
        f"WHERE {ONE_FIT}",
        Fault.INVENTED,
    ),
    "a quiz was left in the middle": (
        f"UPDATE sessions SET phase = 'asking' WHERE {ONE_QUIZ}",
        Fault.STUCK,
    ),
}


@BUSY
@pytest.mark.parametrize("what", DAMAGE)
async def test_the_check_finds_what_is_wrong(
    killed: tuple[Path, Report], tmp_path: Path, what: str
) -> None:
    data, report = killed
    statement, fault = DAMAGE[what]
    with (
        closing(sqlite3.connect(data / FILE)) as good,
        closing(sqlite3.connect(tmp_path / FILE)) as broken,
    ):
        good.backup(broken)
        broken.execute("PRAGMA foreign_keys = ON")
        assert broken.execute(statement).rowcount == 1
        broken.commit()
    found = await check(database_url(tmp_path, None), report.ledger)
    assert fault in {problem.fault for problem in found}


@BUSY
async def test_the_check_finds_a_damaged_file(killed: tuple[Path, Report], tmp_path: Path) -> None:
    data, report = killed
    content = bytearray((data / FILE).read_bytes())
    middle = len(content) // 2
    content[middle : middle + 20_000] = b"\xff" * 20_000
    (tmp_path / FILE).write_bytes(content)
    found = await check(database_url(tmp_path, None), report.ledger)
    assert {problem.fault for problem in found} == {Fault.DAMAGED}


def showing(intent: Intent) -> Screen:
    return Screen("", (Button("", intent, ""),), None)


EXPLAINED = showing(TakeStep("s", 3, Step.NEXT))
PAUSED = showing(TakeStep("s", 3, Step.RESUME))
DONE = showing(TakeStep("s", 3, Step.SHARE))


def asked(position: int) -> Screen:
    return showing(AnswerQuestion("s", position, (0,)))


@pytest.mark.parametrize(
    ("before", "after"), [(EXPLAINED, asked(3)), (asked(3), asked(2)), (DONE, EXPLAINED)]
)
def test_a_quiz_that_goes_back_has_lost_something(before: Screen, after: Screen) -> None:
    ledger = Ledger()
    ledger.saw(before)
    ledger.saw(after, ledger.known("s"))
    assert [problem.fault for problem in ledger.problems] == [Fault.LOST]


@pytest.mark.parametrize(
    ("before", "after"), [(EXPLAINED, PAUSED), (PAUSED, EXPLAINED), (EXPLAINED, asked(4))]
)
def test_a_quiz_that_goes_on_or_rests_has_not(before: Screen, after: Screen) -> None:
    ledger = Ledger()
    ledger.saw(before)
    ledger.saw(after, ledger.known("s"))
    assert ledger.problems == []


def test_a_traceback_in_the_log_is_a_fault() -> None:
    lines = ["ready\n", "Traceback (most recent call last):\n", "ValueError\n"]
    (problem,) = faults_in(lines)
    assert problem.fault is Fault.LOGGED
    assert "ValueError" in problem.text
    assert faults_in(["ready\n"]) == []
