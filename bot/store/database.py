"""The store: units of work on SQLite or PostgreSQL.

A unit of work runs as one function in a thread, so that the event loop waits once for it and not
once for each statement.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError

from bot.core.ports import StoreError, Unit
from bot.store import migrate
from bot.store.chores import Chores
from bot.store.communities import Communities
from bot.store.engines import CONNECTIONS, make_engines
from bot.store.errors import BUSY, is_deadlock, told_as_store_errors
from bot.store.feeds import Feeds
from bot.store.learning import Learning
from bot.store.newsletters import Newsletters
from bot.store.notices import Notices
from bot.store.privacy import Privacy
from bot.store.reports import Reports
from bot.store.sessions import Sessions
from bot.store.votes import Votes

T = TypeVar("T")

FILE = "rolecall.db"

PATIENCE = 5.0
"""Seconds to wait for somebody else's lock, before one says that the database is busy."""


def database_url(data_dir: Path, given: str | None) -> str:
    """The address for `Database`: what was given, or a SQLite file in the data directory.

    Raises:
        ValueError: for an address of another kind, naming DATABASE_URL and no password.
    """
    if not given:
        return URL.create("sqlite", database=str(data_dir / FILE)).render_as_string()
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):
        raise ValueError(
            "DATABASE_URL: must look like postgresql://user:password@host:5432/database, "
            "with % and two digits for special characters"
        ) from None
    match url.drivername:
        case "postgresql" | "postgres" | "postgresql+psycopg":
            if "@" in f"{url.host}{url.database}":
                raise ValueError("DATABASE_URL: in a password, / is written %2F, and @ is %40")
            url = url.set(drivername="postgresql+psycopg")
        case "sqlite" if url.database and url.database != ":memory:":
            pass
        case "sqlite":
            raise ValueError("DATABASE_URL: sqlite:// needs the path of a file")
        case _:
            raise ValueError("DATABASE_URL: must begin with postgresql:// or sqlite://")
    return url.render_as_string(hide_password=False)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit of work, by subject."""

    sessions: Sessions
    learning: Learning
    communities: Communities
    reports: Reports
    notices: Notices
    newsletters: Newsletters
    chores: Chores
    feeds: Feeds
    votes: Votes
    privacy: Privacy


def _unit(connection: Connection) -> Unit:
    return _Unit(
        Sessions(connection),
        Learning(connection),
        Communities(connection),
        Reports(connection),
        Notices(connection),
        Newsletters(connection),
        Chores(connection),
        Feeds(connection),
        Votes(connection),
        Privacy(connection),
    )


class Database:
    """Implements `ports.Store`. It opens by itself when it is first used, and is to be closed."""

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        """`url` is what `database_url` returned; `patience` is in seconds."""
        self._url = make_url(url)
        self._patience = patience
        self._engines = make_engines(self._url, patience)
        self._readers = ThreadPoolExecutor(CONNECTIONS - 1, "store")
        # SQLite has one writer at a time: better they queue here than poll for its lock.
        alone = self._engines.is_sqlite
        self._writers = ThreadPoolExecutor(1, "store-writer") if alone else self._readers
        self._opened = False
        self._opening = asyncio.Lock()

    @property
    def engine(self) -> Engine:
        """What units of work write with, for whoever looks closer than the port allows."""
        return self._engines.writing

    async def open(self) -> None:
        """Connect, and bring the tables up to date; nothing happens where that has been done.

        Raises:
            StoreError: with one line that says why the database cannot be used.
        """
        async with self._opening:
            if not self._opened:
                await self._run(self._writers, self._open)
                self._opened = True

    async def close(self) -> None:
        """Finish what is under way, and let go of every connection; from now on, all fails."""
        await asyncio.to_thread(self._close)

    async def revision(self) -> str | None:
        """The revision of the tables; None where there are none. Raises StoreError."""
        return await self._run(self._readers, lambda: migrate.revision(self._engines))

    async def read(self, work: Callable[[Unit], T]) -> T:
        """The result of a unit of work that changes nothing.

        Raises:
            StoreError: if the database fails.
        """
        return await self.reading(lambda connection: work(_unit(connection)))

    async def write(self, work: Callable[[Unit], T]) -> T:
        """The result of a unit of work, which is on disk then; nothing is kept if it raises.

        Raises:
            StoreError: if the database fails.
        """
        return await self.writing(lambda connection: work(_unit(connection)))

    async def reading(self, work: Callable[[Connection], T]) -> T:
        """As `read`, for what is no business of the core's."""
        if not self._opened:
            await self.open()
        return await self._run(
            self._readers, lambda: _again_if_broken_off(lambda: self._read(work))
        )

    async def writing(self, work: Callable[[Connection], T]) -> T:
        """As `write`, for what is no business of the core's."""
        if not self._opened:
            await self.open()
        return await self._run(
            self._writers, lambda: _again_if_broken_off(lambda: self._write(work))
        )

    async def _run(self, threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        """Do it in one of these threads, unless none is free for too long."""
        latest = time.monotonic() + 2 * self._patience

        def in_time() -> T:
            if time.monotonic() > latest:
                raise StoreError(BUSY)
            with told_as_store_errors():
                try:
                    return work()
                except StopIteration as error:
                    # A future cannot hold it, and whoever waits would wait for ever.
                    raise RuntimeError("a unit of work ran out of what it went through") from error

        try:
            running = asyncio.get_running_loop().run_in_executor(threads, in_time)
        except RuntimeError as error:
            raise StoreError("the database is closed") from error
        return await running

    def _open(self) -> None:
        if self._engines.is_sqlite and self._url.database:
            Path(self._url.database).parent.mkdir(parents=True, exist_ok=True)
        migrate.upgrade(self._engines)

    def _close(self) -> None:
        for threads in (self._readers, self._writers):
            threads.shutdown()
        self._engines.dispose()

    def _read(self, work: Callable[[Connection], T]) -> T:
        with self._engines.reading.connect() as connection:
            return work(connection)

    def _write(self, work: Callable[[Connection], T]) -> T:
        with self._engines.writing.begin() as connection:
            return work(connection)


def _again_if_broken_off(work: Callable[[], T]) -> T:
    """Do it a second time where the connection was lost, or two units waited for each other.

    Either nothing was kept, or it was and only the word of it was lost: then the second time finds
    it done, because every unit of work looks before it changes something.
    """
    try:
        return work()
    except DBAPIError as error:
        if not error.connection_invalidated and not is_deadlock(error):
            raise
    return work()
