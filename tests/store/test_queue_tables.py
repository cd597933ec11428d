"""The tables of procrastinate are what the library wants, in old databases as in new ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, create_engine, make_url, text

from bot.core.ports import StoreError
from bot.store.database import Database, database_url
from bot.store.queue_tables import SCRIPTS, bring_up_to_date, scripts
from tests.store import postgres

PART = "03.04.00"
"""The beginning of the names of the scripts that a database is made to lack."""


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


@pytest.fixture
def bare_url() -> Iterator[str]:
    """The address of a PostgreSQL database with nothing in it."""
    postgres.need_server()
    with postgres.fresh_database() as url:
        yield database_url(Path(), url)


def described(url: str) -> set[str]:
    """All that procrastinate has in a database, functions included."""
    found = (
        "SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' "
        "|| COALESCE(column_default, '-') FROM information_schema.columns "
        "WHERE table_name LIKE 'procrastinate%' UNION ALL "
        "SELECT indexdef FROM pg_indexes WHERE tablename LIKE 'procrastinate%' UNION ALL "
        "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) "
        "FROM pg_constraint WHERE conrelid::regclass::text LIKE 'procrastinate%' UNION ALL "
        "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname LIKE 'procrastinate%' UNION ALL "
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname LIKE 'procrastinate%' "
        "UNION ALL "
        "SELECT typname || ' ' || enumlabel FROM pg_enum JOIN pg_type t ON t.oid = enumtypid"
    )
    with connected(url) as connection:
        return set(connection.scalars(text(found)))


def test_a_revision_of_ours_has_seen_to_the_newest_script_of_the_library() -> None:
    """If this fails: add a revision that calls `bring_up_to_date`, and change SCRIPTS."""
    assert scripts()[-1].stem == SCRIPTS


async def test_a_new_database_has_what_the_library_wants(
    bare_url: str, own_postgres_url: str
) -> None:
    with connected(bare_url) as connection:
        whole = SchemaManager.get_schema()
        connection.exec_driver_sql(whole, execution_options={"no_parameters": True})
    assert described(own_postgres_url) == described(bare_url)
    assert any("procrastinate_fetch_job" in line for line in described(bare_url))


async def test_an_older_database_gets_the_scripts_that_it_lacks_and_no_other(
    bare_url: str, own_postgres_url: str
) -> None:
    older = [script for script in scripts() if script.stem < PART]
    assert 0 < len(older) < len(scripts())
    for script in older:
        with connected(bare_url) as connection:
            content = script.read_text(encoding="utf-8")
            connection.exec_driver_sql(content, execution_options={"no_parameters": True})
    with connected(bare_url) as connection:
        connection.execute(text(f"COMMENT ON TABLE procrastinate_jobs IS '{older[-1].stem}'"))
    functions = {line for line in described(own_postgres_url) if "FUNCTION" in line}
    assert not functions <= described(bare_url)

    for _ in range(2):
        with connected(bare_url) as connection:
            bring_up_to_date(connection)
        assert functions <= described(bare_url)


async def refusal(url: str) -> str:
    """What a store says that cannot be opened there."""
    database = Database(url)
    with pytest.raises(StoreError) as caught:
        await database.open()
    await database.close()
    return str(caught.value)


async def test_tables_of_somebody_else_are_left_alone(bare_url: str) -> None:
    with connected(bare_url) as connection:
        connection.execute(text("CREATE TABLE procrastinate_jobs (id INTEGER)"))
    said = await refusal(bare_url)
    assert said == "the tables of procrastinate in it were not made by rolecall"


async def test_a_user_who_may_make_no_tables_is_told_in_a_line(bare_url: str) -> None:
    name = f"{make_url(bare_url).database}_reader"
    address = make_url(bare_url).set(username=name, password="hush-hush")
    with connected(bare_url) as connection:
        connection.execute(text(f"CREATE ROLE {name} LOGIN PASSWORD 'hush-hush'"))
        connection.execute(text("REVOKE CREATE ON SCHEMA public FROM PUBLIC"))
    try:
        said = await refusal(address.render_as_string(hide_password=False))
        assert said == "the database does not let this user make or use the tables"
    finally:
        with connected(bare_url) as connection:
            connection.execute(text(f"DROP ROLE {name}"))
