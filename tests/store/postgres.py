"""PostgreSQL for tests: databases of their own on the server of `ROLECALL_TEST_POSTGRES`."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, LiteralString
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from bot.store.tables import metadata

SERVER = os.environ.get("ROLECALL_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


def need_server() -> None:
    """Skip the test where there is no server; under CI that is a failure."""
    reason = _missing()
    if reason and os.environ.get("CI"):
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


@cache
def _missing() -> str:
    try:
        psycopg.connect(SERVER, connect_timeout=5).close()
    except psycopg.Error as error:
        return f"no PostgreSQL (ROLECALL_TEST_POSTGRES): {error}"
    return ""


@contextmanager
def fresh_database(template: str | None = None) -> Iterator[str]:
    """The address of a new database, empty or a copy of another one; it is dropped at the end."""
    name = f"rolecall_test_{os.getpid()}_{secrets.token_hex(4)}"
    made = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template:
        made += sql.SQL(" TEMPLATE {}").format(sql.Identifier(name_of(template)))
    administer(made)
    try:
        yield urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}"))
    finally:
        gone = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
        administer(gone)


def name_of(url: str) -> str:
    """The name of the database at an address."""
    return urlsplit(url).path.removeprefix("/")


def administer(statement: LiteralString | sql.SQL | sql.Composed, url: str = SERVER) -> list[Any]:
    """Run a statement as an administrator would, beside the bot; the rows it returns."""
    with psycopg.connect(url, autocommit=True) as connection:
        done = connection.execute(statement)
        return done.fetchall() if done.description else []


def empty_tables(url: str) -> None:
    """Delete every row, but the one that says which tables there are."""
    with psycopg.connect(url) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name)))


def kill_connections(url: str) -> int:
    """End every connection to the database at an address, as a restart would; how many."""
    found = sql.SQL(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = {}"
    )
    return len(administer(found.format(sql.Literal(name_of(url)))))


def until_somebody_waits(url: str) -> None:
    """Return when a connection to the database at an address waits for another one's lock."""
    waiting = sql.SQL(
        "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = {}"
    ).format(sql.Literal(name_of(url)))
    with psycopg.connect(SERVER, autocommit=True) as connection:
        while not connection.execute(waiting).fetchall():
            pass


def waiting_for_locks(url: str) -> int:
    """How many connections to the database at an address wait for somebody's lock."""
    found = sql.SQL(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = {} AND wait_event_type = 'Lock'"
    )
    [[count]] = administer(found.format(sql.Literal(name_of(url))))
    return int(count)
