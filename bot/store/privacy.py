"""Everything about a person, from every table with a column that is marked as theirs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    RowMapping,
    Table,
    Update,
    delete,
    or_,
    select,
    update,
)

from bot.store.locks import lock_person
from bot.store.tables import JSON, OUTLIVED, people_columns, with_people


class Privacy:
    """Implements `ports.Privacy`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def export(self, person: str) -> Mapping[str, list[dict[str, Any]]]:
        found = {}
        for table in with_people():
            statement = select(table).where(_about(person, table)).order_by(*table.primary_key)
            rows = self._connection.execute(statement)
            found[table.name] = [_readable(row, table) for row in rows.mappings()]
        return found

    def delete(self, person: str) -> int:
        # An answer that is being kept right now is waited for, and what it writes is deleted too.
        lock_person(self._connection, person)
        count = 0
        for table in reversed(with_people()):
            count += self._connection.execute(_forget(person, table)).rowcount
        return count


def _forget(person: str, table: Table) -> Update | Delete:
    columns = people_columns(table)
    if any(column.info[OUTLIVED] for column in columns):
        return update(table).where(_about(person, table)).values(dict.fromkeys(columns, ""))
    return delete(table).where(_about(person, table))


def _about(person: str, table: Table) -> ColumnElement[bool]:
    return or_(*(column == person for column in people_columns(table)))


def _readable(row: RowMapping, table: Table) -> dict[str, Any]:
    """A row ready for JSON."""
    return {
        column.name: _decoded(row[column.name])
        if column.info.get(JSON)
        else _plain(row[column.name])
        for column in table.columns
    }


def _decoded(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value


def _plain(value: Any) -> Any:
    match value:
        case dt.datetime():
            return value.isoformat()
        case _:
            return value
