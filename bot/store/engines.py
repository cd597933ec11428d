"""How each database is opened, and how a transaction begins there.

SQLite writes its log ahead and flushes it at every commit; a unit of work that writes takes the
write lock at its beginning, so that nothing it has read can have changed when it writes.
On PostgreSQL rows are locked instead, and no statement waits or works for long.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL

CONNECTIONS = 9
"""Of this process at most."""

CONNECT_SECONDS = 5
SILENT_SECONDS = 15
"""After so long without a word from the server, it is gone."""

_PRAGMAS = ("synchronous = FULL", "foreign_keys = ON")
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Engines:
    """One for each kind of unit of work; on PostgreSQL they share their connections.

    What is read is all as it was at one moment, and nothing can be written by mistake.
    """

    reading: Engine
    writing: Engine

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite, where there is one writer at a time."""
        return self.writing.dialect.name == "sqlite"

    def dispose(self) -> None:
        """Close every connection."""
        self.reading.dispose()
        self.writing.dispose()


def make_engines(url: URL, patience: float) -> Engines:
    """Engines that have not connected yet; their exceptions hold no values.

    Args:
        url: What `database_url` returned.
        patience: Seconds to wait for somebody else's lock.
    """
    if url.get_backend_name() == "sqlite":
        return Engines(
            reading=_sqlite(url, patience, "BEGIN", CONNECTIONS - 1, "query_only = ON"),
            writing=_sqlite(url, patience, "BEGIN IMMEDIATE", 1),
        )
    engine = _postgres(url, patience)
    reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Engines(reading, engine)


def _postgres(url: URL, patience: float) -> Engine:
    return create_engine(
        url,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=2 * patience,
        pool_pre_ping=True,
        pool_use_lifo=True,
        hide_parameters=True,
        connect_args=_postgres_arguments(url, patience),
    )


def connect_arguments(url: URL, patience: float) -> dict[str, Any]:
    """What psycopg needs to connect in the same way, for whoever has connections of their own.

    Args:
        url: An address of PostgreSQL that `database_url` returned.
        patience: Seconds to wait for somebody else's lock.
    """
    _, address = url.get_dialect()().create_connect_args(url)
    return {**address, **_postgres_arguments(url, patience)}


def _postgres_arguments(url: URL, patience: float) -> dict[str, Any]:
    """How to connect, where the address itself does not say it in another way."""
    milliseconds = round(1000 * patience)
    limits = {
        "timezone": "UTC",
        "lock_timeout": milliseconds,
        "statement_timeout": 2 * milliseconds,
        "idle_in_transaction_session_timeout": 6 * milliseconds,
    }
    usual = {
        "connect_timeout": CONNECT_SECONDS,
        "tcp_user_timeout": SILENT_SECONDS * 1000,
        "keepalives_idle": SILENT_SECONDS,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "application_name": "rolecall",
    }
    options = [f"-c {name}={value}" for name, value in limits.items()]
    more = url.query.get("options", ())
    options += [more] if isinstance(more, str) else more
    ours = {name: value for name, value in usual.items() if name not in url.query}
    return {**ours, "options": " ".join(options)}


def _sqlite(url: URL, patience: float, begin: str, connections: int, *pragmas: str) -> Engine:
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=2 * patience,
        hide_parameters=True,
        # The driver begins nothing by itself, and a connection serves one thread after another.
        connect_args={
            "timeout": 2 * patience,
            "isolation_level": None,
            "check_same_thread": False,
        },
    )
    event.listen(engine, "connect", _prepared_by(*_PRAGMAS, *pragmas))
    event.listen(engine, "begin", _beginning_with(begin))
    return engine


def _prepared_by(*pragmas: str) -> Callable[[sqlite3.Connection, object], None]:
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        _write_ahead(connection)
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    return prepare


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Where two processes change a new file to this at once, SQLite fails one without waiting."""
    for _ in range(_TRIES):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            # For the lock one does wait; when it is there, the other one is done.
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("COMMIT")
        else:
            return


def _beginning_with(statement: str) -> Callable[[Connection], Any]:
    return lambda connection: connection.exec_driver_sql(statement)
