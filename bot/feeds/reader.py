"""Reading one feed: fetched, parsed, and every failure a result."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from dataclasses import dataclass, replace

from aiohttp.abc import AbstractResolver

from bot.core.content.feeds import Feed
from bot.core.feeds import FeedEntry, FeedState
from bot.feeds.addresses import Guard
from bot.feeds.decoding import NotAFeedError
from bot.feeds.fetch import Failed, Fetched, Limits, Unchanged, fetch
from bot.feeds.parse import parse

logger = logging.getLogger(__name__)

_PUBLIC, _LIMITS = Guard(), Limits()


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of an attempt: the feed's new state, and the entries that it lists at present."""

    state: FeedState
    entries: tuple[FeedEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads feeds. What is given here is for tests; the bot takes it as it is."""

    guard: Guard = _PUBLIC
    limits: Limits = _LIMITS
    resolver: AbstractResolver | None = None

    async def read(self, feed: Feed, state: FeedState, now: dt.datetime) -> Reading:
        """The feed as it is now. It never raises; what failed says the state that it returns.

        Args:
            feed: What to read.
            state: What is known of it at this address.
            now: The time, which the entries get as the one when they were read.
        """
        known = {"If-None-Match": state.etag, "If-Modified-Since": state.modified}
        known = {name: value for name, value in known.items() if value}
        state = replace(state, url=feed.url, fetched=now, failed="")
        outcome = await fetch(feed.url, self.guard, self.limits, known, self.resolver)
        match outcome:
            case Unchanged():
                return Reading(state)
            case Failed(reason):
                return Reading(replace(state, failed=reason))
            case Fetched():
                return await _parsed(outcome, feed, state, now)


async def _parsed(fetched: Fetched, feed: Feed, state: FeedState, now: dt.datetime) -> Reading:
    try:
        entries = await asyncio.to_thread(
            parse, fetched.body, fetched.charset, fetched.url, feed.id, now
        )
    except NotAFeedError as error:
        return Reading(replace(state, failed=str(error)))
    except Exception:
        # What strangers write finds faults in any parser; other feeds are not to suffer from it.
        logger.exception("a feed broke the parser", extra={"feed": feed.id})
        return Reading(replace(state, failed="the parser could not cope with it"))
    return Reading(replace(state, etag=fetched.etag, modified=fetched.modified), entries)
