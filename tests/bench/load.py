"""A round of load on one program: what an answer costs, one at a time and many at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.bench.measure import Program
from tests.bench.table import Most, Row, Unit, percentile

AT_ONCE = 32
"""Questions under way where many are sent at once."""

WARM_UP = 100
"""Questions before the first one that counts."""


@dataclass(frozen=True, slots=True)
class Load:
    """How long each answer took, in milliseconds, and all of them together, in seconds."""

    latencies_ms: list[float]
    seconds: float


Send = Callable[[int, int], Load]
"""Sends so many questions, so many at once, and returns when all are answered."""


def one_round(program: Program, send: Send, number: int) -> dict[str, float]:
    """Milliseconds an answer (`p50`, `cpu`, `cpu at once`), and `answers` a second."""
    began = program.cpu_seconds()
    one_at_a_time = send(number, 1)
    between = program.cpu_seconds()
    at_once = send(number, AT_ONCE)
    ended = program.cpu_seconds()
    return {
        "p50": percentile(one_at_a_time.latencies_ms, 0.5),
        "cpu": (between - began) / number * 1000,
        "cpu at once": (ended - between) / number * 1000,
        "answers": number / at_once.seconds,
    }


def rows(
    what: str, against: str, ours: Mapping[str, float], bare: Mapping[str, float], most: float
) -> list[Row]:
    """A round of ours beside one of bare; `most` is the target for CPU time as a ratio."""
    ms, a_second = Unit.MILLISECONDS, Unit.A_SECOND
    cpu, at_once = f"{what}, CPU time", f"{AT_ONCE} at once"
    same = "(bare: the same)"
    return [
        Row(f"{cpu} (bare: {against})", ours["cpu"], ms, bare["cpu"], Most(most)),
        Row(f"{cpu}, {at_once} {same}", ours["cpu at once"], ms, bare["cpu at once"]),
        Row(f"{what}, median time to the answer {same}", ours["p50"], ms, bare["p50"]),
        Row(f"{what}, answers, {at_once} {same}", ours["answers"], a_second, bare["answers"]),
    ]
