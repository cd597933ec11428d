"""Several processes share the work: one tick at a time, and one delivery for each destination."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

import pytest

from bot.core.ports import StoreError
from bot.jobs.cluster import Cluster
from tests.jobs.asked import CHORES, QUICK, TICK, Asked, working
from tests.jobs.seen import jobs, until_found, workers

TICK_WAITS = (
    "SELECT job.id FROM procrastinate_jobs job JOIN procrastinate_events event "
    "ON event.job_id = job.id WHERE task_name = 'tick' AND status = 'todo' "
    "AND type = 'deferred' AND at < now() - interval '1 second'"
)
ONE_WORKER_IS_LEFT = "SELECT count(*) FROM procrastinate_workers HAVING count(*) = 1"


async def test_there_is_one_tick_at_a_time_in_a_cluster_of_three(own_postgres_url: str) -> None:
    asked = Asked(held=[TICK])
    async with working(own_postgres_url, *(asked.rounds() for _ in range(3))):
        await asked.until(lambda: asked.begun[TICK] == 1)
        # The next one has been due for ten looks of every process, and waits for the end of this.
        await until_found(own_postgres_url, TICK_WAITS)
        assert asked.begun[TICK] == 1
        await asked.let_go(TICK)
        await asked.until(lambda: asked.ended[TICK] == 4)
    assert asked.most[TICK] == 1


async def test_nothing_waits_for_chores_that_take_long(own_postgres_url: str) -> None:
    asked = Asked("discord", held=[CHORES])
    async with working(own_postgres_url, asked.rounds(), asked.rounds()):
        await asked.until(lambda: asked.begun[CHORES] == 1)
        ticks, deliveries = asked.ended[TICK], asked.ended["discord"]
        await asked.until(
            lambda: asked.ended[TICK] >= ticks + 2 and asked.ended["discord"] >= deliveries + 2
        )
        assert asked.begun[CHORES] == 1
        await asked.let_go(CHORES)
        await asked.until(lambda: asked.ended[CHORES] >= 2)
    assert asked.most[CHORES] == 1


async def test_a_destination_has_one_delivery_at_a_time_and_others_go_on_beside_it(
    own_postgres_url: str,
) -> None:
    there = ("discord", "slack:E1/T1", "slack:E1/T2")
    asked = Asked(*there, held=there)
    async with working(own_postgres_url, *(asked.rounds() for _ in range(3))):
        await asked.until(lambda: all(asked.under_way(name) == 1 for name in there))
        ticks = asked.ended[TICK]
        # Longer than a worker may be silent: nothing is taken from those that live.
        await asked.until(lambda: asked.ended[TICK] >= ticks + QUICK.silent + 1)
        assert [asked.begun[name] for name in there] == [1, 1, 1]
        # They find by themselves what becomes due there; nobody has to come after them.
        assert ("deliver", "todo") not in await jobs(own_postgres_url)
        await asked.let_go("discord")
        await asked.until(lambda: asked.ended["discord"] >= 3)
        assert [asked.begun[name] for name in there[1:]] == [1, 1]
        await asked.let_go(*there)
    assert [asked.most[name] for name in there] == [1, 1, 1]


async def test_one_process_delivers_to_many_destinations_at_the_same_time(
    own_postgres_url: str,
) -> None:
    there = [f"slack:E1/T{number}" for number in range(32)]
    asked = Asked(*there, held=there)
    async with working(own_postgres_url, asked.rounds()):
        await asked.until(lambda: all(asked.under_way(name) == 1 for name in there))
        # Full as it is, it has room for ticks.
        ticks = asked.ended[TICK]
        await asked.until(lambda: asked.ended[TICK] > ticks)
        await asked.let_go(*there)


async def test_nothing_is_left_of_what_is_done(own_postgres_url: str) -> None:
    asked = Asked("discord")
    async with working(own_postgres_url, asked.rounds()):
        await asked.until(lambda: asked.ended["discord"] >= 2)
        asked.due.clear()
    # What the clock has added meanwhile may wait for the next process.
    assert {state for _, state in await jobs(own_postgres_url)} <= {"todo"}
    assert await workers(own_postgres_url) == 0


@pytest.mark.parametrize("error", [StoreError("the database is busy"), ZeroDivisionError()])
async def test_a_delivery_that_fails_is_tried_again(
    own_postgres_url: str, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    asked = Asked("discord", held=["discord"])
    asked.failing["discord"] = [error] * 3
    async with working(own_postgres_url, asked.rounds()):
        await asked.until(lambda: asked.begun["discord"] == 1)
        asked.due.clear()  # From now on only another attempt brings it there.
        await asked.let_go("discord")
        await asked.until(lambda: asked.ended["discord"] == 1)
    assert asked.begun["discord"] == 4
    assert asked.most["discord"] == 1
    told = [r.levelno for r in caplog.records if r.getMessage().startswith("a delivery failed")]
    assert told == [logging.WARNING if isinstance(error, StoreError) else logging.ERROR] * 3


async def test_of_two_that_wait_for_the_same_destination_one_is_enough(
    own_postgres_url: str,
) -> None:
    asked = Asked("discord", held=["discord"])
    asked.failing["discord"] = [StoreError("the database is busy")]
    async with working(own_postgres_url, asked.rounds()) as cluster:
        await asked.until(lambda: asked.begun["discord"] == 1)
        asked.due.clear()
        # As a tick does that saw nothing under way a moment ago.
        await cluster.defer("discord")
        await cluster.defer("discord")
        await asked.let_go("discord")
        await asked.until(lambda: asked.ended["discord"] == 1)
        ticks = asked.begun[TICK]
        await asked.until(lambda: asked.begun[TICK] >= ticks + 2)
        assert asked.begun["discord"] == 2
    assert asked.most["discord"] == 1


async def test_a_tick_that_fails_keeps_nothing_from_being_delivered(own_postgres_url: str) -> None:
    asked = Asked("discord")
    asked.failing[TICK] = [StoreError("the database is busy"), ZeroDivisionError()]
    async with working(own_postgres_url, asked.rounds()):
        await asked.until(lambda: asked.ended["discord"] >= 1 and asked.ended[TICK] >= 1)
    assert asked.broken_off[TICK] == 2


async def test_what_is_under_way_is_finished_before_the_end(own_postgres_url: str) -> None:
    asked = Asked("discord", held=["discord"])
    rounds = asked.rounds()
    running = asyncio.create_task(Cluster(own_postgres_url, rounds, QUICK).run())
    await asked.until(lambda: asked.begun["discord"] == 1)
    rounds.stopping.set()
    asked.due.add("slack:E1/T1")
    # The worker for the rounds has gone; that for deliveries waits for the end of this one.
    await until_found(own_postgres_url, ONE_WORKER_IS_LEFT)
    assert not running.done()
    await asked.let_go("discord")
    await running
    assert asked.ended["discord"] == 1
    assert asked.begun["slack:E1/T1"] == 0
    assert ("deliver", "doing") not in await jobs(own_postgres_url)
    assert await workers(own_postgres_url) == 0


async def test_what_takes_too_long_at_the_end_goes_on_elsewhere_at_once(
    own_postgres_url: str,
) -> None:
    asked = Asked("discord", held=["discord"])
    first, second = asked.rounds(), asked.rounds()
    hasty = Cluster(own_postgres_url, first, replace(QUICK, drain=0.2))
    running = asyncio.create_task(hasty.run())
    await asked.until(lambda: asked.begun["discord"] == 1)
    asked.due.clear()
    first.stopping.set()
    await running
    assert asked.broken_off["discord"] == 1
    assert ("deliver", "todo") in await jobs(own_postgres_url)
    await asked.let_go("discord")
    async with working(own_postgres_url, second):
        await asked.until(lambda: asked.ended["discord"] == 1)


async def test_it_says_whether_it_takes_jobs(own_postgres_url: str) -> None:
    asked = Asked()
    async with working(own_postgres_url, asked.rounds()) as cluster:
        await asked.until(lambda: asked.begun[TICK] >= 1)
        assert cluster.ready()
    assert not cluster.ready()
