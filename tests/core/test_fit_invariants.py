"""What must hold for the shipped role-fit quiz: items, role profiles and scoring together.

A new role or item is right if all of this still passes.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, permutations
from statistics import correlation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.content.catalogue import Catalogue
from bot.core.content.quizzes import FitItem
from bot.core.quiz.fit import (
    DUEL_ITEMS,
    MAX_TIES,
    Model,
)
from tests.core.fit_reference import (
    PERSONAS,
    Profiles,
    drawn,
    favourite,
    loadings,
    reference,
    shipped_profiles,
    table,
)

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


# Shape


def test_the_quiz_is_twelve_items_four_tie_breakers_and_all_twelve_roles(
    model: Model, catalogue: Catalogue
) -> None:
    assert len(model.core) == 12
    assert len(model.ties) == MAX_TIES
    assert set(model.roles) == set(catalogue.content.roles)
    assert len(model.roles) == ROLES


def test_items_and_profiles_have_their_shape(catalogue: Catalogue, profiles: Profiles) -> None:
    traits = {trait.id for trait in catalogue.content.fit.traits}

    for item in catalogue.content.fit.items:
        assert 2 <= len(item.options) <= 5
        assert len(item.stem) <= 120
        for option in item.options:
            assert len(option.text) <= 75
            assert option.load.keys() <= traits
            assert all(-2 <= loading <= 2 for loading in option.load.values())
            assert any(option.load.values()), f"{option.text}: loads nothing"
    for role, profile in profiles.items():
        assert profile.keys() == traits, role
        assert all(0 <= value <= 4 for value in profile.values()), role


def test_every_item_tells_people_apart_and_every_trait_is_asked_about(
    model: Model, catalogue: Catalogue
) -> None:
    for item in model.items.values():
        texts = {tuple(sorted(option.load.items())) for option in item.options}
        assert len(texts) == len(item.options), f"{item.id}: two options load the same"
    for trait in catalogue.content.fit.traits:
        asking = [item for item in model.core if any(loadings(model.items[item], trait.id))]
        assert len(asking) >= 3, trait.id


# Reachability


def test_every_role_comes_first_for_the_person_it_is_ideal_for(
    model: Model, asked: tuple[FitItem, ...], profiles: Profiles
) -> None:
    directions = reference(asked, profiles).a
    margins: dict[str, float] = {}
    for role in model.roles:
        result = model.score(favourite(asked, directions[role]))
        assert result.ranking[0].role == role
        margins[role] = result.gap

    assert min(margins.values()) == pytest.approx(0.95, abs=0.02), margins
    hardest = sorted(margins, key=margins.__getitem__)[:2]
    assert set(hardest) == {"applied-scientist", "research-engineer"}


# Monotone


@given(data=st.data())
def test_an_answer_that_pulls_more_toward_a_role_never_lowers_it(
    model: Model, data: st.DataObject
) -> None:
    answers = drawn(model, data, least=1)
    item = data.draw(st.sampled_from(sorted(answers)))
    option = data.draw(st.integers(0, len(model.items[item].options) - 1))
    role = data.draw(st.sampled_from(model.roles))
    other = data.draw(st.sampled_from([one for one in model.roles if one != role]))

    before, after = answers, answers | {item: option}
    pull_before, pull_after = model.contributions(before), model.contributions(after)
    if pull_after[role][item] < pull_before[role][item]:
        before, after = after, before
        pull_before, pull_after = pull_after, pull_before

    assert fit(model, after, role) >= fit(model, before, role) - 1e-9

    lead_before = pull_before[role][item] - pull_before[other][item]
    lead_after = pull_after[role][item] - pull_after[other][item]
    if lead_after > lead_before + 1e-9 and place(model, before, role) < place(model, before, other):
        assert place(model, after, role) < place(model, after, other)


def fit(model: Model, answers: Mapping[str, int], role: str) -> float:
    return next(ranked.fit for ranked in model.score(answers).ranking if ranked.role == role)


def place(model: Model, answers: Mapping[str, int], role: str) -> int:
    return [ranked.role for ranked in model.score(answers).ranking].index(role)


# Order does not matter


@given(data=st.data())
def test_neither_the_order_of_answers_nor_of_items_nor_of_options_changes_anything(
    model: Model, profiles: Profiles, data: st.DataObject
) -> None:
    answers = drawn(model, data)
    again = dict(data.draw(st.permutations(list(answers.items()))))
    items, moved = [], {}
    for item in data.draw(st.permutations(list(model.items.values()))):
        order = data.draw(st.permutations(range(len(item.options))))
        options = tuple(item.options[option] for option in order)
        items.append(item.model_copy(update={"options": options}))
        if item.id in answers:
            moved[item.id] = order.index(answers[item.id])

    assert model.score(again) == model.score(answers)
    assert Model(tuple(items), profiles).score(moved) == model.score(answers)


@given(data=st.data())
def test_who_skips_all_tie_breakers_gets_the_result_of_the_core(
    model: Model, profiles: Profiles, data: st.DataObject
) -> None:
    answers = {item: data.draw(st.integers(0, 3)) for item in model.core}
    core = Model(tuple(model.items[item] for item in model.core), profiles)

    assert model.next_tie(answers, skipped=model.ties) is None
    assert model.score(answers) == core.score(answers)


# The explanation adds up


@given(data=st.data())
def test_what_the_answers_contribute_sums_to_the_fit(model: Model, data: st.DataObject) -> None:
    answers = drawn(model, data)
    contributions = model.contributions(answers)

    for ranked in model.score(answers).ranking:
        parts = contributions[ranked.role]
        assert parts.keys() == answers.keys()
        assert sum(parts.values()) == pytest.approx(ranked.fit, abs=1e-9)


# Golden personas


@pytest.mark.parametrize("role", PERSONAS)
def test_a_persona_gets_the_role_it_describes(
    model: Model, asked: tuple[FitItem, ...], role: str
) -> None:
    result = model.score(favourite(asked, PERSONAS[role]))

    assert result.ranking[0].role == role
    assert result.ranking[0].fit > 3


def test_analyst_and_data_scientist_stay_a_close_call(model: Model) -> None:
    result = model.score(favourite(model.items.values(), PERSONAS["data-analyst"]))

    assert [ranked.role for ranked in result.ranking[:2]] == ["data-analyst", "data-scientist"]
    assert result.gap == pytest.approx(0.2, abs=0.05)
    assert result.equal


# The article's advice


def test_who_loves_maths_is_sent_to_ml_and_who_ships_with_ai_tools_to_ai_engineering(
    model: Model,
) -> None:
    items = model.items.values()
    loves_maths = favourite(items, {"maths": 2, "research": 1})
    ships = favourite(items, {"genai": 2, "craft": 1, "research": -1})

    assert fit(model, loves_maths, "ml-engineer") == pytest.approx(1.6, abs=0.05)
    assert fit(model, loves_maths, "ai-engineer") == pytest.approx(-2.9, abs=0.05)
    assert fit(model, ships, "ai-engineer") == pytest.approx(5.5, abs=0.05)
    assert fit(model, ships, "ml-engineer") == pytest.approx(-0.6, abs=0.05)
    for answers, role in ((loves_maths, "ml-engineer"), (ships, "ai-engineer")):
        assert model.duel(answers, "ai-engineer", "ml-engineer").ranking[0].role == role


# No two roles are the same to the quiz


def test_no_role_is_so_like_another_that_they_should_be_merged(
    catalogue: Catalogue, profiles: Profiles
) -> None:
    standard = reference(catalogue.content.fit.items, profiles).q
    alike = {
        (one, other): correlation(list(standard[one].values()), list(standard[other].values()))
        for one, other in combinations(standard, 2)
    }

    assert max(alike.values()) <= 0.8
    closest = sorted(alike, key=alike.__getitem__, reverse=True)[:2]
    assert [set(pair) for pair in closest] == [
        {"applied-scientist", "data-scientist"},
        {"data-analyst", "data-scientist"},
    ]
    assert [round(alike[pair], 2) for pair in closest] == [0.64, 0.63]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("applied-scientist", "data-scientist"),
        ("data-analyst", "data-scientist"),
        ("research-engineer", "ml-hardware-engineer"),
        ("data-engineer", "mlops-engineer"),
        ("applied-scientist", "research-scientist"),
    ],
)
def test_at_least_two_items_split_each_of_the_closest_pairs(
    model: Model, one: str, other: str
) -> None:
    rows = table(list(model.items.values()), model.contributions)
    first, second = model.roles.index(one), model.roles.index(other)
    splitting = [
        item
        for item, options in rows.items()
        if max(option[first] - option[second] for option in options) > 0.25
        and max(option[second] - option[first] for option in options) > 0.25
    ]

    assert len(splitting) >= 2, splitting


def test_seven_items_decide_between_any_two_roles(model: Model, profiles: Profiles) -> None:
    for one, other in permutations(model.roles, 2):
        items = [model.items[item] for item in model.duel_order(one, other)[:DUEL_ITEMS]]
        directions = reference(list(model.items.values()), profiles).a
        apart = {
            trait: value - directions[other][trait] for trait, value in directions[one].items()
        }
        result = model.duel(favourite(items, apart), one, other)

        assert result.ranking[0].role == one
        assert result.gap >= 1
