"""The connection to the database, and units of work on it.

A unit of work runs as one function in a thread, so that the event loop waits once for it and not
once for each statement. SQLite is opened with its log written ahead and flushed at every commit,
and has one thread for writing; on PostgreSQL a session that is to be changed is locked by its row.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from bot.core.ports import StoreError, Unit
from bot.store import migrate
from bot.store.communities import Communities
from bot.store.learning import Learning
from bot.store.notices import Notices
from bot.store.privacy import Privacy
from bot.store.reports import Reports
from bot.store.sessions import Sessions

T = TypeVar("T")

FILE = "rolecall.db"

BUSY_MS = 10_000
"""Milliseconds for which another process may hold SQLite's write lock."""

THREADS = 8
"""Units of work at once, besides SQLite's one for writing."""

POOL_SECONDS = 10.0
"""Seconds to wait for a connection."""

_POSTGRES = {
    "connect_timeout": 5,
    "application_name": "rolecall",
    "options": "-c statement_timeout=10000 -c lock_timeout=5000 "
    "-c idle_in_transaction_session_timeout=30000",
}


def database_url(data: Path, given: str | None) -> str:
    """The address for `Database`: what was given, or a SQLite file in the data directory.

    Raises:
        ValueError: for an address of another kind, naming DATABASE_URL and no password.
    """
    if not given:
        return URL.create("sqlite", database=str(data / FILE)).render_as_string()
    try:
        url = make_url(given)
    except ArgumentError:
        raise ValueError("DATABASE_URL: this is not the address of a database") from None
    match url.drivername:
        case "postgresql" | "postgres" | "postgresql+psycopg":
            url = url.set(drivername="postgresql+psycopg")
        case "sqlite":
            pass
        case _:
            raise ValueError("DATABASE_URL: must begin with postgresql:// or sqlite://")
    return url.render_as_string(hide_password=False)


class _Unit:
    """One unit of work on one connection."""

    def __init__(self, connection: Connection) -> None:
        self.sessions = Sessions(connection)
        self.learning = Learning(connection)
        self.communities = Communities(connection)
        self.reports = Reports(connection)
        self.notices = Notices(connection)
        self.privacy = Privacy(connection)


class Database:
    """The store. It opens by itself when it is first used, and is to be closed."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._sqlite = self._url.get_backend_name() == "sqlite"
        self.engine = self._engine()
        self._readers = ThreadPoolExecutor(THREADS, "store")
        self._writers = ThreadPoolExecutor(1, "store-writer") if self._sqlite else self._readers
        self._opened = False
        self._opening = asyncio.Lock()

    def _engine(self) -> Engine:
        if not self._sqlite:
            return create_engine(
                self._url,
                pool_size=THREADS,
                max_overflow=0,
                pool_timeout=POOL_SECONDS,
                pool_pre_ping=True,
                hide_parameters=True,
                connect_args=_POSTGRES,
            )
        engine = create_engine(
            self._url,
            pool_size=THREADS + 1,
            pool_timeout=POOL_SECONDS,
            hide_parameters=True,
            connect_args={"check_same_thread": False, "timeout": BUSY_MS / 1000},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    async def open(self) -> None:
        """Connect, and bring the tables up to date.

        Raises:
            StoreError: if the database cannot be reached or used, with the reason in a line.
        """
        async with self._opening:
            if not self._opened:
                await self._run(self._writers, self._open)
                self._opened = True

    async def close(self) -> None:
        """Finish what is under way, and let go of every connection."""
        for threads in {self._readers, self._writers}:
            await asyncio.to_thread(threads.shutdown)
        self.engine.dispose()

    async def read(self, work: Callable[[Unit], T]) -> T:
        """The result of a unit of work that changes nothing. Raises StoreError."""
        if not self._opened:
            await self.open()
        return await self._run(self._readers, lambda: self._work(work, writes=False))

    async def write(self, work: Callable[[Unit], T]) -> T:
        """The result of a unit of work, which is kept if it does not raise. Raises StoreError."""
        if not self._opened:
            await self.open()
        return await self._run(self._writers, lambda: self._work(work, writes=True))

    async def _run(self, threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(threads, work)
        except RuntimeError as error:
            if "after shutdown" not in str(error):
                raise
            raise StoreError("the store is closed") from error

    def _open(self) -> None:
        with _failures():
            if self._sqlite and self._url.database:
                Path(self._url.database).parent.mkdir(parents=True, exist_ok=True)
            migrate.upgrade(self.engine)

    def _work(self, work: Callable[[Unit], T], *, writes: bool) -> T:
        with _failures():
            try:
                return self._once(work, writes=writes)
            except DBAPIError as error:
                # The connection was lost before anything was kept, or its end was not heard of:
                # a unit of work may run again, since repeating an answer changes nothing.
                if not error.connection_invalidated:
                    raise
                return self._once(work, writes=writes)

    def _once(self, work: Callable[[Unit], T], *, writes: bool) -> T:
        with self.engine.connect().execution_options(writes=writes) as connection:
            with connection.begin() as transaction:
                result = work(_Unit(connection))
                if not writes:
                    transaction.rollback()
            return result


@contextlib.contextmanager
def _failures() -> Iterator[None]:
    """Whatever goes wrong with the database is a StoreError, without what was to be written."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        reason = getattr(error, "orig", None) or error
        line = next(iter(str(reason).splitlines()), "")[:200]
        raise StoreError(f"{type(reason).__name__}: {line}") from error


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # so that the driver begins nothing by itself
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
