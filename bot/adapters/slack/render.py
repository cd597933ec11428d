"""A view as Slack messages: Block Kit that keeps every limit, whatever the view.

`render` is pure and total. All text stands in `rich_text` or `plain_text`, which parse no markup,
so nothing that a person typed can become a mention, a link or bold. (Tables are lists, because
the `table` block is not yet safe in every place.) A view that is too long for one message becomes
several, cut between blocks, items or sentences; no text is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count, groupby, zip_longest
from typing import assert_never

from bot.adapters.bars import text_bar
from bot.adapters.slack import rich_text
from bot.adapters.slack.rich_text import MOST_CHARACTERS, Line, Style, lines
from bot.adapters.slack.wire import Json, escaped, label
from bot.core.intents import encode
from bot.core.views import (
    MAX_ALT,
    Action,
    Actions,
    Bar,
    Bars,
    Bold,
    Bullets,
    Button,
    Comparison,
    Divider,
    Fields,
    Heading,
    Image,
    Level,
    Link,
    Notice,
    Pick,
    Picker,
    Prose,
    Select,
    Span,
    Spans,
    Table,
    Text,
    View,
)

MOST_BLOCKS = 50
"""Blocks in a message."""

MOST_HOME_BLOCKS = 100
"""Blocks in a home tab."""

MOST_IN_MESSAGE = 12_000
"""Characters of a whole message; somewhere above 13,000 Slack refuses it."""

MOST_TITLE = 150
MOST_FALLBACK = 3000
MOST_ON_BUTTON = 75
MOST_IN_OPTION = 75
MOST_IN_PLACEHOLDER = 150

BUTTONS_IN_ROW = 5
"""Slack takes 25, but more than five are hard to read on a phone."""

POSTABLE = {"include": ["public", "private"], "exclude_bot_users": True}
"""Conversations that can be picked as channels."""


@dataclass(frozen=True, slots=True)
class _Block:
    json: Json
    size: int


def render(view: View) -> tuple[Json, ...]:
    """The messages of a view, at least one, each with `blocks` and `text`, its fallback."""
    text = _fallback(view)
    messages = list(_messages(_blocks(view))) or [[_said(view.fallback)]]
    return tuple({"text": text, "blocks": blocks} for blocks in messages)


def render_home(view: View) -> Json:
    """A home tab. Blocks beyond Slack's 100 are left out; no home of the core comes near."""
    blocks = [block.json for block in _blocks(view)]
    return {"type": "home", "blocks": blocks[:MOST_HOME_BLOCKS] or [_said(view.fallback)]}


def _fallback(view: View) -> str:
    """What notifications and screen readers get, in one line; all of it stands in the blocks."""
    words = next((t for t in (view.fallback, view.title) if t.strip()), "…")
    return escaped(str(label(words, MOST_FALLBACK)["text"]))


def _messages(blocks: Iterable[_Block]) -> Iterator[list[Json]]:
    message: list[Json] = []
    size = 0
    for block in blocks:
        if len(message) == MOST_BLOCKS or (message and size + block.size > MOST_IN_MESSAGE):
            yield message
            message, size = [], 0
        message.append(block.json)
        size += block.size
    if message:
        yield message


def _said(text: str) -> Json:
    return {"type": "section", "text": label(text, MOST_CHARACTERS)}


def _blocks(view: View) -> Iterator[_Block]:
    """The blocks of a view, each heading in one block with what it stands above."""
    numbers = count()
    above = _title(view.title)
    if above and above[0].size <= MOST_TITLE and "\n" not in view.title:
        yield _Block({"type": "header", "text": label(view.title, MOST_TITLE)}, above[0].size)
        above = []
    for block in view.blocks:
        match block:
            case Heading(text):
                yield from _texts(above)
                above = _title(text)
            case Divider():
                yield from _texts(above)
                above = []
                yield _Block({"type": "divider"}, 0)
            case Image(url, alt):
                yield from _texts(above)
                above = []
                yield _picture(url, alt)
            case Notice(spans):
                yield from _texts(above)
                above = []
                yield from _context(spans)
            case Actions(items):
                yield from _texts(above)
                above = []
                yield from _rows(items, numbers)
            case Prose() | Bullets() | Fields() | Comparison() | Table() | Bars():
                yield from _texts([*above, *_lines(block)])
                above = []
            case _:
                assert_never(block)
    yield from _texts(above)


def _title(text: str) -> list[Line]:
    return list(lines((Bold(text.strip()),)))


def _texts(found: list[Line]) -> Iterator[_Block]:
    """Lines as blocks of at most 3,000 characters, or of one line."""
    group: list[Line] = []
    size = 0
    for line in found:
        if group and size + line.size > MOST_CHARACTERS:
            yield _Block(rich_text.rich_text(group), size)
            group, size = [], 0
        group.append(line)
        size += line.size + 1
    if group:
        yield _Block(rich_text.rich_text(group), size)


