"""Which issue comes next, how often it is made, and what it tells of changes."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest

from bot.core.command import Context, GoneError
from bot.core.content.catalogue import Catalogue, index
from bot.core.content.newsletter import Topic
from bot.core.dispatch import Dispatcher
from bot.core.subscribing.issues import (
    after_issue,
    made,
    next_issue,
    snapshot_of,
    with_intro,
)
from bot.core.subscriptions import Subscription
from bot.core.views import View
from tests.core.newsletter.place import words

MONDAY = dt.date(2026, 3, 2)
BEGUN = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def one(**more: object) -> Subscription:
    usual = Subscription(
        id=1,
        platform="discord",
        community="discord:7",
        channel="50",
        person="discord:1",
        rhythm="weekly",
        weekday=0,
        time=dt.time(9),
        zone="Europe/London",
        anchor=MONDAY,
        intro="",
        since=BEGUN,
        topics=frozenset(Topic),
    )
    return replace(usual, **more)  # type: ignore[arg-type]  # keywords of its fields


@pytest.fixture
def context(catalogue: Catalogue) -> Context:
    return Dispatcher(catalogue).context()


def shown(context: Context, subscription: Subscription, before: str | None = None) -> View:
    found = made("digest 0", subscription, context, MONDAY, before=before)
    return with_intro(found.previewed, subscription)


# Which one


def test_a_written_issue_comes_if_it_is_on_a_topic(context: Context) -> None:
    written = next(iter(context.catalogue.content.issues.values()))
    day, topics = written.front.publish, frozenset(t.value for t in written.front.topics)
    begun = dt.datetime.combine(day, dt.time(), dt.UTC)
    wanted = one(since=begun, topics=topics)
    assert next_issue(wanted, context, day) == written.id
    others = frozenset(t.value for t in Topic) - topics
    assert next_issue(replace(wanted, topics=others), context, day) == "digest 0"
    assert next_issue(wanted, context, day, {written.id}) == "digest 0"


def test_the_daily_question_is_never_a_written_issue(context: Context) -> None:
    for written in context.catalogue.content.issues.values():
        day = written.front.publish
        begun = dt.datetime.combine(day, dt.time(), dt.UTC)
        daily = one(rhythm="daily", since=begun, topics=frozenset({"quiz"}))
        assert next_issue(daily, context, day) == "digest 0"


def test_composed_issues_have_a_count_of_their_own(context: Context) -> None:
    version, _ = snapshot_of(context)
    first = after_issue(one(), "digest 0", MONDAY, version)
    assert (first.number, first.digests, first.last) == (1, 1, MONDAY)
    second = after_issue(first, "some-issue", MONDAY, version)
    assert (second.number, second.digests) == (2, 1)
    assert next_issue(second, context, MONDAY) == "digest 1"


def test_an_issue_that_is_gone_is_gone(context: Context) -> None:
    with pytest.raises(GoneError):
        made("never-written", one(), context, MONDAY)


# What it holds


def test_an_issue_is_on_the_topics_that_were_chosen(context: Context) -> None:
    whole = made("digest 0", one(), context, MONDAY).issue
    skills = made("digest 0", one(topics=frozenset({"skills"})), context, MONDAY).issue
    daily = made("digest 0", one(rhythm="daily"), context, MONDAY).issue
    assert skills.topics == (Topic.SKILLS,)
    assert daily.topics == (Topic.QUIZ,)
    assert set(whole.topics) > {Topic.SKILLS, Topic.QUIZ}


def test_topics_that_have_nothing_to_say_fall_back_to_all(context: Context) -> None:
    feed = made("digest 0", one(topics=frozenset({"feed"})), context, MONDAY).issue
    assert feed.topics == made("digest 0", one(), context, MONDAY).issue.topics
    assert made("digest 0", one(topics=frozenset()), context, MONDAY).issue.topics == feed.topics


# The same view again


def test_the_same_issue_is_the_same_view(context: Context) -> None:
    first = shown(context, one())
    assert shown(context, one(id=2, channel="51")) is first
    assert shown(context, one(community="discord:8")) is not first
    assert shown(context, one(topics=frozenset({"skills"}))) is not first
    mine = shown(context, one(intro="For the guild"))
    assert "For the guild" in words(mine)
    assert "For the guild" not in words(shown(context, one()))


def test_a_written_issue_is_the_same_for_everybody(context: Context) -> None:
    key = next(iter(context.catalogue.content.issues))
    first = made(key, one(), context, MONDAY).previewed
    other = one(community="slack:/T1", topics=frozenset({"pay"}))
    assert made(key, other, context, dt.date(2027, 1, 1), before="{}").previewed is first


# What changed


def test_the_snapshot_is_made_once_for_a_catalogue(context: Context) -> None:
    version, body = snapshot_of(context)
    again = snapshot_of(context)
    assert again == (version, body)
    assert again[1] is body
    assert len(version) == 16
    assert json.loads(body)["role:ai-engineer"][1]


def test_other_content_has_other_issues(catalogue: Catalogue, context: Context) -> None:
    content = catalogue.content
    fewer = replace(
        content, skills={k: s for k, s in content.skills.items() if k != next(iter(content.skills))}
    )
    other = Dispatcher(index(fewer)).context()
    assert snapshot_of(other)[0] != snapshot_of(context)[0]
    assert "What changed in the content" in words(shown(other, one(), snapshot_of(context)[1]))


def test_what_changed_since_the_last_issue_is_told(context: Context) -> None:
    _, body = snapshot_of(context)
    earlier = json.loads(body)
    name = earlier.pop("role:ai-engineer")[1]
    changed = shown(context, one(), json.dumps(earlier))
    assert "What changed in the content" in words(changed)
    assert f"New roles: {name}" in words(changed)
    assert "What changed" not in words(shown(context, one(), body))
    assert "What changed" not in words(shown(context, one()))
    assert shown(context, one(), json.dumps(earlier)) is changed


def test_changes_are_told_on_the_topics_that_were_chosen(context: Context) -> None:
    earlier = json.loads(snapshot_of(context)[1])
    del earlier["role:ai-engineer"]
    before = json.dumps(earlier)
    assert "What changed" not in words(shown(context, one(topics=frozenset({"skills"})), before))
    assert "What changed" not in words(shown(context, one(rhythm="daily"), before))


def test_a_written_issue_in_between_hides_no_change() -> None:
    begun = after_issue(one(), "digest 0", MONDAY, "a")
    between = after_issue(begun, "some-issue", MONDAY, "b")
    assert (begun.content, between.content) == ("a", "a")
    assert after_issue(between, "digest 1", MONDAY, "b").content == "b"
    assert after_issue(one(), "some-issue", MONDAY, "a").content == "a"
