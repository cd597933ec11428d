"""What maintainers do at the command line, also while the bot runs on the same database."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from bot.core.content.catalogue import Catalogue
from bot.core.content.quizzes import ChoiceItem
from bot.core.ports import Outcome, Reason, Report, Topic, Unit
from bot.core.quiz.statistics import ENOUGH_ANSWERS
from bot.store.database import Database
from tests.store.samples import ANN, BEN, DAY, NOW, a_report, asking, keep_answer
from tests.test_cli import invoke, rolecall

T = TypeVar("T")


def kept(url: str, work: Callable[[Unit], T]) -> T:
    """The result of a unit of work on the database at an address."""

    async def run() -> T:
        database = Database(url)
        try:
            return await database.write(work)
        finally:
            await database.close()

    return asyncio.run(run())


def add(unit: Unit, *reports: Report) -> list[int]:
    """The numbers of new reports."""
    added = [unit.reports.add(report) for report in reports]
    return [report.id for report in added if report]


def command(url: str, *arguments: str) -> tuple[int, str]:
    return invoke(*arguments, env={"DATABASE_URL": url})


# Reports


def test_an_empty_queue_is_said_to_be_empty(url: str) -> None:
    assert command(url, "reports") == (0, "No report waits.\n")


def test_waiting_reports_are_listed_the_oldest_first(url: str) -> None:
    first = a_report(ANN, item="rag-1", reason=Reason.WRONG, text="Two are right: A & B")
    second = a_report(BEN, item="sql-7", reason=Reason.OUTDATED, text="", at=NOW + DAY)
    settled = a_report(BEN, item="ml-3", at=NOW - DAY)

    def fill(unit: Unit) -> list[int]:
        *numbers, last = add(unit, first, second, settled)
        unit.reports.settle(last, Outcome.KEPT, "")
        return numbers

    one, two = kept(url, fill)
    assert command(url, "reports") == (
        0,
        f"{one}  2026-11-20  rag-1  wrong: Two are right: A & B\n"
        f"{two}  2026-11-21  sql-7  outdated\n",
    )


def test_nobody_is_named_in_the_list(url: str) -> None:
    kept(url, lambda unit: add(unit, a_report(ANN)))
    _, output = command(url, "reports")
    assert ANN not in output
    assert "1001" not in output


@pytest.mark.parametrize("outcome", [Outcome.FIXED, Outcome.KEPT])
def test_a_settled_report_is_closed_and_its_sender_will_hear(url: str, outcome: Outcome) -> None:
    [number] = kept(url, lambda unit: add(unit, a_report(ANN)))
    before = dt.datetime.now(dt.UTC)
    code, output = command(
        url, "reports", "settle", str(number), "--as", outcome, "--note", " Thank\n\x1b[31m you "
    )
    assert code == 0
    assert output == f"Report {number} is settled; whoever sent it will hear.\n"
    found = kept(url, lambda unit: unit.reports.get(number))
    assert found is not None
    assert found.outcome is outcome
    assert found.note == "Thank [31m you"
    [notice] = kept(url, lambda unit: unit.notices.claim(dt.datetime.now(dt.UTC), 10))
    assert (notice.topic, notice.person) == (Topic.SETTLED, ANN)
    assert notice.data == {"report": str(number)}
    assert notice.due >= before
    assert command(url, "reports") == (0, "No report waits.\n")


def test_a_report_is_settled_once_and_told_once(url: str) -> None:
    [number] = kept(url, lambda unit: add(unit, a_report(ANN)))
    settle = ("reports", "settle", str(number), "--as")
    assert command(url, *settle, "fixed")[0] == 0
    code, output = command(url, *settle, "kept", "--note", "No, it stays")
    assert code == 2
    assert "no report with this number waits" in output
    found = kept(url, lambda unit: unit.reports.get(number))
    assert found is not None
    assert (found.outcome, found.note) == (Outcome.FIXED, "")
    assert len(kept(url, lambda unit: unit.notices.claim(dt.datetime.now(dt.UTC), 10))) == 1


@pytest.mark.parametrize("arguments", [("77", "--as", "fixed"), ("77",), ("x", "--as", "kept")])
def test_what_cannot_be_settled_is_refused(sqlite_url: str, arguments: tuple[str, ...]) -> None:
    assert command(sqlite_url, "reports", "settle", *arguments)[0] == 2
    assert kept(sqlite_url, lambda unit: unit.notices.claim(NOW + 9999 * DAY, 10)) == ()


async def test_a_report_can_be_settled_while_the_bot_runs(database: Database, url: str) -> None:
    [number] = await database.write(lambda unit: add(unit, a_report(ANN)))
    done = await asyncio.to_thread(
        rolecall, "reports", "settle", str(number), "--as", "kept", env={"DATABASE_URL": url}
    )
    assert (done.returncode, done.stderr) == (0, "")
    later = dt.datetime.now(dt.UTC)
    [notice] = await database.write(lambda unit: unit.notices.claim(later, 10))
    assert notice.person == ANN


def test_a_database_that_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    env = {"DATABASE_URL": f"sqlite:///{tmp_path}", "ROLECALL_DATA": str(tmp_path)}
    done = rolecall("reports", env=env)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "The database cannot be used: the database file cannot be opened\n"


# Questions


def answered(unit: Unit, item: str, scores: list[float], chosen: int) -> None:
    """First answers of as many people, each knowing more than the one before."""
    for number, score in enumerate(scores):
        session = asking(f"{item} {number}", f"discord:{number}", topic=(item,))
        unit.sessions.add(session)
        keep_answer(unit, session, item=item, score=score, chosen=(chosen,), ability=number / 10)


def test_questions_to_look_at_are_named_with_what_is_the_matter(
    url: str, catalogue: Catalogue
) -> None:
    choices = [item for item in catalogue.content.items.values() if isinstance(item, ChoiceItem)]
    hard, fine, fresh, never = (item.id for item in choices[:4])
    some = ENOUGH_ANSWERS // 2

    def fill(unit: Unit) -> None:
        answered(unit, hard, [0.0] * ENOUGH_ANSWERS, chosen=1)
        answered(unit, fine, [0.0] * some + [1.0] * some, chosen=0)
        answered(unit, fresh, [0.0] * (ENOUGH_ANSWERS - 1), chosen=1)
        answered(unit, "no-longer-asked", [0.0] * ENOUGH_ANSWERS, chosen=1)

    kept(url, fill)
    code, output = command(url, "content", "items")
    assert code == 0
    flagged = {line.split()[0]: line for line in output.splitlines()}
    assert (
        f"{hard}  {ENOUGH_ANSWERS} answers, 0% right, discrimination –  too hard" in (flagged[hard])
    )
    assert "too hard" not in flagged.get(fine, "")
    assert fresh not in flagged

    everything = command(url, "content", "items", "--all")[1]
    assert f"{fresh}  {ENOUGH_ANSWERS - 1} answers, 0% right, discrimination –\n" in everything
    [line] = [line for line in everything.splitlines() if line.startswith(f"{fine} ")]
    assert f"{ENOUGH_ANSWERS} answers, 50% right, discrimination +0.87" in line
    assert never not in everything
    assert "no-longer-asked" not in everything


def test_without_answers_no_question_needs_a_look(sqlite_url: str) -> None:
    assert command(sqlite_url, "content", "items") == (0, "No question needs a look.\n")
