"""The engine of the role-fit quiz: which roles the chosen activities pull toward.

`fit[r]` says by how many standard deviations the answers pull toward a role, compared with random
answers to the same items; `fit_calibration` holds the formulas. It is a sum over the answers:
`c[r,i] = sum_t a[r,t] (w[i,o,t] - mu[i,t]) / s[r]` is what one of them contributes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import pairwise
from operator import sub
from types import MappingProxyType
from typing import Final, TypeAlias

from bot.core.content.quizzes import FitItem
from bot.core.quiz.fit_calibration import (
    SAME,
    Calibration,
    Vector,
    calibrated,
    dot,
    spread,
    standardised,
    variance,
)

MIN_ANSWERS = 8
"""The fewest answers for a result of the whole quiz."""

DUEL_ITEMS = 7
"""How many items tell two roles apart."""

MIN_DUEL_ANSWERS = 6
"""The fewest answers for a result between two roles."""

MAX_TIES = 4
"""The most tie-breakers that one person is asked."""

PULL = 1.6
"""A fit below this is no clear pull; the median of the highest fit of random answers is 1.5."""

STRONG_PULL = 2.6
"""A clear verdict needs this fit: random answers exceed it in one case of twenty."""

CLOSE_GAP = 0.5
CLEAR_GAP = 1.0
EQUAL_GAP = 0.25

KEPT_SETS = 512
"""For how many sets of items the preparation is kept, at about 5 kB each."""

Answers: TypeAlias = Mapping[str, int]
"""The id of an item, and the index of the chosen option in the order of the content."""


class Verdict(Enum):
    """How much the answers decide, in words."""

    CLEAR = "clear"
    LEANING = "leaning"
    CLOSE = "close call"
    NONE = "no clear pull"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A role and its fit, in standard deviations of random answers."""

    role: str
    fit: float


@dataclass(frozen=True, slots=True)
class Result:
    """The roles, best first, and how far they can be told apart.

    `gap` is the distance of the first two, at least 0; `equal` says that they are to be shown as
    two roles, equally. With fewer than two roles the gap is 0 and nothing is equal.
    """

    ranking: tuple[Ranked, ...]
    verdict: Verdict
    gap: float
    equal: bool


