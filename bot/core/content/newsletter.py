"""The schema of `content/newsletter/`: what stands at the head of an issue, and the issue read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, TypeGuard

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from bot.core.content.models import Id, Record, Sentence, Url
from bot.core.content.quizzes import ChoiceItem, Item
from bot.core.views import Block

MOST_CHARACTERS = 700
"""A question with more, its options included, is too long for an issue."""

Title = Annotated[
    str,
    StringConstraints(min_length=1, max_length=90, strip_whitespace=True, pattern=r"^[^\r\n]+$"),
]

MAX_ALT = 300
"""Characters of the words that stand for a picture; more is tiring to listen to."""

Alt = Annotated[str, StringConstraints(min_length=1, max_length=MAX_ALT, strip_whitespace=True)]


class Topic(StrEnum):
    """What an issue is about; communities choose the topics that they want to read of."""

    ROLES = "roles"
    SKILLS = "skills"
    QUIZ = "quiz"
    PAY = "pay"
    FEED = "feed"


WRITTEN = tuple(topic for topic in Topic if topic is not Topic.FEED)
"""The topics that an editor can write about; links from feeds are gathered by the bot alone."""


def _some_topics(topics: tuple[Topic, ...]) -> tuple[Topic, ...]:
    if not topics or len(set(topics)) < len(topics) or Topic.FEED in topics:
        raise ValueError(f"give one or more of {', '.join(WRITTEN)}, each once")
    return topics


def _by_address(alts: object) -> object:
    if not isinstance(alts, dict):
        raise ValueError("write a line `https://...: what it shows` for each picture")
    return alts


class FrontMatter(Record):
    """What stands between the two lines `---` at the head of an issue.

    `roles` and `skills` are those that the issue is about: readers open them with its buttons.
    `question` is the knowledge item that it asks; see `fits`. `alt` says for the address of a
    picture what the picture shows.
    """

    title: Title
    topics: Annotated[tuple[Topic, ...], AfterValidator(_some_topics)]
    publish: dt.date
    summary: Sentence
    roles: Annotated[tuple[Id, ...], Field(max_length=3)] = ()
    skills: Annotated[tuple[Id, ...], Field(max_length=3)] = ()
    question: Id | None = None
    alt: Annotated[dict[Url, Alt], BeforeValidator(_by_address)] = Field(
        default_factory=dict, json_schema_extra={"additionalProperties": False}
    )


@dataclass(frozen=True, slots=True)
class WrittenIssue:
    """An issue that an editor wrote: its id (the slug in the file's name), head and body."""

    id: str
    front: FrontMatter
    blocks: tuple[Block, ...]


def fits(item: Item) -> TypeGuard[ChoiceItem]:
    """Whether an issue can ask this: it is short, and one press answers it, right or wrong."""
    return _takes_one_press(item) and _length(item) <= MOST_CHARACTERS


def unfit(item: Item) -> str:
    """Why an issue cannot ask this, and what would be right; nothing where it can."""
    if not _takes_one_press(item):
        return (
            f"`{item.id}` is of the format {item.format}: an issue asks what one press answers, "
            "so name an item of the format single, scenario or true-false"
        )
    if not fits(item):
        return (
            f"`{item.id}` has {_length(item)} characters with its options: "
            f"name an item with at most {MOST_CHARACTERS}"
        )
    return ""


def _takes_one_press(item: Item) -> TypeGuard[ChoiceItem]:
    return isinstance(item, ChoiceItem) and item.format != "multiple"


def _length(item: ChoiceItem) -> int:
    texts = (item.stem, item.scenario or "", *(option.text for option in item.options))
    return sum(map(len, texts))
