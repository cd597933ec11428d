"""Notes that Anki exported as text: header lines such as `#separator:Tab`, then rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.packs.anki_note import Note, questions
from bot.packs.markup import looks_like_html
from bot.packs.model import Found, PackError, Parsed
from bot.packs.rows import Row, rows

_SEPARATORS = {
    "comma": ",", "semicolon": ";", "tab": "\t", "space": " ", "pipe": "|", "colon": ":",
}  # fmt: skip
_HEADER = re.compile(r"#\s*([a-z][a-z ]*?)\s*:(.*)", re.IGNORECASE)
_SPECIAL = ("guid", "notetype", "deck", "tags")
_EXPLAINS = {"explanation", "extra", "back extra"}


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which column (from 0) holds what; None where there is none."""

    front: int
    back: int
    explanation: int | None
    tags: int | None
    deck: int | None
    ignored: frozenset[int]


def parse(text: str) -> Parsed:
    """The questions of an export of notes or cards as text, or of a CSV file for Anki.

    Raises:
        PackError: if the rows have fewer than two fields, or a header line is wrong.
    """
    head, body, line = _split(text)
    separator = _separator(head, body)
    html = _html(head, body)
    every = tuple(rows(body, separator, line))
    if not every:
        raise PackError("the file has no rows")
    layout = _layout(head, separator, max(len(row.fields) for row in every))
    everywhere = (head.get("deck", ""), *head.get("tags", "").split())
    found: list[Found] = []
    for row in every:
        found += questions(_note(row, layout, html=html), everywhere)
    return Parsed(tuple(found))


def _split(text: str) -> tuple[Mapping[str, str], str, int]:
    """The header lines by name, the rest, and the line at which it begins."""
    head: dict[str, str] = {}
    lines = text.split("\n")
    count = 0
    while count < len(lines) and lines[count].startswith("#"):
        if header := _HEADER.fullmatch(lines[count]):
            head.setdefault(" ".join(header[1].lower().split()), header[2])
        count += 1
    return head, "\n".join(lines[count:]), count + 1


def _separator(head: Mapping[str, str], body: str) -> str:
    if (named := head.get("separator")) is None:
        first = body.lstrip("\n").partition("\n")[0]
        return next((mark for mark in "\t;|," if mark in first), "\t")
    mark = _SEPARATORS.get(named.strip().lower(), named.strip() or named[:1])
    if len(mark) != 1 or mark in '"\n':
        known = ", ".join(_SEPARATORS)
        raise PackError(f"the header #separator is `{mark[:20]}`; it is one of {known}")
    return mark


def _html(head: Mapping[str, str], body: str) -> bool:
    match head.get("html", "").strip().lower():
        case "true":
            return True
        case "false":
            return False
        case _:
            return looks_like_html(body)


def _layout(head: Mapping[str, str], separator: str, width: int) -> _Layout:
    names = [name.strip().strip('"').lower() for name in head.get("columns", "").split(separator)]
    special = {kind: _column(head, kind, names, width) for kind in _SPECIAL}
    taken = {column for column in special.values() if column is not None}
    fields = [column for column in range(width) if column not in taken]
    if len(fields) < 2:
        raise PackError(
            "the rows have fewer than two fields, a front and a back; is #separator right?"
        )
    by_name = {name: column for column, name in enumerate(names) if column in fields}
    explanation = next((by_name[name] for name in by_name if name in _EXPLAINS), None)
    front = by_name.get("front", by_name.get("question", fields[0]))
    others = [column for column in fields if column not in {front, explanation}]
    if not others:
        raise PackError("the columns have no back beside the front and the explanation")
    back = by_name.get("back", by_name.get("answer", others[0]))
    return _Layout(front, back, explanation, special["tags"], special["deck"], frozenset(taken))


def _column(head: Mapping[str, str], kind: str, names: list[str], width: int) -> int | None:
    """The column of a kind, by its own header or by its name among the columns."""
    written = head.get(f"{kind} column")
    if written is None:
        return names.index(kind) if kind in names else None
    number = written.strip()
    if not re.fullmatch("[0-9]{1,4}", number) or not 1 <= int(number) <= width:
        raise PackError(f"the header #{kind} column is `{number[:20]}`, not a column of the rows")
    return int(number) - 1


def _note(row: Row, layout: _Layout, *, html: bool) -> Note:
    def at(column: int | None) -> str:
        return row.fields[column] if column is not None and column < len(row.fields) else ""

    used = {layout.front, layout.back, layout.explanation, *layout.ignored}
    further = [
        column for column, text in enumerate(row.fields) if column not in used and text.strip()
    ]
    return Note(
        place=f"line {row.line}",
        front=at(layout.front),
        back=at(layout.back),
        explanation=at(layout.explanation),
        labels=(at(layout.deck), *at(layout.tags).split()),
        further=len(further),
        html=html,
    )
