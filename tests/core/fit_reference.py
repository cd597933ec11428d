"""The role-fit score written down a second time, slowly and formula by formula, and respondents."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, pstdev
from typing import Literal

from hypothesis import strategies as st

from bot.core.content.catalogue import Catalogue
from bot.core.content.quizzes import FitItem, FitOption
from bot.core.quiz.fit import Model

Profiles = Mapping[str, Mapping[str, int]]

PERSONAS: Mapping[str, Mapping[str, float]] = {
    "ai-engineer": {"genai": 2, "craft": 1, "research": -1},
    "ml-engineer": {"maths": 2, "infra": 1.5, "data": 1, "research": -0.5},
    "mlops-engineer": {"infra": 2, "craft": 1},
    "ml-hardware-engineer": {"hardware": 3, "craft": 1},
    "ml-solutions-architect": {"people": 2, "genai": 1},
    "data-scientist": {"maths": 2, "insight": 2},
    "data-engineer": {"data": 3, "infra": 1, "ambiguity": -1},
    "data-analyst": {"insight": 2, "data": 1},
    "research-scientist": {"research": 2, "ambiguity": 1.5, "maths": 1},
    "research-engineer": {"research": 2, "craft": 1.5, "infra": 1.5},
    "backend-engineer": {"craft": 2, "infra": 0.5},
}
"""What somebody likes, for each role that should come first then.

An applied scientist is a mixture, which no two or three likings describe.
"""


@dataclass(frozen=True, slots=True)
class Reference:
    """Every quantity of the score over a set of items, by its name in the formulas."""

    q: Mapping[str, Mapping[str, float]]
    sigma: Mapping[str, float]
    a: Mapping[str, Mapping[str, float]]
    s: Mapping[str, float]
    mu: Mapping[str, Mapping[str, float]]

    def contribution(self, role: str, item: FitItem, option: int) -> float:
        load = item.options[option].load
        pull = sum(
            a * (load.get(trait, 0) - self.mu[item.id][trait]) for trait, a in self.a[role].items()
        )
        return pull / self.s[role]


def reference(items: Sequence[FitItem], profiles: Profiles) -> Reference:
    """The preparation over `items`. No trait and no role may be without spread."""
    traits = list(next(iter(profiles.values())))
    column = {trait: [profile[trait] for profile in profiles.values()] for trait in traits}
    q = {
        role: {t: (profile[t] - fmean(column[t])) / pstdev(column[t]) for t in traits}
        for role, profile in profiles.items()
    }
    mu = {item.id: {t: fmean(loadings(item, t)) for t in traits} for item in items}
    covariance = {
        (t, u): sum(
            fmean(
                (option.load.get(t, 0) - mu[item.id][t]) * (option.load.get(u, 0) - mu[item.id][u])
                for option in item.options
            )
            for item in items
        )
        for t in traits
        for u in traits
    }
    sigma = {t: sqrt(covariance[t, t]) for t in traits}
    a = {role: {t: q[role][t] / sigma[t] for t in traits} for role in profiles}
    s = {
        role: sqrt(sum(a[role][t] * covariance[t, u] * a[role][u] for t in traits for u in traits))
        for role in profiles
    }
    return Reference(q=q, sigma=sigma, a=a, s=s, mu=mu)


def shipped_profiles(catalogue: Catalogue) -> Profiles:
    """The profiles of the roles that are in the quiz."""
    return {role.id: role.fit for role in catalogue.content.roles.values() if role.fit is not None}


def item(
    identity: str, *loads: Mapping[str, int], form: Literal["core", "tie"] = "core"
) -> FitItem:
    options = tuple(
        FitOption(text=f"Option {number}", load=dict(load)) for number, load in enumerate(loads)
    )
    return FitItem(id=identity, form=form, stem="Which one do you like?", options=options)


def up_or_down(identity: str, trait: str, form: Literal["core", "tie"] = "core") -> FitItem:
    """Option 0 speaks for the trait, option 1 against it, option 2 for nothing."""
    return item(identity, {trait: 1}, {trait: -1}, {trait: 0}, form=form)


def drawn(model: Model, data: st.DataObject, least: int = 0) -> dict[str, int]:
    """Answers to at least so many of the items, in any order."""
    names = data.draw(st.lists(st.sampled_from(list(model.items)), min_size=least, unique=True))
    return {name: data.draw(st.integers(0, len(model.items[name].options) - 1)) for name in names}


def people(model: Model, number: int, seed: int = 5) -> Iterator[dict[str, int]]:
    """The answers that people give at random to the core."""
    rng = random.Random(seed)
    for _ in range(number):
        yield {one: rng.randrange(len(model.items[one].options)) for one in model.core}


def loadings(item: FitItem, trait: str) -> list[int]:
    return [option.load.get(trait, 0) for option in item.options]


def loaded(option: FitOption, weights: Mapping[str, float]) -> float:
    """`w . weights`: how much somebody who weighs the traits so likes an option."""
    return sum(weights.get(trait, 0.0) * loading for trait, loading in option.load.items())


def favourite(items: Iterable[FitItem], weights: Mapping[str, float]) -> dict[str, int]:
    """The answers of somebody who always takes the option that they like most."""
    return {
        item.id: max(range(len(item.options)), key=likes(item, weights).__getitem__)
        for item in items
    }


def likes(item: FitItem, weights: Mapping[str, float]) -> list[float]:
    return [loaded(option, weights) for option in item.options]


def table(
    items: Sequence[FitItem],
    contributions: Callable[[Mapping[str, int]], Mapping[str, Mapping[str, float]]],
) -> dict[str, list[list[float]]]:
    """`c` of every option: by item, then option, then role in the order of the model."""
    most = max(len(item.options) for item in items)
    rows: dict[str, list[list[float]]] = {item.id: [] for item in items}
    for option in range(most):
        answers = {item.id: min(option, len(item.options) - 1) for item in items}
        by_role = contributions(answers)
        for item in items:
            if option < len(item.options):
                rows[item.id].append([pulls[item.id] for pulls in by_role.values()])
    return rows
