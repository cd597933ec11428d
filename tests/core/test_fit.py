"""The engine of the role-fit quiz on small quizzes that can be worked out by hand."""

from __future__ import annotations

from collections.abc import MutableMapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.content.catalogue import Catalogue
from bot.core.quiz.fit import (
    Model,
    Ranked,
    Result,
    Verdict,
)
from bot.core.quiz.fit_reasons import reasons
from tests.core.fit_reference import (
    Profiles,
    item,
    people,
    reference,
    shipped_profiles,
    up_or_down,
)


@pytest.fixture(scope="module")
def profiles(catalogue: Catalogue) -> Profiles:
    return shipped_profiles(catalogue)


@pytest.fixture(scope="module")
def model(catalogue: Catalogue, profiles: Profiles) -> Model:
    return Model(catalogue.content.fit.items, profiles)


# The score


def test_one_item_that_two_roles_disagree_on() -> None:
    """One trait of 4 and 0 is +1 and -1 over the roles; the item has mean 0 and deviation 1."""
    model = Model((item("i", {"t": 1}, {"t": -1}),), {"likes": {"t": 4}, "hates": {"t": 0}})

    result = model.score({"i": 0})

    assert result == Result(
        ranking=(Ranked("likes", 1.0), Ranked("hates", -1.0)),
        verdict=Verdict.NONE,
        gap=2.0,
        equal=False,
    )
    assert model.traits({"i": 1}) == {"t": -1.0}


@given(data=st.data())
def test_the_score_is_that_of_the_formulas(
    model: Model, profiles: Profiles, data: st.DataObject
) -> None:
    answers = {name: data.draw(st.integers(0, 3)) for name in model.core}
    for tie in data.draw(st.lists(st.sampled_from(model.ties), unique=True)):
        answers[tie] = data.draw(st.integers(0, 3))
    answered = [model.items[name] for name in answers]
    by_hand = reference(answered, profiles)

    contributions = model.contributions(answers)
    for ranked in model.score(answers).ranking:
        parts = {
            name: by_hand.contribution(ranked.role, model.items[name], option)
            for name, option in answers.items()
        }
        assert contributions[ranked.role] == pytest.approx(parts, abs=1e-9)
        assert ranked.fit == pytest.approx(sum(parts.values()), abs=1e-9)
    for trait, leaning in model.traits(answers).items():
        total = sum(
            model.items[name].options[option].load.get(trait, 0) - by_hand.mu[name][trait]
            for name, option in answers.items()
        )
        assert leaning == pytest.approx(total / by_hand.sigma[trait], abs=1e-9)


def test_contributions_are_listed_in_the_order_of_the_content(model: Model) -> None:
    answers = {"fit-09": 0, "fit-14": 2, "fit-02": 1}

    for parts in model.contributions(answers).values():
        assert list(parts) == ["fit-02", "fit-09", "fit-14"]


def test_the_best_fit_comes_first(model: Model) -> None:
    for answers in people(model, 50):
        result = model.score(answers)
        fits = [ranked.fit for ranked in result.ranking]
        assert fits == sorted(fits, reverse=True)
        assert result.gap == fits[0] - fits[1]
        assert sorted(ranked.role for ranked in result.ranking) == sorted(model.roles)


def test_nobody_who_has_answered_nothing_is_told_a_role(model: Model) -> None:
    result = model.score({})

    assert result.ranking == tuple(Ranked(role, 0.0) for role in sorted(model.roles))
    assert result.verdict is Verdict.NONE
    assert set(model.traits({}).values()) == {0.0}


@pytest.mark.parametrize("answers", [{"nowhere": 0}, {"fit-01": 4}, {"fit-01": -1}])
def test_an_answer_that_the_quiz_does_not_know_is_refused(
    model: Model, answers: dict[str, int]
) -> None:
    with pytest.raises(ValueError, match=r"nowhere|fit-01"):
        model.score(answers)
    with pytest.raises(ValueError, match=r"nowhere|fit-01"):
        model.duel(answers, "ai-engineer", "ml-engineer")
    with pytest.raises(ValueError, match=r"nowhere|fit-01"):
        model.contributions(answers)
    with pytest.raises(ValueError, match=r"nowhere|fit-01"):
        model.traits(answers)
    with pytest.raises(ValueError, match=r"nowhere|fit-01"):
        reasons(model, answers, "ai-engineer", "ml-engineer")


# Where the answers say nothing


def test_a_trait_that_was_not_asked_about_counts_for_no_role() -> None:
    """The roles agree on the only trait that was asked, so no evidence has come in."""
    model = Model(
        (up_or_down("asked", "same"), up_or_down("left", "other")),
        {"one": {"same": 2, "other": 4}, "two": {"same": 2, "other": 0}},
    )

    assert [ranked.fit for ranked in model.score({"asked": 0}).ranking] == [0.0, 0.0]
    assert model.traits({"asked": 0})["other"] == 0.0
    assert model.score({"asked": 0, "left": 1}).ranking[0].role == "two"


