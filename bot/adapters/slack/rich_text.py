"""Spans as Slack's rich text, which needs no escaping: lines that are short enough, and blocks.

A line is a paragraph or an item of a list. Every text is kept whole: one that is too long for a
line goes on in the next, from the end of a sentence where there is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from typing import assert_never

from bot.adapters.slack.wire import Json
from bot.core.views import Bold, Code, Italic, Link, Span, Spans, Text, plain

MOST_CHARACTERS = 3000
"""The longest text element, line and block."""

MOST_ADDRESS = 1500
"""A longer address is not made a link."""

_SENTENCE_ENDS = ("\n", ". ", "! ", "? ", "; ", ", ", " ")


class Style(Enum):
    """What a line is."""

    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    NUMBERED = "ordered"


@dataclass(frozen=True, slots=True)
class Line:
    """Elements of at most 3,000 characters, unless it is one link; `number` counts from 0."""

    elements: tuple[Json, ...]
    size: int
    style: Style = Style.PARAGRAPH
    number: int = 0


def lines(spans: Spans, style: Style = Style.PARAGRAPH, number: int = 0) -> Iterator[Line]:
    """A paragraph or an item as one line, or as several where it is too long for one."""
    for part in _split(spans):
        elements: list[Json] = []
        size = 0
        for element in map(_element, part):
            more = element_size(element)
            if elements and size + more > MOST_CHARACTERS:
                yield Line(tuple(elements), size, style, number)
                elements, size = [], 0
            elements.append(element)
            size += more
        if elements:
            yield Line(tuple(elements), size, style, number)


def element_size(element: Json) -> int:
    """The characters of an element, as Slack counts a message."""
    return len(element.get("text", "")) + len(element.get("url", ""))


def cut(text: str, limit: int = MOST_CHARACTERS) -> Iterator[str]:
    """A text in parts of at most `limit` characters, each to the end of a sentence if it can."""
    while len(text) > limit:
        ends = (text.rfind(end, limit // 2, limit) + len(end) for end in _SENTENCE_ENDS)
        end = next((end for end in ends if end > limit // 2), limit)
        yield text[:end]
        text = text[end:]
    if text:
        yield text


def rich_text(found: Sequence[Line]) -> Json:
    """A block of some lines: paragraphs below one another, items as lists."""
    return {
        "type": "rich_text",
        "elements": [
            part
            for style, group in groupby(found, key=lambda line: line.style)
            for part in _parts(style, list(group))
        ],
    }


def _parts(style: Style, group: list[Line]) -> Iterator[Json]:
    match style:
        case Style.PARAGRAPH:
            yield _section(_joined(line.elements for line in group))
        case Style.BULLET | Style.NUMBERED:
            found: Json = {
                "type": "rich_text_list",
                "style": style.value,
                "elements": [_section(line.elements) for line in group],
            }
            yield found | ({"offset": group[0].number} if group[0].number else {})
        case _:
            assert_never(style)


def _section(elements: Iterable[Json]) -> Json:
    return {"type": "rich_text_section", "elements": list(elements)}


def _joined(paragraphs: Iterable[Iterable[Json]]) -> Iterator[Json]:
    for number, paragraph in enumerate(paragraphs):
        if number:
            yield {"type": "text", "text": "\n"}
        yield from paragraph


def _split(spans: Spans) -> Iterator[Spans]:
    """The spans in parts of at most 3,000 characters of text, without the empty ones."""
    rest = [span for span in spans if span.text]
    for part in cut(plain(rest)):
        taken: list[Span] = []
        room = len(part)
        while room:
            span = rest.pop(0)
            taken.append(_with_text(span, span.text[:room]))
            if len(span.text) > room:
                rest.insert(0, _with_text(span, span.text[room:]))
            room -= len(taken[-1].text)
        yield tuple(taken)


def _with_text(span: Span, text: str) -> Span:
    return Link(text, span.url) if isinstance(span, Link) else type(span)(text)


def _element(span: Span) -> Json:
    match span:
        case Text(text):
            return {"type": "text", "text": text}
        case Bold(text):
            return {"type": "text", "text": text, "style": {"bold": True}}
        case Italic(text):
            return {"type": "text", "text": text, "style": {"italic": True}}
        case Code(text):
            return {"type": "text", "text": text, "style": {"code": True}}
        case Link(text, url) if len(url) <= MOST_ADDRESS:
            return {"type": "link", "url": url, "text": text}
        case Link(text):
            return {"type": "text", "text": text}
        case _:
            assert_never(span)
