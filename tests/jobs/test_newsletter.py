"""Rounds of the newsletter: every channel gets each issue once, whatever happens in between."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from dataclasses import replace
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.core.command import Actor, Click, Say
from bot.core.desk import Desk
from bot.core.dispatch import Dispatcher
from bot.core.intents import Repost
from bot.core.ports import Delivery, StoreError, Unit
from bot.core.subscriptions import DeliveryState, IssueDelivery, Subscription, SubscriptionState
from bot.core.views import View
from bot.jobs.newsletter import ATTEMPTS, STALE, Pace, deliver, plan
from bot.jobs.tick import Work, tick
from bot.store.database import Database
from tests.jobs.contexts import context
from tests.jobs.messengers import Recorder
from tests.store.samples import ANN, DAY, MINUTE, NOW, SERVER, a_delivery, a_subscription

MONDAY = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
WEEK = 7 * DAY
HOUR = 60 * MINUTE


class Times:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def clock() -> Times:
    return Times()


@pytest.fixture
def discord() -> Recorder:
    return Recorder()


def work_of(store: Database, clock: Times, discord: Recorder) -> Work:
    return Work(Desk(store, clock), context, {"discord": discord})


async def a_round(store: Database, clock: Times, discord: Recorder) -> None:
    work = work_of(store, clock, discord)
    await plan(work)
    await deliver(work, Pace({}))


async def subscribe(store: Database, **given: Any) -> Subscription:
    return await store.write(lambda unit: unit.newsletters.add(a_subscription(**given)))


async def now_of(store: Database, subscription: Subscription) -> Subscription:
    found = await store.read(lambda unit: unit.newsletters.get(subscription.id))
    assert found is not None
    return found


async def record_of(store: Database, subscription: Subscription) -> list[IssueDelivery]:
    """The deliveries, the first one first."""
    found = await store.read(lambda unit: unit.newsletters.history(subscription.id, 1000))
    return list(reversed(found))


async def states(store: Database, subscription: Subscription) -> list[DeliveryState]:
    return [delivery.state for delivery in await record_of(store, subscription)]


# What is due


async def test_an_issue_comes_when_it_is_due_once_and_the_next_one_has_its_date(
    database: Database, clock: Times, discord: Recorder
) -> None:
    subscription = await subscribe(database)
    clock.now = MONDAY - MINUTE
    await a_round(database, clock, discord)
    assert discord.given == []

    clock.now = MONDAY
    for _ in range(3):
        await a_round(database, clock, discord)
        clock.now += HOUR
    [message] = discord.given
    assert (message.to, message.direct) == ("5", False)
    kept = await now_of(database, subscription)
    assert (kept.last, kept.next_at, kept.number) == (MONDAY.date(), MONDAY + WEEK, 1)
    assert await states(database, subscription) == [DeliveryState.SENT]


async def test_a_written_issue_comes_once_and_then_something_else(
    database: Database, clock: Times, discord: Recorder
) -> None:
    subscription = await subscribe(database)
    for _ in range(5):
        await a_round(database, clock, discord)
        clock.now += WEEK
    issues = [delivery.issue for delivery in await record_of(database, subscription)]
    written = {
        issue.front.publish: key for key, issue in context().catalogue.content.issues.items()
    }
    dates = [(MONDAY + number * WEEK).date() for number in range(5)]
    assert issues == [written.get(date, f"digest {n}") for n, date in enumerate(dates)]
    assert len({message.view.title for message in discord.given}) == 5


async def test_the_written_issue_of_the_day_comes_where_that_day_begins_early(
    database: Database, clock: Times, discord: Recorder
) -> None:
    publish = dt.date(2026, 12, 7)
    at = dt.datetime(2026, 12, 7, 9, tzinfo=ZoneInfo("Pacific/Auckland")).astimezone(dt.UTC)
    assert at.date() < publish
    subscription = await subscribe(
        database, zone="Pacific/Auckland", since=at - DAY, next_at=at, anchor=publish
    )
    clock.now = at
    await a_round(database, clock, discord)
    [delivery] = await record_of(database, subscription)
    assert (delivery.date, delivery.issue) == (publish, "ai-or-ml-engineer")


async def test_the_line_of_the_community_stands_above_the_issue(
    database: Database, clock: Times, discord: Recorder
) -> None:
    await subscribe(database, intro="For the data guild")
    await a_round(database, clock, discord)
    assert "For the data guild" in str(discord.given[0].view.blocks[0])


@pytest.mark.parametrize("state", [SubscriptionState.DRAFT, SubscriptionState.PAUSED])
async def test_only_active_ones_are_served(
    database: Database, clock: Times, discord: Recorder, state: SubscriptionState
) -> None:
    await subscribe(database, state=state)
    await a_round(database, clock, discord)
    assert discord.given == []


async def test_a_subscription_that_was_paused_meanwhile_gets_nothing_any_more(
    database: Database, clock: Times, discord: Recorder
) -> None:
    subscription = await subscribe(database)
    await plan(work_of(database, clock, discord))
    paused = replace(await now_of(database, subscription), state=SubscriptionState.PAUSED)
    await database.write(lambda unit: unit.newsletters.save(paused))
    await deliver(work_of(database, clock, discord), Pace({}))
    assert discord.given == []
    [delivery] = await record_of(database, subscription)
    assert delivery.state is DeliveryState.FAILED
    assert "paused" in delivery.reason


# Clocks and downtime


@pytest.mark.parametrize("month", [3, 10])
async def test_nine_in_london_stays_nine_when_the_clocks_change(
    database: Database, clock: Times, discord: Recorder, month: int
) -> None:
    london = ZoneInfo("Europe/London")
    start = dt.datetime(2027, month, 24, tzinfo=dt.UTC)
    first = dt.datetime(2027, month, 24, 9, tzinfo=london).astimezone(dt.UTC)
    subscription = await subscribe(database, rhythm="daily", since=start, next_at=first)
    sent: list[dt.datetime] = []
    clock.now = start
    while clock.now < start + 10 * DAY:
        before = len(discord.given)
        await a_round(database, clock, discord)
        if len(discord.given) > before:
            sent.append(clock.now.astimezone(london))
        clock.now += 60 * MINUTE
    assert [when.hour for when in sent] == [9] * 10
    assert len({when.utcoffset() for when in sent}) == 2
    assert await states(database, subscription) == [DeliveryState.SENT] * 10


@pytest.mark.parametrize(
    ("away", "issues"),
    [
        pytest.param(WEEK + HOUR, 1, id="back soon after the last one"),
        pytest.param(WEEK + 3 * DAY, 0, id="back long after"),
    ],
)
async def test_after_a_time_away_there_is_one_issue_or_none(
    database: Database,
    clock: Times,
    discord: Recorder,
    caplog: pytest.LogCaptureFixture,
    away: dt.timedelta,
    issues: int,
) -> None:
    caplog.set_level(logging.INFO)
    subscription = await subscribe(database)
    clock.now = MONDAY + away
    await a_round(database, clock, discord)
    await a_round(database, clock, discord)
    assert len(discord.given) == issues
    kept = await now_of(database, subscription)
    assert (kept.last, kept.next_at) == ((MONDAY + WEEK).date(), MONDAY + 2 * WEEK)
    assert [getattr(r, "skipped", None) for r in caplog.records] == [2 - issues]


async def test_a_clock_that_is_set_back_makes_nothing_come_twice(
    database: Database, clock: Times, discord: Recorder
) -> None:
    await subscribe(database)
    clock.now = MONDAY + 10 * MINUTE
    await a_round(database, clock, discord)
    clock.now -= HOUR
    while clock.now < MONDAY + 2 * HOUR:
        await a_round(database, clock, discord)
        clock.now += 10 * MINUTE
    assert len(discord.given) == 1


# What becomes of what is posted


async def test_what_is_not_taken_is_tried_again_with_longer_pauses_and_fails_in_the_end(
    database: Database, clock: Times
) -> None:
    discord = Recorder([Delivery.LATER] * 50)
    subscription = await subscribe(database)
    await a_round(database, clock, discord)
    pauses: list[dt.timedelta] = []
    while (waiting := (await record_of(database, subscription))[0]).state is DeliveryState.WAITING:
        pauses.append(waiting.due - clock.now)
        clock.now = waiting.due - dt.timedelta(seconds=1)
        await a_round(database, clock, discord)
        assert len(discord.given) == len(pauses)
        clock.now = waiting.due
        await a_round(database, clock, discord)
    assert len(discord.given) == ATTEMPTS == len(pauses) + 1
    assert all(later > earlier for earlier, later in pairwise(pauses))
    assert pauses[0] <= MINUTE
    assert pauses[-1] <= 1.5 * HOUR
    clock.now += DAY
    await a_round(database, clock, discord)
    assert len(discord.given) == ATTEMPTS
    [delivery] = await record_of(database, subscription)
    assert delivery.state is DeliveryState.FAILED
    assert (await now_of(database, subscription)).state is SubscriptionState.ACTIVE
    assert len({message.key for message in discord.given}) == 1


async def test_what_is_taken_at_a_later_attempt_is_sent_once(
    database: Database, clock: Times
) -> None:
    discord = Recorder([Delivery.LATER])
    subscription = await subscribe(database)
    for _ in range(5):
        await a_round(database, clock, discord)
        clock.now += MINUTE
    assert len(discord.given) == 2
    assert await states(database, subscription) == [DeliveryState.SENT]


async def test_a_platform_that_is_off_is_waited_for(
    database: Database, clock: Times, discord: Recorder
) -> None:
    await subscribe(database)
    work = Work(Desk(database, clock), context, {})
    await plan(work)
    await deliver(work, Pace({}))
    clock.now += MINUTE
    await a_round(database, clock, discord)
    assert len(discord.given) == 1


async def test_a_channel_that_refuses_is_paused_and_whoever_subscribed_it_hears_of_it_once(
    database: Database, clock: Times
) -> None:
    discord = Recorder([Delivery.REFUSED])
    subscription = await subscribe(database)
    for _ in range(3):
        await a_round(database, clock, discord)
        await tick(work_of(database, clock, discord))
        clock.now += WEEK
    posted, told = discord.given
    assert (posted.to, posted.direct) == ("5", False)
    assert (told.to, told.direct) == (ANN.partition(":")[2], True)
    assert told.view.title == "A newsletter is paused"
    kept = await now_of(database, subscription)
    assert kept.state is SubscriptionState.PAUSED
    assert "may not post" in kept.reason
    assert await states(database, subscription) == [DeliveryState.FAILED]


async def test_one_channel_that_refuses_or_breaks_keeps_no_other_waiting(
    database: Database, clock: Times, caplog: pytest.LogCaptureFixture
) -> None:
    class Picky(Recorder):
        async def post(self, channel: str, view: View, key: str) -> Delivery:
            await super().post(channel, view, key)
            if channel == "3":
                raise ZeroDivisionError
            return Delivery.REFUSED if channel == "4" else Delivery.SENT

    discord = Picky()
    made = [await subscribe(database, channel=str(number)) for number in range(8)]
    for _ in range(2):
        await a_round(database, clock, discord)
    found = [(await states(database, one))[0] for one in made]
    assert [found.pop(3), found.pop(3)] == [DeliveryState.DOUBT, DeliveryState.FAILED]
    assert found == [DeliveryState.SENT] * 6
    assert len(discord.given) == 8
    assert "posting an issue broke off" in caplog.text
    assert (await now_of(database, made[3])).state is SubscriptionState.ACTIVE


async def test_an_issue_that_is_gone_fails_and_the_subscription_goes_on(
    database: Database, clock: Times, discord: Recorder
) -> None:
    subscription = await subscribe(database)
    gone = a_delivery(subscription, date=NOW.date(), issue="taken-back")
    await database.write(lambda unit: unit.newsletters.plan(gone))
    await a_round(database, clock, discord)
    assert await states(database, subscription) == [DeliveryState.FAILED, DeliveryState.SENT]
    assert (await now_of(database, subscription)).state is SubscriptionState.ACTIVE


# Crashes


async def press_repost(
    store: Database, clock: Times, delivery: IssueDelivery, community: str = SERVER
) -> str:
    actor = Actor("discord", "1", community=community, channel="5", manager=True)
    dispatcher = Dispatcher(context().catalogue, desk=Desk(store, clock))
    effect = await dispatcher.click(Click(Repost(delivery.id), actor))
    assert isinstance(effect, Say)
    return effect.view.title


async def crashed(store: Database, clock: Times, discord: Recorder) -> IssueDelivery:
    """A delivery that was claimed by a process that died then."""
    await plan(work_of(store, clock, discord))
    [claimed] = await store.write(lambda unit: unit.newsletters.claim(clock(), 10))
    return claimed


async def test_after_a_crash_it_is_in_doubt_and_only_a_manager_sends_it_again(
    database: Database, clock: Times, discord: Recorder
) -> None:
    subscription = await subscribe(database)
    delivery = await crashed(database, clock, discord)
    clock.now += STALE
    await a_round(database, clock, discord)
    assert await states(database, subscription) == [DeliveryState.SENDING]
    for _ in range(3):
        clock.now += HOUR
        await a_round(database, clock, discord)
    assert await states(database, subscription) == [DeliveryState.DOUBT]
    assert discord.given == []

    assert await press_repost(database, clock, delivery, "discord:other") != "Sent again"
    assert await press_repost(database, clock, delivery) == "Sent again"
    assert await press_repost(database, clock, delivery) != "Sent again"
    for _ in range(2):
        await a_round(database, clock, discord)
    assert len(discord.given) == 1
    assert await states(database, subscription) == [DeliveryState.SENT]


async def test_somebody_slow_who_is_done_at_last_says_so(
    database: Database, clock: Times, discord: Recorder
) -> None:
    subscription = await subscribe(database)
    delivery = await crashed(database, clock, discord)
    clock.now += HOUR
    await a_round(database, clock, discord)
    settled = (delivery, DeliveryState.SENT, "", clock.now, clock.now)
    await database.write(lambda unit: unit.newsletters.settle(*settled))
    assert await states(database, subscription) == [DeliveryState.SENT]


async def test_somebody_slow_changes_nothing_of_what_was_sent_again(
    database: Database, clock: Times, discord: Recorder
) -> None:
    subscription = await subscribe(database)
    slow = await crashed(database, clock, discord)
    clock.now += HOUR
    await a_round(database, clock, discord)
    assert await press_repost(database, clock, slow) == "Sent again"
    await a_round(database, clock, discord)
    late = (slow, DeliveryState.WAITING, "", clock.now, clock.now)
    await database.write(lambda unit: unit.newsletters.settle(*late))
    await a_round(database, clock, discord)
    assert len(discord.given) == 1
    assert await states(database, subscription) == [DeliveryState.SENT]


async def test_a_crash_before_the_claim_loses_nothing(
    database: Database, clock: Times, discord: Recorder
) -> None:
    await subscribe(database)
    await plan(work_of(database, clock, discord))
    clock.now += HOUR
    await a_round(database, clock, discord)
    assert len(discord.given) == 1


async def test_a_store_that_fails_is_told(
    database: Database, clock: Times, discord: Recorder
) -> None:
    await database.close()
    with pytest.raises(StoreError):
        await a_round(database, clock, discord)


# Many, and several at once


async def test_two_processes_at_once_post_everything_once(
    database: Database, other: Database, clock: Times, discord: Recorder
) -> None:
    for number in range(40):
        await subscribe(database, channel=str(number))
    stores = (database, other, database, other)
    await asyncio.gather(*(a_round(store, clock, discord) for store in stores))
    await a_round(database, clock, discord)
    assert sorted(message.to for message in discord.given) == sorted(map(str, range(40)))


async def test_three_hundred_channels_are_served_in_one_round(
    database: Database, clock: Times, discord: Recorder
) -> None:
    def work(unit: Unit) -> None:
        for number in range(300):
            unit.newsletters.add(a_subscription(channel=str(number)))

    await database.write(work)
    await a_round(database, clock, discord)
    assert sorted(message.to for message in discord.given) == sorted(map(str, range(300)))


async def test_no_more_are_posted_in_a_moment_than_the_platform_takes(
    sqlite_store: Database, clock: Times
) -> None:
    loop = asyncio.get_running_loop()
    when: list[float] = []

    class Timed(Recorder):
        async def post(self, channel: str, view: View, key: str) -> Delivery:
            when.append(loop.time())
            return await super().post(channel, view, key)

    discord = Timed()
    for number in range(12):
        await subscribe(sqlite_store, channel=str(number))
    work = work_of(sqlite_store, clock, discord)
    await plan(work)
    await deliver(work, Pace({"discord": (4, 0.1)}))
    # A bucket of four that fills within 0.1 s: eight of the twelve have to wait, 25 ms each.
    assert when[-1] - when[0] >= 0.19
    assert sum(moment - when[0] < 0.02 for moment in when) <= 5
