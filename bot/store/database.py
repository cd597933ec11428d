"""The connection to the database, and units of work on it.

SQLite is opened with its log written ahead and flushed at every commit; a writing unit takes the
write lock at its beginning. On PostgreSQL a session that is to be changed is locked by its row.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.core.ports import StoreError, Unit
from bot.store import migrate
from bot.store.communities import Communities
from bot.store.learning import Learning
from bot.store.notices import Notices
from bot.store.privacy import Privacy
from bot.store.reports import Reports
from bot.store.sessions import Sessions

FILE = "rolecall.db"

BUSY_MS = 10_000
"""Milliseconds for which another process may hold SQLite's write lock."""

POOL = 5
POOL_SECONDS = 10.0
"""Seconds to wait for a connection."""

_WRITES = "writes"
_POSTGRES = {
    "connect_timeout": 5,
    "options": "-c statement_timeout=10000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000",
    "application_name": "rolecall",
}


def database_url(data: Path, given: str | None) -> str:
    """The address for `Database`: what was given, or a SQLite file in the data directory.

    Raises:
        ValueError: for an address of another kind; the message holds no password.
    """
    if not given:
        return URL.create("sqlite+aiosqlite", database=str(data / FILE)).render_as_string()
    try:
        url = make_url(given)
    except ArgumentError:
        raise ValueError("DATABASE_URL: this is not an address of a database") from None
    match url.drivername:
        case "postgresql" | "postgres" | "postgresql+psycopg":
            url = url.set(drivername="postgresql+psycopg")
        case "sqlite" | "sqlite+aiosqlite":
            url = url.set(drivername="sqlite+aiosqlite")
        case _:
            raise ValueError("DATABASE_URL: must begin with postgresql:// or sqlite://")
    return url.render_as_string(hide_password=False)


class _Unit:
    """One unit of work on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.sessions = Sessions(connection)
        self.learning = Learning(connection)
        self.communities = Communities(connection)
        self.reports = Reports(connection)
        self.notices = Notices(connection)
        self.privacy = Privacy(connection)


class Database:
    """The store. It opens by itself when it is first used, and must be closed."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._sqlite = self._url.get_backend_name() == "sqlite"
        self.engine = self._engine()
        self._opened = False
        self._opening = asyncio.Lock()
        # SQLite has one writer; waiting here is fairer than polling for its lock.
        self._writing = asyncio.Lock() if self._sqlite else contextlib.nullcontext()

    def _engine(self) -> AsyncEngine:
        if not self._sqlite:
            return create_async_engine(
                self._url,
                pool_size=POOL,
                max_overflow=POOL,
                pool_timeout=POOL_SECONDS,
                pool_pre_ping=True,
                hide_parameters=True,
                connect_args=_POSTGRES,
            )
        engine = create_async_engine(
            self._url, pool_size=POOL, pool_timeout=POOL_SECONDS, hide_parameters=True
        )
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return engine

    async def open(self) -> None:
        """Connect, and bring the tables up to date.

        Raises:
            StoreError: if the database cannot be reached or used, with the reason in a line.
        """
        async with self._opening:
            if self._opened:
                return
            if self._sqlite and self._url.database:
                try:
                    Path(self._url.database).parent.mkdir(parents=True, exist_ok=True)
                except OSError as error:
                    raise StoreError(f"no directory for it: {error.strerror}") from error
            with _failures():
                await migrate.upgrade(self.engine)
            self._opened = True

    async def close(self) -> None:
        """Let go of every connection."""
        await self.engine.dispose()
        self._opened = False

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Unit]:
        """A unit of work that changes nothing."""
        await self.open()
        with _failures():
            async with self.engine.connect() as connection:
                yield _Unit(connection)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Unit]:
        """A unit of work that is kept when it ends without an exception."""
        await self.open()
        with _failures():
            async with self._writing, self.engine.connect() as connection:
                await connection.execution_options(**{_WRITES: True})
                async with connection.begin():
                    yield _Unit(connection)


@contextlib.contextmanager
def _failures() -> Any:
    """Whatever goes wrong with the database is a StoreError, without what was written."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        reason = getattr(error, "orig", None) or error
        raise StoreError(f"{type(reason).__name__}: {str(reason).splitlines()[0][:200]}") from error


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # so that the driver begins nothing by itself
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
