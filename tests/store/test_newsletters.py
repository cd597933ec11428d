"""Subscriptions and deliveries, many at once: each gets its own, and no date twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.core.ports import Unit
from bot.core.subscriptions import DeliveryState, IssueDelivery, Settlement, Subscription
from bot.store.database import Database
from tests.store.samples import DAY, MINUTE, NOW, a_delivery, a_subscription

OWNER = "an owner"


async def subscribed(database: Database, count: int = 3) -> list[Subscription]:
    made = [a_subscription(channel=str(number)) for number in range(count)]
    return await database.write(lambda unit: [unit.newsletters.add(one) for one in made])


def planning(issues: Iterable[IssueDelivery]) -> Callable[[Unit], frozenset[int]]:
    return lambda unit: unit.newsletters.plan(tuple(issues))


async def test_a_date_is_planned_once_and_the_others_beside_it_all_the_same(
    database: Database,
) -> None:
    first, *others = await subscribed(database)
    assert await database.write(planning([a_delivery(first, issue="an-issue")])) == {first.id}
    again = map(a_delivery, (first, *others))
    assert await database.write(planning(again)) == {one.id for one in others}
    had = await database.read(lambda unit: unit.newsletters.history(first.id, 5))
    assert [one.issue for one in had] == ["an-issue"]
    next_day = NOW.date() + DAY
    assert await database.write(planning([a_delivery(first, date=next_day)])) == {first.id}
    assert await database.write(planning([])) == frozenset()


async def test_each_is_told_which_of_some_issues_it_had(database: Database) -> None:
    first, second, third = await subscribed(database)
    first_day, next_day = NOW.date(), NOW.date() + DAY
    had = [(first, first_day, "a"), (first, next_day, "b"), (second, first_day, "c")]
    for subscription, date, issue in had:
        planned = a_delivery(subscription, date=date, issue=issue)
        await database.write(planning([planned]))
    all_three = [first.id, second.id, third.id]
    found = await database.read(lambda unit: unit.newsletters.had(all_three, ["a", "b", "x"]))
    assert found == {first.id: {"a", "b"}}
    assert await database.read(lambda unit: unit.newsletters.had([second.id], ["a"])) == {}
    assert await database.read(lambda unit: unit.newsletters.had([], ["a"])) == {}


async def test_subscriptions_move_on_each_by_itself(database: Database) -> None:
    first, second, third = await subscribed(database)
    moved = [
        (replace(first, last=NOW.date(), number=7, digests=2, content="v2", intro="Hi"), NOW + DAY),
        (replace(second, number=1), None),
    ]
    await database.write(lambda unit: unit.newsletters.move_on(moved))
    found = await database.read(
        lambda unit: unit.newsletters.several({first.id, second.id, third.id})
    )
    assert found == {
        first.id: replace(moved[0][0], next_at=NOW + DAY, intro=first.intro),
        second.id: replace(second, number=1, next_at=None),
        third.id: third,
    }


async def test_attempts_are_settled_each_by_itself_and_late_words_change_nothing(
    database: Database,
) -> None:
    subscriptions = await subscribed(database)
    await database.write(planning(map(a_delivery, subscriptions)))
    there = subscriptions[0].place.destination

    def claimed(unit: Unit, now: dt.datetime) -> tuple[IssueDelivery, ...]:
        return unit.newsletters.claim(there, OWNER, now, 5)

    def begun(unit: Unit) -> tuple[IssueDelivery, ...]:
        unit.newsletters.take_over(there, OWNER)
        return claimed(unit, NOW)

    sent, failed, later = await database.write(begun)
    settlements = [
        Settlement(sent, DeliveryState.SENT, "", NOW, NOW),
        Settlement(failed, DeliveryState.FAILED, "the channel is gone", NOW, NOW),
        Settlement(later, DeliveryState.WAITING, "busy", NOW + MINUTE, NOW),
    ]
    await database.write(lambda unit: unit.newsletters.settle(settlements))
    (again,) = await database.write(lambda unit: claimed(unit, NOW + MINUTE))
    assert (again.id, again.attempts) == (later.id, 2)
    late = [Settlement(later, DeliveryState.FAILED, "too late", NOW, NOW)]
    await database.write(lambda unit: unit.newsletters.settle(late))
    ends = await database.read(
        lambda unit: [unit.newsletters.delivery(one.id) for one in (sent, failed, later)]
    )
    assert [(end.state, end.reason) for end in ends if end] == [
        (DeliveryState.SENT, ""),
        (DeliveryState.FAILED, "the channel is gone"),
        (DeliveryState.SENDING, "busy"),
    ]
