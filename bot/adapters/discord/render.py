"""Views to Discord messages in Components V2: pure, total, and never over a limit.

A message is text displays, pictures, separators and action rows, without a box round them: on a
phone a box takes away width. A long view becomes several messages; text is never left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from bot.adapters.bars import text_bar
from bot.adapters.discord.controls import Ids, rows
from bot.adapters.discord.escape import visible
from bot.adapters.discord.markdown import lines
from bot.adapters.discord.packing import MAX_LINE, Line, Packing, Payload
from bot.core.views import (
    Actions,
    Bars,
    Bold,
    Bullets,
    Comparison,
    Divider,
    Fields,
    Heading,
    Image,
    Notice,
    Prose,
    Span,
    Table,
    Text,
    View,
)

TITLE, HEADING, SMALL, BULLET = "## ", "### ", "-# ", "- "


def render(view: View, file: str | None = None) -> tuple[Payload, ...]:
    """The messages of a view, in order; at least one. The last one shows the file of this name."""
    ids = Ids()
    packing = Packing()
    packing.add_lines(_headings(TITLE, view.title))
    sides: tuple[str, str] | None = None
    for block in view.blocks:
        match block:
            case Actions():
                for row in rows(block, ids):
                    packing.add_row(row)
            case Image(url, alt):
                packing.add_picture(url, alt)
            case Divider():
                packing.add_divider()
            case Comparison(left, right):
                if sides != (left, right):
                    packing.add_lines(_small((Text(f"{left} first, then {right}"),)))
                packing.add_lines(_lines(block))
                sides = (left, right)
            case _:
                packing.add_lines(_lines(block))
    if file is not None:
        packing.add_file(file)
    return packing.messages() or _nothing_but(view.fallback)


def _nothing_but(text: str) -> tuple[Payload, ...]:
    packing = Packing()
    packing.add_lines(_paragraph((Text(text),)))
    return packing.messages() or _nothing_but("…")


def _lines(
    block: Heading | Prose | Bullets | Fields | Comparison | Table | Bars | Notice,
) -> Iterator[Line]:
    match block:
        case Heading(text):
            yield from _headings(HEADING, text)
        case Prose(spans):
            yield from _paragraph(spans)
        case Bullets(items, numbered):
            for number, item in enumerate(items, 1):
                yield from _item(item, f"{number}. " if numbered else BULLET)
        case Fields(pairs):
            for name, value in pairs:
                yield from _paragraph((Bold(name), Text(": "), *value), apart=False)
        case Comparison():
            yield from _comparison(block)
        case Table(columns, table_rows):
            for row in table_rows:
                yield from _item(tuple(_entry(columns, row)), BULLET)
        case Bars():
            yield from _bars(block)
        case Notice(spans):
            yield from _small(spans)
        case _:
            assert_never(block)


def _headings(mark: str, text: str) -> Iterator[Line]:
    for words in lines((Text(text),), MAX_LINE - len(mark)):
        yield Line(mark + words, heading=True)


def _paragraph(spans: Iterable[Span], *, apart: bool = True) -> Iterator[Line]:
    for words in lines(spans, MAX_LINE):
        yield Line(words, apart=apart)
        apart = False


def _item(spans: Iterable[Span], mark: str) -> Iterator[Line]:
    """An item of a list; its further lines are indented, so that they stay part of it."""
    for words in lines(spans, MAX_LINE - len(mark)):
        yield Line(mark + words)
        mark = " " * len(mark)


def _small(spans: Iterable[Span]) -> Iterator[Line]:
    for words in lines(spans, MAX_LINE - len(SMALL)):
        yield Line(SMALL + words)


def _bars(bars: Bars) -> Iterator[Line]:
    for bar in bars.rows:
        words = Text(f" {text_bar(bar.share)} {bar.words}")
        yield from _item((Bold(bar.name), words), BULLET)


def _comparison(comparison: Comparison) -> Iterator[Line]:
    for row in comparison.rows:
        left, right = comparison.words[row.left], comparison.words[row.right]
        yield from _item((Bold(row.name), Text(f" · {left} · {right}")), BULLET)


def _entry(columns: tuple[str, ...], row: tuple[str, ...]) -> Iterator[Span]:
    """A row as one line: the first two cells stand out, and all but the first have their name."""
    for number, (column, cell) in enumerate(zip(columns, row, strict=True)):
        if number and visible(cell):
            yield Text(f" · {column}: ")
        yield Bold(cell) if number < 2 else Text(cell)
