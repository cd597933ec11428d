"""Measurements as rows of a table: medians, percentiles, ratios, and whether a target is met."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import assert_never

HEADER = ("Measure", "Ours", "Bare", "Ratio", "Target", "Met")


class Unit(Enum):
    """What the numbers of a row count."""

    SECONDS = "s"
    MILLISECONDS = "ms"
    MEBIBYTES = "MiB"
    A_SECOND = "a second"


@dataclass(frozen=True, slots=True)
class Most:
    """An upper limit: of our own number in its unit, or of the ratio of ours to bare."""

    limit: float
    ratio: bool = True


@dataclass(frozen=True, slots=True)
class Least:
    """A lower limit of our own number in its unit."""

    limit: float


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement. Without `bare` there is no ratio; without `target` it only informs."""

    measure: str
    ours: float
    unit: Unit
    bare: float | None = None
    target: Most | Least | None = None

    def __post_init__(self) -> None:
        if isinstance(self.target, Most) and self.target.ratio and self.bare is None:
            raise ValueError(f"{self.measure}: a ratio needs something to compare with")

    @property
    def ratio(self) -> float | None:
        """Ours divided by bare; infinite where bare is nothing."""
        if self.bare is None:
            return None
        return self.ours / self.bare if self.bare > 0 else math.inf

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without one."""
        match self.target:
            case None:
                return None
            case Least(limit):
                return self.ours >= limit
            case Most(limit, ratio):
                number = self.ratio if ratio else self.ours
                return number is not None and number <= limit
            case _:
                assert_never(self.target)


def median(values: Iterable[float]) -> float:
    """The middle value, or the mean of the middle two. Raises StatisticsError for none."""
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of all values do not exceed.

    Raises ValueError if there are no values or the share is out of range.
    """
    if not values or not 0 <= share <= 1:
        raise ValueError("a percentile needs values and a share from 0 to 1")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def markdown(rows: Iterable[Row]) -> str:
    """The rows as a Markdown table."""
    lines = [HEADER, tuple("---" for _ in HEADER), *(_cells(row) for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _cells(row: Row) -> tuple[str, ...]:
    bare = "–" if row.bare is None else shown(row.bare, row.unit)
    ratio = "–" if row.ratio is None else f"{_three_digits(row.ratio)} ×"
    return (row.measure, shown(row.ours, row.unit), bare, ratio, _target(row), _met(row))


def _target(row: Row) -> str:
    match row.target:
        case None:
            return "–"
        case Least(limit):
            return f"at least {limit:g} {row.unit.value}"
        case Most(limit, ratio=True):
            return f"at most {limit:g} ×"
        case Most(limit):
            return f"at most {limit:g} {row.unit.value}"
        case _:
            assert_never(row.target)


def _met(row: Row) -> str:
    return {True: "yes", False: "**no**", None: "–"}[row.met]


def shown(value: float, unit: Unit) -> str:
    """A number with its unit, to three digits."""
    return f"{_three_digits(value)} {unit.value}"


def _three_digits(value: float) -> str:
    if not math.isfinite(value):
        return "∞"
    rounded = float(f"{value:.3g}")
    digits = 2 - math.floor(math.log10(abs(rounded))) if rounded else 0
    return f"{rounded:,.{max(0, digits)}f}"
