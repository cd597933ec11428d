"""Quizzes: answers end to end, many at once, with much stored; memory; and the next question."""

from __future__ import annotations

from tests.bench import answers, choice, history, open_sessions, sustained
from tests.bench.effort import Effort
from tests.bench.playing import shipped_scene
from tests.bench.pressing import ON_DISCORD, ON_SLACK
from tests.bench.table import Row


def measure(effort: Effort) -> list[Row]:
    """All of it, on both platforms where they make a difference."""
    made = shipped_scene()
    return [
        *answers.measure(ON_SLACK, made, effort),
        *answers.measure(ON_DISCORD, made, effort),
        *sustained.measure(ON_DISCORD, made, effort),
        *open_sessions.measure(ON_SLACK, made, effort),
        *open_sessions.measure(ON_DISCORD, made, effort),
        *history.measure(effort),
        *choice.measure(effort),
    ]
