"""GIFT, the text format of Moodle: blocks parted by blank lines, answers in braces.

Written from Moodle's description of the format; what stands in braces is read by `gift_answers`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.packs.gift_answers import Meant, answers
from bot.packs.gift_text import mask, plain_words, without_private
from bot.packs.model import Found, Left, PackError, Parsed, Question, RefusedError

_CATEGORY = re.compile(r"\s*\$CATEGORY:(.*)", re.IGNORECASE)
_TITLE = re.compile(r"\s*::((?:(?!::).)*+)::", re.DOTALL)
_TAG = re.compile(r"\[tag:([^\[\]]*)\]", re.IGNORECASE)
_COMMENT = re.compile(r"\s*//")

GAP = "____"
"""What stands in a stem where the answer is missing."""


@dataclass
class _Block:
    """Lines without a blank one between them, without comments."""

    category: str
    line: int = 0
    lines: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


def parse(text: str) -> Parsed:
    """The questions of a GIFT file. A matching question becomes one question a pair.

    Raises:
        PackError: if there is no question with braces in it at all.
    """
    found: list[Found] = []
    for block in _blocks(without_private(text)):
        found += _questions(block)
    if not any("{" in line for line in text.split("\n")):
        raise PackError("this is not GIFT: there are no answers in { } in it")
    return Parsed(tuple(found))


def _blocks(text: str) -> Iterator[_Block]:
    category = ""
    block = _Block(category)
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if _COMMENT.match(line):
            block.tags += _TAG.findall(line)
        elif named := _CATEGORY.match(line):
            category = named[1].strip()
            block.category = category
        elif line.strip():
            block.line = block.line or number
            block.lines.append(line)
        elif block.lines:
            yield block
            block = _Block(category)


def _questions(block: _Block) -> list[Found]:
    place, masked = f"line {block.line}", mask("\n".join(block.lines))
    title, stem = "", ""
    if match := _TITLE.match(masked):
        title, masked = match[1], masked[match.end() :]
    try:
        before, body, after = _parts(masked)
        gap = f"{before}{GAP}{after}" if after.strip() else before
        stem, form, notes = plain_words(gap, "moodle")
        meant = answers(body, form)
    except RefusedError as error:
        begun = stem or plain_words(masked.partition("{")[0] or title, "plain")[0]
        return [Left(place, begun, str(error))]
    labels = (*(part.strip() for part in block.category.split("/")), *block.tags)
    return [
        Question(
            place,
            _with_pair(stem, one),
            one.answer,
            meant.explanation,
            labels=tuple(label for label in labels if label),
            notes=(*notes, *meant.notes, *one.notes),
        )
        for one in meant.each
    ]


def _parts(masked: str) -> tuple[str, str, str]:
    """What stands before the braces, in them and after them."""
    before, opened, rest = masked.partition("{")
    if not opened:
        raise RefusedError("it is a description, not a question")
    body, closed, after = rest.partition("}")
    if not closed:
        raise RefusedError("its } is missing; a blank line ends a question")
    if "{" in body + after or "}" in after:
        raise RefusedError("it has more than one pair of braces")
    if not before.strip():
        raise RefusedError("there is no question before the braces")
    return before, body, after


def _with_pair(stem: str, one: Meant) -> str:
    return f"{stem.strip().rstrip('.:?')}: {one.about}" if one.about else stem
