"""What one sees of a cluster in its database, from outside."""

from __future__ import annotations

import asyncio
from typing import LiteralString

import psycopg
from sqlalchemy import make_url

from tests.jobs.asked import PATIENCE


def address(url: str) -> str:
    """For psycopg, which does not know SQLAlchemy's names of drivers."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


async def jobs(url: str) -> set[tuple[str, str]]:
    """The task and the state of each job."""
    async with await psycopg.AsyncConnection.connect(address(url), autocommit=True) as connection:
        found = await connection.execute("SELECT task_name, status::text FROM procrastinate_jobs")
        return {(str(task), str(status)) for task, status in await found.fetchall()}


async def workers(url: str) -> int:
    """How many are on the list."""
    async with await psycopg.AsyncConnection.connect(address(url), autocommit=True) as connection:
        found = await connection.execute("SELECT count(*) FROM procrastinate_workers")
        [[count]] = await found.fetchall()
        return int(count)


async def until_found(url: str, query: LiteralString) -> None:
    """Return when a query finds a row."""
    async with (
        asyncio.timeout(PATIENCE),
        await psycopg.AsyncConnection.connect(address(url), autocommit=True) as connection,
    ):
        while not await (await connection.execute(query)).fetchall():
            pass
