"""How able a person and how hard an item is, and which item comes next.

The model is Rasch's with a floor for guessing; ratings move as in Elo's chess system (Pelánek,
"Applications of the Elo rating system in adaptive educational systems", 2016). Abilities and
difficulties are logits on one scale: where both are equal, somebody who cannot guess is right in
half of all cases; one more is 73%, two more are 88%.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from operator import attrgetter
from random import Random

PRACTICE = 0.75
"""The chance of a right answer that keeps people going."""

FIRST = 0.85
"""The chance of a right answer for somebody's very first question."""

PLACEMENT = 0.55
"""The chance of a right answer that says most about where somebody stands."""

FROZEN_ANSWERS = 20
"""Answers for which an item keeps the difficulty that its author gave it."""

ENOUGH_ERROR = 0.45
"""A placement ends below this standard error, in logits."""

ENOUGH_ITEMS = 12
"""A placement ends after so many items."""

NEAREST = 5
"""So many items nearest to the target are drawn from, so that no item is seen by everybody."""

LONGEST_AGO = 10
"""Where all items have been answered, at most so many of the oldest are considered."""

_K_START = 1.0
_K_DECAY = 0.05
_FARTHEST = 30.0
"""Logits beyond which a chance would round to its floor or to 1."""


@dataclass(frozen=True, slots=True)
class Rating:
    """An ability or a difficulty in logits, and the number of answers that it rests on."""

    value: float = 0.0
    answers: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that could be asked.

    `guess` is the chance of a blind guess, `last` says when this person answered it last (any
    number that grows with time), or None if they never did.
    """

    item: str
    skill: str
    difficulty: float
    guess: float
    last: float | None


class Mastery(Enum):
    """How well a person commands a skill, in the words in which roles say how much they need."""

    AWARE = "aware"
    WORKING = "working"
    STRONG = "strong"
    DEFINING = "defining"


def start_of(level: int) -> Rating:
    """The difficulty of an item that nobody has answered, from its author's level, 1 to 3.

    Raises:
        ValueError: If there is no such level.
    """
    if not 1 <= level <= 3:
        raise ValueError(f"a level is 1, 2 or 3, not {level}")
    return Rating(float(level - 2))


def expected(theta: float, difficulty: float, guess: float) -> float:
    """The chance of a right answer: `P = g + (1 - g) / (1 + exp(-(theta - b)))`.

    Args:
        theta: The person's ability in logits.
        difficulty: The item's, on the same scale (b).
        guess: The chance of a blind guess, 0 to below 1 (g).

    Returns:
        The chance, strictly between `guess` and 1.
    """
    advantage = max(-_FARTHEST, min(_FARTHEST, theta - difficulty))
    return _chance(advantage, guess)


def updated(
    person: Rating, item: Rating, score: float, guess: float, *, first: bool
) -> tuple[Rating, Rating]:
    """The ratings of a person and an item after an answer.

    Both move by `K (score - P)` in opposite directions, with `K = 1 / (1 + 0.05 n)` after n
    answers, so by less than K. The item is left alone unless this is the person's first attempt at
    it, and it keeps its author's difficulty until 20 first attempts have been counted: in a small
    community, who happens to come by would otherwise decide how hard it seems.

    Args:
        person: The person's rating before the answer.
        item: The item's rating before the answer.
        score: What the answer is worth, 0 to 1.
        guess: The chance of a blind guess.
        first: Whether the person answers this item for the first time.

    Raises:
        ValueError: If the score is not between 0 and 1.
    """
    if not 0 <= score <= 1:
        raise ValueError(f"a score is from 0 to 1, not {score}")
    surprise = score - expected(person.value, item.value, guess)
    moved = Rating(person.value + _k(person) * surprise, person.answers + 1)
    if not first:
        return moved, item
    shift = _k(item) * surprise if item.answers >= FROZEN_ANSWERS else 0.0
    return moved, Rating(item.value - shift, item.answers + 1)


def choose(
    candidates: Sequence[Candidate],
    theta: float | Mapping[str, float],
    recent: Sequence[str],
    target: float,
    random: Random,
) -> Candidate | None:
    """The next item, or None if there is no candidate.

    In this order: a skill that was just asked twice running is left out if there is any other;
    items never answered come before the others; where there are none, those answered longest ago
    are considered (the older half, ten at most); of these, one of the five whose chance of a right
    answer is nearest to the target is drawn at random. Among equally near ones chance decides.

    Args:
        candidates: The items to choose from.
        theta: The person's ability, or their ability by skill (0 for a skill that is missing).
        recent: The skills of the questions asked so far in this quiz, the oldest first.
        target: The chance of a right answer that is aimed at.
        random: The source of chance; the same state gives the same choice.
    """
    pool = _longest_unseen(_without_third_in_a_row(candidates, recent))
    if not pool:
        return None
    distances = _distances(pool, theta, target)
    edge = heapq.nsmallest(NEAREST, distances)[-1]
    near = [index for index, distance in enumerate(distances) if distance <= edge]
    nearer = [pool[index] for index in near if distances[index] < edge]
    level = [pool[index] for index in near if distances[index] == edge]
    drawn = random.randrange(min(NEAREST, len(pool)))
    return nearer[drawn] if drawn < len(nearer) else random.choice(level)


def asked_twice_running(recent: Sequence[str]) -> str | None:
    """The skill of the latest two questions, if they had the same."""
    return recent[-1] if len(recent) > 1 and recent[-1] == recent[-2] else None


def standard_error(probabilities: Iterable[float]) -> float:
    """The standard error of an ability in logits: `1 / sqrt(sum P (1 - P))`.

    This is the Rasch model's; guessing makes the true error larger.

    Args:
        probabilities: For each item asked, the chance of a right answer. Infinity for none.
    """
    information = sum(p * (1 - p) for p in probabilities)
    return 1 / math.sqrt(information) if information > 0 else math.inf


def placed(probabilities: Sequence[float]) -> bool:
    """Whether a placement is over: the standard error is below 0.45, or 12 items were asked.

    As `P (1 - P)` is at most 1/4, twelve items cannot bring the error below 0.577, and 0.45 takes
    at least 20: as long as both limits stand, the number of items decides.
    """
    return len(probabilities) >= ENOUGH_ITEMS or standard_error(probabilities) < ENOUGH_ERROR


def mastery(theta: float) -> Mastery:
    """The level of an ability: aware below -0.8, working below 0.5, strong below 1.8."""
    if theta < -0.8:
        return Mastery.AWARE
    if theta < 0.5:
        return Mastery.WORKING
    return Mastery.STRONG if theta < 1.8 else Mastery.DEFINING


def _chance(advantage: float, guess: float) -> float:
    # The logistic function as a hyperbolic tangent, which overflows nowhere.
    return guess + (1 - guess) * (0.5 + 0.5 * math.tanh(advantage / 2))


def _k(rating: Rating) -> float:
    return _K_START / (1 + _K_DECAY * rating.answers)


def _without_third_in_a_row(
    candidates: Sequence[Candidate], recent: Sequence[str]
) -> Sequence[Candidate]:
    skill = asked_twice_running(recent)
    if skill is None:
        return candidates
    return [c for c in candidates if c.skill != skill] or candidates


def _longest_unseen(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    unseen = [c for c in candidates if c.last is None]
    if unseen:
        return unseen
    # Half at most, so that the question just answered does not come back where there is another.
    count = min(LONGEST_AGO, (len(candidates) + 1) // 2)
    return heapq.nsmallest(count, candidates, key=attrgetter("last"))


def _distances(
    pool: Sequence[Candidate], theta: float | Mapping[str, float], target: float
) -> list[float]:
    """For each candidate how far its chance of a right answer is from the target."""
    match theta:
        case Mapping():
            ability = theta
        case _:
            ability = dict.fromkeys({c.skill for c in pool}, theta)
    return [abs(_chance(ability.get(c.skill, 0.0) - c.difficulty, c.guess) - target) for c in pool]
