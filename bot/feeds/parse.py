"""RSS and Atom to entries, with feedparser on bytes that are in memory already."""

from __future__ import annotations

import calendar
import datetime as dt
import hashlib
import io
import re
from html import unescape
from typing import Any
from urllib.parse import urljoin

from bot.core.feeds import FeedEntry, entry_link, entry_title
from bot.feeds.decoding import NotAFeedError, decode, harmless

MOST_ENTRIES = 100
"""Entries of a document that are looked at; a feed lists its newest first."""

_TAG = re.compile(r"<[^<>]*>")
_LOOKED_AT = 2_000
"""Characters of a title, a link or an id that are looked at."""


def parse(
    body: bytes, charset: str, url: str, feed: str, now: dt.datetime
) -> tuple[FeedEntry, ...]:
    """The entries of a document that have a title and a link, each once.

    Args:
        body: The document.
        charset: The encoding that its headers name; may be empty.
        url: Where it came from; links may be relative to it.
        feed: The id of the feed.
        now: When it was read.

    Raises:
        NotAFeedError: if it is no RSS or Atom.
    """
    import feedparser  # type: ignore[import-untyped]  # it comes without types

    # A file object, because feedparser would open a file or an address that bytes or text name.
    document = io.BytesIO(harmless(decode(body, charset)))
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    found: Any = feedparser.parse(
        document, response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    if not found.entries and not found.get("version"):
        raise NotAFeedError("it is no RSS or Atom")
    entries = (_entry(entry, url, feed, now) for entry in found.entries[:MOST_ENTRIES])
    return tuple({entry.id: entry for entry in entries if entry is not None}.values())


def _entry(found: Any, url: str, feed: str, now: dt.datetime) -> FeedEntry | None:
    title = entry_title(_words(found))
    link = _link(found, url)
    if not title or link is None:
        return None
    identity = _text(found, "id") or link
    return FeedEntry(feed, _bounded(identity), title, link, _published(found, now), now)


def _text(found: Any, name: str) -> str:
    value = found.get(name)
    return value[:_LOOKED_AT].strip() if isinstance(value, str) else ""


def _words(found: Any) -> str:
    """The title without its HTML, if it says or looks as if it had any."""
    title = _text(found, "title")
    is_plain = found.get("title_detail", {}).get("type", "text/plain") == "text/plain"
    return title if is_plain else unescape(_TAG.sub("", title))


def _link(found: Any, url: str) -> str | None:
    link = _text(found, "link")
    try:
        return entry_link(urljoin(url, link)) if link else None
    except ValueError:
        return None


def _bounded(identity: str) -> str:
    """An id of 32 signs, whatever the feed calls its entry."""
    return hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()[:32]


def _published(found: Any, now: dt.datetime) -> dt.datetime | None:
    """When the entry says that it was published, or else changed; never later than now."""
    dates = [found[name] for name in ("published_parsed", "updated_parsed") if name in found]
    try:
        seconds = [calendar.timegm(date) for date in dates if date]
        return min(dt.datetime.fromtimestamp(seconds[0], dt.UTC), now) if seconds else None
    except (ValueError, OverflowError, OSError):
        return None
