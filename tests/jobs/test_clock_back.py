"""The clock is put back: what waited then goes out, and is not put off for as long."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.core.desk import Desk
from bot.core.messenger import Delivery, Receipt
from bot.core.subscriptions import DeliveryState
from bot.jobs import rounds
from bot.jobs.delivering import deliver
from bot.jobs.planning import plan
from bot.jobs.tick import Work
from bot.store.database import Database
from tests.jobs.contexts import context
from tests.jobs.messengers import Recorder
from tests.store.samples import a_subscription

MONDAY = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
SECOND = dt.timedelta(seconds=1)


async def planned(store: Database) -> int:
    """The id of a subscription with an issue that waits since Monday at nine."""
    kept = await store.write(lambda unit: unit.newsletters.add(a_subscription(next_at=MONDAY)))
    assert await plan(work_at(store, MONDAY, Recorder())) == 1
    return kept.id


def work_at(store: Database, now: dt.datetime, discord: Recorder) -> Work:
    return Work(Desk(store, lambda: now), context, {"discord": discord})


async def delivered(work: Work) -> None:
    for destination in await rounds.destinations(work):
        await deliver(work, destination)


async def state(store: Database, subscription: int) -> DeliveryState:
    [found] = await store.read(lambda unit: unit.newsletters.history(subscription, 9))
    return found.state


async def test_what_is_planned_goes_out_with_a_clock_that_is_an_hour_behind(
    database: Database,
) -> None:
    subscription, discord = await planned(database), Recorder()
    await delivered(work_at(database, MONDAY - HOUR, discord))
    assert len(discord.given) == 1
    assert await state(database, subscription) is DeliveryState.SENT
    await plan(work_at(database, MONDAY, discord))
    await delivered(work_at(database, MONDAY, discord))
    assert len(discord.given) == 1


async def test_what_waits_for_another_attempt_is_not_put_off_by_the_hour(
    database: Database,
) -> None:
    subscription, discord = await planned(database), Recorder([Receipt(Delivery.LATER)])
    await delivered(work_at(database, MONDAY, discord))
    assert await state(database, subscription) is DeliveryState.WAITING
    await delivered(work_at(database, MONDAY - HOUR, discord))
    assert await state(database, subscription) is DeliveryState.SENT


@pytest.mark.parametrize("behind", [SECOND, 30 * SECOND])
async def test_clocks_that_differ_a_little_do_not_shorten_a_wait(
    database: Database, behind: dt.timedelta
) -> None:
    subscription, discord = await planned(database), Recorder([Receipt(Delivery.LATER)])
    await delivered(work_at(database, MONDAY, discord))
    await delivered(work_at(database, MONDAY - behind, discord))
    assert await state(database, subscription) is DeliveryState.WAITING
