"""Aiken, the simplest format of all."""

from __future__ import annotations

import pytest

from bot.packs.formats import Format
from bot.packs.labels import Skills
from bot.packs.model import Left, PackError, Question
from tests.packs.bringing import brought, choice, parsed, reason

FILE = """\
Which metric fits rare
positives best?
A. Accuracy
B) Recall and precision
c. The mean
ANSWER: B

"""


def test_a_question_with_letters(skills: Skills) -> None:
    item = choice(brought(skills, FILE, Format.AIKEN))
    assert item.stem == "Which metric fits rare positives best?"
    assert [option.text for option in item.right] == ["Recall and precision"]
    assert [option.text for option in item.wrong] == ["Accuracy", "The mean"]


def test_several_letters_are_several_right_options(skills: Skills) -> None:
    item = choice(brought(skills, FILE.replace(": B", ": A, c"), Format.AIKEN))
    assert item.format == "multiple"
    assert [option.text for option in item.right] == ["Accuracy", "The mean"]


def test_a_stem_may_begin_like_an_option(skills: Skills) -> None:
    item = choice(brought(skills, f"A. Turing asked:\n{FILE}", Format.AIKEN))
    assert item.stem.startswith("A. Turing asked: Which metric")


def test_a_question_without_an_answer_line_does_not_spoil_the_next() -> None:
    lost, found = parsed(f"Who was it?\nA. One\nB. Two\n\n{FILE}", Format.AIKEN).found
    assert lost == Left("line 1", "Who was it?", "it has no line ANSWER:")
    assert isinstance(found, Question)
    assert found.place == "line 5"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("ANSWER: D", "there is no option D"),
        ("ANSWER:", "the line ANSWER: names no letter"),
        ("ANSWER: Recall", "there is no option RECALL"),
    ],
)
def test_an_answer_must_name_an_option(answer: str, why: str) -> None:
    assert reason(parsed(FILE.replace("ANSWER: B", answer), Format.AIKEN)) == why


@pytest.mark.parametrize("text", ["", "Just a text.\n\nAnd another."])
def test_what_is_not_aiken_is_refused(text: str) -> None:
    with pytest.raises(PackError, match="this is not Aiken"):
        parsed(text, Format.AIKEN)
