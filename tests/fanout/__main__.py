"""`python -m tests.fanout`: one issue for thousands of channels, with everything that can go wrong.

Bots of their own send it to a Discord and a Slack on the loopback: `rolecall run` on SQLite, or
three times `rolecall worker` on PostgreSQL. Prints what was done and what came of it. Exit code 1
if a channel was lost, got the issue twice, or anything else was not as promised.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg

from tests.crash.cluster import Cluster, programs, running_cluster
from tests.fanout.bots import Base
from tests.fanout.faults import CALM, Weather
from tests.fanout.places import Layout
from tests.fanout.run import Plan, Report, run
from tests.fanout.troubles import ClockBack, Freeze, Restart, Trouble, some_kills
from tests.store.postgres import fresh_database

MINUTE = 60.0

MOST_SHOWN = 20
"""Problems that are written out."""


def main() -> int:
    """Do what is asked for; the exit code."""
    given = _parser().parse_args()
    postgres = given.database == "postgres"
    if given.restart_postgres and not (postgres and programs()):
        sys.stderr.write("--restart-postgres needs --database postgres, and initdb\n")
        return 2
    if given.freeze and not postgres:
        sys.stderr.write("--freeze needs --database postgres: alone, nobody takes over\n")
        return 2
    half = given.channels // 2
    plan = Plan(
        layout=Layout(given.channels - half, half, given.workspaces),
        seed=given.seed,
        weather=Weather() if given.faults == "on" else CALM,
        troubles=tuple(_troubles(given)),
        within=given.within,
    )
    with contextlib.ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        try:
            address, cluster = stack.enter_context(_database(given))
        except psycopg.Error as error:
            sys.stderr.write(f"PostgreSQL (ROLECALL_TEST_POSTGRES): {error}\n")
            return 2
        try:
            report = asyncio.run(_run(plan, Base(data, address), cluster))
        except asyncio.CancelledError:
            sys.stderr.write("stopped\n")
            return 2
    if given.log is not None:
        given.log.write_text("".join(report.log), encoding="utf-8")
    for name in ("database", "seed", "faults"):
        sys.stdout.write(f"{name:<44}{getattr(given, name):>10}\n")
    sys.stdout.write(f"{report}\n")
    for problem in (*report.account.problems, *report.faults)[:MOST_SHOWN]:
        sys.stderr.write(f"{problem}\n")
    return int(not report.is_clean)


async def _run(plan: Plan, base: Base, cluster: Cluster | None) -> Report:
    """Whoever stops this command stops its bots, too."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel, "SIGTERM")
    return await run(plan, base, cluster, _told)


def _troubles(given: argparse.Namespace) -> Iterator[Trouble]:
    yield from some_kills(given.kills, random.Random(given.seed))
    if given.freeze:
        yield Freeze(MINUTE)
    if given.restart_postgres:
        yield Restart(away=False)
        yield Restart(away=True)
    if given.clock_back:
        yield ClockBack()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fanout", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--channels", type=int, default=10_000, help="half on each platform")
    parser.add_argument("--workspaces", type=int, default=200, help="of Slack")
    parser.add_argument("--faults", choices=("on", "off"), default="off", help="of the platforms")
    parser.add_argument("--kills", type=int, default=0, help="how often a bot is killed")
    parser.add_argument("--freeze", action="store_true", help="a worker, for a minute")
    parser.add_argument("--restart-postgres", action="store_true", help="by a crash, and for 10 s")
    parser.add_argument("--clock-back", action="store_true", help="by an hour")
    parser.add_argument("--within", type=float, default=1800.0, help="seconds for the end")
    parser.add_argument("--log", type=Path, help="a file for what the bots write")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    return parser


@contextlib.contextmanager
def _database(given: argparse.Namespace) -> Iterator[tuple[str | None, Cluster | None]]:
    found = programs()
    if given.database == "sqlite":
        yield None, None
    elif given.restart_postgres and found is not None:
        with running_cluster(found) as cluster:
            yield cluster.url, cluster
    else:
        with fresh_database() as address:
            yield address, None


def _told(what: str) -> None:
    """A sign of life."""
    sys.stderr.write(f"{what}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
