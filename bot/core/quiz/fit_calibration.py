"""The role-fit score against chance: what random answers would do, so that no role is favoured.

Traits `t`, roles `r` with a profile `p[r,t]`, items `i` with options `o` that load `w[i,o,t]`.

- `q[r,t]` is the profile, standardised per trait over the roles;
- under uniformly random answers the loadings have the mean `mu[i,t]` and, summed over the items,
  the covariance `S`, so a trait has the standard deviation `sigma[t] = sqrt(S[t,t])`;
- a role looks in the direction `a[r,t] = q[r,t] / sigma[t]`, along which random answers spread by
  `s[r] = sqrt(a[r]' S a[r])`;
- `fit[r] = sum_i sum_t a[r,t] (w[i,o,t] - mu[i,t]) / s[r]` then has mean 0 and standard deviation 1
  for every role.

Some sets of items say nothing about a trait or a role. A trait with `sigma[t] = 0`, or on which all
roles are alike, counts for no role; a role with `s[r] = 0` has the fit 0, which is what no evidence
means on this scale. That profiles are matched by shape rather than by distance follows Xu and Li
(2020, Journal of Career Assessment).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from operator import mul
from typing import TypeAlias

from bot.core.content.quizzes import FitItem

SAME = 1e-9
"""Numbers that differ by no more than this differ by rounding alone."""

Vector: TypeAlias = tuple[float, ...]
"""One number for each trait, in the order of the model."""


@dataclass(frozen=True, slots=True)
class Spread:
    """An item under random answers: the loadings of its options, their mean and covariance."""

    loads: tuple[tuple[int, ...], ...]
    mean: Vector
    covariance: tuple[Vector, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """A set of items under random answers.

    `mean` is `mu` summed over the items and `deviation` is `sigma`; for each role, `directions`
    holds `a` and `scaled` holds `a / s`.
    """

    mean: Vector
    deviation: Vector
    directions: Mapping[str, Vector]
    scaled: Mapping[str, Vector]


def dot(one: Vector, other: Vector) -> float:
    """The inner product."""
    return fsum(map(mul, one, other))


def variance(values: Sequence[float]) -> float:
    """The population variance of at least one value."""
    mean = fsum(values) / len(values)
    return fsum((value - mean) ** 2 for value in values) / len(values)


def standardised(
    profiles: Mapping[str, Mapping[str, int]], traits: Sequence[str]
) -> dict[str, Vector]:
    """`q`: each trait with mean 0 and population standard deviation 1 over the roles.

    A trait on which all roles are alike is 0 for all of them.
    """
    count = len(profiles)
    columns: list[Vector] = []
    for trait in traits:
        values = [profile.get(trait, 0) for profile in profiles.values()]
        total = sum(values)
        # In whole numbers, so that "all alike" is exact: count² times the variance.
        scatter = count * sum(value * value for value in values) - total * total
        deviation = sqrt(scatter) if scatter else 1.0
        columns.append(tuple((count * value - total) / deviation for value in values))
    return {role: tuple(column[k] for column in columns) for k, role in enumerate(profiles)}


def spread(item: FitItem, traits: Sequence[str]) -> Spread:
    """`w`, `mu` and the covariance of one item."""
    loads = tuple(tuple(option.load.get(trait, 0) for trait in traits) for option in item.options)
    count = len(loads)
    columns = list(zip(*loads, strict=True))
    totals = [sum(column) for column in columns]
    return Spread(
        loads=loads,
        mean=tuple(total / count for total in totals),
        covariance=tuple(
            tuple(
                (count * sum(map(mul, one, other)) - total * other_total) / count**2
                for other, other_total in zip(columns, totals, strict=True)
            )
            for one, total in zip(columns, totals, strict=True)
        ),
    )


def calibrated(spreads: Sequence[Spread], standard: Mapping[str, Vector]) -> Calibration:
    """Calibrate roles, given as `q`, over a set of items. Their order makes no difference."""
    size = len(next(iter(standard.values()), ()))
    # Sums that are rounded only once do not depend on the order of the items.
    mean = tuple(fsum(one.mean[t] for one in spreads) for t in range(size))
    covariance = [
        tuple(fsum(one.covariance[t][u] for one in spreads) for u in range(size))
        for t in range(size)
    ]
    deviation = tuple(sqrt(covariance[t][t]) for t in range(size))
    directions = {
        role: tuple(q / sigma if sigma else 0.0 for q, sigma in zip(qs, deviation, strict=True))
        for role, qs in standard.items()
    }
    return Calibration(
        mean=mean,
        deviation=deviation,
        directions=directions,
        scaled={role: _scaled(a, covariance) for role, a in directions.items()},
    )


def _scaled(direction: Vector, covariance: Sequence[Vector]) -> Vector:
    """`a / s`; all 0 where random answers do not spread along `a` at all."""
    square = dot(direction, tuple(dot(direction, row) for row in covariance))
    if square <= SAME:
        return (0.0,) * len(direction)
    deviation = sqrt(square)
    return tuple(value / deviation for value in direction)
