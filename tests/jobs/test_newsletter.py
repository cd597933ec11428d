"""Rounds of the newsletter: every channel gets each issue once, whatever happens in between."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.core.command import Actor, Click, Say
from bot.core.desk import Desk
from bot.core.dispatch import Dispatcher
from bot.core.manager_intents import Repost
from bot.core.messenger import Delivery, Receipt, Sight
from bot.core.ports import StoreError, Unit
from bot.core.subscriptions import (
    DeliveryState,
    IssueDelivery,
    Place,
    Settlement,
    Subscription,
    SubscriptionState,
)
from bot.core.views import View
from bot.jobs import rounds
from bot.jobs.delivering import deliver
from bot.jobs.outcomes import ATTEMPTS
from bot.jobs.planning import plan
from bot.jobs.tick import Work, tick
from bot.store.database import Database
from tests.jobs.contexts import context
from tests.jobs.messengers import Message, Recorder
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
    await a_round_of(work_of(store, clock, discord))


async def a_round_of(work: Work) -> None:
    await plan(work)
    for destination in await rounds.destinations(work):
        await deliver(work, destination)


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
    await a_round(database, clock, discord)
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
    await a_round_of(Work(Desk(database, clock), context, {}))
    clock.now += MINUTE
    await a_round(database, clock, discord)
    assert len(discord.given) == 1


async def test_a_channel_that_refuses_is_paused_and_whoever_subscribed_it_hears_of_it_once(
    database: Database, clock: Times
) -> None:
    discord = Recorder([Delivery.FORBIDDEN])
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


async def test_if_whoever_subscribed_cannot_be_reached_the_next_one_hears_of_it(
    database: Database, clock: Times
) -> None:
    discord = Recorder([Delivery.GONE, Delivery.FORBIDDEN, Delivery.FORBIDDEN])
    await subscribe(database)

    def managed(unit: Unit) -> None:
        for number, person in enumerate((ANN, "discord:7", "discord:8", "discord:9")):
            unit.newsletters.managed(SERVER, person, NOW + number * MINUTE)

    await database.write(managed)
    await a_round(database, clock, discord)
    for _ in range(5):
        await tick(work_of(database, clock, discord))
        clock.now += HOUR
    assert [message.to for message in discord.given] == ["5", ANN.partition(":")[2], "9", "8"]


async def test_an_issue_that_a_platform_cannot_show_fails_and_pauses_nothing(
    database: Database, clock: Times
) -> None:
    discord = Recorder([Delivery.MALFORMED])
    first = await subscribe(database)
    second = await subscribe(database, channel="6")
    await a_round(database, clock, discord)
    await tick(work_of(database, clock, discord))
    assert [message.direct for message in discord.given] == [False, False]
    assert await states(database, first) == [DeliveryState.FAILED]
    assert await states(database, second) == [DeliveryState.SENT]
    assert (await now_of(database, first)).state is SubscriptionState.ACTIVE


async def test_a_platform_that_wants_a_pause_gets_it(database: Database, clock: Times) -> None:
    discord = Recorder([Receipt(Delivery.LIMITED, wait=1800.0)])
    subscription = await subscribe(database)
    await a_round(database, clock, discord)
    [waiting] = await record_of(database, subscription)
    assert waiting.due - clock.now >= dt.timedelta(seconds=1800)
    clock.now += dt.timedelta(seconds=1799)
    await a_round(database, clock, discord)
    assert len(discord.given) == 1
    clock.now += HOUR
    await a_round(database, clock, discord)
    assert await states(database, subscription) == [DeliveryState.SENT]


async def test_what_a_platform_says_besides_is_kept_for_the_status(
    database: Database, clock: Times
) -> None:
    discord = Recorder([Receipt(Delivery.SENT, note="It is not published to followers.")])
    subscription = await subscribe(database)
    await a_round(database, clock, discord)
    [sent] = await record_of(database, subscription)
    assert (sent.state, sent.reason) == (DeliveryState.SENT, "It is not published to followers.")


async def test_a_zone_that_is_not_known_any_more_pauses_one_and_stops_nobody_else(
    database: Database, clock: Times, discord: Recorder
) -> None:
    lost = await subscribe(database, zone="Atlantis/Capital")
    await subscribe(database, channel="6")
    await a_round(database, clock, discord)
    assert [message.to for message in discord.given] == ["6"]
    kept = await now_of(database, lost)
    assert kept.state is SubscriptionState.PAUSED
    assert "time zone" in kept.reason


async def test_one_channel_that_refuses_or_breaks_keeps_no_other_waiting(
    database: Database, clock: Times, caplog: pytest.LogCaptureFixture
) -> None:
    class Picky(Recorder):
        async def post(self, place: Place, view: View, key: str) -> Receipt:
            await super().post(place, view, key)
            if place.channel == "3":
                raise ZeroDivisionError
            return Receipt(Delivery.GONE if place.channel == "4" else Delivery.SENT)

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


async def test_an_issue_that_is_not_there_is_waited_for_and_fails_in_the_end(
    database: Database, clock: Times, discord: Recorder
) -> None:
    subscription = await subscribe(database)
    gone = a_delivery(subscription, date=NOW.date(), issue="taken-back")
    await database.write(lambda unit: unit.newsletters.plan([gone]))
    await a_round(database, clock, discord)
    assert await states(database, subscription) == [DeliveryState.WAITING, DeliveryState.SENT]
    for _ in range(ATTEMPTS):
        clock.now += 2 * HOUR
        await a_round(database, clock, discord)
    assert await states(database, subscription) == [DeliveryState.FAILED, DeliveryState.SENT]
    assert (await now_of(database, subscription)).state is SubscriptionState.ACTIVE


# The question of an issue


def said(message: Message) -> str:
    return str(message.view.blocks)


async def test_the_next_issue_reveals_the_question_also_where_one_between_failed_for_good(
    database: Database, clock: Times
) -> None:
    discord = Recorder([Delivery.SENT, *[Delivery.LATER] * ATTEMPTS])
    subscription = await subscribe(database)
    await a_round(database, clock, discord)
    [first] = await record_of(database, subscription)
    asked = await database.read(lambda unit: unit.votes.asked(first.id))
    assert asked
    assert f"OpenQuestion(version='{asked.version}')" in said(discord.given[0])
    assert "Last time's question" not in said(discord.given[0])
    clock.now += WEEK
    while await states(database, subscription) != [DeliveryState.SENT, DeliveryState.FAILED]:
        await a_round(database, clock, discord)
        clock.now += HOUR
    _, *tries = discord.given
    assert len(tries) == ATTEMPTS
    assert all("Last time's question" in said(message) for message in tries)
    assert len({said(message) for message in tries}) == 1
    clock.now = MONDAY + 2 * WEEK
    await a_round(database, clock, discord)
    right = said(tries[0]).partition("The right answer is ")[2][:200]
    assert f"The right answer is {right}" in said(discord.given[-1])


async def test_an_issue_that_is_not_posted_closes_nothing(
    database: Database, clock: Times, discord: Recorder
) -> None:
    subscription = await subscribe(database)
    await a_round(database, clock, discord)
    [first] = await record_of(database, subscription)
    clock.now += WEEK
    off = Work(Desk(database, clock), context, {})
    await plan(off)
    await a_round_of(off)
    assert not await database.read(lambda unit: unit.votes.is_revealed(first.id))
    clock.now += MINUTE
    await a_round(database, clock, discord)
    assert await database.read(lambda unit: unit.votes.is_revealed(first.id))


async def test_an_issue_that_cannot_be_made_keeps_no_other_waiting(
    database: Database, clock: Times, discord: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    broken = await subscribe(database, next_at=MONDAY + WEEK)
    impossible = a_delivery(broken, date=NOW.date(), issue="digest of nothing")
    await database.write(lambda unit: unit.newsletters.plan([impossible]))
    whole = await subscribe(database, channel="6")
    await a_round(database, clock, discord)
    assert await states(database, whole) == [DeliveryState.SENT]
    assert await states(database, broken) == [DeliveryState.WAITING]
    assert "an issue could not be made" in caplog.text


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

    def work(unit: Unit) -> IssueDelivery:
        assert unit.newsletters.take_over("discord", "dead") == ()
        [claimed] = unit.newsletters.claim("discord", "dead", clock(), 10)
        return claimed

    return await store.write(work)


async def test_after_a_crash_it_is_in_doubt_and_only_a_manager_sends_it_again(
    database: Database, clock: Times, discord: Recorder
) -> None:
    subscription = await subscribe(database)
    delivery = await crashed(database, clock, discord)
    for _ in range(3):
        await a_round(database, clock, discord)
        clock.now += HOUR
    assert await states(database, subscription) == [DeliveryState.DOUBT]
    assert (discord.given, discord.sought) == ([], [delivery.key])

    assert await press_repost(database, clock, delivery, "discord:other") != "Sent again"
    assert await press_repost(database, clock, delivery) == "Sent again"
    assert await press_repost(database, clock, delivery) != "Sent again"
    for _ in range(2):
        await a_round(database, clock, discord)
    assert [message.key for message in discord.given] == [delivery.key]
    assert await states(database, subscription) == [DeliveryState.SENT]


async def test_whoever_subscribed_hears_of_a_doubt_once(
    database: Database, clock: Times, discord: Recorder
) -> None:
    await subscribe(database)
    await crashed(database, clock, discord)
    for _ in range(3):
        await a_round(database, clock, discord)
        await tick(work_of(database, clock, discord))
        clock.now += HOUR
    [told] = discord.given
    assert (told.to, told.direct) == (ANN.partition(":")[2], True)
    assert told.view.title == "Did this issue arrive?"


@pytest.mark.parametrize(
    ("sight", "posts"),
    [
        pytest.param(Sight.THERE, 0, id="it is there"),
        pytest.param(Sight.ABSENT, 1, id="it is not there"),
    ],
)
async def test_after_a_crash_a_platform_that_can_be_asked_is_asked(
    database: Database, clock: Times, sight: Sight, posts: int
) -> None:
    discord = Recorder(sight=sight)
    subscription = await subscribe(database)
    delivery = await crashed(database, clock, discord)
    for _ in range(2):
        await a_round(database, clock, discord)
    assert set(discord.sought) == {delivery.key}
    assert [message.key for message in discord.given] == [delivery.key] * posts
    assert await states(database, subscription) == [DeliveryState.SENT]


async def test_what_breaks_off_is_looked_for_at_once(database: Database, clock: Times) -> None:
    discord = Recorder([Delivery.DOUBT], sight=Sight.ABSENT)
    subscription = await subscribe(database)
    await a_round(database, clock, discord)
    assert len(discord.given) == 2
    assert await states(database, subscription) == [DeliveryState.SENT]


async def test_what_is_never_found_is_not_tried_for_ever(database: Database, clock: Times) -> None:
    discord = Recorder([Delivery.DOUBT] * 50, sight=Sight.ABSENT)
    subscription = await subscribe(database)
    await a_round(database, clock, discord)
    assert len(discord.given) == ATTEMPTS
    assert await states(database, subscription) == [DeliveryState.FAILED]


async def test_a_community_may_want_an_issue_twice_rather_than_never(
    database: Database, clock: Times, discord: Recorder
) -> None:
    subscription = await subscribe(database, again=True)
    delivery = await crashed(database, clock, discord)
    await a_round(database, clock, discord)
    assert [message.key for message in discord.given] == [delivery.key]
    assert await states(database, subscription) == [DeliveryState.SENT]


async def test_somebody_slow_who_is_done_at_last_says_so(
    database: Database, clock: Times, discord: Recorder
) -> None:
    subscription = await subscribe(database)
    slow = await crashed(database, clock, discord)
    await a_round(database, clock, discord)
    assert await states(database, subscription) == [DeliveryState.DOUBT]
    late = Settlement(slow, DeliveryState.SENT, "", clock.now, clock.now)
    await database.write(lambda unit: unit.newsletters.settle([late]))
    assert await states(database, subscription) == [DeliveryState.SENT]


async def test_somebody_slow_changes_nothing_of_what_was_sent_again(
    database: Database, clock: Times, discord: Recorder
) -> None:
    subscription = await subscribe(database)
    slow = await crashed(database, clock, discord)
    await a_round(database, clock, discord)
    assert await press_repost(database, clock, slow) == "Sent again"
    await a_round(database, clock, discord)
    late = Settlement(slow, DeliveryState.WAITING, "", clock.now, clock.now)
    await database.write(lambda unit: unit.newsletters.settle([late]))
    await a_round(database, clock, discord)
    assert len(discord.given) == 1
    assert await states(database, subscription) == [DeliveryState.SENT]


async def test_somebody_slow_claims_nothing_any_more(
    database: Database, clock: Times, discord: Recorder
) -> None:
    await subscribe(database)
    await crashed(database, clock, discord)
    await subscribe(database, channel="6")
    await plan(work_of(database, clock, discord))
    await database.write(lambda unit: unit.newsletters.take_over("discord", "new"))

    def claim(token: str) -> Callable[[Unit], int]:
        return lambda unit: len(unit.newsletters.claim("discord", token, clock(), 10))

    assert await database.write(claim("dead")) == 0
    assert await database.write(claim("new")) == 1


async def test_work_that_is_to_stop_claims_nothing_more_and_ends_what_it_began(
    database: Database, clock: Times
) -> None:
    class Stopping(Recorder):
        async def post(self, place: Place, view: View, key: str) -> Receipt:
            work.stopping.set()
            return await super().post(place, view, key)

    slack = Stopping()
    work = Work(Desk(database, clock), context, {"slack": slack})
    for number in range(3):
        await subscribe(database, platform="slack", community="slack:/T1", channel=f"C{number}")
    await a_round_of(work)
    assert len(slack.given) == 1
    counts = Counter(
        [(await record_of(database, await at(database, n)))[0].state for n in range(3)]
    )
    assert counts == {DeliveryState.SENT: 1, DeliveryState.WAITING: 2}


async def at(store: Database, number: int) -> Subscription:
    found = await store.read(lambda unit: unit.newsletters.in_channel("slack", f"C{number}"))
    assert found is not None
    return found


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


async def test_two_processes_at_once_plan_everything_once(
    database: Database, other: Database, clock: Times, discord: Recorder
) -> None:
    for number in range(40):
        await subscribe(database, channel=str(number))
    works = [work_of(store, clock, discord) for store in (database, other, database, other)]
    planned = await asyncio.gather(*(plan(work) for work in works))
    assert sum(planned) == 40
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


async def test_workspaces_of_slack_do_not_wait_for_each_other(
    database: Database, clock: Times
) -> None:
    held, answered = asyncio.Event(), asyncio.Event()

    class Slack(Recorder):
        async def post(self, place: Place, view: View, key: str) -> Receipt:
            if place.community == "slack:/T1":
                held.set()
                await answered.wait()
            return await super().post(place, view, key)

    slack = Slack()
    work = Work(Desk(database, clock), context, {"slack": slack})
    for team, channel in (("T1", "C1"), ("T1", "C2"), ("T2", "C3")):
        await subscribe(database, platform="slack", community=f"slack:/{team}", channel=channel)
    await plan(work)
    slow = asyncio.create_task(deliver(work, "slack:/T1"))
    await held.wait()
    assert await deliver(work, "slack:/T2") == 1
    assert [message.to for message in slack.given] == ["C3"]
    answered.set()
    assert await slow == 2
