"""What stands behind a bot on any platform: its clock, its chance and its store."""

from __future__ import annotations

import contextlib
import datetime as dt
import random
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bot.core.command import Context
from bot.core.desk import Desk
from bot.core.messenger import Messenger
from bot.jobs import delivering, rounds
from bot.jobs.tick import Work
from bot.store.database import Database

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


class Behind:
    """One database file over all restarts, and a clock that a test turns."""

    def __init__(self, folder: Path) -> None:
        self.now = MONDAY
        self._file = folder / "conformance.db"
        self._chance = random.Random(7)
        self._open()

    def _open(self) -> None:
        self.store = Database(self.address)
        self.desk = Desk(self.store, lambda: self.now, self._chance)

    async def reopen(self) -> Desk:
        """A desk over a store that was opened anew, as after a restart."""
        await self.close()
        self._open()
        return self.desk

    async def close(self) -> None:
        """Close the store."""
        await self.store.close()

    def passes(self, **time: float) -> None:
        """Let time pass: `passes(days=1)`."""
        self.now += dt.timedelta(**time)

    def catches_up(self) -> None:
        """Let the clock show what the clocks of maintainers show."""
        self.now = dt.datetime.now(dt.UTC)

    @property
    def address(self) -> str:
        """The address of the database."""
        return f"sqlite:///{self._file}"

    async def tick(
        self,
        context: Callable[[], Context],
        messengers: Mapping[str, Messenger],
        reports: str | None = None,
    ) -> None:
        """One round of the bot's own work."""
        work = Work(self.desk, context, messengers, reports)
        await rounds.tick(work)
        await rounds.chores(work)
        for destination in await rounds.destinations(work):
            await delivering.deliver(work, destination)

    @contextlib.contextmanager
    def broken(self) -> Iterator[None]:
        """For a while the store fails: the quizzes are not where they should be."""
        self._rename("sessions", "hidden")
        try:
            yield
        finally:
            self._rename("hidden", "sessions")

    def _rename(self, before: str, after: str) -> None:
        with contextlib.closing(sqlite3.connect(self._file)) as connection:
            connection.execute(f"ALTER TABLE {before} RENAME TO {after}")
            connection.commit()
