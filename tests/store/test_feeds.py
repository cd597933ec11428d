"""What was read of feeds: each entry is kept once, the newest stay, and one process fetches."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.core.feeds import MOST_KEPT, FeedEntry, FeedState
from bot.store.database import Database
from tests.store.samples import DAY, MINUTE, NOW, an_entry

URL = "https://news.example/feed"
STATE = FeedState(URL, NOW, '"1"', "once")


async def keep(
    database: Database, *entries: FeedEntry, feed: str = "news", state: FeedState = STATE
) -> int:
    return await database.write(lambda unit: unit.feeds.keep(feed, state, entries))


async def kept(database: Database, each: int = 1_000) -> list[str]:
    found = await database.read(lambda unit: unit.feeds.since(NOW - DAY, NOW + DAY, each))
    return [entry.id for entry in found]


async def test_what_is_kept_comes_back_as_it_was(database: Database) -> None:
    entries = (an_entry("a"), an_entry("b", published=None, title="Größe 数据"))
    assert await keep(database, *entries) == 2
    found = await database.read(lambda unit: unit.feeds.since(NOW - MINUTE, NOW, 5))
    assert set(found) == set(entries)
    assert await database.read(lambda unit: unit.feeds.states()) == {"news": STATE}


async def test_an_entry_is_kept_once_as_it_was_first_seen(database: Database) -> None:
    await keep(database, an_entry("a"))
    again = an_entry("a", title="Changed", seen=NOW + MINUTE)
    assert await keep(database, again, an_entry("b")) == 1
    assert await keep(database, again) == 0
    found = await database.read(lambda unit: unit.feeds.since(NOW - DAY, NOW, 5))
    assert {(entry.id, entry.title) for entry in found} == {("a", "A title"), ("b", "A title")}


async def test_two_feeds_may_call_their_entries_alike(database: Database) -> None:
    await keep(database, an_entry("a"))
    assert await keep(database, an_entry("a", feed="blog"), feed="blog") == 1
    assert await kept(database) == ["a", "a"]


async def test_the_newest_come_first_by_their_date_or_else_by_when_they_were_seen(
    database: Database,
) -> None:
    await keep(
        database,
        an_entry("older", published=NOW - 3 * MINUTE),
        an_entry("undated", published=None, seen=NOW - 2 * MINUTE),
        an_entry("newer", published=NOW - MINUTE),
    )
    assert await kept(database) == ["newer", "undated", "older"]


async def test_each_entry_falls_into_one_of_two_periods_that_follow(database: Database) -> None:
    await keep(database, *(an_entry(str(n), seen=NOW + n * MINUTE) for n in range(5)))
    edge = NOW + 2 * MINUTE
    first = await database.read(lambda unit: unit.feeds.since(NOW - MINUTE, edge, 9))
    second = await database.read(lambda unit: unit.feeds.since(edge, NOW + DAY, 9))
    assert {entry.id for entry in first} == {"0", "1", "2"}
    assert {entry.id for entry in second} == {"3", "4"}


async def test_a_busy_feed_leaves_room_for_the_others(database: Database) -> None:
    await keep(database, *(an_entry(f"n{n}", published=NOW) for n in range(50)))
    quiet = an_entry("q", feed="quiet", published=NOW - DAY)
    await keep(database, quiet, feed="quiet")
    found = await kept(database, each=3)
    assert len(found) == 4
    assert found[-1] == "q"


async def test_the_newest_two_hundred_of_a_feed_stay(database: Database) -> None:
    await keep(database, an_entry("q", feed="quiet", seen=NOW - MINUTE), feed="quiet")
    for day in range(5):
        batch = [an_entry(f"{day} {n}", seen=NOW + day * MINUTE) for n in range(90)]
        await keep(database, *batch)
    found = await kept(database)
    assert len(found) == MOST_KEPT + 1
    assert {name.split()[0] for name in found} == {"4", "3", "2", "q"}


async def test_an_entry_that_is_still_listed_is_not_forgotten_and_taken_for_a_new_one(
    database: Database,
) -> None:
    """Given an old entry that a feed never takes down while hundreds come and go."""
    pinned = an_entry("pinned", seen=NOW - MINUTE)
    await keep(database, pinned)
    for day in range(5):
        batch = [an_entry(f"{day} {n}", seen=NOW + day * MINUTE) for n in range(90)]
        again = replace(pinned, seen=NOW + day * MINUTE)
        assert await keep(database, *batch, again) == 90
    found = await kept(database)
    assert "pinned" in found
    assert len(found) == MOST_KEPT


async def test_more_entries_than_are_kept_are_not_even_taken(database: Database) -> None:
    many = [an_entry(str(n)) for n in range(MOST_KEPT + 50)]
    assert await keep(database, *many) == MOST_KEPT
    assert await keep(database, *many) == 0


async def test_one_process_gets_a_feed_and_another_one_an_hour_later(
    database: Database, other: Database
) -> None:
    async def claim(store: Database, later: int = 0) -> FeedState | None:
        now = NOW + later * MINUTE
        return await store.write(lambda unit: unit.feeds.claim("news", URL, now - 60 * MINUTE, now))

    await database.open()
    claims = await asyncio.gather(*(claim(store) for store in (database, other) * 5))
    assert [state for state in claims if state] == [FeedState(URL, NOW)]

    await keep(database)
    assert await claim(other, 59) is None
    claims = await asyncio.gather(*(claim(store, 60) for store in (database, other) * 5))
    assert [state for state in claims if state] == [replace(STATE, fetched=NOW + 60 * MINUTE)]


async def test_a_new_address_is_claimed_at_once_and_knows_nothing_of_the_old_one(
    database: Database,
) -> None:
    await keep(database, an_entry("a"))
    moved = "https://moved.example/feed"

    state = await database.write(lambda unit: unit.feeds.claim("news", moved, NOW - DAY, NOW))
    assert state == FeedState(moved, NOW)
    assert await database.read(lambda unit: unit.feeds.states()) == {"news": state}
    assert await kept(database) == ["a"]


async def test_a_feed_is_forgotten_with_its_entries_once_it_has_rested(
    database: Database,
) -> None:
    await keep(database, an_entry("a"))
    await keep(database, an_entry("b", feed="blog"), feed="blog")
    assert not await database.write(lambda unit: unit.feeds.drop("news", NOW - MINUTE))
    assert await database.write(lambda unit: unit.feeds.drop("news", NOW))
    assert not await database.write(lambda unit: unit.feeds.drop("news", NOW))
    assert await kept(database) == ["b"]
    assert list(await database.read(lambda unit: unit.feeds.states())) == ["blog"]
