"""What choices and orders are worth, and how options are laid out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from itertools import chain, combinations
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.content.quizzes import (
    ChoiceItem,
    Distractor,
    Item,
    ItemOption,
    NumericItem,
    OrderingItem,
    TextItem,
)
from bot.core.quiz.grading import (
    InvalidResponseError,
    Response,
    grade,
    guess_chance,
    options_of,
    shown_order,
)

STEM = "What is asked here?"
SEEDS = range(200)


def choice(
    right: tuple[str, ...],
    wrong: tuple[str, ...],
    form: Literal["single", "multiple", "true-false"] = "single",
) -> ChoiceItem:
    return ChoiceItem(
        id="choice",
        skill="python",
        level=2,
        stem=STEM,
        format=form,
        right=tuple(ItemOption(text=text) for text in right),
        wrong=tuple(Distractor(text=text) for text in wrong),
    )


def ordering(*steps: str) -> OrderingItem:
    return OrderingItem(
        id="ordering",
        skill="python",
        level=2,
        stem=STEM,
        format="ordering",
        steps=tuple(ItemOption(text=step) for step in steps),
    )


SINGLE = choice(("recall",), ("precision", "accuracy"))
MULTIPLE = choice(("a", "b", "c"), ("d", "e"), "multiple")
TRUE_FALSE = choice(("False",), ("True",), "true-false")
NUMBER = NumericItem(id="number", skill="python", level=1, stem=STEM, format="numeric", answer=1.0)
WORD = TextItem(id="word", skill="python", level=1, stem=STEM, format="text", accepted=("x",))
STEPS = ordering("split the data", "fit the scaler", "train", "evaluate")


@st.composite
def selections(draw: st.DrawFn) -> ChoiceItem:
    """Items of every mixture of right and wrong options, also without wrong ones."""
    size = draw(st.integers(2, 6))
    right = draw(st.integers(1, size))
    texts = [f"option {'abcdef'[index]}" for index in range(size)]
    return choice(tuple(texts[:right]), tuple(texts[right:]), "multiple")


def subsets(item: ChoiceItem) -> list[tuple[int, ...]]:
    indices = range(len(item.options))
    return list(chain.from_iterable(combinations(indices, k) for k in range(len(indices) + 1)))


# One right option


def test_of_one_choice_only_the_right_option_scores() -> None:
    assert [grade(SINGLE, (index,)) for index in range(3)] == [1.0, 0.0, 0.0]
    assert [grade(TRUE_FALSE, (index,)) for index in range(2)] == [1.0, 0.0]


@pytest.mark.parametrize("response", [(), (0, 1), (3,), (-1,), (0, 0), "recall", ""])
def test_a_choice_that_is_not_one_of_the_options_is_sent_back(response: Response) -> None:
    with pytest.raises(InvalidResponseError, match=r"^[A-Z][^.]+\.$"):
        grade(SINGLE, response)


# All that are right (partial credit)


@given(selections())
def test_all_right_options_and_no_other_score_fully(item: ChoiceItem) -> None:
    right = tuple(range(len(item.right)))
    assert grade(item, right) == 1.0
    assert all(grade(item, picked) < 1 for picked in subsets(item) if picked != right)


@given(selections())
def test_picking_nothing_or_everything_brings_nothing(item: ChoiceItem) -> None:
    assert grade(item, ()) == 0.0
    if item.wrong:
        assert grade(item, tuple(range(len(item.options)))) == 0.0


@given(selections())
def test_a_hit_more_never_costs_and_a_false_pick_more_never_pays(item: ChoiceItem) -> None:
    for picked in subsets(item):
        for added in set(range(len(item.options))) - set(picked):
            before, after = grade(item, picked), grade(item, (*picked, added))
            assert after >= before if added < len(item.right) else after <= before


@given(selections().filter(lambda item: bool(item.wrong)))
def test_picking_at_random_has_no_side_that_wins(item: ChoiceItem) -> None:
    # What a selection wins is what its opposite loses, so before the floor the mean is nought.
    for picked in subsets(item):
        opposite = tuple(set(range(len(item.options))) - set(picked))
        assert min(grade(item, picked), grade(item, opposite)) == 0.0


def test_partial_credit_is_the_share_of_hits_less_the_share_of_false_picks() -> None:
    assert grade(MULTIPLE, (0, 1)) == pytest.approx(2 / 3)
    assert grade(MULTIPLE, (2, 0, 1, 3)) == pytest.approx(1 / 2)
    assert grade(MULTIPLE, (0, 4)) == 0.0


@pytest.mark.parametrize("response", [(5,), (-1,), (1, 1), "a"])
def test_a_selection_of_what_is_not_there_is_sent_back(response: Response) -> None:
    with pytest.raises(InvalidResponseError):
        grade(MULTIPLE, response)


# Steps in order


@given(st.permutations(range(5)))
def test_an_order_and_its_reverse_share_one_score(order: list[int]) -> None:
    item = ordering(*"abcde")
    forwards, backwards = grade(item, tuple(order)), grade(item, tuple(reversed(order)))
    assert 0 <= forwards <= 1
    assert min(forwards, backwards) == 0.0
    assert (forwards == 1) == (order == sorted(order))


@given(st.permutations(range(5)), st.integers(0, 3))
def test_putting_two_neighbours_right_never_costs(order: list[int], at: int) -> None:
    item = ordering(*"abcde")
    better = [*order[:at], *sorted(order[at : at + 2]), *order[at + 2 :]]
    assert grade(item, tuple(better)) >= grade(item, tuple(order))


def test_one_swap_of_neighbours_costs_a_third_of_four_steps() -> None:
    # Of six pairs five are right and one is wrong: (5 - 1) / 6.
    assert grade(STEPS, (0, 1, 3, 2)) == pytest.approx(2 / 3)


@pytest.mark.parametrize("response", [(), (0, 1, 2), (0, 1, 2, 2), (0, 1, 2, 4), "split"])
def test_an_incomplete_order_is_sent_back(response: Response) -> None:
    with pytest.raises(InvalidResponseError):
        grade(STEPS, response)


# The layout of options


@pytest.mark.parametrize("item", [SINGLE, MULTIPLE, TRUE_FALSE, STEPS, NUMBER, WORD])
def test_every_option_is_shown_once(item: Item) -> None:
    for seed in SEEDS:
        assert sorted(shown_order(item, seed)) == list(range(len(options_of(item))))


def test_the_right_option_stands_everywhere_equally_often() -> None:
    places = Counter(shown_order(SINGLE, seed).index(0) for seed in range(3_000))
    assert all(900 < places[place] < 1_100 for place in range(3))


def test_true_stands_before_false_whichever_is_right() -> None:
    for item in (TRUE_FALSE, choice(("TRUE",), ("false",), "true-false")):
        for seed in SEEDS:
            shown = [item.options[index].text.casefold() for index in shown_order(item, seed)]
            assert shown == ["true", "false"]


@pytest.mark.parametrize(
    "texts",
    [
        ("-2 degrees", "5 degrees", "10 degrees"),
        ("0.5", "3,5", "1,000", "10 000"),
        ("1NF", "2NF", "3NF"),
        ("$5 a month", "$50 a month"),
    ],
)
def test_numbers_stand_in_their_order_whichever_is_right(texts: tuple[str, ...]) -> None:
    for right in texts:
        item = choice((right,), tuple(text for text in texts if text != right))
        for seed in SEEDS:
            assert tuple(item.options[i].text for i in shown_order(item, seed)) == texts


def test_options_that_do_not_all_begin_with_a_number_are_shuffled() -> None:
    item = choice(("10",), ("2", "about 5"))
    assert len({shown_order(item, seed) for seed in SEEDS}) == 6


@given(st.integers(3, 5), st.integers())
def test_steps_are_never_shown_in_the_right_order(steps: int, seed: int) -> None:
    assert shown_order(ordering(*"12345"[:steps]), seed) != tuple(range(steps))


def test_another_process_shows_the_same_order() -> None:
    # PYTHONHASHSEED makes hash() differ from process to process.
    script = (
        "from tests.core.test_grading import MULTIPLE, STEPS, shown_order\n"
        "print([(shown_order(MULTIPLE, s), shown_order(STEPS, s)) for s in range(20)])"
    )
    here = str([(shown_order(MULTIPLE, s), shown_order(STEPS, s)) for s in range(20)])
    there = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
        timeout=50,
    )
    assert there.stdout.strip() == here


def test_the_order_of_a_seed_is_for_ever() -> None:
    # Sessions that were begun under an older version go on: these values must not change.
    assert [shown_order(MULTIPLE, s) for s in (0, 1)] == [(0, 3, 1, 2, 4), (4, 1, 2, 3, 0)]
    assert [shown_order(STEPS, s) for s in (0, 1)] == [(0, 3, 2, 1), (1, 0, 2, 3)]


# Guessing


def test_the_chance_of_a_blind_guess() -> None:
    assert guess_chance(SINGLE) == pytest.approx(1 / 3)
    assert guess_chance(TRUE_FALSE) == 0.5
    assert guess_chance(MULTIPLE) == 1 / 32
    assert guess_chance(STEPS) == 1 / 24
    assert guess_chance(NUMBER) == guess_chance(WORD) == 0.0
