"""What an issue shows of feeds: titles and links, and whose they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from bot.core.content.loader import Content
from bot.core.feeds import FeedEntry, entry_link, entry_title
from bot.core.views import Block, Bullets, Heading, Link, Spans, Text

HEADING = "From elsewhere"


def feed_blocks(entries: Iterable[FeedEntry], content: Content) -> tuple[Block, ...]:
    """A heading and a list of links in the order of the entries; nothing where there are none.

    Of each feed there are as many as it allows, and a link stands there once. What has no safe
    link, or belongs to a feed that is not in the content any more, is left out.
    """
    shown: Counter[str] = Counter()
    lines: dict[str, Spans] = {}
    for entry in entries:
        feed = content.feeds.get(entry.feed)
        link, title = entry_link(entry.link), entry_title(entry.title)
        if feed is None or link is None or not title or link in lines:
            continue
        if shown[feed.id] < feed.most:
            shown[feed.id] += 1
            lines[link] = (Link(title, link), Text(f" – {feed.title}"))
    return (Heading(HEADING), Bullets(tuple(lines.values()))) if lines else ()
