"""Bringing files in, as the tests of every format do it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.content.quizzes import ChoiceItem, Item, NumericItem, OrderingItem, TextItem
from bot.packs.build import Built, Told, build
from bot.packs.formats import Encoding, Format
from bot.packs.labels import Skills
from bot.packs.model import Left, Parsed, Question
from bot.packs.read import parse
from bot.packs.report import Verdict
from bot.packs.words import shown

TOLD = Told("trivia", "An author", "python", 1)


def parsed(data: str | bytes, form: Format, encoding: Encoding = Encoding.AUTO) -> Parsed:
    """What the parser of a format finds."""
    return parse(data.encode() if isinstance(data, str) else data, form, encoding)


def brought(
    skills: Skills,
    data: str | bytes,
    form: Format,
    encoding: Encoding = Encoding.AUTO,
    known: Mapping[str, str] | None = None,
) -> Built:
    """The items that a file becomes, and the lines of the report."""
    found = parsed(data, form, encoding).found
    return build(found, TOLD, skills, known or {})


def only(built: Built) -> Item:
    """The only item; there must be no other, and nothing may have been skipped."""
    assert [line for line in built.lines if line.verdict is Verdict.SKIPPED] == []
    (item,) = built.items
    return item


def choice(built: Built) -> ChoiceItem:
    """The only item, which has options."""
    item = only(built)
    assert isinstance(item, ChoiceItem)
    return item


def question(found: Parsed) -> Question:
    """The only question that a parser found."""
    (entry,) = found.found
    assert isinstance(entry, Question)
    return entry


def reason(found: Parsed) -> str:
    """Why the only question was left."""
    (entry,) = found.found
    assert isinstance(entry, Left)
    return entry.reason


def told(built: Built) -> list[str]:
    """The lines of the report."""
    return [str(line) for line in built.lines]


def key(item: Item) -> tuple[object, ...]:
    """What a round trip must keep: the question, the options, and which answers are right.

    Texts as they are shown, with single spaces; options in any order.
    """
    match item:
        case ChoiceItem():
            right, wrong = ({_read(o.text) for o in part} for part in (item.right, item.wrong))
            truth = item.format == "true-false"
            several = item.format == "multiple"
            return _read(item.scenario or ""), _read(item.stem), truth, several, right, wrong
        case OrderingItem():
            return _read(item.stem), [_read(step.text) for step in item.steps]
        case NumericItem():
            return _read(item.stem), item.answer, item.tolerance
        case TextItem():
            return _read(item.stem), {_read(text) for text in item.accepted}


def _read(text: str) -> str:
    return " ".join(shown(text).split())
