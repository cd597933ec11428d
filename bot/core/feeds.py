"""Entries of feeds: what is kept of them, and what a store must be able to do with them.

Titles and links come from elsewhere and are hostile until `entry_title` and `entry_link` have
seen them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import SplitResult, quote, urlsplit

from bot.core.user_text import clean

MOST_KEPT = 200
"""Entries that are kept of one feed."""

MAX_TITLE = 140
"""Characters of an entry's title; the rest is cut."""

MAX_LINK = 300
"""Characters of an entry's link; an entry with a longer one is left out."""

_UNESCAPED = "!#$%&'()*+,-./:;=?@[]_~"
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry: the id of its feed, its own within that, and what an issue shows of it.

    `published` is what the feed says, never later than `seen`, when it was first read.
    """

    feed: str
    id: str
    title: str
    link: str
    published: dt.datetime | None
    seen: dt.datetime


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is known of a feed at an address: when it was last fetched, and what came of it.

    `etag` and `modified` are the server's own words for the version that was last read, to be sent
    back; they are empty where it gave none. `failed` is the reason why the last attempt failed, or
    empty.
    """

    url: str
    fetched: dt.datetime
    etag: str = ""
    modified: str = ""
    failed: str = ""


class Feeds(Protocol):
    """What was read of feeds. Everything is about ids of `content/feeds.yaml`."""

    def states(self) -> Mapping[str, FeedState]:
        """The state of every feed that was ever fetched and not dropped since."""

    def claim(self, feed: str, url: str, before: dt.datetime, now: dt.datetime) -> FeedState | None:
        """Take a feed to fetch it now; no other process gets it before it is due again.

        Returns:
            Its state, without words of the server where these were about another address. None if
            it was fetched after `before` from this address.
        """

    def keep(self, feed: str, state: FeedState, entries: tuple[FeedEntry, ...]) -> int:
        """Keep the state, and the entries that are not kept yet; how many these are.

        The newest `MOST_KEPT` stay. What the feed lists at present goes last, so that no entry is
        taken for a new one a second time.
        """

    def drop(self, feed: str, before: dt.datetime) -> bool:
        """Forget a feed with its entries, unless it was fetched after `before`."""

    def since(self, after: dt.datetime, until: dt.datetime, each: int) -> tuple[FeedEntry, ...]:
        """Entries first read after one time and until another, at most `each` of a feed.

        The newest come first, by their date or else by when they were read. An entry is there a
        moment after the time at which it was read: let `until` lie a minute back, and nothing is
        missed between two calls that follow on each other.
        """


def entry_title(text: str) -> str:
    """A title in one line without control, direction and invisible characters; may be empty."""
    title = clean(text, MAX_TITLE + 1)
    return title if len(title) <= MAX_TITLE else f"{title[: MAX_TITLE - 1].rstrip()}…"


def entry_link(text: str) -> str | None:
    """A link to https in ASCII, as short as content's own; None for anything else.

    A name and a password are refused, because they let one host look like another.
    """
    if len(text) > 4 * MAX_LINK:
        return None
    try:
        parts = urlsplit(text.strip())
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
        if parts.scheme != "https" or "@" in parts.netloc or not _HOST.fullmatch(host):
            return None
        link = _put_together(parts, host, port)
    except ValueError:
        return None
    return link if len(link) <= MAX_LINK else None


def _put_together(parts: SplitResult, host: str, port: int | None) -> str:
    netloc = host if port in {None, 443} else f"{host}:{port}"
    path, query, fragment = (
        quote(part, safe=_UNESCAPED) for part in (parts.path or "/", parts.query, parts.fragment)
    )
    return parts._replace(netloc=netloc, path=path, query=query, fragment=fragment).geturl()
