"""The topics of a subscription: which ones there are, in words, and which ones count."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from bot.core.content.newsletter import Topic
from bot.core.newsletter.changes import Change, Kind
from bot.core.newsletter.digest import ALL_TOPICS
from bot.core.newsletter.schedule import Rhythm
from bot.core.subscriptions import Subscription
from bot.core.wording import capitalised, listed

NAMES: Mapping[Topic, str] = {
    Topic.ROLES: "roles",
    Topic.SKILLS: "skills",
    Topic.QUIZ: "quiz of the week",
    Topic.PAY: "pay news",
    Topic.FEED: "the feed",
}

DAILY = frozenset({Topic.QUIZ})
"""Who reads every day gets a question and nothing else."""

_OF_CHANGES: Mapping[Kind, Topic] = {
    Kind.ROLE: Topic.ROLES,
    Kind.SKILL: Topic.SKILLS,
    Kind.TERM: Topic.SKILLS,
    Kind.PAY: Topic.PAY,
}


def topics_of(subscription: Subscription) -> frozenset[Topic]:
    """What a subscription is to be told of; everything where nothing is chosen."""
    if subscription.rhythm == Rhythm.DAILY:
        return DAILY
    return _chosen(subscription.topics)


@cache
def _chosen(values: frozenset[str]) -> frozenset[Topic]:
    return frozenset(topic for topic in Topic if topic.value in values) or ALL_TOPICS


def topics_for(rhythm: Rhythm, known: Subscription | None) -> frozenset[str]:
    """The topics to keep with a rhythm: those that were chosen, or all of them."""
    if rhythm is Rhythm.DAILY:
        return frozenset(DAILY)
    if known is None or known.rhythm == Rhythm.DAILY:
        return frozenset(ALL_TOPICS)
    return frozenset(topics_of(known))


def in_words(topics: frozenset[Topic]) -> str:
    """`Roles, skills and pay news`, in the order in which they are declared."""
    return capitalised(listed(name for topic, name in NAMES.items() if topic in topics))


def on_topic(changes: tuple[Change, ...], topics: frozenset[Topic]) -> tuple[Change, ...]:
    """The changes that somebody with these topics wants to read of."""
    return tuple(change for change in changes if _OF_CHANGES[change.kind] in topics)
