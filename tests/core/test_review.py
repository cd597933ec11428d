"""Spaced repetition: when an item comes back."""

from __future__ import annotations

import datetime as dt
import json
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.quiz.review import Reviewed, is_quick, retrievability, reviewed

START = dt.datetime(2025, 3, 1, 9, 30, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)

SCORES = st.sampled_from([0.0, 0.3, 0.5, 0.8, 1.0])
HISTORIES = st.lists(st.tuples(SCORES, st.integers(0, 400)), min_size=1, max_size=12)
"""Scores, and days until the next answer."""


def lived_through(history: list[tuple[float, int]]) -> tuple[Reviewed, dt.datetime]:
    """The last review of a history, and a time some days after it."""
    now, review = START, reviewed(None, history[0][0], START)
    for score, days in history[1:]:
        review = reviewed(review.state, score, now)
        now += days * DAY
    return review, now


def days_until_due(state: str | None, score: float, now: dt.datetime, *, easy: bool = False) -> int:
    return (reviewed(state, score, now, easy=easy).due - now).days


def test_what_is_known_comes_back_later_and_later() -> None:
    now, state, intervals = START, None, []
    for _ in range(3):
        review = reviewed(state, 1.0, now)
        intervals.append((review.due - now).days)
        now, state = review.due, review.state
    assert intervals == [2, 11, 46]


def test_what_is_forgotten_comes_back_soon() -> None:
    known, now = lived_through([(1.0, 0), (1.0, 2), (1.0, 11)])
    assert days_until_due(known.state, 1.0, now) > 10
    assert days_until_due(known.state, 0.0, now) < 5


@given(HISTORIES, st.booleans())
def test_the_better_the_answer_the_longer_the_interval(
    history: list[tuple[float, int]], new: bool
) -> None:
    review, now = lived_through(history)
    state = None if new else review.state
    again, hard, good, easy = (
        days_until_due(state, 0.2, now),
        days_until_due(state, 0.7, now),
        days_until_due(state, 1.0, now),
        days_until_due(state, 1.0, now, easy=True),
    )
    assert 1 <= again <= good <= easy
    assert hard <= good


@given(st.floats(0, 1))
def test_scores_fall_into_three_classes(score: float) -> None:
    like = 0.0 if score < 0.5 else 0.75 if score < 1 else 1.0
    assert reviewed(None, score, START) == reviewed(None, like, START)


def test_quickness_counts_only_for_right_answers() -> None:
    for score in (0.0, 0.6):
        assert reviewed(None, score, START, easy=True) == reviewed(None, score, START)
    assert reviewed(None, 1.0, START, easy=True).due > reviewed(None, 1.0, START).due


@given(HISTORIES)
def test_an_item_is_never_due_before_its_answer(history: list[tuple[float, int]]) -> None:
    review, now = lived_through(history)
    for score in (0.0, 0.6, 1.0):
        assert reviewed(review.state, score, now).due >= now + DAY


@given(HISTORIES, SCORES)
def test_a_state_that_was_kept_elsewhere_goes_on_the_same(
    history: list[tuple[float, int]], score: float
) -> None:
    review, now = lived_through(history)
    kept = json.dumps(json.loads(review.state), indent=2, sort_keys=True)
    assert reviewed(kept, score, now) == reviewed(review.state, score, now)
    assert dt.datetime.fromisoformat(json.loads(kept)["due"]) == review.due


@given(HISTORIES, st.lists(st.integers(0, 3_000), min_size=2, max_size=6))
def test_memory_fades_day_by_day(history: list[tuple[float, int]], days: list[int]) -> None:
    review, _ = lived_through(history)
    last = dt.datetime.fromisoformat(json.loads(review.state)["last_review"])
    recalled = [retrievability(review.state, last + day * DAY) for day in sorted(set(days))]
    assert recalled == sorted(recalled, reverse=True)
    assert len(set(recalled)) == len(recalled)
    assert all(0 < chance <= 1 for chance in recalled)


