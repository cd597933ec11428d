"""Typed answers: numbers and words, as people and attackers write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.content.quizzes import Item, NumericItem, TextItem
from bot.core.quiz.grading import MOST_TYPED, InvalidResponseError, Response, grade

STEM = "What is asked here?"


def numeric(answer: float, tolerance: float = 0.0, unit: str | None = None) -> NumericItem:
    return NumericItem(
        id="numeric",
        skill="python",
        level=1,
        stem=STEM,
        format="numeric",
        answer=answer,
        tolerance=tolerance,
        unit=unit,
    )


def typed(*accepted: str) -> TextItem:
    return TextItem(id="text", skill="python", level=1, stem=STEM, format="text", accepted=accepted)


def outcome(item: Item, response: Response) -> float | str:
    try:
        return grade(item, response)
    except InvalidResponseError:
        return "sent back"


# Numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("42", 42),
        (" 42 ", 42),
        ("42.", 42),
        ("+42", 42),
        ("1,000", 1000),
        ("1 000", 1000),
        ("1\u202f000", 1000),
        ("1'000", 1000),
        ("1_000", 1000),
        ("1,234,567", 1234567),
        ("1.234.567", 1234567),
        ("12,34,567", 1234567),
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("1 234,5", 1234.5),
        ("3.5", 3.5),
        ("3,5", 3.5),
        (".5", 0.5),
        ("0,125", 0.125),
        ("1.000", 1),
        ("1e3", 1000),
        ("1.5E-3", 0.0015),
        ("-5", -5),
        ("−5", -5),
        ("- 5", -5),
        ("minus 5", -5),
        ("42ms", 42),
        ("42 ms", 42),
        ("about 42 ms or so", 42),
        ("p95 = 42 ms", 42),
        ("$42", 42),
        ("-$42", -42),
        ("top-5", 5),
        ("\u0664\u0662", 42),
        ("4\u200b2", 42),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, value: float) -> None:
    assert grade(numeric(value), text) == 1.0
    assert grade(numeric(value + 1), text) == 0.0


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \u200b ",
        "many",
        "inf",
        "-Infinity",
        "nan",
        "1e999",
        "1e99999",
        "3-5",
        "3 or 4",
        "1,2,3",
        "1.2.3",
        "1,234,5",
        "1 2",
        "1/2",
        "10^6",
        "10\u00b3",
        "\u00bd",
        "0x10",
        "9" * 41,
        "9" * (MOST_TYPED + 1),
        "__import__('os')",
        (0,),
        (),
    ],
)
def test_what_is_not_one_clear_number_is_sent_back(text: Response) -> None:
    with pytest.raises(InvalidResponseError, match=r"^[A-Z].+\.$"):
        grade(numeric(10), text)


def test_the_tolerance_includes_its_ends_whatever_the_rounding() -> None:
    assert grade(numeric(0.3, 0.1), "0.4") == 1.0
    assert grade(numeric(0.3, 0.1), "0.2") == 1.0
    assert grade(numeric(0.1 + 0.2), "0.3") == 1.0
    assert grade(numeric(0.3, 0.1), "0.41") == 0.0
    assert grade(numeric(0.0), "0.000001") == 0.0


@given(
    st.floats(-1e6, 1e6, allow_nan=False),
    st.floats(0, 1e3),
    st.floats(-2, 2).filter(lambda share: not 0.99 < abs(share) < 1.01),
)
def test_a_number_is_right_exactly_within_the_tolerance(
    answer: float, tolerance: float, share: float
) -> None:
    value = answer + share * tolerance
    off = abs(value - answer)
    right = off <= tolerance
    if right or off > tolerance + 1e-6 * (abs(answer) + tolerance):
        assert grade(numeric(answer, tolerance), f"{value:.17e}") == float(right)


@given(st.integers(-(10**12), 10**12), st.sampled_from([",", " ", "_", "'"]))
def test_thousands_may_be_grouped(number: int, mark: str) -> None:
    assert grade(numeric(number), f"{number:,}".replace(",", mark)) == 1.0


def test_per_cent_may_be_written_in_words_or_as_a_share() -> None:
    for item in (numeric(42, unit="%"), numeric(42, unit="percent"), numeric(42), numeric(0.42)):
        assert grade(item, "42 %") == 1.0
        assert grade(item, "42 percent") == 1.0
    assert grade(numeric(0.42, unit="%"), "42%") == 0.0


@pytest.mark.parametrize(
    ("unit", "text", "hint"),
    [
        ("ms", "2 s", "in ms"),
        ("ms", "2 seconds", "in ms"),
        ("hours", "2 min", "in hours"),
        ("ms", "2 %", "in ms"),
        (None, "2k", "in full"),
        (None, "2 million", "in full"),
        ("parameters", "2B", "in full"),
        ("tokens", "2 Trillion", "in full"),
        ("million tokens", "2k", "in full"),
    ],
)
def test_a_number_in_another_unit_is_asked_for_again_and_not_marked(
    unit: str | None, text: str, hint: str
) -> None:
    with pytest.raises(InvalidResponseError, match=hint):
        grade(numeric(2, unit=unit), text)


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("ms", "2 milliseconds"),
        ("seconds", "2 s"),
        ("µs", "2 us"),
        ("billion parameters", "2B"),
        ("billion parameters", "2 billion"),
        (None, "2 m"),
        ("bytes", "2 B"),
        ("thousand tokens", "2k"),
        ("tokens per second", "2 tokens"),
        ("EUR", "2 euros"),
    ],
)
def test_a_unit_may_be_written_in_any_way(unit: str | None, text: str) -> None:
    assert grade(numeric(2, unit=unit), text) == 1.0


@given(st.one_of(st.text(max_size=400), st.text(alphabet="0123456789 .,'-+e%kx", max_size=320)))
def test_any_text_is_graded_or_sent_back(text: str) -> None:
    for item in (numeric(42, 1), typed("pandas")):
        assert outcome(item, text) in {0.0, 1.0, "sent back"}


@pytest.mark.parametrize(
    "part", ["1 ", "1,", "1.", "a1", "-", "e", "1e", ".,'_ ", "\ufdfa", "\u06f1"]
)
@pytest.mark.timeout(10)  # an expression that goes back and forth would take minutes
def test_hostile_repetition_does_not_keep_the_bot_busy(part: str) -> None:
    text = (part * MOST_TYPED)[:MOST_TYPED]
    for _ in range(20):
        assert grade(typed("pandas"), text) == 0.0
        assert outcome(numeric(-1.5), text) in {0.0, "sent back"}


# Words


@pytest.mark.parametrize(
    ("accepted", "text"),
    [
        ("confusion matrix", "Confusion Matrix"),
        ("confusion matrix", "confusion-matrix."),
        ("confusion matrix", "  `confusion_matrix`  "),
        ("k-means", "K\u2013Means"),
        ("k-means", "kmeans!"),
        ("naive Bayes", "na\u00efve bayes"),
        ("naïve Bayes", "NAI\u0308VE\u00a0BAYES"),
        ("CI/CD", "ci cd"),
        ("C++", "c++"),
        ("Python 3.11", "python3.11"),
        (">=", "> ="),
        ("straße", "STRASSE"),
        ("pandas", "pan\u200bdas"),
        ("pandas", "\U0001d429\U0001d41a\U0001d427\U0001d41d\U0001d41a\U0001d42c"),
    ],
)
def test_words_are_right_however_they_are_written(accepted: str, text: str) -> None:
    assert grade(typed("something else", accepted), text) == 1.0


@pytest.mark.parametrize(
    ("accepted", "text"),
    [
        ("confusion matrix", "confusion"),
        ("C", "C++"),
        ("C#", "C"),
        ("Python 3.11", "Python 311"),
        (">=", "<="),
        ("pandas", "?"),
        ("\u304b", "\u304c"),
    ],
)
def test_other_words_are_wrong(accepted: str, text: str) -> None:
    assert grade(typed(accepted), text) == 0.0


@pytest.mark.parametrize("response", ["", "   ", "\u200b\n", "x" * (MOST_TYPED + 1), (0,)])
def test_nothing_or_too_much_is_sent_back(response: Response) -> None:
    with pytest.raises(InvalidResponseError):
        grade(typed("pandas"), response)
