"""Rows of separated text: quotation marks doubled inside quoted fields, which may hold lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.packs.model import PackError


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of a row, and the line (from 1) at which it begins."""

    line: int
    fields: tuple[str, ...]


def rows(text: str, separator: str, line: int = 1) -> Iterator[Row]:
    """The rows of `text` that are not blank; one that begins with `#` is a comment.

    Raises:
        PackError: naming the line of a quotation mark that is never closed.
    """
    end = re.compile(f"[{re.escape(separator)}\n]")
    position = 0
    while position < len(text):
        begun, fields = line, list[str]()
        comment = text[position] == "#"
        if comment:
            stop = text.find("\n", position)
            position, line = (len(text) if stop < 0 else stop + 1), line + 1
            continue
        more = True
        while more:
            value, position = _field(text, position, end, line)
            line += value.count("\n")
            fields.append(value)
            more = text[position : position + 1] == separator
            position += 1
        line += 1
        if any(value.strip() for value in fields):
            yield Row(begun, tuple(fields))


def _field(text: str, start: int, end: re.Pattern[str], line: int) -> tuple[str, int]:
    """A field, and the place of the separator or line break after it."""
    quoted = ""
    if text.startswith('"', start):
        pieces, start = [], start + 1
        while True:
            close = text.find('"', start)
            if close < 0:
                raise PackError(f"line {line}: a quotation mark is not closed before the file ends")
            pieces.append(text[start:close])
            start = close + 1
            if not text.startswith('"', start):
                break
            pieces.append('"')
            start += 1
        quoted = "".join(pieces)
    stop = end.search(text, start)
    place = stop.start() if stop else len(text)
    return quoted + text[start:place], place
