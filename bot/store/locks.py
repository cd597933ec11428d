"""A person's lock: what is known of somebody changes in one unit of work after the other.

A person may answer in two quizzes at once, and both answers change the same ability, and perhaps
the same card; or they delete everything while an answer is being kept. On SQLite, whoever writes
is alone anyway. On PostgreSQL such units of work take the person's lock first, before any row.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, literal_column, select, true
from sqlalchemy.sql.elements import ColumnElement

from bot.store.tables import sessions


def _held(person: ColumnElement[str]) -> ColumnElement[Any]:
    """The lock of a person, until the transaction ends."""
    return func.pg_advisory_xact_lock(func.hashtextextended(person, literal_column("0")))


_LOCK = select(_held(bindparam("person", type_=sessions.c.person.type)))

_THIS = sessions.c.id == bindparam("session")
_WITH_LOCK = select(_held(sessions.c.person).label("held")).where(_THIS).cte("with_lock")
_GET_LOCKED = {
    "sqlite": select(sessions).where(_THIS),
    # One statement for both locks; rows are locked last, when all else has been looked up.
    "postgresql": select(sessions)
    .join_from(sessions, _WITH_LOCK, true())
    .where(_THIS)
    .with_for_update(of=sessions),
}


def lock_person(connection: Connection, person: str) -> None:
    """Wait until nobody else changes what is known of a person."""
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"person": person})


def locked_session(connection: Connection) -> Select[Any]:
    """The statement that finds a `session`, and locks its person and then itself."""
    return _GET_LOCKED[connection.dialect.name]
