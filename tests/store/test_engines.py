"""How each kind of database is opened, down to the moments in which two processes meet."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.store.engines import CONNECTIONS, Engines, make_engines

PATIENCE, BRIEFLY = 5.0, 0.05


@pytest.fixture
def engines(url: str) -> Engines:
    return make_engines(make_url(url), PATIENCE)


@pytest.mark.parametrize("which", ["reading", "writing"])
def test_a_new_file_that_somebody_else_prepares_right_now_is_waited_for(
    tmp_path: Path, which: str
) -> None:
    path = tmp_path / "new.db"
    engines = make_engines(make_url(f"sqlite:///{path}"), BRIEFLY)
    with closing(sqlite3.connect(path, isolation_level=None)) as somebody:
        somebody.execute("BEGIN EXCLUSIVE")
        somebody.execute("CREATE TABLE theirs (number INTEGER)")
        engine = getattr(engines, which)

        def be_done_when_waited_for(connection: sqlite3.Connection, _: object) -> None:
            def seen(statement: str) -> None:
                if statement == "BEGIN IMMEDIATE" and somebody.in_transaction:
                    somebody.execute("COMMIT")

            connection.set_trace_callback(seen)

        event.listen(engine, "connect", be_done_when_waited_for, insert=True)
        with engine.connect() as connection:
            assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
            assert connection.scalar(text("SELECT count(*) FROM theirs")) == 0
    engines.dispose()


def test_what_only_reads_cannot_write(engines: Engines) -> None:
    with engines.reading.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(text("INSERT INTO packs_off VALUES ('one', 'two')"))
    with engines.writing.begin() as connection:
        connection.execute(text("INSERT INTO packs_off VALUES ('one', 'two')"))
    with engines.reading.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM packs_off")) == 1
    engines.dispose()


def test_a_connection_that_has_only_read_can_write_next(engines: Engines) -> None:
    for number in range(2 * CONNECTIONS):
        with engines.reading.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM packs_off")) == number
        with engines.writing.begin() as connection:
            connection.execute(text(f"INSERT INTO packs_off VALUES ('one', 'pack {number}')"))
    engines.dispose()


def test_no_connection_is_opened_beyond_the_limit(postgres_url: str) -> None:
    engines = make_engines(make_url(postgres_url), BRIEFLY)
    held = [engines.reading.connect() for _ in range(CONNECTIONS)]
    with pytest.raises(PoolTimeoutError):
        engines.writing.connect()
    for connection in held:
        connection.close()
    engines.writing.connect().close()
    engines.dispose()


def test_what_the_address_says_comes_first(postgres_url: str) -> None:
    url = make_url(f"{postgres_url}?application_name=ours&connect_timeout=3")
    engines = make_engines(url, PATIENCE)
    with engines.writing.connect() as connection:
        assert connection.scalar(text("SHOW application_name")) == "ours"
        assert connection.scalar(text("SHOW lock_timeout")) == "5s"
    engines.dispose()
