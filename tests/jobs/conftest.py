"""The bot's own work runs on the same databases as the tests of the store."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from bot.store.database import Database
from tests.store.conftest import (
    database,
    migrated_file,
    migrated_postgres,
    no_thread_is_left,
    other,
    own_postgres_url,
    postgres_url,
    shared_postgres,
    sqlite_url,
    url,
)

__all__ = [
    "database",
    "migrated_file",
    "migrated_postgres",
    "no_thread_is_left",
    "other",
    "own_postgres_url",
    "postgres_url",
    "shared_postgres",
    "sqlite_store",
    "sqlite_url",
    "url",
]


@pytest_asyncio.fixture
async def sqlite_store(sqlite_url: str) -> AsyncIterator[Database]:
    """A store on SQLite, where the kind of database does not matter."""
    made = Database(sqlite_url)
    yield made
    await made.close()
