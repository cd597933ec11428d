"""The few statements that every answer takes: compiled once, and run by the driver itself.

SQLAlchemy finds a compiled statement again in its cache, but works out each time how values go in
and rows come out, which takes several times as long as such a statement. It still makes the SQL,
knows the types, and says what has gone wrong.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, TypeAlias

from sqlalchemy import Boolean, Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

from bot.store.times import Utc

Statement: TypeAlias = Select[Any] | Insert | Update | Delete
Convert: TypeAlias = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """SQL, what goes into it and how, and what comes out.

    `ordered` puts values by name in order, for a driver that takes them by their position; `fixed`
    are those that are always the same; `into` and `out` convert some of them, by name and by
    position.
    """

    sql: str
    ordered: Callable[[Mapping[str, Any]], tuple[Any, ...]] | None
    fixed: Mapping[str, Any]
    into: tuple[tuple[str, Convert], ...]
    row: Callable[..., Any]
    out: tuple[tuple[int, Convert], ...]


class Prepared:
    """A statement that is always the same but for its values."""

    def __init__(self, make: Callable[[Connection], Statement]) -> None:
        """`make` says what it is for the database of a connection."""
        self._make = make
        self._compiled: dict[str, _Compiled] = {}

    def __call__(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Run it in the transaction of a connection; the rows, with columns as attributes.

        Raises:
            DBAPIError: as SQLAlchemy would.
        """
        dialect = connection.dialect
        made = self._compiled.get(dialect.name)
        if made is None:
            made = self._compiled[dialect.name] = _compiled(self._make(connection), dialect)
        given = {**made.fixed, **values}
        for name, convert in made.into:
            given[name] = convert(given[name])
        parameters = given if made.ordered is None else made.ordered(given)
        if connection.dispatch.before_cursor_execute:  # whoever listens hears of these as well
            done = connection.exec_driver_sql(made.sql, parameters)
            return _rows(made, [tuple(row) for row in done] if done.returns_rows else [])
        return _rows(made, _run(connection, made.sql, parameters))


def _compiled(statement: Statement, dialect: Dialect) -> _Compiled:
    compiled = statement.compile(dialect=dialect)
    if not isinstance(compiled, SQLCompiler):
        raise TypeError(f"not a statement with values: {statement}")
    returned = statement.selected_columns if isinstance(statement, Select) else None
    columns = list(statement.exported_columns if returned is None else returned)
    # A name that stands in several places has one value, which is converted once.
    into = {
        name: bound.type.dialect_impl(dialect).bind_processor(dialect)
        for bound, name in compiled.bind_names.items()
    }
    # Of our types only these come out of a driver as something else.
    out = (
        (place, column.type.dialect_impl(dialect).result_processor(dialect, None))
        for place, column in enumerate(columns)
        if isinstance(column.type, Utc | Boolean)
    )
    order = compiled.positiontup
    return _Compiled(
        sql=compiled.string,
        ordered=None if order is None else _ordered(order),
        fixed=compiled.params,
        into=tuple((name, convert) for name, convert in into.items() if convert),
        row=_row(str(column.key) for column in columns),
        out=tuple((place, convert) for place, convert in out if convert),
    )


def _ordered(names: Sequence[str]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    if len(names) == 1:
        (only,) = names
        return lambda given: (given[only],)  # itemgetter would return the value itself
    return itemgetter(*names) if names else lambda _: ()


def _row(names: Iterable[str]) -> Callable[..., Any]:
    named: Any = namedtuple  # its columns are not known before
    make: Callable[..., Any] = named("Row", list(names))._make
    return make


def _run(connection: Connection, sql: str, parameters: Any) -> list[tuple[Any, ...]]:
    if not connection.in_transaction():
        connection.begin()
    driver = connection.dialect.loaded_dbapi.Error
    borrowed = connection.connection
    cursor = borrowed.cursor()
    try:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall()) if cursor.description else []
    except driver as error:
        lost = connection.dialect.is_disconnect(error, borrowed, cursor)
        if lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            sql,
            None,
            error,
            driver,
            hide_parameters=True,
            connection_invalidated=lost,
            dialect=connection.dialect,
        ) from error
    finally:
        cursor.close()


def _rows(made: _Compiled, found: list[tuple[Any, ...]]) -> list[Any]:
    if not made.out:
        return [made.row(row) for row in found]
    return [made.row(_converted(row, made.out)) for row in found]


def _converted(row: tuple[Any, ...], out: tuple[tuple[int, Convert], ...]) -> list[Any]:
    values = list(row)
    for place, convert in out:
        values[place] = convert(values[place])
    return values
