"""Whatever a file holds, a parser finds questions or says in one line why not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from bot.packs.build import build
from bot.packs.choices import with_choices
from bot.packs.formats import Encoding, Format
from bot.packs.labels import Skills
from bot.packs.model import Found, PackError
from bot.packs.read import parse
from tests.packs.bringing import TOLD
from tests.packs.containers import collection, packed, workbook, zipped
from tests.packs.own_packs import SIGNS
from tests.strategies import HOSTILE

STARTS = {
    Format.RED: ("AUTHOR: x\n", "a:\n- b\n", "? ", "- ", ": ", "&a ", "*a", "!!x ", "---\n", "\n"),
    Format.OPENTDB: ('{"results":[', '{"question":"a"', ',"type":"boolean"', "]}", "}", ","),
    Format.GIFT: ("::a::", "b{=c~d}", "{", "}", "{#", "1..2", "\n\n", "=%50%", "\\", "=a->b", "//"),
    Format.AIKEN: ("a\n", "A. b\n", "B) c\n", "ANSWER: B\n", "\n\n"),
    Format.ANKI: ("#separator:", "#columns:", "#tags column:", "Tab\n", "\t", '"', "\n", "{{c1::"),
    Format.KAHOOT: ("a",),
}  # fmt: skip
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(
                ("results", "response_code", "question", "type", "difficulty", "category",
                 "correct_answer", "incorrect_answers")
            ),
            inner, max_size=8,
        ),
    ),
    max_leaves=20,
)  # fmt: skip


def texts(form: Format) -> SearchStrategy[bytes]:
    """Pieces of the format, signs of all formats, and anything."""
    piece = st.one_of(
        st.sampled_from(STARTS[form]),
        st.sampled_from(STARTS[form]),
        st.sampled_from((*SIGNS, *HOSTILE)),
        st.text(max_size=10),
    )
    joined = st.lists(piece, max_size=20).map("".join)
    return st.tuples(joined, st.sampled_from(("utf-8", "utf-8-sig", "utf-16"))).map(
        lambda both: both[0].encode(both[1], "surrogatepass")
    )


CHANGES = st.dictionaries(st.floats(0, 1, exclude_max=True), st.integers(0, 255), max_size=6)
"""Which bytes are changed, as shares of the length of a file, and to what."""

ENDS = st.one_of(st.just(1.0), st.just(1.0), st.floats(0, 1))
"""Where a file is cut, as a share of its length."""


def spoilt(good: bytes, changes: dict[float, int], end: float) -> bytes:
    """A good file with some bytes changed, and perhaps cut."""
    data = bytearray(good)
    for place, value in changes.items():
        data[int(place * len(data))] = value
    return bytes(data[: int(end * len(data))])


def ends_well(skills: Skills, data: bytes, form: Format) -> None:
    """Questions and a report come of it, or one line."""
    refused = ""
    found: tuple[Found, ...] = ()
    try:
        found = parse(data, form).found
    except PackError as error:
        refused = str(error)
    assert len(refused.splitlines()) <= 1
    made = build(with_choices(found), TOLD, skills, {})
    assert len(made.lines) == len(found)
    assert all(len(str(line).splitlines()) == 1 for line in made.lines)


@pytest.mark.parametrize("form", Format)
@given(data=st.binary(max_size=200))
def test_any_bytes(skills: Skills, form: Format, data: bytes) -> None:
    ends_well(skills, data, form)


@pytest.mark.parametrize("form", [form for form in Format if form is not Format.KAHOOT])
@given(data=st.data())
def test_any_text(skills: Skills, form: Format, data: st.DataObject) -> None:
    ends_well(skills, data.draw(texts(form)), form)


@given(VALUES, st.sampled_from(Encoding))
def test_any_json(skills: Skills, value: object, encoding: Encoding) -> None:
    data = json.dumps({"results": [value]}).encode()
    ends_well(skills, json.dumps(value).encode(), Format.OPENTDB)
    found = parse(data, Format.OPENTDB, encoding).found
    assert len(build(found, TOLD, skills, {}).lines) == 1


NOTES = collection([(("What joins tables?", "a join"), "sql"), (("What sorts?", "ORDER BY"), "")])
PACKAGE = zipped({"collection.anki2": NOTES})
QUIZ = workbook(
    [("Question", "Answer 1", "Answer 2", "Correct answer"), ("Which one is it?", "a", "b", 1)]
)


@given(CHANGES, ENDS)
def test_a_spoilt_package(skills: Skills, changes: dict[float, int], end: float) -> None:
    data = spoilt(PACKAGE, changes, end)
    ends_well(skills, data, Format.ANKI)


@given(CHANGES, ENDS)
def test_a_spoilt_collection(skills: Skills, changes: dict[float, int], end: float) -> None:
    data = spoilt(NOTES, changes, end)
    ends_well(skills, zipped({"collection.anki2": data}), Format.ANKI)


@given(CHANGES, ENDS)
def test_a_spoilt_packed_collection(skills: Skills, changes: dict[float, int], end: float) -> None:
    data = spoilt(packed(NOTES), changes, end)
    ends_well(skills, zipped({"collection.anki21b": data}), Format.ANKI)


@given(CHANGES, ENDS)
def test_a_spoilt_workbook(skills: Skills, changes: dict[float, int], end: float) -> None:
    data = spoilt(QUIZ, changes, end)
    ends_well(skills, data, Format.KAHOOT)


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(("Question", "Answer 1", "Answer 2", "Correct answer", "1,2", "=1/0", "#N/A")),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=6),
    st.datetimes(),
)


@given(st.lists(st.lists(CELLS, max_size=5), max_size=6))
def test_any_cells(skills: Skills, rows: list[list[object]]) -> None:
    head = ("Question", "Answer 1", "Answer 2", "Answer 3", "Correct answer")
    ends_well(skills, workbook([head, *rows]), Format.KAHOOT)
