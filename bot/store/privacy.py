"""Everything about a person, from every table that says that it holds people."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, select

from bot.store.tables import with_people

_JSON = frozenset({"asked", "means", "data", "state"})
"""Columns that may hold JSON, which is shown as such."""


class Privacy:
    """Implements `ports.Privacy`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def export(self, person: str) -> Mapping[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for table, column in reversed(with_people()):
            rows = self._connection.execute(select(table).where(column == person))
            found[table.name] = [
                {name: _readable(name, value) for name, value in row.items()}
                for row in rows.mappings()
            ]
        return found

    def delete(self, person: str) -> int:
        count = 0
        for table, column in with_people():
            gone = self._connection.execute(delete(table).where(column == person))
            count += gone.rowcount
        return count


def _readable(name: str, value: Any) -> Any:
    match value:
        case dt.datetime():
            return value.isoformat()
        case str() if name in _JSON:
            try:
                return json.loads(value)
            except ValueError:
                return value
        case _:
            return value
