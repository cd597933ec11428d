"""Inserts that meet a row which is there already: one construct for each kind of database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from sqlalchemy import Connection, Table, TextClause
from sqlalchemy.dialects import postgresql, sqlite

Insert: TypeAlias = postgresql.Insert | sqlite.Insert
Statement: TypeAlias = Callable[[Connection], Insert]
"""The statement for the database of a connection; each is made once."""

Change: TypeAlias = Callable[[Insert], Mapping[str, Any]]
"""What becomes of the row's columns, given the statement with its `excluded` row."""


def insert_or_ignore(
    table: Table, keys: tuple[str, ...] = (), where: TextClause | None = None
) -> Statement:
    """An insert that does nothing where a row has these keys alike.

    Args:
        table: Where to.
        keys: The columns of a unique index; of the primary key, if none are given.
        where: Which rows this index is about, if not all.
    """
    columns = list(keys or _primary(table))
    return _for_both(
        table,
        lambda insert: insert.on_conflict_do_nothing(index_elements=columns, index_where=where),
    )


def upsert(
    table: Table, change: Change, keys: tuple[str, ...] = (), where: TextClause | None = None
) -> Statement:
    """An insert that changes the row which has these keys already; else as above."""
    columns = list(keys or _primary(table))
    return _for_both(
        table,
        lambda insert: insert.on_conflict_do_update(
            index_elements=columns, index_where=where, set_=change(insert)
        ),
    )


def replace(*columns: str) -> Change:
    """The new values of these columns."""
    return lambda insert: {name: insert.excluded[name] for name in columns}


def _primary(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key)


def _for_both(table: Table, finish: Callable[[Insert], Insert]) -> Statement:
    made = {
        "sqlite": finish(sqlite.insert(table)),
        "postgresql": finish(postgresql.insert(table)),
    }
    return lambda connection: made[connection.dialect.name]
