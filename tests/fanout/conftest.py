"""The fan-out runs on the same databases as the tests of the store."""

from __future__ import annotations

from tests.store.conftest import (
    migrated_file,
    migrated_postgres,
    no_thread_is_left,
    postgres_url,
    shared_postgres,
    sqlite_url,
    url,
)

__all__ = [
    "migrated_file",
    "migrated_postgres",
    "no_thread_is_left",
    "postgres_url",
    "shared_postgres",
    "sqlite_url",
    "url",
]
