"""Bringing the tables up to date, once, also where several processes start at the same time."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from bot.core.ports import StoreError

SCRIPTS = Path(__file__).parent / "migrations"

LOCK = 0x726F6C65
"""The number of the advisory lock on PostgreSQL."""


def config() -> Config:
    """Alembic's settings; there is no file for them."""
    made = Config()
    made.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return made


def head() -> str:
    """The newest revision."""
    return str(ScriptDirectory.from_config(config()).get_current_head())


def upgrade(engine: Engine) -> None:
    """Upgrade to the newest revision, under a lock.

    Raises:
        StoreError: if a newer version of rolecall has been here.
    """
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        _upgrade(connection)


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    current = MigrationContext.configure(connection).get_current_revision()
    if current == head():
        return
    settings = config()
    known = {script.revision for script in ScriptDirectory.from_config(settings).walk_revisions()}
    if current is not None and current not in known:
        raise StoreError(f"a newer version of rolecall has changed the tables ({current})")
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")
