"""Inserts that know what to do when the row is there, made once for each kind of database."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TypeAlias

from sqlalchemy import Connection, Table, TextClause
from sqlalchemy.dialects import postgresql, sqlite

Insert: TypeAlias = postgresql.Insert | sqlite.Insert


def _into(table: Table, dialect: str) -> Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def insert_or_ignore(table: Table) -> Callable[[Connection], Insert]:
    """An insert that does nothing where the row is there already."""

    @cache
    def made(dialect: str) -> Insert:
        return _into(table, dialect).on_conflict_do_nothing()

    return lambda connection: made(connection.dialect.name)


def upsert(
    table: Table, keys: tuple[str, ...], changed: tuple[str, ...], where: TextClause | None = None
) -> Callable[[Connection], Insert]:
    """An insert that changes some columns where a row has these keys already.

    `where` is the condition of the unique index, if it has one.
    """

    @cache
    def made(dialect: str) -> Insert:
        statement = _into(table, dialect)
        values = {name: statement.excluded[name] for name in changed}
        return statement.on_conflict_do_update(
            index_elements=list(keys), index_where=where, set_=values
        )

    return lambda connection: made(connection.dialect.name)
