"""Every test of the store runs on both kinds of database, each time on a fresh one."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from bot.store.database import Database, database_url
from tests.store import postgres

KINDS = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the tables, to be copied."""
    url = database_url(tmp_path_factory.mktemp("template"), None)
    migrate(url)
    return Path(url.removeprefix("sqlite:///"))


@pytest.fixture(scope="session")
def migrated_postgres() -> Iterator[str]:
    """A PostgreSQL database with the tables, to be copied."""
    postgres.need_server()
    with postgres.fresh_database() as url:
        migrate(database_url(Path(), url))
        yield url


@pytest.fixture(scope="session")
def shared_postgres(migrated_postgres: str) -> Iterator[str]:
    """A copy of it that tests use one after another, because making one takes a while."""
    with postgres.fresh_database(template=migrated_postgres) as url:
        yield url


def migrate(url: str) -> None:
    async def opened() -> None:
        database = Database(url)
        await database.open()
        await database.close()

    asyncio.run(opened())


@contextmanager
def empty(kind: str, directory: Path) -> Iterator[str]:
    """The address of a database without tables."""
    if kind == "sqlite":
        yield database_url(directory, None)
    else:
        postgres.need_server()
        with postgres.fresh_database() as url:
            yield database_url(directory, url)


@pytest.fixture(params=KINDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables, of either kind."""
    with empty(request.param, tmp_path) as url:
        yield url


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with tables, of either kind."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
    else:
        yield request.getfixturevalue("postgres_url")


@pytest.fixture(params=KINDS)
def own_url(request: pytest.FixtureRequest) -> str:
    """The same, of a database that a test may ruin."""
    name = "sqlite_url" if request.param == "sqlite" else "own_postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    """The address of a SQLite database with tables."""
    made = database_url(tmp_path, None)
    shutil.copy(migrated_file, made.removeprefix("sqlite:///"))
    return made


@pytest.fixture
def postgres_url(shared_postgres: str) -> Iterator[str]:
    """The address of a PostgreSQL database with tables, which are empty."""
    yield database_url(Path(), shared_postgres)
    postgres.kill_connections(shared_postgres)
    postgres.empty_tables(shared_postgres)


@pytest.fixture
def own_postgres_url(migrated_postgres: str) -> Iterator[str]:
    """The same, of a database that a test may ruin."""
    with postgres.fresh_database(template=migrated_postgres) as made:
        yield database_url(Path(), made)


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    """A store that was closed has stopped its threads."""
    yield
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("store")]


@pytest_asyncio.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """The store on either kind of database."""
    made = Database(url)
    yield made
    await made.close()


@pytest_asyncio.fixture
async def other(url: str) -> AsyncIterator[Database]:
    """A second store on the same database, as another process has it."""
    made = Database(url)
    yield made
    await made.close()
