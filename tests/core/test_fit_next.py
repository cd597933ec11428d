"""Two roles head to head, and which item of the role-fit quiz comes next."""

from __future__ import annotations

import random
from collections.abc import Iterator
from statistics import pvariance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.content.catalogue import Catalogue
from bot.core.quiz.fit import (
    DUEL_ITEMS,
    MAX_TIES,
    MIN_ANSWERS,
    MIN_DUEL_ANSWERS,
    Model,
    Verdict,
)
from tests.core.fit_reference import (
    Profiles,
    drawn,
    likes,
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


@given(data=st.data())
def test_a_duel_is_between_two_roles_with_the_same_fits(model: Model, data: st.DataObject) -> None:
    answers = drawn(model, data)
    first, second, *_ = data.draw(st.permutations(model.roles))

    duel = model.duel(answers, first, second)

    of_all = [ranked for ranked in model.score(answers).ranking if ranked.role in {first, second}]
    assert list(duel.ranking) == of_all
    assert duel == model.duel(answers, second, first)
    assert duel.gap == of_all[0].fit - of_all[1].fit
    expected = Verdict.CLOSE if duel.gap < 0.5 else Verdict.LEANING
    assert duel.verdict is (Verdict.CLEAR if duel.gap >= 1 else expected)
    assert duel.equal == (duel.gap <= 0.25)


@pytest.mark.parametrize(
    ("first", "second"), [("ai-engineer", "ai-engineer"), ("ai-engineer", "plumber")]
)
def test_a_duel_needs_two_roles_of_the_quiz(model: Model, first: str, second: str) -> None:
    with pytest.raises(ValueError, match="two roles"):
        model.duel({"fit-01": 0}, first, second)
    with pytest.raises(ValueError, match="two roles"):
        model.duel_order(first, second)


def test_a_duel_asks_first_what_tells_the_two_best_apart(model: Model, profiles: Profiles) -> None:
    directions = reference(list(model.items.values()), profiles).a
    for first, second in [("ai-engineer", "ml-engineer"), ("data-analyst", "data-scientist")]:
        apart = {t: directions[first][t] - directions[second][t] for t in directions[first]}
        spreads = {name: pvariance(likes(one, apart)) for name, one in model.items.items()}

        order = model.duel_order(first, second)

        assert sorted(order) == sorted(model.items)
        assert order == model.duel_order(second, first)
        assert [spreads[name] for name in order] == pytest.approx(
            sorted(spreads.values(), reverse=True)
        )


def close_answers(model: Model) -> Iterator[dict[str, int]]:
    return (answers for answers in people(model, 300) if model.score(answers).gap < 0.5)


def test_a_tie_breaker_is_asked_only_while_the_first_two_are_close(model: Model) -> None:
    for answers in people(model, 200):
        assert (model.next_tie(answers) is not None) == (model.score(answers).gap < 0.5)


def test_the_tie_breaker_is_the_one_that_tells_the_first_two_best_apart(
    model: Model, profiles: Profiles
) -> None:
    standard = reference(list(model.items.values()), profiles).q
    chosen = set()
    for answers in close_answers(model):
        one, two = (ranked.role for ranked in model.score(answers).ranking[:2])
        apart = {trait: standard[one][trait] - standard[two][trait] for trait in standard[one]}
        spreads = {tie: pvariance(likes(model.items[tie], apart)) for tie in model.ties}

        tie = model.next_tie(answers)

        assert tie is not None
        assert spreads[tie] == pytest.approx(max(spreads.values()))
        chosen.add(tie)
    assert chosen == set(model.ties), "each of them is the best for somebody"


def test_no_tie_breaker_comes_twice_whether_it_is_answered_or_skipped(model: Model) -> None:
    rng = random.Random(3)
    for answers in close_answers(model):
        skipped: list[str] = []
        while (tie := model.next_tie(answers, skipped)) is not None:
            assert tie not in answers
            assert tie not in skipped
            if rng.random() < 0.5:
                skipped.append(tie)
            else:
                answers[tie] = rng.randrange(4)
        asked = len(answers) - len(model.core) + len(skipped)
        assert asked == MAX_TIES or model.score(answers).gap >= 0.5


def test_nobody_is_asked_more_than_four_tie_breakers() -> None:
    """The two roles stay equal, because the answers are for nothing; six could be asked."""
    model = Model(
        tuple(up_or_down(f"tie-{number}", "t", "tie") for number in range(6)),
        {"one": {"t": 4}, "two": {"t": 0}},
    )
    answers: dict[str, int] = {}
    skipped: list[str] = []

    while (tie := model.next_tie(answers, skipped)) is not None:
        if len(answers) <= len(skipped):
            answers[tie] = 2
        else:
            skipped.append(tie)

    assert [*answers, *skipped] == ["tie-0", "tie-2", "tie-1", "tie-3"]


def test_the_lengths_of_the_quiz(model: Model) -> None:
    assert (MIN_ANSWERS, MIN_DUEL_ANSWERS, DUEL_ITEMS) == (8, 6, 7)
    assert len(model.core) > MIN_ANSWERS
    assert len(model.items) > DUEL_ITEMS
