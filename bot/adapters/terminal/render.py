"""A view as text for a terminal: wrapped, with tables where they fit and numbered choices.

Whatever a span says, nothing in it reaches the terminal as a control character or an escape
sequence; the only sequences in the result are the colours that are made here.
"""

from __future__ import annotations

import io
import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TypeAlias, assert_never
from weakref import WeakKeyDictionary

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.constrain import Constrain
from rich.table import Table as Grid
from rich.text import Text as Styled

from bot.adapters.bars import CELLS, text_bar
from bot.core.intents import Intent
from bot.core.views import (
    Action,
    Actions,
    Bar,
    Bars,
    Block,
    Bold,
    Bullets,
    Button,
    Code,
    Comparison,
    Divider,
    Fields,
    Heading,
    Image,
    Italic,
    Link,
    Notice,
    Picker,
    Prose,
    Select,
    Spans,
    Table,
    Text,
    View,
)

NARROWEST = 20
"""Columns of the narrowest terminal that is written for."""

WIDEST_PROSE = 100
"""Columns after which prose is wrapped in any case: longer lines are hard to read."""

WIDEST_COLUMN = 40
"""Columns of a table's cell after which its text is wrapped."""

GAP = 2
"""Columns between two choices or two columns of a table."""

_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours, cursor and screen
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)"  # titles, links
    r"|\x1b[ -/]*[0-~]?"
)
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

_Key: TypeAlias = tuple[int, bool]
_kept: WeakKeyDictionary[View, dict[_Key, str]] = WeakKeyDictionary()


def render(view: View, width: int = 80, *, colour: bool = False) -> str:
    """The view in lines of at most `width` columns (20 or more), without a line break at its end.

    The choices of its actions are numbered from 1, in the order of `choices`.
    """
    width = max(width, NARROWEST)
    kept = _kept.setdefault(view, {})
    if (width, colour) not in kept:
        kept[width, colour] = _rendered(view, width, colour=colour)
    return kept[width, colour]


def choices(view: View) -> tuple[Intent, ...]:
    """What the numbers 1, 2, ... of a view's choices mean."""
    found: list[Intent] = []
    for block in view.blocks:
        if isinstance(block, Actions):
            for item in block.items:
                match item:
                    case Button(intent=intent):
                        found.append(intent)
                    case Select(choices=entries):
                        found += (entry.intent for entry in entries)
                    case Picker():
                        pass
                    case _:
                        assert_never(item)
    return tuple(found)


def safe(text: str) -> str:
    """The text without escape sequences and control or invisible characters; tabs are spaces."""
    text = _ESCAPES.sub("", text).replace("\t", " ")
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in _INVISIBLE)


def _line(text: str) -> str:
    """Text that must stay in one line."""
    return " ".join(safe(text).split())


def _rendered(view: View, width: int, *, colour: bool) -> str:
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        color_system="standard" if colour else None,
        force_terminal=colour,
        legacy_windows=False,
        emoji=False,
        markup=False,
        highlight=False,
        _environ={},
    )
    for part in _parts(view, width):
        console.print(part, overflow="fold")
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n")).strip("\n")


def _parts(view: View, width: int) -> Iterator[RenderableType]:
    title = _line(view.title)
    yield Styled(title, "bold")
    yield "─" * min(cell_len(title), width)
    numbers = itertools.count(1)
    after_heading = True
    for block in view.blocks:
        parts = list(_block(block, numbers, width))
        if parts and not after_heading:
            yield ""
        yield from parts
        after_heading = isinstance(block, Heading)


def _block(block: Block, numbers: Iterator[int], width: int) -> Iterator[RenderableType]:
    prose = min(width, WIDEST_PROSE)
    match block:
        case Heading(text):
            yield Styled(_line(text), "bold cyan")
        case Prose() | Image() | Notice():
            yield _wrapped(_paragraph(block), prose)
        case Bullets(items, numbered):
            yield from _bullets(items, prose, numbered=numbered)
        case Fields(pairs):
            for name, value in pairs:
                yield _wrapped(Styled.assemble((f"{_line(name)}: ", "bold"), _styled(value)), prose)
        case Comparison(left, right, rows, words):
            cells = tuple((row.name, words[row.left], words[row.right]) for row in rows)
            yield from _table(("", left, right), cells, width)
        case Table(columns, rows):
            yield from _table(columns, rows, width)
        case Bars(bars):
            yield from _bars(bars, prose)
        case Divider():
            yield "─" * prose
        case Actions(items):
            yield from _actions(items, numbers, prose)
        case _:
            assert_never(block)


