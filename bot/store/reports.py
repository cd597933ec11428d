"""The maintainers' queue of reported questions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select, update

from bot.core.ports import Outcome, Reason, Report
from bot.store.tables import reports
from bot.store.upsert import insert_or_ignore

_ADD = insert_or_ignore(reports)
_OPEN = reports.c.outcome == Outcome.OPEN.value


class Reports:
    """Implements `ports.Reports`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, report: Report) -> Report | None:
        row = {
            "person": report.person,
            "item": report.item,
            "version": report.version,
            "reason": report.reason.value,
            "text": report.text,
            "at": report.at,
            "outcome": report.outcome.value,
            "note": report.note,
        }
        statement = _ADD(self._connection).returning(reports)
        found = self._connection.execute(statement, row)
        kept = found.first()
        return _report(kept) if kept else None

    def get(self, identity: int) -> Report | None:
        found = self._connection.execute(select(reports).where(reports.c.id == identity))
        row = found.first()
        return _report(row) if row else None

    def open(self) -> tuple[Report, ...]:
        found = self._connection.execute(select(reports).where(_OPEN).order_by(reports.c.id))
        return tuple(map(_report, found))

    def settle(self, identity: int, outcome: Outcome, note: str) -> Report | None:
        statement = (
            update(reports)
            .where(reports.c.id == identity, _OPEN)
            .values(outcome=outcome.value, note=note)
            .returning(reports)
        )
        row = (self._connection.execute(statement)).first()
        return _report(row) if row else None


def _report(row: Row[Any]) -> Report:
    return Report(
        id=row.id,
        person=row.person,
        item=row.item,
        version=row.version,
        reason=Reason(row.reason),
        text=row.text,
        at=row.at,
        outcome=Outcome(row.outcome),
        note=row.note,
    )