def _lines(block: Prose | Bullets | Fields | Comparison | Table | Bars) -> Iterator[Line]:
    match block:
        case Prose(spans):
            yield from lines(spans)
        case Bullets(items, numbered):
            style = Style.NUMBERED if numbered else Style.BULLET
            yield from _items(items, style)
        case Fields(pairs):
            for name, value in pairs:
                yield from lines((Bold(name), Text(": "), *value))
        case Comparison(left, right, rows, words):
            yield from lines((Text("First "), Bold(left), Text(", then "), Bold(right), Text(":")))
            yield from _items(_levels(rows, words), Style.BULLET)
        case Table(columns, rows):
            yield from _items((_row(columns, row) for row in rows), Style.BULLET)
        case Bars(bars):
            yield from _items((_bar(bar) for bar in bars), Style.BULLET)
        case _:
            assert_never(block)


def _items(items: Iterable[Spans], style: Style) -> Iterator[Line]:
    for number, spans in enumerate(items):
        yield from lines(spans, style, number if style is Style.NUMBERED else 0)


def _levels(rows: Iterable[Level], words: tuple[str, ...]) -> Iterator[Spans]:
    for row in rows:
        yield (Bold(row.name), Text(f": {words[row.left]} · {words[row.right]}"))


def _bar(bar: Bar) -> Spans:
    return (Bold(bar.name), Text(f" {text_bar(bar.share)} {bar.words}"))


def _row(columns: tuple[str, ...], cells: tuple[str, ...]) -> Spans:
    """A row of a table: its first cell, then each other cell with the name of its column."""
    spans: list[Span] = [Bold(cell) for cell in cells[:1]]
    for name, cell in zip_longest(columns[1:], cells[1:], fillvalue=""):
        if cell:
            spans.append(Text(f" · {name}: {cell}" if name else f" · {cell}"))
    return tuple(spans)


def _picture(url: str, alt: str) -> _Block:
    words = str(label(alt, MAX_ALT)["text"])
    return _Block({"type": "image", "image_url": url, "alt_text": words}, len(url) + len(words))


def _context(spans: Spans) -> Iterator[_Block]:
    """A small remark; an address stands behind its link, because plain text has no links."""
    text = "".join(f"{s.text} ({s.url})" if isinstance(s, Link) else s.text for s in spans)
    for part in rich_text.cut(text):
        if part.strip():
            element = {"type": "plain_text", "text": part, "emoji": False}
            yield _Block({"type": "context", "elements": [element]}, len(part))


def _rows(items: Iterable[Action], numbers: Iterator[int]) -> Iterator[_Block]:
    """Buttons in rows of five, and every select in a row of its own; Slack has no roles."""
    shown = [item for item in items if not (isinstance(item, Picker) and item.pick is Pick.ROLE)]
    for are_buttons, group in groupby(shown, key=lambda item: isinstance(item, Button)):
        elements = [_element(item, next(numbers)) for item in group]
        width = BUTTONS_IN_ROW if are_buttons else 1
        for start in range(0, len(elements), width):
            row = elements[start : start + width]
            size = sum(map(_label_size, row))
            yield _Block({"type": "actions", "elements": row}, size)


def _element(item: Action, number: int) -> Json:
    match item:
        case Button(words, intent, primary):
            button = {
                "type": "button",
                "action_id": f"i{number}",
                "text": label(words, MOST_ON_BUTTON),
                "value": encode(intent),
            }
            return button | ({"style": "primary"} if primary else {})
        case Select(placeholder, choices):
            return {
                "type": "static_select",
                "action_id": f"i{number}",
                "placeholder": label(placeholder, MOST_IN_PLACEHOLDER),
                "options": [
                    option(choice.label, encode(choice.intent), choice.description)
                    for choice in choices
                ],
            }
        case Picker(pick, placeholder, intent):
            return {
                "type": "users_select" if pick is Pick.PERSON else "conversations_select",
                "action_id": f"i{number}:{encode(intent)}",
                "placeholder": label(placeholder, MOST_IN_PLACEHOLDER),
            } | ({"filter": POSTABLE} if pick is Pick.CHANNEL else {})
        case _:
            assert_never(item)


def option(words: str, value: str, description: str = "") -> Json:
    """One option of a select."""
    made: Json = {"text": label(words, MOST_IN_OPTION), "value": value}
    if description.strip():
        made["description"] = label(description, MOST_IN_OPTION)
    return made


def _label_size(element: Json) -> int:
    """The characters of a button or of a select with all its options."""
    options = element.get("options", ())
    texts = [element.get("text"), element.get("placeholder")]
    texts += [part for o in options for part in (o["text"], o.get("description"))]
    return sum(len(text["text"]) for text in texts if text)
