"""The view model: what a reply looks like, for no platform in particular.

A view is compared by identity, so that a renderer may keep what it made of it for as long as the
view lives. Nothing here knows Discord Markdown, Slack mrkdwn or a terminal's escape codes: text is
a run of spans, and every renderer escapes each span in its own way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from bot.core.intents import Intent

MAX_CHOICES = 25
"""The most options in one select, which is Discord's limit."""

MAX_ALT = 1_000
"""Characters of the words that stand for a picture."""

MAX_PICTURE_ADDRESS = 2_000
"""Characters of the address of a picture; every platform takes as many."""


@dataclass(frozen=True, slots=True)
class Text:
    """Plain words; they may hold line breaks."""

    text: str


@dataclass(frozen=True, slots=True)
class Bold:
    """Words that stand out."""

    text: str


@dataclass(frozen=True, slots=True)
class Italic:
    """Words that are quoted or set apart."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Something to type or to read letter by letter."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link to an https address; only content and feeds hold one, never what a user typed."""

    text: str
    url: str


Span: TypeAlias = Text | Bold | Italic | Code | Link
Spans: TypeAlias = tuple[Span, ...]


def plain(spans: Iterable[Span]) -> str:
    """The words of some spans, without any marks."""
    return "".join(span.text for span in spans)


@dataclass(frozen=True, slots=True)
class Heading:
    """A line above a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph."""

    spans: Spans


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short paragraphs; numbered where the order matters."""

    items: tuple[Spans, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Fields:
    """Names with short values."""

    pairs: tuple[tuple[str, Spans], ...]


@dataclass(frozen=True, slots=True)
class Level:
    """How much of something two sides have: `left` and `right` from 0 to 4, and both in words."""

    name: str
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The levels of two sides, row by row; `words` gives the meaning of 0 to 4."""

    left: str
    right: str
    rows: tuple[Level, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under column names; a narrow screen shows it as a list, one row an entry."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: its `share` of the whole, 0 to 1, and the same in words."""

    name: str
    share: float
    words: str


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of bars, each of which says in words what it shows."""

    rows: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Image:
    """A picture at an https address, and `alt`, what it shows, for whoever does not see it.

    Raises ValueError where the address is not https, or there are no words for the picture.
    """

    url: str
    alt: str

    def __post_init__(self) -> None:
        if not self.url.startswith("https://") or len(self.url) > MAX_PICTURE_ADDRESS:
            raise ValueError("a picture has an https address of at most 2,000 characters")
        if not self.alt.strip() or len(self.alt) > MAX_ALT:
            raise ValueError("a picture says in 1 to 1,000 characters what it shows")


@dataclass(frozen=True, slots=True)
class Notice:
    """A small remark: a caveat, a date, or where the facts come from."""

    spans: Spans


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between sections."""


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: a few words, and what pressing means."""

    label: str
    intent: Intent
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a select."""

    label: str
    intent: Intent
    description: str = ""


@dataclass(frozen=True, slots=True)
class Select:
    """A list to choose one entry from: 1 to 25 choices."""

    placeholder: str
    choices: tuple[Choice, ...]


class Pick(StrEnum):
    """What a platform can let people choose from by itself."""

    CHANNEL = "channel"
    ROLE = "role"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Picker:
    """One of the platform's own channels, roles or people; `intent` says what it is chosen for."""

    pick: Pick
    placeholder: str
    intent: Intent


Action: TypeAlias = Button | Select | Picker


@dataclass(frozen=True, slots=True)
class Actions:
    """Buttons in a row, and selects below one another, in this order."""

    items: tuple[Action, ...]


Block: TypeAlias = (
    Heading
    | Prose
    | Bullets
    | Fields
    | Comparison
    | Table
    | Bars
    | Image
    | Notice
    | Divider
    | Actions
)


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class View:
    """A reply: a title, its blocks, and `fallback`, the same in one line for notifications."""

    title: str
    blocks: tuple[Block, ...]
    fallback: str
