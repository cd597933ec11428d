"""JSON of Open Trivia DB, in each of its encodings."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from bot.packs.formats import Encoding, Format
from bot.packs.labels import Skills
from bot.packs.model import PackError
from tests.packs.bringing import brought, choice, parsed, reason, told

STEM = 'What does the tag <br> do in "HTML" & why isn\'t it 100% +1?'
RESULT = {
    "type": "multiple",
    "difficulty": "hard",
    "category": "Science: SQL",
    "question": STEM,
    "correct_answer": "Break the line & go on",
    "incorrect_answers": ["Draw a line", "End the paragraph"],
}


def answer(result: Any, encode: Callable[[str], str] = html.escape, code: int = 0) -> str:
    """What the API answers with one result, its texts encoded."""

    def encoded(value: Any) -> Any:
        return [encode(text) for text in value] if isinstance(value, list) else encode(value)

    results = [{name: encoded(value) for name, value in result.items()}]
    return json.dumps({"response_code": code, "results": results})


def to_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("encode", "encoding"),
    [
        (html.escape, Encoding.HTML),
        (lambda text: quote(text, safe=""), Encoding.URL3986),
        (quote_plus, Encoding.URL_LEGACY),
        (to_base64, Encoding.BASE64),
    ],
)
@pytest.mark.parametrize("given", [True, False], ids=["given", "detected"])
def test_every_encoding_is_read_once(
    skills: Skills, encode: Callable[[str], str], encoding: Encoding, given: bool
) -> None:
    data = answer(RESULT, encode)
    item = choice(brought(skills, data, Format.OPENTDB, encoding if given else Encoding.AUTO))
    assert item.stem == STEM
    assert [option.text for option in item.right] == ["Break the line & go on"]
    assert [option.text for option in item.wrong] == ["Draw a line", "End the paragraph"]
    assert (item.skill, item.level, item.format) == ("sql", 3, "single")


def test_an_entity_of_an_entity_stays_an_entity(skills: Skills) -> None:
    data = answer(RESULT | {"question": "How do you write &lt; in HTML?"})
    item = choice(brought(skills, data, Format.OPENTDB))
    assert item.stem == "How do you write \\&lt; in HTML?"


def test_a_missing_explanation_is_flagged(skills: Skills) -> None:
    built = brought(skills, answer(RESULT), Format.OPENTDB)
    assert choice(built).explanation is None
    (line,) = told(built)
    assert line.startswith('result 1 "What does the tag <br> do')
    assert line.endswith("repaired: no explanation")


@pytest.mark.parametrize("right", ["True", "False"])
def test_a_boolean_question_is_true_or_false(skills: Skills, right: str) -> None:
    data = answer(RESULT | {"type": "boolean", "correct_answer": right, "incorrect_answers": []})
    item = choice(brought(skills, data, Format.OPENTDB))
    assert item.format == "true-false"
    assert item.right[0].text == right
    assert {option.text for option in item.options} == {"True", "False"}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"type": "essay"}, "its type is neither multiple nor boolean"),
        ({"type": "boolean"}, "the answer to a boolean question is neither True nor False"),
    ],
)
def test_a_result_that_makes_no_sense_is_left(change: dict[str, str], why: str) -> None:
    assert reason(parsed(answer(RESULT | change), Format.OPENTDB)) == why


def test_results_of_other_shapes_are_left() -> None:
    for result in (1, None, {}, {"question": "Why so?"}):
        assert reason(parsed(json.dumps([result]), Format.OPENTDB)).startswith("it")
    broken = {**RESULT, "incorrect_answers": [1]}
    assert reason(parsed(json.dumps([broken]), Format.OPENTDB)) == "a wrong answer is not a text"
    assert "base64" in reason(parsed(json.dumps([RESULT]), Format.OPENTDB, Encoding.BASE64))


@pytest.mark.parametrize(
    ("code", "words"), [(1, "no questions"), (4, "used up"), (5, "too many"), (9, "not known")]
)
def test_an_error_of_the_database_is_explained(code: int, words: str) -> None:
    with pytest.raises(PackError, match=f"code {code}: .*{words}"):
        parsed(answer(RESULT, code=code), Format.OPENTDB)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"results": [\n}', "line 2: not JSON"),
        ("", "line 1: not JSON"),
        ("[" * 100_000, "not JSON that can be read"),
        ('{"results": 1}', "there is no list `results`"),
        ("1" * 5_000, "not JSON that can be read"),
    ],
)
def test_what_is_no_answer_of_the_database_is_refused(text: str, message: str) -> None:
    with pytest.raises(PackError, match=message):
        parsed(text, Format.OPENTDB)
