"""What was read of feeds: their state, and the titles and links of their entries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, delete, func, or_, select, update
from sqlalchemy.sql.dml import ReturningInsert

from bot.core.feeds import MOST_KEPT, FeedEntry, FeedState
from bot.store.tables import feed_entries, feeds
from bot.store.upsert import insert_or_ignore, upsert
from bot.store.upsert import replace as new_values

_NEW_FEED = insert_or_ignore(feeds)
_STATE = upsert(feeds, new_values("url", "fetched", "etag", "modified", "failed"))
_NEW_ENTRY = insert_or_ignore(feed_entries)

_NEWEST = (
    func.coalesce(feed_entries.c.published, feed_entries.c.seen).desc(),
    feed_entries.c.seen.desc(),
    feed_entries.c.feed,
    feed_entries.c.id,
)


class Feeds:
    """Implements `feeds.Feeds` of the core."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def states(self) -> Mapping[str, FeedState]:
        return {row.id: _state(row) for row in self._connection.execute(select(feeds))}

    def claim(self, feed: str, url: str, before: dt.datetime, now: dt.datetime) -> FeedState | None:
        new = FeedState(url, now)
        if self._is_new(_NEW_FEED(self._connection).returning(feeds.c.id), _columns(feed, new)):
            return new
        # A second process waits here for the first one, and then finds the feed fetched.
        row = self._connection.execute(
            select(feeds)
            .where(feeds.c.id == feed, or_(feeds.c.fetched <= before, feeds.c.url != url))
            .with_for_update()
        ).first()
        if row is None:
            return None
        state = replace(_state(row), fetched=now) if row.url == url else new
        self._connection.execute(
            update(feeds).where(feeds.c.id == feed).values(_columns(feed, state))
        )
        return state

    def keep(self, feed: str, state: FeedState, entries: tuple[FeedEntry, ...]) -> int:
        self._connection.execute(_STATE(self._connection), _columns(feed, state))
        present = entries[:MOST_KEPT]
        statement = _NEW_ENTRY(self._connection).returning(feed_entries.c.id)
        new = sum(self._is_new(statement, _row(feed, entry)) for entry in present)
        if new:
            self._cut(feed, {entry.id for entry in present})
        return new

    def _is_new(self, statement: ReturningInsert[Any], row: dict[str, Any]) -> bool:
        return self._connection.execute(statement, row).first() is not None

    def _cut(self, feed: str, present: set[str]) -> None:
        """Delete the oldest of those that the feed does not list any more."""
        listed = (feed_entries.c.feed == feed) & feed_entries.c.id.in_(present)
        past = (feed_entries.c.feed == feed) & feed_entries.c.id.not_in(present)
        count = select(func.count()).select_from(feed_entries)
        room = MOST_KEPT - (self._connection.scalar(count.where(listed)) or 0)
        order = (feed_entries.c.seen.desc(), *_NEWEST)
        kept = select(feed_entries.c.id).where(past).order_by(*order).limit(room)
        self._connection.execute(delete(feed_entries).where(past, feed_entries.c.id.not_in(kept)))

    def drop(self, feed: str, before: dt.datetime) -> bool:
        gone = delete(feeds).where(feeds.c.id == feed, feeds.c.fetched <= before)
        return bool(self._connection.execute(gone).rowcount)

    def since(self, after: dt.datetime, until: dt.datetime, each: int) -> tuple[FeedEntry, ...]:
        place = func.row_number().over(partition_by=feed_entries.c.feed, order_by=_NEWEST)
        ranked = (
            select(feed_entries.c.feed, feed_entries.c.id, place.label("place"))
            .where(feed_entries.c.seen > after, feed_entries.c.seen <= until)
            .subquery()
        )
        found = self._connection.execute(
            select(feed_entries)
            .join(
                ranked,
                (ranked.c.feed == feed_entries.c.feed) & (ranked.c.id == feed_entries.c.id),
            )
            .where(ranked.c.place <= each)
            .order_by(*_NEWEST)
        )
        return tuple(map(_entry, found))


def _columns(feed: str, state: FeedState) -> dict[str, Any]:
    return {
        "id": feed,
        "url": state.url,
        "fetched": state.fetched,
        "etag": state.etag,
        "modified": state.modified,
        "failed": state.failed,
    }


def _row(feed: str, entry: FeedEntry) -> dict[str, Any]:
    return {
        "feed": feed,
        "id": entry.id,
        "title": entry.title,
        "link": entry.link,
        "published": entry.published,
        "seen": entry.seen,
    }


def _state(row: Row[Any]) -> FeedState:
    return FeedState(row.url, row.fetched, row.etag, row.modified, row.failed)


def _entry(row: Row[Any]) -> FeedEntry:
    return FeedEntry(row.feed, row.id, row.title, row.link, row.published, row.seen)
