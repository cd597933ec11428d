"""What the shipped role-fit quiz makes of people who answer by chance, more or less.

Invariants of items, role profiles and scoring together: no role is favoured before the first
answer, and people who are known to suit a role find it.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice, product
from math import exp, sqrt
from statistics import fmean, median, pvariance, quantiles

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.content.catalogue import Catalogue
from bot.core.content.quizzes import FitItem
from bot.core.quiz.fit import (
    Model,
)
from tests.core.fit_reference import (
    Profiles,
    drawn,
    likes,
    reference,
    shipped_profiles,
    table,
)

RESPONDENTS = 100_000

ROLES = 12


@pytest.fixture(scope="module")
def profiles(catalogue: Catalogue) -> Profiles:
    return shipped_profiles(catalogue)


@pytest.fixture(scope="module")
def model(catalogue: Catalogue, profiles: Profiles) -> Model:
    return Model(catalogue.content.fit.items, profiles)


@pytest.fixture(scope="module", params=["core", "all"])
def asked(request: pytest.FixtureRequest, model: Model) -> tuple[FitItem, ...]:
    """The items that everybody gets, and these with all tie-breakers."""
    return tuple(
        item for item in model.items.values() if request.param == "all" or item.form == "core"
    )


def random_fits(model: Model, items: Sequence[FitItem], seed: int) -> Iterator[list[float]]:
    """The fits of people who answer at random, without end.

    All answers to four items at a time are added up beforehand, which makes a person four draws
    instead of sixteen; every combination of answers is as likely as before.
    """
    rows = table(items, model.contributions)
    blocks = [
        [[sum(column) for column in zip(*rowset, strict=True)] for rowset in product(*block)]
        for block in (
            [rows[item.id] for item in items[start : start + 4]]
            for start in range(0, len(items), 4)
        )
    ]
    rng = random.Random(seed)
    while True:
        chosen = [block[int(rng.random() * len(block))] for block in blocks]
        yield [sum(column) for column in zip(*chosen, strict=True)]


def shares(model: Model, firsts: Counter[str]) -> dict[str, float]:
    return {role: firsts[role] / firsts.total() for role in model.roles}


# Null calibration


def test_random_answers_have_mean_0_and_variance_1_for_every_role(
    model: Model, asked: tuple[FitItem, ...]
) -> None:
    rows = table(asked, model.contributions)

    for place, role in enumerate(model.roles):
        pulls = [[option[place] for option in rows[item.id]] for item in asked]
        assert sum(map(fmean, pulls)) == pytest.approx(0, abs=1e-9), role
        assert sum(map(pvariance, pulls)) == pytest.approx(1, abs=1e-9), role


@given(data=st.data())
@settings(max_examples=40)
def test_the_calibration_holds_for_whatever_was_answered(model: Model, data: st.DataObject) -> None:
    answered = [model.items[item] for item in drawn(model, data, least=8)]
    rows = table(answered, model.contributions)

    for place in range(ROLES):
        pulls = [[option[place] for option in rows[item.id]] for item in answered]
        assert sum(map(fmean, pulls)) == pytest.approx(0, abs=1e-9)
        assert sum(map(pvariance, pulls)) == pytest.approx(1, abs=1e-9)


# No favourite beforehand


def test_no_role_is_favoured_before_the_first_answer(
    model: Model, asked: tuple[FitItem, ...]
) -> None:
    people = list(islice(random_fits(model, asked, seed=2026), RESPONDENTS))
    firsts = Counter(model.roles[fits.index(max(fits))] for fits in people)
    won = shares(model, firsts)

    assert all(0.5 / ROLES <= share <= 1.6 / ROLES for share in won.values()), won
    assert min(won.values()) == pytest.approx(0.059, abs=0.003)
    assert max(won.values()) == pytest.approx(0.105, abs=0.003)


def test_how_high_random_answers_come_is_what_the_verdicts_are_made_from(model: Model) -> None:
    items = [model.items[item] for item in model.core]
    best = [
        sorted(fits, reverse=True)[:2] for fits in islice(random_fits(model, items, seed=7), 20_000)
    ]
    tops = [first for first, _ in best]
    gaps = [first - second for first, second in best]

    assert median(tops) == pytest.approx(1.5, abs=0.05)
    assert quantiles(tops, n=20)[-1] == pytest.approx(2.6, abs=0.06)
    assert median(gaps) == pytest.approx(0.3, abs=0.02)
    assert quantiles(gaps, n=20)[-1] == pytest.approx(1.1, abs=0.05)


def test_the_random_people_of_these_tests_are_scored_as_real_ones(model: Model) -> None:
    rng = random.Random(1)
    items = list(model.items.values())
    rows = table(items, model.contributions)

    for _ in range(200):
        answers = {item.id: rng.randrange(len(item.options)) for item in items}
        added = [sum(c) for c in zip(*(rows[i][o] for i, o in answers.items()), strict=True)]
        fits = {ranked.role: ranked.fit for ranked in model.score(answers).ranking}
        assert added == pytest.approx([fits[role] for role in model.roles], abs=1e-9)


# Positions of buttons


def test_always_tapping_the_first_button_wins_nothing_when_options_are_shuffled(
    model: Model,
) -> None:
    items = list(model.items.values())
    rows = table(items, model.contributions)
    firsts: Counter[str] = Counter()
    for user in range(20_000):
        shuffle = random.Random(user)
        on_top = []
        for item in items:
            buttons = list(range(len(item.options)))
            shuffle.shuffle(buttons)
            on_top.append(rows[item.id][buttons[0]])
        fits = [sum(column) for column in zip(*on_top, strict=True)]
        firsts[model.roles[fits.index(max(fits))]] += 1

    won = shares(model, firsts)
    assert all(0.5 / ROLES <= share <= 1.6 / ROLES for share in won.values()), won


def test_without_shuffling_the_last_button_would_make_data_analysts(model: Model) -> None:
    result = model.score(dict.fromkeys(model.items, 3))

    assert result.ranking[0].role == "data-analyst"
    assert result.ranking[0].fit == pytest.approx(2.7, abs=0.05)


# Length: people who are known to suit a role find it


@pytest.mark.parametrize(
    ("clarity", "found", "asked_on_average"),
    [pytest.param(1, 0.74, 13.2, id="noisy"), pytest.param(2, 0.94, 12.4, id="clear")],
)
def test_the_core_with_tie_breakers_finds_the_role_that_somebody_suits(
    model: Model, profiles: Profiles, clarity: float, found: float, asked_on_average: float
) -> None:
    """People choose an option with odds that grow with how much their role's people like it."""
    standard = reference(list(model.items.values()), profiles).q
    chances: dict[str, dict[str, list[float]]] = {}
    for role, weights in standard.items():
        length = sqrt(sum(weight * weight for weight in weights.values()))
        chances[role] = {
            item.id: [exp(clarity * like / length) for like in likes(item, weights)]
            for item in model.items.values()
        }
    rng = random.Random(11)
    right = questions = core_right = 0
    people = [role for role in model.roles for _ in range(500)]
    for role in people:
        would = {
            item: rng.choices(range(len(odds)), odds)[0] for item, odds in chances[role].items()
        }
        answers = {item: would[item] for item in model.core}
        core_right += model.score(answers).ranking[0].role == role
        while (tie := model.next_tie(answers)) is not None:
            answers[tie] = would[tie]
        right += model.score(answers).ranking[0].role == role
        questions += len(answers)

    assert right / len(people) == pytest.approx(found, abs=0.02)
    assert right > core_right
    assert questions / len(people) == pytest.approx(asked_on_average, abs=0.15)
