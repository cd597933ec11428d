"""The schema of `content/newsletter/`: what stands at the head of an issue, and the issue read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from bot.core.content.models import Id, Record, Sentence
from bot.core.views import Block

Title = Annotated[
    str,
    StringConstraints(min_length=1, max_length=90, strip_whitespace=True, pattern=r"^[^\r\n]+$"),
]


class Topic(StrEnum):
    """What an issue is about; communities choose the topics that they want to read of."""

    ROLES = "roles"
    SKILLS = "skills"
    QUIZ = "quiz"
    PAY = "pay"
    FEED = "feed"


def _some_topics(topics: tuple[Topic, ...]) -> tuple[Topic, ...]:
    if not topics or len(set(topics)) < len(topics):
        raise ValueError(f"give one or more of {', '.join(Topic)}, each once")
    return topics


class FrontMatter(Record):
    """What stands between the two lines `---` at the head of an issue.

    `roles` and `skills` are those that the issue is about: readers open them with its buttons.
    `question` is the knowledge item that it asks.
    """

    title: Title
    topics: Annotated[tuple[Topic, ...], AfterValidator(_some_topics)]
    publish: dt.date
    summary: Sentence
    roles: Annotated[tuple[Id, ...], Field(max_length=3)] = ()
    skills: Annotated[tuple[Id, ...], Field(max_length=3)] = ()
    question: Id | None = None


@dataclass(frozen=True, slots=True)
class WrittenIssue:
    """An issue that an editor wrote: its id (the slug in the file's name), head and body."""

    id: str
    front: FrontMatter
    blocks: tuple[Block, ...]