def test_an_item_is_due_when_nine_in_ten_would_remember_it() -> None:
    review, _ = lived_through([(1.0, 0), (1.0, 2), (1.0, 11), (1.0, 46)])
    assert retrievability(review.state, review.due) == pytest.approx(0.9, abs=0.01)
    assert retrievability(review.state, START - DAY) == 1.0


def test_a_second_answer_on_the_same_day_is_taken() -> None:
    first = reviewed(None, 0.0, START)
    second = reviewed(first.state, 1.0, START + dt.timedelta(minutes=5))
    assert second.due > START


def test_a_time_in_any_zone_is_the_same_time() -> None:
    there = START.astimezone(ZoneInfo("Asia/Kathmandu"))
    here = reviewed(None, 1.0, START)
    assert reviewed(None, 1.0, there) == here
    assert here.due.utcoffset() == dt.timedelta(0)
    assert retrievability(here.state, there + DAY) == retrievability(here.state, START + DAY)


def test_a_time_without_a_zone_is_refused() -> None:
    naive = START.replace(tzinfo=None)
    state = reviewed(None, 1.0, START).state
    with pytest.raises(ValueError, match="zone"):
        reviewed(None, 1.0, naive)
    with pytest.raises(ValueError, match="zone"):
        retrievability(state, naive)


@pytest.mark.parametrize("score", [-0.01, 1.01, float("nan")])
def test_a_score_that_is_none_is_refused(score: float) -> None:
    with pytest.raises(ValueError, match="score"):
        reviewed(None, score, START)


SOUND = json.loads(reviewed(None, 1.0, START).state)


@pytest.mark.parametrize(
    "change",
    [
        {"stability": None},
        {"stability": 0},
        {"stability": -1.0},
        {"stability": float("nan")},
        {"stability": float("inf")},
        {"stability": "much"},
        {"difficulty": None},
        {"difficulty": 11},
        {"last_review": None},
        {"last_review": "2025-03-01T09:30:00"},
        {"last_review": "yesterday"},
        {"due": "2025-03-01T09:30:00+01:00"},
        {"due": 5},
        {"state": 9},
        {"state": 1},
        {"step": 0},
        {"card_id": float("inf")},
        {"card_id": []},
    ],
)
def test_a_state_with_a_broken_field_is_refused(change: dict[str, object]) -> None:
    corrupt = json.dumps(SOUND | change)
    with pytest.raises(ValueError, match="state"):
        reviewed(corrupt, 1.0, START)
    with pytest.raises(ValueError, match="state"):
        retrievability(corrupt, START)


@pytest.mark.parametrize(
    "corrupt", ["", "null", "[]", "7", '"card"', "{}", "{", "[" * 100_000, "\x00"]
)
def test_what_is_no_state_is_refused(corrupt: str) -> None:
    with pytest.raises(ValueError, match="state"):
        reviewed(corrupt, 1.0, START)


@pytest.mark.parametrize("field", sorted(SOUND))
def test_a_state_without_a_field_is_refused(field: str) -> None:
    corrupt = json.dumps({name: value for name, value in SOUND.items() if name != field})
    with pytest.raises(ValueError, match="state"):
        reviewed(corrupt, 1.0, START)


def test_fuzzing_spreads_long_intervals_a_little() -> None:
    known, now = lived_through([(1.0, 0), (1.0, 2), (1.0, 11)])
    plain = days_until_due(known.state, 1.0, now)
    fuzzed = {(reviewed(known.state, 1.0, now, fuzzing=True).due - now).days for _ in range(200)}
    assert len(fuzzed) > 1
    assert all(0.8 * plain <= days <= 1.2 * plain for days in fuzzed)


def test_quick_is_under_a_third_of_the_usual_time() -> None:
    usual = [9.0, 30.0, 12.0, 12.0, 90.0]
    assert is_quick(3.9, usual)
    assert not is_quick(4.0, usual)
    assert not is_quick(0.1, usual[:4])
    assert not is_quick(0.1, [])
