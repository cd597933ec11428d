"""`rolecall db upgrade`, and what is said where the database cannot be used."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from bot.store.database import database_url
from bot.store.migrate import HEAD
from tests.store import postgres
from tests.store.conftest import KINDS, empty
from tests.test_cli import rolecall


@pytest.mark.parametrize("kind", KINDS)
def test_upgrade_makes_the_tables_and_says_the_revision(kind: str, tmp_path: Path) -> None:
    def upgraded(address: str) -> None:
        env = {"ROLECALL_DATA": str(tmp_path / "data"), "DATABASE_URL": address}
        for _ in range(2):
            done = rolecall("db", "upgrade", env=env)
            assert done.stdout == f"The tables are at revision {HEAD}.\n"
            assert (done.returncode, done.stderr) == (0, "")

    if kind == "sqlite":
        upgraded("")
        with closing(sqlite3.connect(tmp_path / "data" / "rolecall.db")) as connection:
            assert connection.execute("SELECT count(*) FROM answers").fetchone() == (0,)
    else:
        postgres.need_server()
        with postgres.fresh_database() as address:
            upgraded(address)
            assert postgres.administer("SELECT count(*) FROM answers", address) == [(0,)]


@pytest.mark.parametrize("kind", KINDS)
def test_processes_that_start_at_once_migrate_once(kind: str, tmp_path: Path) -> None:
    with empty(kind, tmp_path) as url, ThreadPoolExecutor(4) as several:
        env = {"DATABASE_URL": url}
        done = list(several.map(lambda _: rolecall("db", "upgrade", env=env), range(4)))
    assert [(one.returncode, one.stderr) for one in done] == [(0, "")] * 4


def test_a_database_that_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "rolecall.db").write_bytes(b"no database " * 1000)
    done = rolecall("db", "upgrade", env={"ROLECALL_DATA": str(tmp_path)})
    assert done.returncode == 1
    assert done.stderr == "The database cannot be used: the database file is damaged\n"


@pytest.mark.parametrize(
    "address",
    [
        "mysql://ann:hush-hush@localhost/rolecall",
        "postgresql//ann:hush-hush@localhost/rolecall",
        "postgresql://ann:hush-hush@localhost:five/rolecall",
        "postgresql://ann:hush@hush-hush@localhost/rolecall",
        "postgresql://a/n:hush-hush@localhost/rolecall",
        "sqlite://",
        "sqlite:///:memory:",
        "hush-hush",
    ],
)
def test_an_address_of_no_database_is_one_line_that_names_the_variable(address: str) -> None:
    with pytest.raises(ValueError, match=r"^DATABASE_URL: [^\n]*$") as caught:
        database_url(Path("/data"), address)
    assert "hush-hush" not in f"{caught.value}{caught.value.__cause__}"


def test_the_start_ends_with_that_line(tmp_path: Path) -> None:
    env = {"DATABASE_URL": "mysql://ann:hush-hush@db/rolecall", "ROLECALL_DATA": str(tmp_path)}
    done = rolecall("db", "upgrade", env=env)
    assert done.returncode == 2
    assert done.stderr == "DATABASE_URL: must begin with postgresql:// or sqlite://\n"
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (None, "sqlite:////data/rolecall.db"),
        ("", "sqlite:////data/rolecall.db"),
        ("sqlite:////elsewhere/file.db", "sqlite:////elsewhere/file.db"),
        ("postgres://ann@db/rolecall", "postgresql+psycopg://ann@db/rolecall"),
        (
            "postgresql://ann:p%40ss%2Fw@db:5433/rolecall?sslmode=require",
            "postgresql+psycopg://ann:p%40ss%2Fw@db:5433/rolecall?sslmode=require",
        ),
    ],
)
def test_the_address_is_what_was_given_or_a_file(given: str | None, meant: str) -> None:
    assert database_url(Path("/data"), given) == meant
