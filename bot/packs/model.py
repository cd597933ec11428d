"""What a parser finds in a file: questions in plain words, before our schema has seen them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from bot.core.user_text import clean

MAX_BYTES = 1_000_000
"""The largest file that is brought in."""

MAX_ITEMS = 2_000
"""More questions than this are refused: it is what a pack may hold."""

MAX_TEXT = 5_000
"""Characters of one text that are looked at; a longer one is not the text of a quiz."""


MAX_MESSAGE = 400
"""Characters of a message about a file or a question."""


class PackError(Exception):
    """The file cannot be brought in or written; the message is one line for whoever asked.

    It may hold words of the file: they are cleaned like those of a person.
    """

    def __init__(self, message: str) -> None:
        super().__init__(clean(message, MAX_MESSAGE))


class RefusedError(Exception):
    """One question cannot be brought in; the message completes "skipped: because"."""


@dataclass(frozen=True, slots=True)
class Option:
    """An option, and why it is right or wrong where the file says so."""

    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Options to choose from; `several` means that all right ones are to be picked."""

    right: tuple[Option, ...]
    wrong: tuple[Option, ...]
    several: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """Words to type, any of them."""

    accepted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A number to type, right within `tolerance`, which is in the same unit."""

    value: float
    tolerance: float = 0.0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps to put in order, in the right one."""

    steps: tuple[str, ...]


Answer: TypeAlias = Choice | Typed | Number | Steps


@dataclass(frozen=True, slots=True)
class Question:
    """A question that a parser understood.

    `place` is where it stands, such as `line 12`. Texts are plain words without markup; a blank
    line parts paragraphs. `labels` are categories, tags and decks, the nearest last. `notes` say
    what the parser changed. `generated` marks wrong options that the file does not have.
    """

    place: str
    stem: str
    answer: Answer
    explanation: str = ""
    labels: tuple[str, ...] = ()
    level: int | None = None
    notes: tuple[str, ...] = ()
    generated: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """A question that cannot be brought in, and why; `reason` completes "skipped: because"."""

    place: str
    stem: str
    reason: str


Found: TypeAlias = Question | Left


@dataclass(frozen=True, slots=True)
class Parsed:
    """All that a file holds; `remarks` are about the file as a whole."""

    found: tuple[Found, ...]
    author: str = ""
    description: str = ""
    remarks: tuple[str, ...] = ()
