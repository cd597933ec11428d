"""What maintainers do at the command line: reported questions, and how questions do."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import typer

from bot.adapters.terminal.output import show

if TYPE_CHECKING:
    from bot.core.content.quizzes import Item
    from bot.core.ports import Report, Unit
    from bot.core.quiz.statistics import ItemStatistics
    from bot.store.database import Database

T = TypeVar("T")

reports = typer.Typer(help="Questions that people reported.", invoke_without_command=True)


@reports.callback()
def reports_list(context: typer.Context) -> None:
    """List the reports that wait, the oldest first; or settle one."""
    if context.invoked_subcommand is None:
        waiting = _in_store(lambda store: store.read(lambda unit: unit.reports.open()))
        show("\n".join(map(_line, waiting)) or "No report waits.")


@reports.command("settle")
def reports_settle(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The number of the report.")],
    outcome: Annotated[
        Literal["fixed", "kept"],
        typer.Option("--as", help="Whether the question was changed, or left as it is."),
    ],
    note: Annotated[str, typer.Option(help="A few words for the person who reported it.")] = "",
) -> None:
    """Close a report; the running bot tells the person who sent it."""
    if not _in_store(lambda store: store.write(lambda unit: _settle(unit, number, outcome, note))):
        raise typer.BadParameter("no report with this number waits", param_hint="NUMBER")
    show(f"Report {number} is settled; whoever sent it will hear.")


def content_items(
    everything: Annotated[
        bool, typer.Option("--all", help="Also questions that seem to be in order.")
    ] = False,
) -> None:
    """Say how questions do with people, those to look at first.

    Difficulty is the share of right first answers, discrimination the correlation of being right
    with knowing much. Fewer than 30 answers say too little.
    """
    from bot.app import make_dispatcher
    from bot.settings import read_settings

    items = make_dispatcher(read_settings()).catalogue.content.items
    found = _in_store(lambda store: store.read(lambda unit: _statistics(unit, items)))
    lines = [_statistics_line(one) for one in found if everything or one.flags]
    show("\n".join(lines) or "No question needs a look.")


def _in_store(work: Callable[[Database], Awaitable[T]]) -> T:
    from bot.app import make_store
    from bot.settings import read_settings

    async def run() -> T:
        database = make_store(read_settings())
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())


def _line(report: Report) -> str:
    text = f": {report.text}" if report.text else ""
    return f"{report.id}  {report.at:%Y-%m-%d}  {report.item}  {report.reason}{text}"


def _settle(unit: Unit, number: int, outcome: str, note: str) -> bool:
    from bot.core.ports import Notice, Outcome, Topic
    from bot.core.user_text import clean

    report = unit.reports.settle(number, Outcome(outcome), clean(note))
    if report is None:
        return False
    now = dt.datetime.now(dt.UTC)
    data = {"report": str(number)}
    unit.notices.put(
        Notice(f"settled {number}", Topic.SETTLED, now, person=report.person, data=data)
    )
    return True


def _statistics(unit: Unit, items: Mapping[str, Item]) -> tuple[ItemStatistics, ...]:
    from bot.core.quiz.statistics import statistics

    return statistics(items, unit.learning.first_attempts())


def _statistics_line(found: ItemStatistics) -> str:
    discrimination = "–" if found.discrimination is None else f"{found.discrimination:+.2f}"
    flags = f"  {'; '.join(found.flags)}" if found.flags else ""
    return (
        f"{found.item}  {found.answers} answers, {found.difficulty:.0%} right, "
        f"discrimination {discrimination}{flags}"
    )
