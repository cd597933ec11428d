"""Feeds in the content, and what an issue shows of their entries."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.discord.render import render as for_discord
from bot.adapters.slack.render import render as for_slack
from bot.core.content.catalogue import Catalogue
from bot.core.content.feeds import Feed
from bot.core.content.loader import Content, ContentError, load
from bot.core.content.newsletter import WRITTEN, Topic
from bot.core.content.yaml_reader import parse
from bot.core.feeds import MAX_LINK, MAX_TITLE, FeedEntry
from bot.core.newsletter.feeds import feed_blocks
from bot.core.views import Bullets, Heading, Link, Text, View
from tests.fakes.discord import limits as discord_limits

NOW = dt.datetime(2026, 11, 20, 12, 30, tzinfo=dt.UTC)
PAGE = Path(__file__).resolve().parents[3] / "docs" / "feeds.md"

FEEDS = """\
feeds:
  - id: news
    title: Example News
    url: https://news.example/feed.xml
    most: 2
  - id: blog
    title: A blog
    url: https://blog.example/atom
"""


@pytest.fixture
def content(catalogue: Catalogue) -> Content:
    feeds = (
        Feed(id="news", title="Example News", url="https://news.example/feed.xml", most=2),
        Feed(id="blog", title="A blog", url="https://blog.example/atom"),
    )
    return replace(catalogue.content, feeds={feed.id: feed for feed in feeds})


def entry(title: str, link: str = "", feed: str = "news") -> FeedEntry:
    link = link or f"https://news.example/{title.replace(' ', '-')}"
    return FeedEntry(feed, title, title, link, NOW, NOW)


def titles(blocks: tuple[object, ...]) -> list[str]:
    _, bullets = blocks
    assert isinstance(bullets, Bullets)
    return [item[0].text for item in bullets.items]


# In the content


def test_no_feed_is_followed_unless_an_operator_says_so(catalogue: Catalogue) -> None:
    assert catalogue.content.feeds == {}


def test_feeds_are_read_and_change_the_version(content_copy: Path, catalogue: Catalogue) -> None:
    (content_copy / "feeds.yaml").write_text(FEEDS, encoding="utf-8")
    found = load(content_copy)
    assert list(found.feeds) == ["news", "blog"]
    assert (found.feeds["news"].most, found.feeds["blog"].most) == (2, 5)
    assert found.version != catalogue.content.version


def test_the_file_may_be_missing(content_copy: Path) -> None:
    (content_copy / "feeds.yaml").unlink()
    assert load(content_copy).feeds == {}


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("id: blog", "id: news", 6, "the id `news` is taken: see feeds.yaml:2"),
        ("id: blog", "id: A Blog", 6, "has the wrong form"),
        ("https://blog", "http://blog", 8, "has the wrong form"),
        ("https://blog.example", "https://me:word@blog.example", 8, "without user or port"),
        ("https://blog.example", "https://blog.example:8443", 8, "without user or port"),
        ("https://blog.example", "https://[", 8, "without user or port"),
        ("https://blog.example/atom", "https:///atom", 8, "without user or port"),
        ("most: 2", "most: 0", 5, "out of range"),
        ("most: 2", "most: 11", 5, "out of range"),
        ("most: 2", "mots: 2", 5, "unknown key `feeds.0.mots`; did you mean `most`?"),
        ("title: A blog", "title:", 7, "`feeds.1.title` is empty"),
        ("    title: A blog\n", "", 6, "`feeds.1.title` is missing"),
    ],
)
def test_a_mistake_is_reported_where_it_is(
    content_copy: Path, old: str, new: str, line: int, message: str
) -> None:
    assert old in FEEDS
    (content_copy / "feeds.yaml").write_text(FEEDS.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load(content_copy)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("feeds.yaml", line)
    assert message in problem.message


def test_a_written_issue_is_about_any_topic_but_feeds(content_copy: Path) -> None:
    assert set(WRITTEN) == set(Topic) - {Topic.FEED}
    path = min((content_copy / "newsletter").glob("*.md"))
    head = path.read_text(encoding="utf-8").replace("\ntopics: [", "\ntopics: [feed, ")
    path.write_text(head, encoding="utf-8")
    with pytest.raises(ContentError, match="give one or more of roles, skills, quiz, pay, each"):
        load(content_copy)


def test_the_page_documents_every_field_and_its_example_is_one() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name, field in Feed.model_fields.items():
        assert f"| `{name}`{'' if field.is_required() else '°'} |" in page
    example = page.split("```yaml\n")[1].split("```")[0]
    data = parse(example, "page").data
    assert isinstance(data, dict)
    assert isinstance(data["feeds"], list)
    assert [Feed.model_validate(feed).most for feed in data["feeds"]] == [3]


# In an issue


def test_links_stand_under_a_heading_with_the_name_of_their_feed(content: Content) -> None:
    blocks = feed_blocks([entry("One", "https://news.example/1")], content)
    assert blocks == (
        Heading("From elsewhere"),
        Bullets(((Link("One", "https://news.example/1"), Text(" – Example News")),)),
    )


def test_without_entries_there_is_no_heading(content: Content) -> None:
    assert feed_blocks([], content) == ()
    assert feed_blocks([entry("One", feed="gone")], content) == ()
    assert feed_blocks([entry("One", "http://news.example/1")], content) == ()


def test_each_feed_has_its_own_maximum_and_the_order_stays(content: Content) -> None:
    entries = [entry(f"N{n}") for n in range(4)]
    entries += [entry(f"B{n}", feed="blog") for n in range(7)]
    assert titles(feed_blocks(entries, content)) == ["N0", "N1", "B0", "B1", "B2", "B3", "B4"]


def test_a_link_that_two_feeds_name_stands_there_once(content: Content) -> None:
    link = "https://news.example/1"
    twice = [entry("One", link), entry("The same", link, "blog"), entry("Two")]
    assert titles(feed_blocks(twice, content)) == ["One", "Two"]


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "http://a.example/",
        "https://a.example@b.example/",
        "https://a b/",
        "",
    ],
)
def test_an_unsafe_link_that_was_kept_is_not_shown(content: Content, link: str) -> None:
    unsafe = replace(entry("Bad"), link=link)
    assert titles(feed_blocks([unsafe, entry("Good")], content)) == ["Good"]


HOSTILE = [
    "@everyone <@123> <!channel> <https://evil.example|here>",
    "[Free](https://evil.example) **bold** `code` ||spoiler||",
    "# Heading\n> quote\n- list",
    "\u202eevil\u2066\u0000\ud800 \U000e0041 z\u0300\u0301\u0302",
    "word " * 500,
    "<script>alert(1)</script>",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_is_shown_as_plain_words_on_every_platform(
    content: Content, title: str
) -> None:
    blocks = feed_blocks([entry(title, "https://news.example/1")], content)
    (shown,) = titles(blocks)
    assert len(shown) <= MAX_TITLE
    assert shown.isprintable()
    view = View("News", blocks, "News")
    (message,) = for_discord(view)
    body = {**message, "allowed_mentions": {"parse": []}}
    assert discord_limits.message(body, flags=message["flags"]) == []
    assert "@everyone" not in str(message)
    assert "](https://evil" not in str(message).replace("\\\\", "")
    (posted,) = for_slack(view)
    assert "'url': 'https://news.example/1'" in str(posted["blocks"])
    assert "'url': 'https://evil" not in str(posted["blocks"])


def test_the_longest_issue_of_feeds_is_within_every_limit(content: Content) -> None:
    feeds = {
        f"feed-{n}": Feed(id=f"feed-{n}", title="T" * 60, url="https://a.example/", most=10)
        for n in range(10)
    }
    link = "https://news.example/".ljust(MAX_LINK - 10, "a")
    entries = [entry("word " * 40, f"{link}{name}{n}", name) for name in feeds for n in range(10)]
    blocks = feed_blocks(entries, replace(content, feeds=feeds))
    assert len(titles(blocks)) == 100
    view = View("News", blocks, "News")
    for message in for_discord(view):
        body = {**message, "allowed_mentions": {"parse": []}}
        assert discord_limits.message(body, flags=message["flags"]) == []
    for posted in for_slack(view):
        assert len(posted["blocks"]) <= 50
