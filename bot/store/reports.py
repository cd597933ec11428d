"""The maintainers' queue of reported questions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from bot.core.ports import Outcome, Reason, Report
from bot.store.tables import IS_UNSETTLED, reports
from bot.store.upsert import insert_or_ignore

_ADD = insert_or_ignore(reports, ("person", "item", "version"))
_GET = select(reports).where(reports.c.id == bindparam("report"))
_OPEN = select(reports).where(IS_UNSETTLED).order_by(reports.c.id)
_SETTLE = (
    update(reports)
    .where(reports.c.id == bindparam("report"), IS_UNSETTLED)
    .values(outcome=bindparam("new_outcome"), note=bindparam("new_note"))
    .returning(reports)
)


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
        added = self._connection.execute(statement, row).one_or_none()
        return _report(added) if added else None

    def get(self, identity: int) -> Report | None:
        row = self._connection.execute(_GET, {"report": identity}).one_or_none()
        return _report(row) if row else None

    def open(self) -> tuple[Report, ...]:
        return tuple(map(_report, self._connection.execute(_OPEN)))

    def settle(self, identity: int, outcome: Outcome, note: str) -> Report | None:
        given = {"report": identity, "new_outcome": outcome.value, "new_note": note}
        row = self._connection.execute(_SETTLE, given).one_or_none()
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
