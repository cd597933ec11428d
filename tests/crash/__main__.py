"""`python -m tests.crash`: kills the bot under load, and looks for lost answers.

Prints what was done and found. Exit code 1 if an acknowledged answer was lost or counted twice, a
quiz could not be gone on with, or anything else went wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg

from tests.crash.run import Plan, run
from tests.store.postgres import fresh_database

MOST_SHOWN = 20
"""Problems that are written out."""


def main() -> int:
    """Do what is asked for; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--players", type=int, default=50, help="half of them on each platform")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory, contextlib.ExitStack() as stack:
        try:
            database = stack.enter_context(_database(arguments.database))
        except psycopg.Error as error:
            sys.stderr.write(f"PostgreSQL (ROLECALL_TEST_POSTGRES): {error}\n")
            return 2
        data = Path(directory)
        plan = Plan(arguments.kills, arguments.players, arguments.seed, data, database)
        report = asyncio.run(run(plan, _told))
    heads = {"database": arguments.database, "seed": arguments.seed}
    for name, value in heads.items():
        sys.stdout.write(f"{name:<24}{value}\n")
    sys.stdout.write(f"{report}\n")
    for problem in report.problems[:MOST_SHOWN]:
        sys.stderr.write(f"{problem}\n")
    return int(bool(report.problems))


@contextlib.contextmanager
def _database(kind: str) -> Iterator[str | None]:
    if kind == "sqlite":
        yield None
    else:
        with fresh_database() as url:
            yield url


def _told(kills: int) -> None:
    """A sign of life now and then."""
    if kills % 10 == 0:
        sys.stderr.write(f"{kills} kills\n")
        sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
