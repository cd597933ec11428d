"""The maintainers' queue: each report once, until it is settled."""

from __future__ import annotations

from dataclasses import replace

from bot.core.ports import Outcome, Reason
from bot.store.database import Database
from tests.store.samples import ANN, BEN, MINUTE, NOW, a_report


async def test_a_report_gets_a_number_and_waits(database: Database) -> None:
    sent = a_report(reason=Reason.OUTDATED, text="Since 2026 it is “v2”. ☃")
    kept = await database.write(lambda unit: unit.reports.add(sent))
    assert kept == replace(sent, id=kept.id if kept else 0)
    assert kept.id > 0
    assert await database.read(lambda unit: unit.reports.get(kept.id)) == kept
    assert await database.read(lambda unit: unit.reports.open()) == (kept,)
    assert await database.read(lambda unit: unit.reports.get(kept.id + 1)) is None


async def test_the_same_version_is_reported_once_by_a_person(database: Database) -> None:
    numbers = await database.write(
        lambda unit: [
            report.id if report else None
            for report in (
                unit.reports.add(a_report()),
                unit.reports.add(a_report(reason=Reason.OTHER, text="Again")),
                unit.reports.add(a_report(BEN)),
                unit.reports.add(a_report(version="v2")),
                unit.reports.add(a_report(item="rag-2")),
            )
        ]
    )
    assert numbers[1] is None
    assert len(set(numbers)) == 5
    waiting = await database.read(lambda unit: unit.reports.open())
    assert [report.id for report in waiting] == sorted(n for n in numbers if n)


async def test_a_report_is_settled_once(database: Database) -> None:
    kept = await database.write(lambda unit: unit.reports.add(a_report()))
    assert kept is not None
    settled = await database.write(
        lambda unit: unit.reports.settle(kept.id, Outcome.FIXED, "Thanks")
    )
    assert settled == replace(kept, outcome=Outcome.FIXED, note="Thanks")
    again = await database.write(lambda unit: unit.reports.settle(kept.id, Outcome.KEPT, "No"))
    assert again is None
    assert await database.read(lambda unit: unit.reports.get(kept.id)) == settled
    assert await database.read(lambda unit: unit.reports.open()) == ()
    assert await database.write(lambda unit: unit.reports.settle(999, Outcome.KEPT, "")) is None


async def test_the_oldest_report_comes_first_and_no_number_comes_twice(database: Database) -> None:
    first = await database.write(lambda unit: unit.reports.add(a_report()))
    second = await database.write(lambda unit: unit.reports.add(a_report(BEN, at=NOW - MINUTE)))
    assert first is not None
    assert second is not None
    assert await database.read(lambda unit: unit.reports.open()) == (first, second)
    await database.write(lambda unit: unit.privacy.delete(BEN))
    third = await database.write(lambda unit: unit.reports.add(a_report(ANN, version="v2")))
    assert third is not None
    assert third.id > second.id
