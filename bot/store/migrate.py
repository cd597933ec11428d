"""Bringing the tables up to date, once, also where several processes start at the same time."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from bot.core.ports import StoreError
from bot.store.engines import Engines

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0007"
"""The newest revision."""

_ONE_AT_A_TIME = threading.Lock()  # Alembic's `op` and `context` are global.

SCRIPTS = Path(__file__).parent / "migrations"

LOCK = 0x726F6C65
"""The number of the lock on PostgreSQL."""

LONG = "60s"
"""How long a process waits for another one that migrates, there."""


def upgrade(engines: Engines) -> None:
    """Upgrade to the newest revision, under a lock, if that has not been done.

    Raises:
        StoreError: if a newer version of rolecall has changed the tables.
    """
    if revision(engines) != HEAD:
        with engines.writing.begin() as connection:
            if not engines.is_sqlite:
                _take_turns(connection)
            _upgrade(connection)


def revision(engines: Engines) -> str | None:
    """The revision of the tables; None where there are none."""
    with engines.reading.connect() as connection:
        return _revision(connection)


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings, with the connection to work on; there is no file for them."""
    from alembic.config import Config

    made = Config(attributes={"connection": connection})
    made.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return made


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _take_turns(connection: Connection) -> None:
    """SQLite does so by itself: whoever writes is alone."""
    connection.execute(text(f"SET LOCAL lock_timeout = '{LONG}'"))
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def _upgrade(connection: Connection) -> None:
    # Alembic takes more memory than the rest of the store, and most starts do not need it.
    from alembic import command
    from alembic.script import ScriptDirectory

    # Only now, with the lock, is it certain that nobody else is at it.
    current = _revision(connection)
    settings = config(connection)
    known = {script.revision for script in ScriptDirectory.from_config(settings).walk_revisions()}
    if current is not None and current not in known:
        raise StoreError(f"a newer version of rolecall has changed its tables ({current})")
    with _ONE_AT_A_TIME:
        command.upgrade(settings, HEAD)
