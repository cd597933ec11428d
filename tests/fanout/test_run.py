"""Small runs with real bots: whatever happens, every channel ends with the issue, once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.crash.cluster import Cluster, programs, running_cluster
from tests.fanout.account import End
from tests.fanout.bots import Base
from tests.fanout.places import DISCORD, SLACK, Layout
from tests.fanout.run import Plan, Report, run
from tests.fanout.troubles import ClockBack, Kill, Restart, some_kills

pytestmark = pytest.mark.timeout(240)
"""Some fifteen seconds, but the machine may have more to do."""

SMALL = Layout(discord=60, slack=30, workspaces=10)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    found = programs()
    if found is None:
        missing = "no initdb in /usr/lib/postgresql or on the PATH"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    with running_cluster(found) as made:
        yield made


def found_nothing_wrong(report: Report) -> bool:
    assert report.account.problems == ()
    assert report.faults == ()
    assert report.done.most_left <= 1
    ends, channels = report.account.ends, report.account.channels
    assert (channels[DISCORD], channels[SLACK]) == (SMALL.discord, SMALL.slack)
    assert ends.total() == channels.total()
    assert ends[DISCORD, End.SENT] == SMALL.discord
    assert ends[SLACK, End.SENT] + ends[SLACK, End.STOPPED] == SMALL.slack
    return report.is_clean


async def test_a_bot_on_sqlite_is_killed_and_its_clock_put_back(tmp_path: Path) -> None:
    kills = tuple(some_kills(3, Random(1)))
    plan = Plan(SMALL, seed=1, troubles=(*kills, Kill(True, False, 0.0), ClockBack()))
    report = await run(plan, Base(tmp_path))
    assert found_nothing_wrong(report)
    assert report.done.troubles == {"Kill": 4, "ClockBack": 1}
    assert report.done.left[DISCORD] > 0


async def test_three_workers_go_on_when_postgresql_crashes_and_the_clock_is_put_back(
    cluster: Cluster, tmp_path: Path
) -> None:
    plan = Plan(SMALL, seed=2, troubles=(Restart(away=False), ClockBack()))
    assert found_nothing_wrong(await run(plan, Base(tmp_path, cluster.url), cluster))
