"""Why the role-fit quiz says what it says."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.content.catalogue import Catalogue
from bot.core.quiz.fit import (
    Model,
)
from bot.core.quiz.fit_reasons import Choice, reasons
from tests.core.fit_reference import (
    PERSONAS,
    Profiles,
    drawn,
    favourite,
    shipped_profiles,
    up_or_down,
)


@pytest.fixture(scope="module")
def profiles(catalogue: Catalogue) -> Profiles:
    return shipped_profiles(catalogue)


@pytest.fixture(scope="module")
def model(catalogue: Catalogue, profiles: Profiles) -> Model:
    return Model(catalogue.content.fit.items, profiles)


def test_why_somebody_who_ships_with_ai_tools_is_sent_to_ai_engineering(model: Model) -> None:
    answers = favourite(model.items.values(), PERSONAS["ai-engineer"])
    ranking = model.score(answers).ranking

    why = reasons(model, answers, ranking[0].role, ranking[1].role)

    texts = [model.items[choice.item].options[choice.option].text for choice in why.because]
    assert texts == [
        "Agents with tools: what broke in production",
        "The assistant quotes a document that does not exist",
        "An assistant that answers questions about the team's notes",
    ]
    assert why.apart == (Choice("fit-11", 1), Choice("fit-04", 2)), "what a back-end lacks"
    assert why.against == Choice("fit-14", 3)
    assert (why.high, why.low) == (("genai", "craft"), ("research", "insight"))


@given(data=st.data())
def test_reasons_are_the_largest_parts_of_the_score(model: Model, data: st.DataObject) -> None:
    answers = drawn(model, data)
    top, second = (ranked.role for ranked in model.score(answers).ranking[:2])
    pulls = model.contributions(answers)[top]
    others = model.contributions(answers)[second]
    ahead = {name: pull - others[name] for name, pull in pulls.items()}

    why = reasons(model, answers, top, second)

    because = [choice.item for choice in why.because]
    assert [pulls[name] for name in because] == sorted(
        (pull for pull in pulls.values() if pull > 1e-9), reverse=True
    )[:3]
    fresh = {name for name, lead in ahead.items() if lead > 1e-9} - set(because)
    apart = [choice.item for choice in why.apart]
    assert len(fresh.intersection(apart)) == min(2, len(fresh))
    assert all(ahead[name] > 0 for name in apart)
    assert [ahead[name] for name in apart if name in fresh] == sorted(
        (ahead[name] for name in fresh), reverse=True
    )[:2]
    if why.against is None:
        assert all(pull > -1e-9 for pull in pulls.values())
    else:
        assert pulls[why.against.item] == min(pulls.values()) < 0
    for choice in (*why.because, *why.apart):
        assert answers[choice.item] == choice.option


@given(data=st.data())
def test_the_traits_that_are_named_are_the_most_marked(model: Model, data: st.DataObject) -> None:
    answers = drawn(model, data)
    leanings = model.traits(answers)

    why = reasons(model, answers, "ai-engineer", "ml-engineer")

    by_height = sorted(leanings.values())
    assert [leanings[trait] for trait in why.high] == [z for z in by_height[::-1][:2] if z >= 0.5]
    assert [leanings[trait] for trait in why.low] == [z for z in by_height[:2] if z <= -0.5]


def test_one_answer_is_a_reason_and_nothing_speaks_against_it() -> None:
    model = Model((up_or_down("i", "t"),), {"one": {"t": 4}, "two": {"t": 0}})

    why = reasons(model, {"i": 0}, "one", "two")

    assert why.because == (Choice("i", 0),)
    assert why.apart == (Choice("i", 0),), "the only answer there is may be named twice"
    assert why.against is None
    assert (why.high, why.low) == (("t",), ())


def test_what_speaks_against_the_top_role_is_said() -> None:
    model = Model(
        tuple(up_or_down(name, "t") for name in "ijkl"), {"one": {"t": 4}, "two": {"t": 0}}
    )

    why = reasons(model, {"i": 0, "j": 1, "k": 0, "l": 2}, "one", "two")

    assert why.because == (Choice("i", 0), Choice("k", 0))
    assert why.against == Choice("j", 1)
    assert model.traits({"i": 0})["t"] == pytest.approx(sqrt(3 / 2))
