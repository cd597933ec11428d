"""What first answers say about items, and which items are put up for review."""

from __future__ import annotations

from random import Random
from statistics import correlation

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.core.content.quizzes import (
    ChoiceItem,
    Distractor,
    Item,
    ItemOption,
    OrderingItem,
    TextItem,
)
from bot.core.quiz.adaptive import expected
from bot.core.quiz.statistics import Attempt, ItemStatistics, statistics


def choice(identity: str, *wrong: str) -> ChoiceItem:
    return ChoiceItem(
        id=identity,
        skill="python",
        level=2,
        stem="What is asked here?",
        format="single",
        right=(ItemOption(text="right"),),
        wrong=tuple(Distractor(text=text) for text in wrong or ("wrong", "also wrong")),
    )


ITEMS: dict[str, Item] = {name: choice(name) for name in ("first", "second", "third")}


def attempt(chosen: int, ability: float = 0.0, item: str = "first") -> Attempt:
    return Attempt(item, float(chosen == 0), ability, (chosen,))


def only(found: tuple[ItemStatistics, ...]) -> ItemStatistics:
    assert len(found) == 1
    return found[0]


def healthy(answers: int, item: str = "first") -> list[Attempt]:
    """Answers as a good item gets them: the abler are right, the others fall for either option."""
    return [attempt(0, 1.0, item) if n % 2 else attempt(1 + n % 4 // 2, -1.0, item)
            for n in range(answers)]  # fmt: skip


def test_an_item_that_nobody_answered_has_no_statistics() -> None:
    assert statistics(ITEMS, []) == ()


def test_a_good_item_is_not_flagged() -> None:
    found = only(statistics(ITEMS, healthy(40)))
    assert found.item == "first"
    assert found.answers == 40
    assert found.difficulty == pytest.approx(0.5)
    assert found.discrimination == pytest.approx(1.0)
    assert found.chosen == {0: 20, 1: 10, 2: 10}
    assert found.flags == ()


@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(-4, 4)), min_size=2, max_size=60),
)
def test_discrimination_is_the_correlation_of_score_and_ability(
    answers: list[tuple[float, float]],
) -> None:
    scores, abilities = zip(*answers, strict=True)
    assume(max(scores) - min(scores) > 1e-3)
    assume(max(abilities) - min(abilities) > 1e-3)
    found = only(statistics(ITEMS, [Attempt("first", s, a, ()) for s, a in answers]))
    assert found.discrimination == pytest.approx(correlation(scores, abilities), abs=1e-6)
    assert found.difficulty == pytest.approx(sum(scores) / len(scores))


@pytest.mark.parametrize(
    "attempts",
    [
        [attempt(0, 0.5)],
        [attempt(0, n / 10) for n in range(40)],
        [attempt(n % 3, 0.1) for n in range(40)],
    ],
)
def test_where_nothing_varies_there_is_no_correlation(attempts: list[Attempt]) -> None:
    found = only(statistics(ITEMS, attempts))
    assert found.discrimination is None
    assert "does not tell people apart" not in found.flags


def test_nothing_is_flagged_before_thirty_answers() -> None:
    bad = [attempt(1, n / 10) for n in range(30)]
    assert only(statistics(ITEMS, bad[:29])).flags == ()
    assert only(statistics(ITEMS, bad)).flags == ("too hard", "nobody chooses C: also wrong")


@pytest.mark.parametrize(
    ("right", "flag"), [(14, "too hard"), (15, None), (95, None), (96, "too easy")]
)
def test_items_too_hard_or_too_easy_are_flagged(right: int, flag: str | None) -> None:
    attempts = [attempt(0, 1.0)] * right + [attempt(1 + n % 2, -1.0) for n in range(100 - right)]
    assert only(statistics(ITEMS, attempts)).flags == ((flag,) if flag else ())


def test_an_item_that_the_able_get_wrong_is_flagged() -> None:
    attempts = [attempt(0, -1.0)] * 20 + [attempt(1, 1.0)] * 10 + [attempt(2, 1.0)] * 10
    found = only(statistics(ITEMS, attempts))
    assert found.discrimination == pytest.approx(-1.0)
    assert found.flags == ("does not tell people apart",)


def test_a_distractor_that_nobody_takes_is_named_and_cut_short() -> None:
    items = {"first": choice("first", "wrong", "so implausible " * 10)}
    attempts = [attempt(0, 1.0), attempt(1, -1.0)] * 20
    (flag,) = only(statistics(items, attempts)).flags
    assert flag == "nobody chooses C: so implausible so implausible so implau…"


def test_options_of_several_are_counted_one_by_one() -> None:
    item = ChoiceItem(
        id="many",
        skill="python",
        level=1,
        stem="What is asked here?",
        format="multiple",
        right=(ItemOption(text="a"), ItemOption(text="b")),
        wrong=(Distractor(text="c"),),
    )
    attempts = [Attempt("many", 1.0, 0.0, (0, 1)), Attempt("many", 0.0, 0.0, (1, 2))]
    assert only(statistics({"many": item}, attempts)).chosen == {0: 1, 1: 2, 2: 1}


def test_steps_and_words_have_no_distractors() -> None:
    steps = OrderingItem(
        id="steps",
        skill="python",
        level=1,
        stem="What is asked here?",
        format="ordering",
        steps=tuple(ItemOption(text=text) for text in "abc"),
    )
    word = TextItem(
        id="word",
        skill="python",
        level=1,
        stem="What is asked here?",
        format="text",
        accepted=("pandas",),
    )
    attempts = [Attempt("steps", n % 2, n % 2, (0, 1, 2)) for n in range(40)]
    attempts += [Attempt("word", n % 2, n % 2, ()) for n in range(40)]
    for found in statistics({"steps": steps, "word": word}, attempts):
        assert found.chosen == {}
        assert found.flags == ()


def test_answers_to_what_is_gone_are_left_out() -> None:
    gone = [attempt(0, 0.0, "deleted"), attempt(7, 0.0)]
    found = only(statistics(ITEMS, [*healthy(40), *gone]))
    assert found.item == "first"
    assert sum(found.chosen.values()) == 40


def test_flagged_items_come_first_and_then_the_order_of_the_content() -> None:
    attempts = [
        *healthy(40, "third"),
        *healthy(40, "first"),
        *(attempt(0, n / 10, "second") for n in range(40)),
    ]
    assert [found.item for found in statistics(ITEMS, attempts)] == ["second", "first", "third"]


def test_simulated_people_bring_a_broken_item_to_light() -> None:
    # Two hundred people; in the third item the key is wrong, so the able are marked wrong.
    random, attempts = Random(4), list[Attempt]()
    for _ in range(200):
        ability = random.gauss(0, 1)
        for name in ITEMS:
            knows = random.random() < expected(ability, 0.0, 1 / 3)
            chosen = 0 if knows else random.choice([1, 2])
            attempts.append(attempt((chosen + (name == "third")) % 3, ability, name))
    found = statistics(ITEMS, attempts)
    assert [one.item for one in found if one.flags] == ["third"]
    assert found[0].flags == ("does not tell people apart",)
