"""Whatever a database or its driver fails with, in a few words that hold nothing of the data."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    OperationalError,
    SQLAlchemyError,
    StatementError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.core.ports import StoreError

BUSY = "the database is busy"
FULL = "the disk is full"
READ_ONLY = "the database is read-only"
DAMAGED = "the database file is damaged"
UNREACHABLE = "the database cannot be reached"
SLOW = "the database takes too long"

DEADLOCK = "40P01"

_SQLITE = {
    "SQLITE_BUSY": BUSY,
    "SQLITE_LOCKED": BUSY,
    "SQLITE_FULL": FULL,
    "SQLITE_READONLY": READ_ONLY,
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_NOTADB": DAMAGED,
    "SQLITE_CANTOPEN": "the database file cannot be opened",
    "SQLITE_IOERR": "the disk fails",
}
"""By the first two words of SQLite's name of the error."""

_POSTGRES = {
    "08": UNREACHABLE,
    "25006": READ_ONLY,
    "25P03": SLOW,
    "28": "the database refuses the user or the password",
    "3D000": "the database does not exist",
    "40": BUSY,
    "42501": "the database does not let this user make or use the tables",
    "53100": FULL,
    "53": "the database server has no room",
    "55P03": BUSY,
    "57014": SLOW,
    "57": UNREACHABLE,
    "58030": "the disk fails",
}
"""By SQLSTATE, or by the class of it (two characters)."""


@contextmanager
def told_as_store_errors() -> Iterator[None]:
    """Let failures of the database and its drivers out as StoreError, with the cause for the log.

    Raises:
        StoreError: for every one of them.
        ValueError: for what cannot be kept, such as a time without a zone; there the database is
            not to blame.
    """
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        _take_values_out(error)
        match error:
            case StatementError(orig=ValueError() as mistake):
                raise mistake from None
            case _:
                raise StoreError(_in_words(error)) from error


def is_deadlock(error: DBAPIError) -> bool:
    """Whether two transactions waited for each other, and this one was chosen to give way."""
    return getattr(error.orig, "sqlstate", None) == DEADLOCK


def _in_words(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    sqlite, postgres = (getattr(cause, name, None) for name in ("sqlite_errorname", "sqlstate"))
    match error:
        case PoolTimeoutError():
            found: str | None = BUSY
        case IntegrityError():
            found = "the database refuses a row"
        case OSError(strerror=str(why)):
            found = f"{UNREACHABLE}: {why}"
        case OperationalError() if not sqlite and not postgres:
            # There is no code where the server was not reached, or did not want us.
            _, _, why = str(cause).rpartition("failed: ")
            found = f"{UNREACHABLE}: {why.removeprefix('FATAL:').strip()}"
        case _:
            found = _of_sqlite(sqlite) or _of_postgres(postgres)
    return found or f"the database failed ({type(cause).__name__})"


def _of_sqlite(name: str | None) -> str | None:
    return _SQLITE.get("_".join(name.split("_")[:2])) if name else None


def _of_postgres(state: str | None) -> str | None:
    return _POSTGRES.get(state) or _POSTGRES.get(state[:2]) if state else None


def _take_values_out(error: BaseException) -> None:
    """PostgreSQL repeats the values of a row that it refuses, in lines after the first."""
    link: BaseException | None = error
    while link is not None:
        match link.args:
            case (str(text), *others):
                link.args = (text.partition("\n")[0], *others)
            case _:
                pass
        link = link.__cause__ or link.__context__
