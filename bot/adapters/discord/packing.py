"""Lines of Markdown, pictures and rows, packed into as few messages as Discord's limits allow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

from bot.adapters.discord.controls import Component
from bot.adapters.discord.escape import shortened, units

IS_COMPONENTS_V2 = 1 << 15
TEXT_DISPLAY, MEDIA_GALLERY, FILE, SEPARATOR = 10, 12, 13, 14

MAX_TEXT = 4_000
"""Of all text displays of a message together, in UTF-16 code units."""

MAX_COMPONENTS = 40
"""Of a message, those inside others included."""

MAX_DESCRIPTION = 1_024
"""Of what is said of a picture, in UTF-16 code units."""

MAX_LINE = 2_000
"""Of one line, so that a heading and what follows always fit into one message."""

MAX_MOVED = 1_000
"""Of headings that go to the next message together with the line that they belong to."""


class Payload(TypedDict):
    """A message as Discord's API takes it."""

    flags: int
    components: list[Component]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of Markdown of at most `MAX_LINE`; `apart` asks for an empty line before it."""

    text: str
    heading: bool = False
    apart: bool = False


class Packing:
    """Takes lines, pictures, rows and dividers in their order."""

    def __init__(self) -> None:
        self._messages: list[Payload] = []
        self._begin()

    def _begin(self) -> None:
        self._parts: list[list[Line] | Component] = []
        self._number = 0
        self._length = 0
        self._divided = False

    def messages(self) -> tuple[Payload, ...]:
        """Everything that was added; nothing if nothing was."""
        self._end()
        return tuple(self._messages)

    def add_lines(self, lines: Iterable[Line]) -> None:
        """Add lines to the open text display, or to new ones."""
        for line in lines:
            opened = 0 if self._text else 1 + self._divided
            size = self._size(line)
            if self._length + size > MAX_TEXT or self._number + opened > MAX_COMPONENTS:
                self._turn_the_page()
                size = self._size(line)
            self._append(line, size)

    def add_row(self, row: Component) -> None:
        """Add an action row."""
        self._add(row, 1 + len(row["components"]))

    def add_picture(self, url: str, alt: str) -> None:
        """Add a picture, which is a gallery of one.

        What it shows is said beside it and is no text of the message. It is shortened only where
        there are many emoji or rare signs in it, which count twice.
        """
        item = {"media": {"url": url}, "description": shortened(alt, MAX_DESCRIPTION)}
        self._add({"type": MEDIA_GALLERY, "items": [item]}, 1)

    def add_file(self, name: str) -> None:
        """Add a file that is sent with the message."""
        self._add({"type": FILE, "file": {"url": f"attachment://{name}"}}, 1)

    def _add(self, part: Component, size: int) -> None:
        if self._number + self._divided + size > MAX_COMPONENTS:
            self._turn_the_page()
        self._divide()
        self._parts.append(part)
        self._number += size

    def add_divider(self) -> None:
        """Add a separator, if something stands before and after it."""
        self._divided = bool(self._parts)

    @property
    def _text(self) -> list[Line]:
        """The lines of the text display that is open."""
        last = self._parts[-1] if self._parts else None
        return last if isinstance(last, list) and not self._divided else []

    def _append(self, line: Line, size: int) -> None:
        text = self._text
        if not text:
            self._divide()
            self._parts.append(text)
            self._number += 1
        self._length += size
        text.append(line)

    def _size(self, line: Line) -> int:
        text = self._text
        before = text[-1] if text else None
        return units(_joint(before, line) + line.text)

    def _divide(self) -> None:
        if self._divided:
            self._parts.append({"type": SEPARATOR, "divider": True, "spacing": 1})
            self._number += 1
            self._divided = False

    def _turn_the_page(self) -> None:
        """End the message; headings at its end go with what they belong to."""
        text = self._text
        moved: list[Line] = []
        room = MAX_MOVED
        while text and text[-1].heading and (room := room - units(text[-1].text)) >= 0:
            moved.insert(0, text.pop())
        self._end()
        for heading in moved:
            self._append(heading, self._size(heading))

    def _end(self) -> None:
        components = [
            {"type": TEXT_DISPLAY, "content": _joined(part)} if isinstance(part, list) else part
            for part in self._parts
            if part
        ]
        if components:
            self._messages.append({"flags": IS_COMPONENTS_V2, "components": components})
        self._begin()


def has_room(components: Iterable[Component], text: str) -> bool:
    """Whether one more text display fits into a message."""
    number = length = 0
    for component in components:
        number += 1 + len(component.get("components", ()))
        length += units(component.get("content", ""))
    return number < MAX_COMPONENTS and length + units(text) <= MAX_TEXT


def _joint(before: Line | None, line: Line) -> str:
    """What stands between two lines."""
    if before is None:
        return ""
    return "\n\n" if line.apart and not before.heading else "\n"


def _joined(lines: list[Line]) -> str:
    pairs = zip((None, *lines), lines, strict=False)
    return "".join(_joint(before, line) + line.text for before, line in pairs)
