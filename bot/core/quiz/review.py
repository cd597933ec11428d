"""When an item comes back for review: spaced repetition with the FSRS scheduler.

The recall model is `R = (1 + F t / S) ** -w`, with t whole days since the last answer, S the
stability of the memory in days, and F such that R = 0.9 at t = S; an item is due when R has
fallen to 0.9, after one day at least. Steps of minutes make no sense in a chat, so there are none.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from fsrs import Card, Rating, Scheduler, State

ENOUGH_TIMES = 5
"""Answers that it takes to know how fast a person usually is."""

_LONGEST_STABILITY = 1e9
"""Days that no memory of ours reaches: intervals end at a hundred years."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What to keep of an item and a person (`state`, JSON), and when it is `due` (in UTC)."""

    state: str
    due: dt.datetime


def reviewed(
    state: str | None,
    score: float,
    now: dt.datetime,
    *,
    easy: bool = False,
    fuzzing: bool = False,
) -> Reviewed:
    """Schedule an item after an answer.

    Below 0.5 it was forgotten (Again), below 1 it was hard (Hard; this is also for right answers
    after a hint), at 1 it was known (Good, or Easy).

    Args:
        state: What the last review returned, or None for the first one.
        score: What the answer is worth, 0 to 1.
        now: The time of the answer, in any time zone.
        easy: Whether the person was right and quick (see `is_quick`) twice running. Counts only
            if the answer is right.
        fuzzing: Whether to spread intervals a little at random, so that items learnt together
            do not come back together for ever.

    Raises:
        ValueError: If the time has no zone, the score is not between 0 and 1, or the state is not
            one that this function returned.
    """
    moment = _in_utc(now)
    # A card of the library would otherwise take its number and its first date from the clock.
    card = Card(card_id=0, due=moment) if state is None else _card(state)
    card, _ = _scheduler(fuzzing).review_card(card, _rating(score, easy), moment)
    return Reviewed(card.to_json(), card.due)


def retrievability(state: str, now: dt.datetime) -> float:
    """The probability, 0 to 1, that an item is remembered at a time; it falls day by day.

    Raises:
        ValueError: If the time has no zone or the state is not one that `reviewed` returned.
    """
    return _scheduler(fuzzing=False).get_card_retrievability(_card(state), _in_utc(now))


def is_quick(seconds: float, usual: Sequence[float]) -> bool:
    """Whether an answer took less than a third of the median of the person's times.

    Never with fewer than five times to compare with.
    """
    return len(usual) >= ENOUGH_TIMES and seconds < median(usual) / 3


@lru_cache
def _scheduler(fuzzing: bool) -> Scheduler:
    return Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=fuzzing)


def _rating(score: float, easy: bool) -> Rating:
    if not 0 <= score <= 1:
        raise ValueError(f"a score is from 0 to 1, not {score}")
    if score < 0.5:
        return Rating.Again
    if score < 1:
        return Rating.Hard
    return Rating.Easy if easy else Rating.Good


def _in_utc(time: dt.datetime) -> dt.datetime:
    if time.utcoffset() is None:
        raise ValueError("the time needs a time zone")
    return time.astimezone(dt.UTC)


def _card(state: str) -> Card:
    try:
        card = Card.from_dict(json.loads(state))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise ValueError("the state of a review cannot be read") from error
    if not _is_sound(card):
        raise ValueError("the state of a review makes no sense")
    return card


def _is_sound(card: Card) -> bool:
    """Whether a card has been reviewed and its numbers are such as the scheduler gives."""
    if card.stability is None or card.difficulty is None or card.last_review is None:
        return False
    times = (card.last_review, card.due)
    return (
        card.state is State.Review
        and card.step is None
        and 0 < card.stability < _LONGEST_STABILITY
        and 1 <= card.difficulty <= 10
        and all(time.utcoffset() == dt.timedelta(0) for time in times)
    )
