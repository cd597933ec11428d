"""How items do: what the first answers to them say, and which should be looked at again."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from string import ascii_uppercase
from types import MappingProxyType
from typing import assert_never

from bot.core.content.quizzes import (
    ChoiceItem,
    Distractor,
    Item,
    ItemOption,
    NumericItem,
    OrderingItem,
    TextItem,
)

ENOUGH_ANSWERS = 30
"""Answers from which on an item may be flagged."""

TOO_HARD = 0.15
TOO_EASY = 0.95
LEAST_DISCRIMINATION = 0.10

_MOST_QUOTED = 40


@dataclass(frozen=True, slots=True)
class Attempt:
    """A person's first answer to an item.

    `score` is 0 to 1; `ability` is the person's rating before the answer, in logits; `chosen` are
    the options in the content's order, none for typed answers.
    """

    item: str
    score: float
    ability: float
    chosen: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """What first answers say about an item.

    `difficulty` is the mean score, 0 (nobody is right) to 1. `discrimination` is the correlation
    of score and ability, -1 to 1 (point-biserial where scores are 0 or 1), or None where all
    scores or all abilities are the same. `chosen` says for each option of a choice how often it
    was taken; it is empty for steps and typed answers. `flags` say what to look at, in words.
    """

    item: str
    answers: int
    difficulty: float
    discrimination: float | None
    chosen: Mapping[int, int]
    flags: tuple[str, ...]


def statistics(
    items: Mapping[str, Item], attempts: Iterable[Attempt]
) -> tuple[ItemStatistics, ...]:
    """The statistics of all items that were answered: flagged ones first, then in their order.

    Attempts at items that do not exist any more, and choices of options that do not, are left out.
    The limits (mean score .15 to .95, correlation .10, a distractor that nobody takes) are the
    usual ones of test construction; below 30 answers they would be noise, and nothing is flagged.
    """
    tallies: dict[str, _Tally] = {}
    for attempt in attempts:
        tallies.setdefault(attempt.item, _Tally()).add(attempt)
    found = [_of(item, tallies[key]) for key, item in items.items() if key in tallies]
    return tuple(sorted(found, key=lambda statistic: not statistic.flags))


@dataclass(slots=True)
class _Tally:
    """Running means and sums of squares (Welford's method, which does not lose digits).

    The `total` score stands beside them, for its mean is exact where scores are 0 or 1.
    """

    answers: int = 0
    total: float = 0.0
    score: float = 0.0
    ability: float = 0.0
    score_squares: float = 0.0
    ability_squares: float = 0.0
    products: float = 0.0
    chosen: Counter[int] = field(default_factory=Counter)

    def add(self, attempt: Attempt) -> None:
        self.answers += 1
        self.total += attempt.score
        by_score = attempt.score - self.score
        by_ability = attempt.ability - self.ability
        self.score += by_score / self.answers
        self.ability += by_ability / self.answers
        self.score_squares += by_score * (attempt.score - self.score)
        self.ability_squares += by_ability * (attempt.ability - self.ability)
        self.products += by_score * (attempt.ability - self.ability)
        self.chosen.update(attempt.chosen)

    @property
    def difficulty(self) -> float:
        return self.total / self.answers

    @property
    def correlation(self) -> float | None:
        spread = math.sqrt(self.score_squares * self.ability_squares)
        return max(-1.0, min(1.0, self.products / spread)) if spread > 0 else None


def _of(item: Item, tally: _Tally) -> ItemStatistics:
    options = _options(item)
    return ItemStatistics(
        item=item.id,
        answers=tally.answers,
        difficulty=tally.difficulty,
        discrimination=tally.correlation,
        chosen=MappingProxyType({index: tally.chosen[index] for index in range(len(options))}),
        flags=tuple(_flags(options, tally)) if tally.answers >= ENOUGH_ANSWERS else (),
    )


def _options(item: Item) -> tuple[ItemOption, ...]:
    """What people choose from. Not steps: every answer has all of them."""
    match item:
        case ChoiceItem():
            return item.options
        case OrderingItem() | NumericItem() | TextItem():
            return ()
        case _:
            assert_never(item)


def _flags(options: tuple[ItemOption, ...], tally: _Tally) -> Iterator[str]:
    if tally.difficulty < TOO_HARD:
        yield "too hard"
    if tally.difficulty > TOO_EASY:
        yield "too easy"
    if tally.correlation is not None and tally.correlation < LEAST_DISCRIMINATION:
        yield "does not tell people apart"
    for index, option in enumerate(options):
        match option:
            case Distractor() if not tally.chosen[index]:
                yield f"nobody chooses {ascii_uppercase[index]}: {_quoted(option.text)}"


def _quoted(text: str) -> str:
    return text if len(text) <= _MOST_QUOTED else f"{text[: _MOST_QUOTED - 1].rstrip()}…"
