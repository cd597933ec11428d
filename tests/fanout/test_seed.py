"""Seeded subscriptions are what the bot takes for subscriptions that are due."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.core.newsletter.schedule import due
from bot.core.ports import Unit
from bot.core.subscribing.times import schedule_of
from bot.core.subscriptions import DeliveryState, Subscription
from bot.store.database import Database
from tests.fanout.books import books, settled
from tests.fanout.places import SLACK, Layout
from tests.fanout.seed import actors_community, seed

SMALL = Layout(discord=3, slack=4, workspaces=2)
NEAR_MIDNIGHT = dt.datetime(2026, 11, 23, 0, 2, 30, tzinfo=dt.UTC)


async def all_due(url: str, now: dt.datetime) -> tuple[Subscription, ...]:
    store = Database(url)
    try:
        return await store.write(lambda unit: unit.newsletters.due(now, 100))
    finally:
        await store.close()


async def test_every_place_has_one_issue_due(url: str) -> None:
    assert await seed(url, SMALL.places(), NEAR_MIDNIGHT) == 7
    found = await all_due(url, NEAR_MIDNIGHT)
    assert {(one.platform, one.community, one.channel) for one in found} == {
        (place.platform, actors_community(place), place.channel) for place in SMALL.places()
    }
    for one in found:
        occurrences = due(schedule_of(one), one.last, one.since, NEAR_MIDNIGHT)
        assert occurrences.send is not None
        assert occurrences.send.at == one.next_at
        assert occurrences.skipped == ()
    assert await all_due(url, NEAR_MIDNIGHT - dt.timedelta(minutes=10)) == ()


async def test_a_workspace_is_called_what_the_adapter_calls_it() -> None:
    [place] = [one for one in Layout(0, 1, 1).places() if one.platform == SLACK]
    assert actors_community(place) == "slack:/T00000000"


async def test_the_books_say_what_became_of_each(url: str) -> None:
    await seed(url, SMALL.places(), NEAR_MIDNIGHT)
    before = await books(url)
    assert len(before) == 7
    assert not any(one.is_settled or one.deliveries for one in before.values())
    first, *rest = await all_due(url, NEAR_MIDNIGHT)

    def end(unit: Unit) -> None:
        for one in rest:
            unit.newsletters.remove(one.id)
        unit.newsletters.save(replace(first, number=1))

    store = Database(url)
    await store.write(end)
    await store.close()
    [left] = (await settled(url, 0.0)).values()
    assert (left.channel, left.is_settled) == (first.channel, False)
    assert DeliveryState.SENT not in {record.state for record in left.deliveries}
