"""Feeds as they come, and the entries in them."""

from __future__ import annotations

import datetime as dt

from bot.core.content.feeds import Feed

NOW = dt.datetime(2026, 11, 20, 12, 30, tzinfo=dt.UTC)

RSS2 = """\
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel>
  <title>News</title><link>https://news.example/</link><description>All of it</description>
  <item>
    <title>Vectors &amp; more</title>
    <link>https://news.example/vectors</link>
    <guid isPermaLink="false">news-1</guid>
    <pubDate>Thu, 19 Nov 2026 08:00:00 +0100</pubDate>
    <description>The whole article, which is not kept.</description>
  </item>
  <item>
    <title>Second</title>
    <link>https://news.example/second</link>
  </item>
</channel></rss>
"""

ATOM = """\
<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://blog.example/posts/">
  <title>Blog</title><id>urn:blog</id><updated>2026-11-19T07:00:00Z</updated>
  <entry>
    <title type="html">An &lt;em&gt;html&lt;/em&gt; title &amp;amp; more</title>
    <link rel="alternate" href="one"/>
    <id>urn:blog:1</id>
    <updated>2026-11-19T07:00:00Z</updated>
    <published>2026-11-18T07:00:00Z</published>
  </entry>
</feed>
"""

RSS1 = """\
<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel rdf:about="https://old.example/"><title>Old</title>
    <link>https://old.example/</link><description>Old</description></channel>
  <item rdf:about="https://old.example/1">
    <title>From RDF</title><link>https://old.example/1</link>
    <dc:date>2026-11-17T10:00:00+01:00</dc:date>
  </item>
</rdf:RDF>
"""


def rss(*items: str) -> str:
    """An RSS document of these items, each of them what stands inside `<item>`."""
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0"><channel><title>T</title>{inside}</channel></rss>'


def an_item(title: str = "A title", link: str = "https://news.example/a", more: str = "") -> str:
    return f"<title>{title}</title><link>{link}</link>{more}"


def a_feed(url: str, identity: str = "news") -> Feed:
    """A feed as the content has it; its address may be that of a test's server."""
    return Feed.model_construct(id=identity, title="News", url=url, most=5)
