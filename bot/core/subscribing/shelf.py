"""What one version of the content gives issues: each is made once, and so is what changed.

Renderers keep what they made of a view for as long as the view lives, so an issue that goes to many
channels is the same view for all of them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Final

from bot.core.content.loader import Content
from bot.core.content.newsletter import Topic
from bot.core.content.quizzes import ChoiceItem
from bot.core.newsletter.changes import Change, changes, snapshot
from bot.core.newsletter.digest import ALL_TOPICS, digest
from bot.core.newsletter.issue import Issue, from_written, view
from bot.core.quiz.library import Library
from bot.core.subscribing.topics import on_topic
from bot.core.views import View

KEPT_VERSIONS = 2
"""Versions of the content whose issues are kept."""

KEPT_ISSUES = 256
"""Issues of a version that are kept."""

KEPT_CHANGES = 16
"""Earlier versions of the content with which a version is compared once."""

SHORT_HASH = 16
"""Hexadecimal digits of a hash under which something is kept."""


@dataclass(frozen=True, slots=True)
class Composed:
    """What tells one composed issue from another.

    `order` is that of the community. `before` is the text of an earlier snapshot, which the content
    is compared with.
    """

    number: int
    date: dt.date
    order: str
    topics: frozenset[Topic]
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """An issue, what it looks like in a preview and posted, and the version of its question.

    The version is "" where it asks nothing.
    """

    issue: Issue
    previewed: View
    posted: View
    version: str


class Shelf:
    """The issues of one version of the content."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._library = Library(content)
        self._changed: Final = lru_cache(maxsize=KEPT_CHANGES)(self._compare)
        self._issue: Final = lru_cache(maxsize=KEPT_ISSUES)(self._make)

    @cached_property
    def _snapshot(self) -> dict[str, tuple[str, str]]:
        return snapshot(self._content)

    @cached_property
    def kept(self) -> tuple[str, str]:
        """The version of the snapshot, and its text."""
        body = json.dumps(self._snapshot, ensure_ascii=False, separators=(",", ":"))
        return short_hash(body), body

    def written(self, identity: str) -> Made | None:
        """The issue that an editor wrote, and what it looks like; None where there is none."""
        return self._issue(identity, ())

    def composed(self, asked: Composed) -> Made | None:
        """The composed issue; of all topics where the wanted ones leave nothing to say."""
        changed = self._changed(asked.before) if asked.before else ()
        return self._issue(replace(asked, before=None), on_topic(changed, asked.topics))

    def _compare(self, before: str) -> tuple[Change, ...]:
        earlier = {key: (said[0], said[1]) for key, said in json.loads(before).items()}
        return changes(earlier, self._snapshot)

    def _make(self, asked: str | Composed, changed: tuple[Change, ...]) -> Made | None:
        issue = self._compose(asked, changed) if isinstance(asked, Composed) else self._read(asked)
        if issue is None:
            return None
        version = self._library.version_of(issue.question) if issue.question else ""
        return Made(issue, view(issue), view(issue, version), version)

    def body_of(self, question: ChoiceItem) -> str:
        """A question as text, for keeping under its version."""
        return self._library.body_of(question)

    def _read(self, identity: str) -> Issue | None:
        written = self._content.issues.get(identity)
        return from_written(written, self._content) if written else None

    def _compose(self, asked: Composed, changed: tuple[Change, ...]) -> Issue | None:
        for topics in (asked.topics, ALL_TOPICS):
            issue = digest(self._content, asked.number, asked.date, asked.order, topics, changed)
            if issue is not None:
                return issue
        return None


class _Same:
    """Content, compared by identity: two versions may well say the same."""

    __slots__ = ("content",)

    def __init__(self, content: Content) -> None:
        self.content = content

    def __hash__(self) -> int:
        return id(self.content)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.content is self.content


@lru_cache(maxsize=KEPT_VERSIONS)
def _shelf(same: _Same) -> Shelf:
    return Shelf(same.content)


def shelf_of(content: Content) -> Shelf:
    """The issues of this content."""
    return _shelf(_Same(content))


def short_hash(text: str) -> str:
    """A hash to keep a text under."""
    return hashlib.sha256(text.encode()).hexdigest()[:SHORT_HASH]
