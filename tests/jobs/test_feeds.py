"""The hourly round over the feeds: each is fetched by one process, and none stops another."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

import pytest
from aiohttp import web

from bot.core.command import Context
from bot.core.content.feeds import Feed
from bot.core.desk import Desk
from bot.core.feeds import FeedEntry
from bot.feeds.addresses import Guard
from bot.feeds.fetch import Limits
from bot.feeds.reader import Reader
from bot.jobs.feeds import AT_ONCE, EVERY, refresh
from bot.jobs.tick import Work
from bot.store.database import Database
from tests.fakes.feeds import FeedServer
from tests.feeds.conftest import guard, reader, server
from tests.feeds.samples import a_feed, an_item, rss
from tests.jobs.contexts import context
from tests.store.samples import DAY, MINUTE, NOW

__all__ = ["guard", "reader", "server"]


class Bot:
    """A process that follows some feeds, with a clock that a test turns."""

    def __init__(self, store: Database, reader: Reader, *feeds: Feed) -> None:
        self.store, self.reader, self.feeds = store, reader, feeds
        self.now = NOW

    async def refresh(self) -> int:
        return await refresh(
            Work(Desk(self.store, lambda: self.now), self._context, {}), self.reader
        )

    def _context(self) -> Context:
        shipped = context()
        content = replace(shipped.catalogue.content, feeds={feed.id: feed for feed in self.feeds})
        return replace(shipped, catalogue=replace(shipped.catalogue, content=content))

    async def entries(self) -> list[FeedEntry]:
        found = await self.store.read(lambda u: u.feeds.since(NOW - DAY, NOW + 9 * DAY, 100))
        return list(found)

    async def titles(self) -> set[str]:
        return {entry.title for entry in await self.entries()}

    async def failed(self) -> dict[str, str]:
        states = await self.store.read(lambda unit: unit.feeds.states())
        return {name: state.failed for name, state in states.items()}


async def test_a_feed_is_read_once_an_hour_and_what_is_new_is_kept(
    database: Database, reader: Reader, server: FeedServer
) -> None:
    bot = Bot(database, reader, a_feed(server.url()))
    server.serve(rss(an_item("One", "https://news.example/1")), ETag='"1"')
    assert await bot.refresh() == 1
    bot.now += EVERY - MINUTE
    assert await bot.refresh() == 0
    assert len(server.requests) == 1

    server.serve(
        rss(an_item("Two", "https://news.example/2"), an_item("One", "https://news.example/1"))
    )
    bot.now += MINUTE
    assert await bot.refresh() == 1
    assert server.requests[1][1]["If-None-Match"] == '"1"'
    seen = {entry.title: entry.seen for entry in await bot.entries()}
    assert seen == {"One": NOW, "Two": NOW + EVERY}


async def test_two_processes_fetch_a_feed_once(
    database: Database, other: Database, reader: Reader, server: FeedServer
) -> None:
    server.serve(rss(an_item()))
    feed = a_feed(server.url())
    bots = [Bot(database, reader, feed), Bot(other, reader, feed)]
    assert sum(await asyncio.gather(*(bot.refresh() for bot in bots * 3))) == 1
    assert len(server.requests) == 1


async def test_a_feed_that_fails_rests_too_and_does_not_stop_the_others(
    sqlite_store: Database,
    guard: Guard,
    server: FeedServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    never = asyncio.Event()

    async def hang(_: web.Request) -> web.StreamResponse:
        await never.wait()
        return web.Response()

    server.answer(hang, "/slow")
    server.serve("nonsense", "/nonsense")
    server.redirect("https://10.0.0.1/secret", "/inside")
    server.serve(rss(an_item("Fine")), "/fine")
    names = ("slow", "nonsense", "inside", "missing", "fine")
    feeds = [a_feed(server.url(f"/{name}"), name) for name in names]
    bot = Bot(sqlite_store, Reader(guard, Limits(seconds=3)), *feeds)
    with caplog.at_level(logging.WARNING, "bot.jobs.feeds"):
        assert await bot.refresh() == 5
    never.set()

    assert await bot.titles() == {"Fine"}
    assert await bot.failed() == {
        "slow": "it took longer than 3 seconds",
        "nonsense": "it is no RSS or Atom",
        "inside": "its address is not public",
        "missing": "the server answered with the status 404",
        "fine": "",
    }
    assert sorted(caplog.messages) == [
        "the feed inside could not be read: its address is not public",
        "the feed missing could not be read: the server answered with the status 404",
        "the feed nonsense could not be read: it is no RSS or Atom",
        "the feed slow could not be read: it took longer than 3 seconds",
    ]
    assert await bot.refresh() == 0


async def test_a_feed_that_recovers_keeps_what_it_had(
    sqlite_store: Database, reader: Reader, server: FeedServer
) -> None:
    bot = Bot(sqlite_store, reader, a_feed(server.url()))
    server.serve(rss(an_item("One", "https://news.example/1")))
    await bot.refresh()
    for body in ("", rss(an_item("Two", "https://news.example/2"))):
        bot.now += EVERY
        server.serve(body)
        await bot.refresh()
    assert await bot.titles() == {"One", "Two"}
    assert await bot.failed() == {"news": ""}


async def test_only_a_few_are_read_at_the_same_time(
    sqlite_store: Database, reader: Reader, server: FeedServer
) -> None:
    under_way, most, enough, free = 0, 0, asyncio.Event(), asyncio.Event()

    async def count(_: web.Request) -> web.StreamResponse:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        if under_way == AT_ONCE:
            enough.set()
        await free.wait()
        under_way -= 1
        return web.Response(text=rss(an_item()), content_type="application/xml")

    server.answer(count)
    feeds = [a_feed(server.url(), f"feed-{n}") for n in range(3 * AT_ONCE)]
    refreshing = asyncio.create_task(Bot(sqlite_store, reader, *feeds).refresh())
    await asyncio.wait_for(enough.wait(), 30)
    free.set()
    assert await refreshing == 3 * AT_ONCE
    assert most == AT_ONCE


async def test_a_feed_with_a_new_address_is_read_at_once(
    sqlite_store: Database, reader: Reader, server: FeedServer
) -> None:
    server.serve(rss(an_item("Old", "https://news.example/1")), ETag='"old"')
    server.serve(rss(an_item("New", "https://news.example/2")), "/new")
    bot = Bot(sqlite_store, reader, a_feed(server.url()))
    await bot.refresh()
    bot.feeds = (a_feed(server.url("/new")),)
    assert await bot.refresh() == 1
    assert await bot.titles() == {"Old", "New"}
    assert "If-None-Match" not in server.requests[1][1]


async def test_a_feed_that_left_the_configuration_loses_its_rows(
    database: Database, reader: Reader, server: FeedServer
) -> None:
    server.serve(rss(an_item()))
    left, stays = a_feed(server.url(), "left"), a_feed(server.url(), "stays")
    bot = Bot(database, reader, left, stays)
    await bot.refresh()
    bot.feeds = (stays,)
    bot.now += EVERY
    await bot.refresh()
    assert {entry.feed for entry in await bot.entries()} == {"stays"}
    assert await bot.failed() == {"stays": ""}

    bot.feeds = ()
    bot.now += EVERY
    assert await bot.refresh() == 0
    assert await bot.failed() == {}


async def test_without_feeds_there_is_nothing_to_do(sqlite_store: Database, reader: Reader) -> None:
    assert await Bot(sqlite_store, reader).refresh() == 0
