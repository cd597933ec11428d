"""The tables come into being once, whole, and as the queries expect them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text

from bot.core.ports import StoreError
from bot.core.subscriptions import DeliveryState
from bot.store import migrate
from bot.store.database import Database
from bot.store.tables import metadata
from tests.store.conftest import KINDS, empty
from tests.store.samples import ANN, a_session, a_subscription

NAMES = {table.name for table in metadata.sorted_tables}


async def opened(url: str) -> None:
    database = Database(url)
    await database.open()
    await database.close()


T = TypeVar("T")


def looking(url: str, look: Callable[[Connection], T]) -> T:
    """What one sees in a database from outside."""
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            return look(connection)
    finally:
        engine.dispose()


def tables(connection: Connection) -> set[str]:
    return {name for name in inspect(connection).get_table_names() if "procrastinate" not in name}


def is_ours(name: str | None, *_: object) -> bool:
    """Whether it is no table, or no part of one, that a library looks after."""
    return not name or ("procrastinate" not in name and "alembic" not in name)


def test_the_newest_revision_is_the_one_that_is_asked_for() -> None:
    scripts = ScriptDirectory.from_config(migrate.config())
    assert scripts.get_heads() == [migrate.HEAD]


async def test_migrations_make_what_the_queries_expect(empty_url: str) -> None:
    await opened(empty_url)
    options = {"compare_type": True, "compare_server_default": True, "include_name": is_ours}

    def differences(connection: Connection) -> object:
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    assert looking(empty_url, differences) == []


@pytest.mark.parametrize("kind", KINDS)
async def test_migrations_make_the_very_same_tables_as_the_models(
    kind: str, tmp_path: Path
) -> None:
    def described(url: str) -> set[str]:
        return looking(url, description_of)

    for name in ("migrated", "modelled"):
        (tmp_path / name).mkdir()
    with empty(kind, tmp_path / "migrated") as migrated, empty(kind, tmp_path / "modelled") as made:
        await opened(migrated)
        looking(made, metadata.create_all)
        left = {line for line in described(migrated) if is_ours(line)}
        assert left == described(made)
        assert len(left) > len(NAMES)


def description_of(connection: Connection) -> set[str]:
    """Every table, constraint and index, also what Alembic does not compare."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"))
    else:
        found = connection.execute(
            text(
                "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' UNION ALL "
                "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) "
                "FROM pg_constraint WHERE connamespace = 'public'::regnamespace UNION ALL "
                "SELECT table_name || ' ' || ordinal_position || ' ' || column_name || ' ' || "
                "data_type || ' ' || is_nullable || ' ' || COALESCE(column_default, '-') "
                "FROM information_schema.columns WHERE table_schema = 'public'"
            )
        )
    return {re.sub(r"\s+", " ", row[0]) for row in found}


async def add(store: Database, number: int) -> bool:
    session = a_session(f"s{number}", f"person {number}")
    return await store.write(lambda unit: unit.sessions.add(session))


async def test_several_processes_that_start_at_once_migrate_once(empty_url: str) -> None:
    stores = [Database(empty_url) for _ in range(6)]
    await asyncio.gather(*(store.open() for store in stores))
    added = await asyncio.gather(*(add(store, n) for n, store in enumerate(stores)))
    assert all(added)
    assert {await store.revision() for store in stores} == {migrate.HEAD}
    for store in stores:
        await store.close()


async def test_opening_again_changes_nothing(empty_url: str) -> None:
    first = Database(empty_url)
    await first.write(lambda unit: unit.sessions.add(a_session()))
    await first.open()
    await first.close()
    await opened(empty_url)
    second = Database(empty_url)
    assert len(await second.read(lambda unit: unit.sessions.open(ANN))) == 1
    await second.close()


async def test_before_the_first_time_there_is_no_revision(empty_url: str) -> None:
    database = Database(empty_url)
    assert await database.revision() is None
    await database.open()
    assert await database.revision() == migrate.HEAD
    await database.close()


async def test_a_database_of_a_newer_version_is_left_alone(own_url: str) -> None:
    looking(own_url, lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    database = Database(own_url)
    with pytest.raises(StoreError) as caught:
        await database.open()
    assert str(caught.value) == "a newer version of rolecall has changed its tables (9999)"
    with pytest.raises(StoreError, match="newer version"):
        await database.read(lambda unit: unit.sessions.open(ANN))
    await database.close()


async def test_a_migration_that_fails_leaves_nothing_and_can_be_repeated(empty_url: str) -> None:
    looking(empty_url, lambda c: c.execute(text("CREATE TABLE notices (id INTEGER)")))
    database = Database(empty_url)
    with pytest.raises(StoreError):
        await database.open()
    assert looking(empty_url, tables) == {"notices"}
    looking(empty_url, lambda c: c.execute(text("DROP TABLE notices")))
    await database.open()
    assert looking(empty_url, tables) == NAMES | {"alembic_version"}
    await database.close()


async def test_subscriptions_from_before_there_were_destinations_are_kept(empty_url: str) -> None:
    def at_revision_two(connection: Connection) -> None:
        command.upgrade(migrate.config(connection), "0002")
        for number, platform in ((3, "discord"), (8, "slack")):
            connection.execute(
                text(
                    "INSERT INTO subscriptions VALUES (:n, :p, :c, :p, 'p', 'weekly',"
                    " 0, '09:00', 'Europe/London', '2026-01-05', '', '2026-01-05 09:00:00',"
                    " 'active', '', NULL, '2026-01-12 09:00:00', 4)"
                ),
                {"n": number, "p": platform, "c": f"{platform}:c"},
            )
            connection.execute(
                text(
                    "INSERT INTO deliveries VALUES (:n, :n, '2026-01-05', 'digest 0', 'sent', 1,"
                    " '', '2026-01-05 09:00:00', '2026-01-05 09:00:00')"
                ),
                {"n": number},
            )

    looking(empty_url, at_revision_two)
    database = Database(empty_url)
    found = await database.read(lambda unit: unit.newsletters.several([3, 8]))
    assert {(one.platform, one.number, one.digests) for one in found.values()} == {
        ("discord", 4, 4),
        ("slack", 4, 4),
    }
    assert all("roles" in one.topics for one in found.values())
    [sent] = await database.read(lambda unit: unit.newsletters.history(8, 5))
    assert (sent.destination, sent.state) == ("slack:c", DeliveryState.SENT)
    made = await database.write(lambda unit: unit.newsletters.add(a_subscription()))
    assert made.id > 8
    await database.close()


async def test_the_directory_of_the_data_is_made(tmp_path: Path) -> None:
    path = tmp_path / "not" / "there" / "rolecall.db"
    await opened(f"sqlite:///{path}")
    assert path.is_file()


def test_the_scripts_come_with_the_package() -> None:
    package = Path(migrate.__file__).parent
    assert package in migrate.SCRIPTS.parents
    assert (migrate.SCRIPTS / "env.py").is_file()
