"""Reading the feeds of the newsletter: each once an hour, whoever asks and how often."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging

from bot.core.content.feeds import Feed
from bot.core.feeds import FeedState
from bot.core.ports import Unit
from bot.feeds.reader import Reader
from bot.jobs.tick import Work

logger = logging.getLogger(__name__)

EVERY = dt.timedelta(hours=1)
"""How long a feed rests after an attempt, also after one that failed."""

AT_ONCE = 4
"""Feeds that are read at the same time."""


async def refresh(work: Work, reader: Reader) -> int:
    """Read every configured feed that has rested; how many were tried.

    A feed is claimed before it is read, so several processes share the work. Feeds that are not
    configured any more are forgotten once they have rested.

    Raises:
        StoreError: if the store fails; what was not kept is read again an hour later.
    """
    store, clock = work.desk.store, work.desk.clock
    feeds = work.context().catalogue.content.feeds
    states = await store.read(lambda unit: unit.feeds.states())
    before = clock() - EVERY
    gone = [name for name, state in states.items() if name not in feeds and state.fetched <= before]
    due = [feed for feed in feeds.values() if _is_due(feed, states.get(feed.id), before)]
    if not gone and not due:
        return 0

    def claimed(unit: Unit) -> list[tuple[Feed, FeedState]]:
        for name in gone:
            unit.feeds.drop(name, before)
        taken = ((feed, unit.feeds.claim(feed.id, feed.url, before, clock())) for feed in due)
        return [(feed, state) for feed, state in taken if state is not None]

    mine = await store.write(claimed)
    places = asyncio.Semaphore(AT_ONCE)
    reading = (_read(feed, state, work, reader, places) for feed, state in mine)
    for end in await asyncio.gather(*reading, return_exceptions=True):
        if end is not None:
            raise end
    return len(mine)


def _is_due(feed: Feed, state: FeedState | None, before: dt.datetime) -> bool:
    return state is None or state.fetched <= before or state.url != feed.url


async def _read(
    feed: Feed, state: FeedState, work: Work, reader: Reader, places: asyncio.Semaphore
) -> None:
    async with places:
        reading = await reader.read(feed, state, work.desk.clock())
    if reading.state.failed:
        logger.warning("the feed %s could not be read: %s", feed.id, reading.state.failed)
    await work.desk.store.write(
        lambda unit: unit.feeds.keep(feed.id, reading.state, reading.entries)
    )
