"""Spreadsheets for Kahoot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from bot.packs.formats import Format
from bot.packs.labels import Skills
from bot.packs.model import Left, PackError
from tests.packs.bringing import brought, choice, parsed, question, reason
from tests.packs.containers import with_member, workbook, zipped

HEAD = (
    None,
    "Question - max 120 characters",
    "Answer 1 - max 75 characters",
    "Answer 2 - max 75 characters",
    "Answer 3 - max 75 characters",
    "Answer 4 - max 75 characters",
    "Time limit (sec) – 5, 10, 20, 30, 60, 90, 120, or 240 secs",
    "Correct answer(s) - choose at least one",
)
ABOVE: tuple[Sequence[Any], ...] = (
    (None, "Quiz template"),
    (None, "Add questions, at least two answer alternatives, time limit and the correct answer"),
    (),
)
SHEET = "xl/worksheets/sheet1.xml"


def quiz(*rows: Sequence[Any], above: int = 7) -> bytes:
    """A filled template: some rows of advice, the names of the columns, the questions."""
    blank = [()] * (above - len(ABOVE))
    return workbook([*ABOVE, *blank, HEAD, *rows])


ROW = (1, "Which join keeps all rows?", "full", "inner", "left", None, 20.0, 1.0)


@pytest.mark.parametrize("above", [3, 7, 30])
def test_the_columns_are_found_by_their_names(skills: Skills, above: int) -> None:
    built = brought(skills, quiz(ROW, above=above), Format.KAHOOT)
    item = choice(built)
    assert item.stem == "Which join keeps all rows?"
    assert [o.text for o in item.right] == ["full"]
    assert [o.text for o in item.wrong] == ["inner", "left"]
    assert built.lines[0].place == f"row {above + 2}"


@pytest.mark.parametrize("correct", ["1,3", "1, 3", "1;3", 1.3])
def test_several_right_answers_are_all_to_be_picked(skills: Skills, correct: Any) -> None:
    item = choice(brought(skills, quiz((*ROW[:7], correct)), Format.KAHOOT))
    assert item.format == "multiple"
    assert [o.text for o in item.right] == ["full", "left"]


def test_a_decimal_that_may_be_a_list_is_named() -> None:
    read = question(parsed(quiz((*ROW[:7], 1.3)), Format.KAHOOT))
    assert read.notes == ("the right answers 1.3 read as 1 and 3",)


def test_numbers_are_answers_as_people_wrote_them(skills: Skills) -> None:
    row = (1, "How many bits has a byte?", 8.0, 7, 0.5, "16", 20, "1")
    item = choice(brought(skills, quiz(row), Format.KAHOOT))
    assert [o.text for o in item.options] == ["8", "7", "0.5", "16"]


def test_true_and_false(skills: Skills) -> None:
    row = (1, "The sun rises in the east.", True, False, None, None, 5, 1)
    assert choice(brought(skills, quiz(row), Format.KAHOOT)).format == "true-false"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ((1, None, "a", "b", None, None, 5, 1), "there is no question in this row"),
        ((*ROW[:7], 4), "answer 4 is right, but there is no such answer"),
        ((*ROW[:7], None), "the right answer is ``"),
        ((*ROW[:7], "full"), "the right answer is `full`"),
        ((*ROW[:7], 123), "the right answer is `123`"),
        ((1, "When?", dt.date(2025, 1, 2), "b", None, None, 5, 1), "Excel has made a date"),
    ],
)
def test_a_row_that_makes_no_sense_is_left(row: Sequence[Any], why: str) -> None:
    assert reason(parsed(quiz(row), Format.KAHOOT)).startswith(why)


def test_blank_rows_between_questions_are_passed_over() -> None:
    found = parsed(quiz(ROW, (), (2, None, None), (*ROW[:7], "x")), Format.KAHOOT).found
    assert [entry.place for entry in found] == ["row 9", "row 12"]
    assert isinstance(found[1], Left)


def test_a_sheet_that_claims_a_huge_size_is_read_as_it_is(skills: Skills) -> None:
    data = with_member(quiz(ROW), SHEET, {'ref="A1:H9"': 'ref="A1:XFD1048576"'})
    assert choice(brought(skills, data, Format.KAHOOT)).stem == "Which join keeps all rows?"
    far = with_member(quiz(ROW, ROW), SHEET, {'r="10"': 'r="999999999"'})
    assert len(parsed(far, Format.KAHOOT).found) == 1


def test_more_rows_than_a_pack_holds_are_refused() -> None:
    with pytest.raises(PackError, match="at most 2,000 fit into a pack"):
        parsed(quiz(*[ROW] * 2_050), Format.KAHOOT)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(workbook([("Question", "Answer 1")]), "no row among the first", id="columns"),
        pytest.param(workbook([]), "no row among the first", id="empty"),
        pytest.param(b"no workbook", "this is not an Excel workbook", id="text"),
        pytest.param(zipped({"a": b""}), "some other zip file", id="zip"),
        pytest.param(zipped({"[Content_Types].xml": b"<x"}), "cannot|can be read", id="broken"),
        pytest.param(
            with_member(quiz(ROW), SHEET, {"<sheetData>": "<sheetData><row r='x'/>"}),
            "can be read",
            id="broken sheet",
        ),
    ],
)
def test_what_is_no_quiz_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(PackError, match=message):
        parsed(data, Format.KAHOOT)
