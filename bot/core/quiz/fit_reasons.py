"""Why the role-fit quiz says what it says. The score is a sum, so its parts are the reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.quiz.fit import Answers, Model
from bot.core.quiz.fit_calibration import SAME

MOST_BECAUSE = 3
MOST_APART = 2
MOST_TRAITS = 2

NOTABLE = 0.5
"""From this many standard deviations on, a trait is worth naming."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer: the item, and the index of the option in the order of the content."""

    item: str
    option: int


@dataclass(frozen=True, slots=True)
class Reasons:
    """What speaks for the top role, strongest first.

    `because` are up to three answers that pull most toward it; `apart` up to two that most favour
    it over the second role, others than these where there are any; `against` is the answer that
    pulls most away from it, None if none does. `high` and `low` are up to two traits each that the
    answers lean to or away from by at least half a standard deviation.
    """

    because: tuple[Choice, ...]
    apart: tuple[Choice, ...]
    against: Choice | None
    high: tuple[str, ...]
    low: tuple[str, ...]


def reasons(model: Model, answers: Answers, top: str, second: str) -> Reasons:
    """Explain why `top` stands before `second`.

    Equal pulls keep the order of the content. Raises ValueError on answers that `Model.score`
    refuses, and KeyError on a role that is not in the model.
    """
    contributions = model.contributions(answers)
    pulls = contributions[top]
    ahead = {item: pull - contributions[second][item] for item, pull in pulls.items()}
    because = _largest(pulls)[:MOST_BECAUSE]
    apart = sorted(_largest(ahead), key=lambda item: item in because)[:MOST_APART]
    against = _largest(_negated(pulls))[:1]
    leanings = model.traits(answers)
    return Reasons(
        because=_choices(answers, because),
        apart=_choices(answers, apart),
        against=next(iter(_choices(answers, against)), None),
        high=tuple(_largest(leanings, NOTABLE)[:MOST_TRAITS]),
        low=tuple(_largest(_negated(leanings), NOTABLE)[:MOST_TRAITS]),
    )


def _largest(values: Mapping[str, float], least: float = SAME) -> list[str]:
    """The names whose value is at least `least`, largest first."""
    return sorted((name for name in values if values[name] >= least), key=lambda n: -values[n])


def _negated(values: Mapping[str, float]) -> dict[str, float]:
    return {name: -value for name, value in values.items()}


def _choices(answers: Answers, items: list[str]) -> tuple[Choice, ...]:
    return tuple(Choice(item, answers[item]) for item in items)
