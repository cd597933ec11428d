"""Views in a terminal: readable at every width, and safe whatever a span says."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from bot.adapters.terminal.render import choices, render, safe
from bot.core.command import Actor, Call, Form
from bot.core.dispatch import Dispatcher
from bot.core.intents import BrowseRoles, Run
from bot.core.views import (
    Action,
    Actions,
    Bar,
    Bars,
    Block,
    Bold,
    Bullets,
    Button,
    Choice,
    Code,
    Comparison,
    Divider,
    Fields,
    Heading,
    Image,
    Italic,
    Level,
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
from tests.strategies import views

COLOURS = re.compile(r"\x1b\[[0-9;]*m")
WORD = re.compile(r"[0-9A-Za-z]{1,12}")
"""Words that fit into every line and every column."""


def shown(*blocks: Block, width: int = 60, colour: bool = False) -> str:
    return render(View("Title", blocks, "fallback"), width, colour=colour)


def lines_below_title(*blocks: Block, width: int = 60) -> list[str]:
    return shown(*blocks, width=width).split("\n")[2:]


def texts(view: View) -> list[str]:
    found = [view.title]
    for block in view.blocks:
        match block:
            case Heading(text):
                found.append(text)
            case Prose(spans) | Notice(spans):
                found += _of_spans(spans)
            case Bullets(items):
                found += (text for item in items for text in _of_spans(item))
            case Fields(pairs):
                found += (text for name, value in pairs for text in (name, *_of_spans(value)))
            case Comparison(left, right, rows, words):
                found += (left, right) if rows else ()
                found += (t for r in rows for t in (r.name, words[r.left], words[r.right]))
            case Table(columns, rows):
                found += (text for row in (columns, *rows) for text in row) if rows else ()
            case Bars(bars):
                found += (text for bar in bars for text in (bar.name, bar.words))
            case Image(url, alt):
                found += (url, alt)
            case Divider():
                pass
            case Actions(items):
                found += (text for item in items for text in _of_action(item))
    return found


def _of_spans(spans: Spans) -> list[str]:
    return [span.text for span in spans]


def _of_action(item: Action) -> list[str]:
    match item:
        case Button(label):
            return [label]
        case Select(placeholder, entries):
            return [placeholder, *(t for e in entries for t in (e.label, e.description))]
        case Picker(placeholder=placeholder):
            return [placeholder]


def test_a_reply_reads_from_its_title_down_to_its_choices() -> None:
    assert shown(
        Prose((Text("Two "), Bold("roles"), Text(", "), Italic("told"), Text(" apart."))),
        Heading("Shared"),
        Bullets(((Text("Python"),), (Text("Type "), Code("/help")))),
        Divider(),
        Notice((Link("A source", "https://example.org/a"), Text("."))),
        Actions((Button("Skills", Run("skills")), Button("Pay", Run("pay")))),
    ).split("\n") == [
        "Title",
        "─────",
        "Two roles, told apart.",
        "",
        "Shared",
        "• Python",
        "• Type `/help`",
        "",
        "─" * 60,
        "",
        "A source (https://example.org/a).",
        "",
        "1) Skills  2) Pay",
    ]


def test_bars_stand_below_each_other_and_are_said_in_words() -> None:
    chart = Bars((Bar("Python", 1.0, "all 9"), Bar("SQL", 0.25, "2 of 8"), Bar("", 0.04, "")))
    assert lines_below_title(chart) == [
        "Python  ■■■■■■■■■■  all 9",
        "SQL     ■■■□□□□□□□  2 of 8",
        "        □□□□□□□□□□",
    ]


def test_where_bars_do_not_fit_they_become_a_list() -> None:
    chart = Bars((Bar("Machine learning operations", 0.5, "5 of 10"), Bar("SQL", 0.9, "9 of 10")))
    assert lines_below_title(chart, width=40) == [
        "• Machine learning operations ■■■■■□□□□□",
        "  5 of 10",
        "• SQL ■■■■■■■■■□ 9 of 10",
    ]


def test_a_picture_is_what_it_shows_and_where_it_lies() -> None:
    chart = Image("https://example.org/a.png", "A chart of\n\x1b[31mpay")
    assert lines_below_title(Prose((Text("Above."),)), chart) == [
        "Above.",
        "",
        "[Picture: A chart of pay] https://example.org/a.png",
    ]


def test_long_items_hang_under_their_first_word() -> None:
    item = (Text("words that go on and on until the line is full"),)
    assert lines_below_title(Bullets((item, item), numbered=True), width=24) == [
        "1. words that go on and",
        "   on until the line is",
        "   full",
        "2. words that go on and",
        "   on until the line is",
        "   full",
    ]


def test_levels_stand_in_columns_where_they_fit() -> None:
    block = Comparison(
        "AI engineer", "ML engineer", (Level("Python", 3, 4), Level("Linear algebra", 0, 3)),
        ("not needed", "aware", "working", "strong", "defining"),
    )  # fmt: skip
    assert lines_below_title(block) == [
        "                AI engineer  ML engineer",
        "────────────────────────────────────────",
        "Python          strong       defining",
        "Linear algebra  not needed   strong",
    ]
    assert lines_below_title(block, width=24)[:3] == [
        "• Python",
        "  AI engineer: strong",
        "  ML engineer: defining",
    ]


def test_choices_are_numbered_through_buttons_and_selects() -> None:
    view = View(
        "Title",
        (
            Actions((Button("Back", BrowseRoles(0)), Button("On", BrowseRoles(2)))),
            Actions((
                Select("Open a role", (Choice("AI engineer", Run("role", ("a",)), "Builds"),
                                       Choice("Data analyst", Run("role", ("b",))))),
                Button("Help", Run("help")),
            )),
        ),
        "fallback",
    )  # fmt: skip
    assert render(view, 60).split("\n")[2:] == [
        "1) Back  2) On",
        "",
        "Open a role:",
        "3) AI engineer  Builds",
        "4) Data analyst",
        "5) Help",
    ]
    assert choices(view) == (
        BrowseRoles(0),
        BrowseRoles(2),
        Run("role", ("a",)),
        Run("role", ("b",)),
        Run("help"),
    )


@pytest.mark.parametrize(
    ("hostile", "harmless"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b[2J\x1b[Hgone", "gone"),
        ("\x1b]0;new title\x07here", "here"),
        ("\x1b]8;;https://evil.example\x1b\\press\x1b]8;;\x1b\\", "press"),
        ("\x9b31mred", "red"),
        ("a\rb\x08c\x00d\x7f", "abcd"),
        ("\u202eright to left\u2066", "right to left"),
        ("a\tb", "a b"),
        ("\ud800", ""),
        ("[bold]no markup[/bold] :smile:", "[bold]no markup[/bold] :smile:"),
    ],
)
def test_escape_sequences_and_control_characters_are_taken_out(hostile: str, harmless: str) -> None:
    assert safe(hostile) == harmless
    assert lines_below_title(Prose((Text(f"<{hostile}>"),))) == [f"<{harmless}>"]


def test_colours_are_only_made_where_they_are_asked_for() -> None:
    blocks = (Heading("Shared"), Prose((Bold("roles"), Code("x"), Link("a", "https://b.org"))))
    assert "\x1b" not in shown(*blocks)
    coloured = shown(*blocks, colour=True)
    assert COLOURS.search(coloured)
    assert COLOURS.sub("", coloured) == shown(*blocks)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(view=views(), width=st.integers(20, 200), colour=st.booleans())
def test_any_view_is_shown_whole_and_safely(view: View, width: int, *, colour: bool) -> None:
    written = render(view, width, colour=colour)
    bare = COLOURS.sub("", written) if colour else written
    assert [line for line in bare.split("\n") if safe(line) != line or cell_len(line) > width] == []
    words = {word for text in texts(view) for word in safe(text).split() if WORD.fullmatch(word)}
    unwrapped = "".join(bare.split())  # a word that hangs on a long address is folded with it
    assert [word for word in words if word not in bare and word not in unwrapped] == []


async def test_every_answer_of_the_core_fits_into_a_narrow_terminal(
    dispatcher: Dispatcher,
) -> None:
    for command in dispatcher.commands.values():
        example = dict(
            zip((o.name for o in command.options), command.example.split(), strict=False)
        )
        effect = await dispatcher.call(Call(command.name, example, Actor("terminal", "local")))
        view = effect.otherwise if isinstance(effect, Form) else effect.view
        assert all(len(line) <= 40 for line in render(view, 40).split("\n"))