class Model:
    """Items and role profiles, ready to score. It is immutable, and hashed by identity."""

    def __init__(
        self, items: tuple[FitItem, ...], profiles: Mapping[str, Mapping[str, int]]
    ) -> None:
        """Prepare items and profiles.

        Raises ValueError if the profiles do not all have a value for the same traits. A trait that
        no profile has counts for nothing.
        """
        self.items: Final[Mapping[str, FitItem]] = MappingProxyType(
            {item.id: item for item in items}
        )
        self.core: Final = tuple(item.id for item in items if item.form == "core")
        self.ties: Final = tuple(item.id for item in items if item.form == "tie")
        self.roles: Final = tuple(profiles)
        if len({frozenset(profile) for profile in profiles.values()}) > 1:
            raise ValueError("the profiles of the roles must name the same traits")
        self._traits: Final = tuple(next(iter(profiles.values()), ()))
        self._standard: Final = standardised(profiles, self._traits)
        self._spreads: Final = {item.id: spread(item, self._traits) for item in items}
        self._calibration: Final = lru_cache(maxsize=KEPT_SETS)(self._calibrate)

    def score(self, answers: Answers) -> Result:
        """Rank all roles over the answered items.

        No clear pull where the best fit is below 1.6. Otherwise by the gap: below 0.5 a close call,
        below 1 leaning, from 1 on clear, if the best fit is at least 2.6 (else leaning).

        Raises ValueError on an unknown item or an option that the item does not have.
        """
        ranking = self._ranking(answers, self._fits(answers))
        gap = _gap(ranking)
        best = ranking[0].fit if ranking else 0.0
        verdict = _by_gap(gap)
        if best < PULL:
            verdict = Verdict.NONE
        elif verdict is Verdict.CLEAR and best < STRONG_PULL:
            verdict = Verdict.LEANING
        return Result(ranking, verdict, gap, len(ranking) > 1 and gap <= EQUAL_GAP)

    def duel(self, answers: Answers, first: str, second: str) -> Result:
        """Rank two roles by the same fits; the verdict goes by their gap alone.

        Raises ValueError as `score` does, and unless these are two different roles of the model.
        """
        self._check_pair(first, second)
        fits = self._fits(answers)
        ranking = self._ranking(answers, {role: fits[role] for role in (first, second)})
        gap = _gap(ranking)
        return Result(ranking, _by_gap(gap), gap, gap <= EQUAL_GAP)

    def next_tie(self, answers: Answers, skipped: Collection[str] = ()) -> str | None:
        """The tie-breaker that tells the first two roles best apart, neither answered nor skipped.

        That is the largest variance of `w[i] . (q[first] - q[second])` over the options. None when
        the gap is 0.5 or more, when four were asked, or when none that is left tells them apart.
        """
        left = [tie for tie in self.ties if tie not in answers and tie not in skipped]
        if not left or len(self.ties) - len(left) >= MAX_TIES or len(self.roles) < 2:
            return None
        result = self.score(answers)
        if result.gap >= CLOSE_GAP:
            return None
        first, second = (self._standard[ranked.role] for ranked in result.ranking[:2])
        variances = {tie: self._variance(tie, tuple(map(sub, first, second))) for tie in left}
        best = max(left, key=variances.__getitem__)
        return best if variances[best] > SAME else None

    def duel_order(self, first: str, second: str) -> tuple[str, ...]:
        """All items, those that tell two roles best apart first.

        They are ordered by the variance of `w[i] . (a[first] - a[second])` over the options, with
        `a` over all items. Raises ValueError unless these are two different roles of the model.
        """
        self._check_pair(first, second)
        directions = self._calibration(frozenset(self.items)).directions
        apart = tuple(map(sub, directions[first], directions[second]))
        return tuple(sorted(self.items, key=lambda item: -self._variance(item, apart)))

    def contributions(self, answers: Answers) -> Mapping[str, Mapping[str, float]]:
        """How far each answer pulls toward each role: role, item in content order, `c[r,i]`.

        They sum to the fit of the role. Raises ValueError as `score` does.
        """
        chosen = self._chosen(answers)
        pulls = {
            item: tuple(map(sub, chosen[item], self._spreads[item].mean))
            for item in self.items
            if item in chosen
        }
        return {
            role: {item: dot(scaled, pull) for item, pull in pulls.items()}
            for role, scaled in self._calibration(frozenset(answers)).scaled.items()
        }

    def traits(self, answers: Answers) -> Mapping[str, float]:
        """How far the answers lean to the high end of each trait, in standard deviations.

        The scale is that of random answers to the same items; 0 for a trait on which they say
        nothing. Raises ValueError as `score` does.
        """
        deviations = self._calibration(frozenset(self._chosen(answers))).deviation
        leanings = zip(self._traits, self._leaning(answers), deviations, strict=True)
        return {
            trait: leaning / deviation if deviation else 0.0
            for trait, leaning, deviation in leanings
        }

    def _chosen(self, answers: Answers) -> dict[str, tuple[int, ...]]:
        """The loadings of the chosen options by item."""
        chosen: dict[str, tuple[int, ...]] = {}
        for item, option in answers.items():
            if item not in self._spreads:
                raise ValueError(f"no item {item!r}")
            loads = self._spreads[item].loads
            if not 0 <= option < len(loads):
                raise ValueError(f"item {item!r} has no option {option}")
            chosen[item] = loads[option]
        return chosen

    def _leaning(self, answers: Answers) -> Vector:
        """The loadings of the answers beyond what random answers have, by trait."""
        chosen = self._chosen(answers)
        if not chosen:
            return (0.0,) * len(self._traits)
        totals = map(sum, zip(*chosen.values(), strict=True))
        return tuple(map(sub, totals, self._calibration(frozenset(answers)).mean))

    def _fits(self, answers: Answers) -> dict[str, float]:
        leaning = self._leaning(answers)
        scaled = self._calibration(frozenset(answers)).scaled
        return {role: dot(direction, leaning) for role, direction in scaled.items()}

    def _ranking(self, answers: Answers, fits: Mapping[str, float]) -> tuple[Ranked, ...]:
        """By fit; if equal, by how many answers speak for the role, then by its id."""
        order = sorted(fits, key=lambda role: (-fits[role], role))
        if any(fits[one] - fits[other] <= SAME for one, other in pairwise(order)):
            order = self._settled(answers, fits, order)
        return tuple(Ranked(role, fits[role]) for role in order)

    def _settled(self, answers: Answers, fits: Mapping[str, float], order: list[str]) -> list[str]:
        contributions = self.contributions(answers)
        height: dict[str, float] = {}
        highest = fits[order[0]]
        for role in order:
            if highest - fits[role] > SAME:
                highest = fits[role]
            height[role] = highest
        speaking = {
            role: sum(pull > SAME for pull in contributions[role].values()) for role in order
        }
        return sorted(order, key=lambda role: (-height[role], -speaking[role], role))

    def _variance(self, item: str, direction: Vector) -> float:
        """The variance of `w[i] . direction` over the options of an item."""
        return variance([dot(direction, load) for load in self._spreads[item].loads])

    def _check_pair(self, first: str, second: str) -> None:
        if first == second or not {first, second} <= self._standard.keys():
            raise ValueError(f"{first!r} and {second!r} are not two roles of this quiz")

    def _calibrate(self, items: frozenset[str]) -> Calibration:
        return calibrated([self._spreads[item] for item in items], self._standard)


def _gap(ranking: tuple[Ranked, ...]) -> float:
    return abs(ranking[0].fit - ranking[1].fit) if len(ranking) > 1 else 0.0


def _by_gap(gap: float) -> Verdict:
    if gap < CLOSE_GAP:
        return Verdict.CLOSE
    return Verdict.LEANING if gap < CLEAR_GAP else Verdict.CLEAR
