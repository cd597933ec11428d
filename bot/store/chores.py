"""How far work has come that is done a piece at a time."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from bot.core.ports import Mark
from bot.store.tables import chores
from bot.store.upsert import replace, upsert

_GET = select(chores).where(chores.c.name == bindparam("chore")).with_for_update()
_PUT = upsert(chores, replace("reached", "at", "done"))


class Chores:
    """Implements `ports.Chores`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, name: str) -> Mark | None:
        row = self._connection.execute(_GET, {"chore": name}).first()
        return Mark(row.reached, row.at, row.done) if row else None

    def put(self, name: str, mark: Mark) -> None:
        row = {"name": name, "reached": mark.reached, "at": mark.at, "done": mark.done}
        self._connection.execute(_PUT(self._connection), row)
