"""Our items as notes for Anki: text with header lines, a front and a back in HTML.

Lists on the front and the back bear marks of ours, so that they come back as they were.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import assert_never

from bot.core.content.quizzes import (
    ChoiceItem,
    Item,
    NumericItem,
    OrderingItem,
    Pack,
    TextItem,
)
from bot.packs.anki_note import MARK
from bot.packs.words import number, shown, shown_paragraphs

_HEAD = (
    "#separator:tab",
    "#html:true",
    "#guid column:1",
    "#deck column:2",
    "#tags column:5",
    "#columns:guid\tdeck\tFront\tBack\ttags",
)


def written(packs: Sequence[Pack]) -> tuple[str, Mapping[str, str]]:
    """The file; every item finds a place in it."""
    rows = (_row(item, pack) for pack in packs for item in pack.items)
    return "\n".join((*_HEAD, *rows, "")), {}


def _row(item: Item, pack: Pack) -> str:
    situation = item.scenario if isinstance(item, ChoiceItem) else None
    front = _words(situation, item.stem)
    back = ""
    match item:
        case ChoiceItem():
            kind = "several" if item.format == "multiple" else "options"
            options = sorted((option.text for option in item.options), key=str.casefold)
            front += _list("ul", kind, options)
            back = _list("ul", "right", (option.text for option in item.right))
        case OrderingItem():
            steps = [step.text for step in item.steps]
            front += _list("ul", "shuffled", sorted(steps, key=str.casefold))
            back = _list("ol", "steps", steps)
        case NumericItem():
            back = _number(item)
        case TextItem():
            back = _list("ul", "accepted", item.accepted)
        case _:
            assert_never(item)
    if item.explanation:
        back += f'<p class="{MARK}explanation">{_words(item.explanation)}</p>'
    tags = f"skill::{item.skill} level::{item.level}"
    return "\t".join(_field(text) for text in (item.id, _name(pack), front, back, tags))


def _name(pack: Pack) -> str:
    return shown(pack.name).replace("::", ":")


def _field(text: str) -> str:
    """A field in quotation marks, so that no sign in it ends it or begins a comment."""
    return '"' + text.replace('"', '""') + '"'


def _words(*texts: str | None) -> str:
    return "<br><br>".join(html.escape(part, quote=False) for part in shown_paragraphs(*texts))


def _list(tag: str, mark: str, texts: Iterable[str]) -> str:
    entries = "".join(f"<li>{_words(text)}</li>" for text in texts)
    return f'<{tag} class="{MARK}{mark}">{entries}</{tag}>'


def _number(item: NumericItem) -> str:
    parts = [_span("number", number(item.answer))]
    if item.tolerance:
        parts += ["±", _span("tolerance", number(item.tolerance))]
    if item.unit:
        parts.append(_span("unit", _words(item.unit)))
    return " ".join(parts)


def _span(mark: str, text: str) -> str:
    return f'<span class="{MARK}{mark}">{text}</span>'
