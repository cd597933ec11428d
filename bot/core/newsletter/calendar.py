"""Which written issue is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from bot.core.content.newsletter import Topic, WrittenIssue


def published(
    issues: Iterable[WrittenIssue],
    topics: Collection[Topic],
    after: dt.date | None,
    until: dt.date,
) -> tuple[WrittenIssue, ...]:
    """The issues on any of the topics, published after one date and until another, oldest first.

    Without a date `after`, it is all issues until the other.
    """
    wanted = frozenset(topics)
    found = [
        issue
        for issue in issues
        if (after is None or after < issue.front.publish)
        and issue.front.publish <= until
        and not wanted.isdisjoint(issue.front.topics)
    ]
    return tuple(sorted(found, key=lambda issue: (issue.front.publish, issue.id)))


def due(
    issues: Iterable[WrittenIssue],
    topics: Collection[Topic],
    after: dt.date | None,
    until: dt.date,
) -> WrittenIssue | None:
    """The newest of them, so that a community that reads seldom is never behind; None for none."""
    found = published(issues, topics, after, until)
    return found[-1] if found else None