def test_an_item_whose_options_say_the_same_says_nothing() -> None:
    model = Model((item("i", {"t": 2}, {"t": 2}),), {"one": {"t": 4}, "two": {"t": 0}})

    assert [ranked.fit for ranked in model.score({"i": 0}).ranking] == [0.0, 0.0]
    assert model.traits({"i": 0}) == {"t": 0.0}
    assert reasons(model, {"i": 0}, "one", "two").because == ()


def test_a_role_that_no_answer_can_speak_for_has_the_fit_0() -> None:
    """Both roles take the two traits alike, and every option trades one for the other."""
    model = Model(
        (item("i", {"x": 1, "y": -1}, {"x": -1, "y": 1}),),
        {"all": {"x": 4, "y": 4}, "nothing": {"x": 0, "y": 0}},
    )

    assert model.score({"i": 0}).ranking == (Ranked("all", 0.0), Ranked("nothing", 0.0))
    assert model.traits({"i": 0}) == {"x": 1.0, "y": -1.0}


def test_a_trait_that_no_profile_has_counts_for_nothing() -> None:
    model = Model((item("i", {"t": 1, "new": 2}, {"t": -1}),), {"one": {"t": 4}, "two": {"t": 0}})

    assert model.score({"i": 0}).ranking[0] == Ranked("one", 1.0)
    assert model.traits({"i": 0}) == {"t": 1.0}


@pytest.mark.parametrize("profiles", [{}, {"only": {"t": 3}}])
def test_a_quiz_with_fewer_than_two_roles_has_no_winner(profiles: Profiles) -> None:
    model = Model((up_or_down("i", "t"), up_or_down("j", "t", "tie")), profiles)

    result = model.score({"i": 0})

    assert [ranked.fit for ranked in result.ranking] == [0.0] * len(profiles)
    assert (result.verdict, result.gap, result.equal) == (Verdict.NONE, 0.0, False)
    assert model.next_tie({"i": 0}) is None


def test_profiles_over_different_traits_are_refused() -> None:
    with pytest.raises(ValueError, match="same traits"):
        Model((up_or_down("i", "t"),), {"one": {"t": 1}, "two": {"t": 1, "u": 2}})


def test_a_model_cannot_be_changed_and_is_its_own_key(model: Model, profiles: Profiles) -> None:
    twin = Model(tuple(model.items.values()), profiles)

    assert {model: "one", twin: "two"}[model] == "one"
    assert not isinstance(model.items, MutableMapping)


# Equal fits


def test_equal_roles_are_ordered_by_how_many_answers_speak_for_them() -> None:
    """Both gain 1 over three items: `a-one` by one answer, `b-two` by two and one against it."""
    traits = ("x", "y")
    model = Model(
        tuple(up_or_down(f"{trait}{number}", trait) for trait in traits for number in range(3)),
        {"a-one": {"x": 4, "y": 2}, "b-two": {"x": 2, "y": 4}, "neither": {"x": 0, "y": 0}},
    )

    result = model.score({"x0": 0, "x1": 2, "x2": 2, "y0": 0, "y1": 0, "y2": 1})

    assert [ranked.role for ranked in result.ranking] == ["b-two", "a-one", "neither"]
    assert result.gap == pytest.approx(0, abs=1e-9)
    assert result.equal


def test_two_roles_with_the_same_profile_are_equal_and_stand_in_the_order_of_their_ids() -> None:
    same = {"x": 4, "y": 1}
    model = Model(
        (up_or_down("i", "x"), up_or_down("j", "y"), up_or_down("k", "y", "tie")),
        {"second": same, "first": same, "other": {"x": 0, "y": 2}},
    )
    answers = {"i": 0, "j": 1}

    result = model.score(answers)
    duel = model.duel(answers, "second", "first")

    assert [ranked.role for ranked in result.ranking] == ["first", "second", "other"]
    assert result.equal
    assert (duel.verdict, duel.gap, duel.equal) == (Verdict.CLOSE, 0.0, True)
    assert [ranked.role for ranked in duel.ranking] == ["first", "second"]
    assert set(model.duel_order("second", "first")) == {"i", "j", "k"}
    assert model.next_tie(answers) is None, "no tie-breaker can tell them apart"


# The verdict


def verdict_as_written(best: float, gap: float) -> Verdict:
    if best < 1.6:
        return Verdict.NONE
    if gap < 0.5:
        return Verdict.CLOSE
    return Verdict.CLEAR if gap >= 1 and best >= 2.6 else Verdict.LEANING


def test_the_verdict_follows_from_height_and_gap_and_all_four_are_given(model: Model) -> None:
    seen = set()
    for answers in people(model, 400):
        result = model.score(answers)
        best = result.ranking[0].fit
        assert result.verdict is verdict_as_written(best, result.gap)
        assert result.equal == (result.gap <= 0.25)
        seen.add((result.verdict, result.gap >= 1))

    assert {verdict for verdict, _ in seen} == set(Verdict)
    assert (Verdict.LEANING, True) in seen, "far ahead, but not high enough to be clear"


def test_verdicts_are_words() -> None:
    assert [verdict.value for verdict in Verdict] == [
        "clear",
        "leaning",
        "close call",
        "no clear pull",
    ]
