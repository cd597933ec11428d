"""Spreadsheets for Kahoot: a row a question, found by the words above the columns."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from openpyxl import load_workbook

from bot.packs.archive import open_container
from bot.packs.model import (
    MAX_ITEMS,
    Choice,
    Found,
    Left,
    Option,
    PackError,
    Parsed,
    Question,
    RefusedError,
)

WHAT = "an Excel workbook"

HEAD_ROWS = 60
"""The names of the columns stand within this many rows."""

COLUMNS = 30
"""More columns than this are not looked at."""

_QUESTION = re.compile(r"question\b", re.IGNORECASE)
_ANSWER = re.compile(r"answer\s*([1-6])\b", re.IGNORECASE)
_CORRECT = re.compile(r"correct\s+answer", re.IGNORECASE)

Cells = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where (from 0) the question, each answer by its number, and the right answers stand."""

    question: int
    answers: Mapping[int, int]
    correct: int


def parse(data: bytes) -> Parsed:
    """The questions of a workbook in Kahoot's layout; time limits are not used.

    Raises:
        PackError: if it is no workbook, or no sheet has the columns.
    """
    with open_container(data, WHAT) as container:
        if "[Content_Types].xml" not in container.namelist():
            raise PackError(f"this is not {WHAT}: it is some other zip file")
    sheets = _sheets(data)
    for rows in sheets:
        for number, cells in enumerate(rows[:HEAD_ROWS], 1):
            columns = _columns(cells)
            if columns is not None:
                return Parsed(tuple(_questions(rows[number:], number + 1, columns)))
    raise PackError(
        f"no row among the first {HEAD_ROWS} names the columns Question, Answer 1, Answer 2 and "
        "Correct answer(s)"
    )


def _sheets(data: bytes) -> list[list[Cells]]:
    """The cells of every sheet, no further than a pack could reach.

    A sheet may claim any size: what it says of itself is not believed, only the first rows and
    columns are asked for.
    """
    most = HEAD_ROWS + MAX_ITEMS + 1
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and charts, which do not matter here
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            with closing(book):
                return [
                    list(sheet.iter_rows(max_row=most, max_col=COLUMNS, values_only=True))
                    for sheet in book.worksheets[:10]
                ]
    except Exception as error:  # whatever a damaged workbook makes the library stumble over
        raise PackError(
            f"this is not {WHAT} that can be read ({type(error).__name__}): save it anew as .xlsx"
        ) from None


def _columns(cells: Cells) -> _Columns | None:
    """The columns, if these cells name them."""
    names = [(place, cell) for place, cell in enumerate(cells) if isinstance(cell, str)]
    question = next((place for place, name in names if _QUESTION.match(name.strip())), None)
    correct = next((place for place, name in names if _CORRECT.match(name.strip())), None)
    answers = {
        int(match[1]): place for place, name in names if (match := _ANSWER.match(name.strip()))
    }
    if question is None or correct is None or not {1, 2} <= set(answers):
        return None
    return _Columns(question, answers, correct)


def _questions(rows: list[Cells], first: int, columns: _Columns) -> Iterator[Found]:
    for number, cells in enumerate(rows, first):
        asked = (columns.question, *columns.answers.values(), columns.correct)
        if any(_written(cells[place]) for place in asked):
            yield _question(f"row {number}", cells, columns)


def _question(place: str, cells: Cells, columns: _Columns) -> Found:
    stem = _written(cells[columns.question])
    try:
        if not stem:
            raise RefusedError("there is no question in this row")
        texts = {number: cells[column] for number, column in columns.answers.items()}
        options = {number: _option(text) for number, text in texts.items() if _written(text)}
        right, notes = _right(cells[columns.correct])
        if missing := [number for number in right if number not in options]:
            raise RefusedError(f"answer {missing[0]} is right, but there is no such answer")
    except RefusedError as error:
        return Left(place, stem, str(error))
    return Question(
        place,
        stem,
        Choice(
            tuple(Option(text) for number, text in options.items() if number in right),
            tuple(Option(text) for number, text in options.items() if number not in right),
            several=len(right) > 1,
        ),
        notes=notes,
    )


def _written(value: Any) -> str:
    """A cell as it is read: a whole number without the `.0` that spreadsheets add."""
    match value:
        case None:
            return ""
        case bool():
            return "True" if value else "False"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value).strip()


def _option(value: Any) -> str:
    match value:
        case str() | bool() | int() | float():
            return _written(value)
        case _:
            raise RefusedError(
                f"Excel has made a date of an answer ({_written(value)[:30]}): format the cell "
                "as text"
            )


def _right(value: Any) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The numbers of the right answers, and notes; `1.3` is what Excel makes of `1,3` in places."""
    written = _written(value)
    notes: tuple[str, ...] = ()
    if isinstance(value, float) and re.fullmatch(r"[1-6]\.[1-6]", written):
        notes = (f"the right answers {written} read as {written.replace('.', ' and ')}",)
        written = written.replace(".", ",")
    numbers = [part.strip() for part in re.split(r"[,;]", written) if part.strip()]
    if not numbers or not all(re.fullmatch("[1-6]", number) for number in numbers):
        raise RefusedError(f"the right answer is `{written[:20]}`, not numbers such as 1 or 1,3")
    return tuple(dict.fromkeys(int(number) for number in numbers)), notes