def _paragraph(block: Prose | Image | Notice) -> Styled:
    match block:
        case Prose(spans):
            return _styled(spans)
        case Image(url, alt):
            return Styled(f"[Picture: {_line(alt)}] {_line(url)}")
        case Notice(spans):
            notice = _styled(spans)
            notice.stylize("dim")
            return notice
        case _:
            assert_never(block)


def _styled(spans: Spans) -> Styled:
    styled = Styled()
    for span in spans:
        text = safe(span.text)
        match span:
            case Text():
                styled.append(text)
            case Bold():
                styled.append(text, "bold")
            case Italic():
                styled.append(text, "italic")
            case Code():
                styled.append(f"`{text}`", "cyan")
            case Link(url=url):
                styled.append(text, "underline")
                styled.append(f" ({_line(url)})")
            case _:
                assert_never(span)
    return styled


def _wrapped(text: Styled, width: int) -> RenderableType:
    return Constrain(text, width)


def _bullets(items: Sequence[Spans], width: int, *, numbered: bool) -> Iterator[RenderableType]:
    for number, item in enumerate(items, 1):
        yield _hanging(f"{number}." if numbered else "•", _styled(item), width)


def _hanging(lead: str, text: Styled, width: int) -> RenderableType:
    """Text whose further lines start under its first word, not under its lead."""
    grid = Grid.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(lead, text)
    return Constrain(grid, width)


def _table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], width: int
) -> Iterator[RenderableType]:
    """A table where it fits into the width, else a list with one row an entry."""
    names = [_line(name) for name in columns]
    cells = [[_line(cell) for cell in row] for row in rows]
    sizes = [
        min(WIDEST_COLUMN, max(1, *(cell_len(cell) for cell in column)))
        for column in itertools.zip_longest(names, *cells, fillvalue="")
    ]
    if sum(sizes) + GAP * (len(sizes) - 1) > width:
        yield from _entries(names, cells, width)
        return
    grid = Grid(box=SIMPLE_HEAD, show_edge=False, padding=(0, GAP - 1, 0, 0), pad_edge=False)
    for name, size in itertools.zip_longest(names, sizes, fillvalue=""):
        grid.add_column(Styled(str(name)), width=int(size), overflow="fold")
    for row in cells:
        grid.add_row(*(Styled(cell) for cell in row))
    yield grid


def _entries(names: list[str], rows: list[list[str]], width: int) -> Iterator[RenderableType]:
    for row in rows:
        pairs = itertools.zip_longest(names, row, fillvalue="")
        lines = (f"{name}: {cell}" if name else cell for name, cell in pairs)
        yield _hanging("•", Styled("\n".join(lines)), width)


def _bars(bars: Sequence[Bar], width: int) -> Iterator[RenderableType]:
    """Names, bars and words below each other where they fit beside each other, else a list."""
    rows = [(_line(bar.name), text_bar(bar.share), _line(bar.words)) for bar in bars]
    names, words = (max((cell_len(row[n]) for row in rows), default=0) for n in (0, 2))
    if names + words + CELLS + 2 * GAP > width:
        for row in rows:
            yield _hanging("•", Styled(" ".join(row).strip()), width)
        return
    grid = Grid.grid(padding=(0, GAP, 0, 0))
    for name, bar, said in rows:
        grid.add_row(Styled(name, "bold"), bar, Styled(said))
    if rows:
        yield grid


def _actions(
    items: Sequence[Action], numbers: Iterator[int], width: int
) -> Iterator[RenderableType]:
    buttons: list[Styled] = []
    for item in items:
        match item:
            case Button(label):
                buttons.append(_numbered(next(numbers), label))
            case Picker(placeholder=placeholder):
                yield _wrapped(Styled(f"({_line(placeholder)}: on Discord and Slack)"), width)
            case Select(placeholder, entries):
                yield from _flowing(buttons, width)
                buttons.clear()
                yield _wrapped(Styled(f"{_line(placeholder)}:"), width)
                labels = [_numbered(next(numbers), entry.label) for entry in entries]
                if any(entry.description for entry in entries):
                    for entry, line in zip(entries, labels, strict=True):
                        line.append(f"  {_line(entry.description)}", "dim")
                        yield _wrapped(line, width)
                else:
                    yield from _flowing(labels, width)
            case _:
                assert_never(item)
    yield from _flowing(buttons, width)


def _numbered(number: int, label: str) -> Styled:
    return Styled.assemble((f"{number})", "bold green"), " ", _line(label))


def _flowing(labels: Sequence[Styled], width: int) -> Iterator[RenderableType]:
    """The labels beside each other, as many in a line as fit."""
    line = Styled()
    for label in labels:
        if line and line.cell_len + GAP + label.cell_len > width:
            yield _wrapped(line, width)
            line = Styled()
        line = Styled.assemble(line, " " * GAP, label) if line else label
    if line:
        yield _wrapped(line, width)
