"""Pools: the few items that a choice looks at are those that it would take out of all."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.content.quizzes import ChoiceItem, Distractor, Item, ItemOption, TextItem
from bot.core.quiz.adaptive import NEAREST, Candidate, Rating, choose, expected, start_of
from bot.core.quiz.grading import guess_chance
from bot.core.quiz.pool import Pool, Wanted

SKILLS = ("python", "sql", "statistics", "spark")
GROUPS = {"python": "programming", "sql": "data", "spark": "data", "statistics": "maths"}


def item(number: int, skill: str, level: int, options: int) -> Item:
    identity = f"item-{number}"
    stem = f"Question number {number}?"
    if not options:
        return TextItem(
            id=identity, skill=skill, level=level, stem=stem, format="text", accepted=("yes",)
        )
    wrong = tuple(Distractor(text=f"Wrong {n}") for n in range(1, options))
    right = (ItemOption(text="Right"),)
    return ChoiceItem(
        id=identity, skill=skill, level=level, stem=stem, format="single", right=right, wrong=wrong
    )


ITEMS = st.lists(
    st.tuples(st.sampled_from(SKILLS), st.integers(1, 3), st.sampled_from([0, 2, 4])),
    min_size=1,
    max_size=40,
).map(lambda made: [item(number, *one) for number, one in enumerate(made)])
LOGITS = st.floats(-5, 5) | st.sampled_from([-1.0, 0.0, 1.0])
RATINGS = st.builds(Rating, LOGITS, st.integers(0, 50))


@st.composite
def situations(
    draw: st.DrawFn,
) -> tuple[list[Item], dict[str, Rating], dict[str, Rating], dict[str, float], list[str], float]:
    """Items, abilities, difficulties, when items were last answered, those asked, and a target."""
    items = draw(ITEMS)
    ids = [one.id for one in items]
    some = st.sampled_from(ids)
    difficulties = draw(st.dictionaries(some, RATINGS))
    last = draw(st.dictionaries(some, st.floats(0, 1e9)) | st.just(dict.fromkeys(ids, 1.0)))
    asked = draw(st.lists(some, unique=True, max_size=12))
    abilities = draw(st.dictionaries(st.sampled_from(sorted(set(GROUPS.values()))), RATINGS))
    return items, abilities, difficulties, last, asked, draw(st.floats(0.05, 0.95))


def everything(
    items: Sequence[Item],
    difficulties: Mapping[str, Rating],
    last: Mapping[str, float],
    asked: Sequence[str],
) -> list[Candidate]:
    return [
        Candidate(
            one.id,
            one.skill,
            difficulties.get(one.id, start_of(one.level)).value,
            guess_chance(one),
            last.get(one.id),
        )
        for one in items
        if one.id not in asked
    ]


def within_reach(
    candidates: Sequence[Candidate],
    theta: Mapping[str, float],
    recent: Sequence[str],
    target: float,
) -> set[Candidate]:
    """What may come out of a choice out of all these, from its description."""
    if len(recent) > 1 and recent[-1] == recent[-2]:
        candidates = [c for c in candidates if c.skill != recent[-1]] or candidates
    unseen = [c for c in candidates if c.last is None]
    if not unseen:
        return set(candidates)
    distances = {c: abs(expected(theta[c.skill], c.difficulty, c.guess) - target) for c in unseen}
    edge = sorted(distances.values())[:NEAREST][-1]
    return {c for c, distance in distances.items() if distance <= edge}


@given(situations())
def test_the_few_are_those_that_a_choice_out_of_all_would_take(
    situation: tuple[
        list[Item], dict[str, Rating], dict[str, Rating], dict[str, float], list[str], float
    ],
) -> None:
    items, abilities, difficulties, last, asked, target = situation
    by_id = {one.id: one for one in items}
    recent = [by_id[one].skill for one in asked]
    theta = {s: abilities.get(group, Rating()).value for s, group in GROUPS.items()}
    candidates = everything(items, difficulties, last, asked)
    pool = Pool(items, GROUPS.__getitem__)

    few = pool.candidates(Wanted(abilities, last.get, asked, recent, target), difficulties)

    assert len(set(few)) == len(few)
    assert set(few) == within_reach(candidates, theta, recent, target)
    assert bool(few) == (choose(few, theta, recent, target, Random(1)) is not None)


def test_out_of_nothing_nothing_is_chosen() -> None:
    wanted = Wanted({}, lambda _: None, (), (), 0.75)

    assert Pool([], GROUPS.__getitem__).candidates(wanted, {}) == []


def test_equally_near_items_are_drawn_equally_often() -> None:
    items = [item(number, SKILLS[number % 4], 2, 4) for number in range(8)]
    pool = Pool(items, GROUPS.__getitem__)
    wanted = Wanted({}, lambda _: None, (), (), 0.75)

    found = pool.candidates(wanted, {})
    counts = Counter(choose(found, 0.0, [], 0.75, Random(seed)) for seed in range(4_000))

    assert len(counts) == 8
    assert all(400 < count < 600 for count in counts.values())


def test_new_difficulties_count_at_once() -> None:
    items = [item(number, "sql", 2, 4) for number in range(20)]
    pool = Pool(items, GROUPS.__getitem__)
    wanted = Wanted({}, lambda _: None, (), (), 0.75)

    assert len(pool.candidates(wanted, {})) == 20

    hard = {one.id: Rating(9.0, 30) for one in items[:14]}

    assert {one.item for one in pool.candidates(wanted, hard)} == {one.id for one in items[14:]}


@pytest.mark.parametrize("options", [0, 2])
def test_where_no_item_is_near_the_hardest_or_the_easiest_is_taken(options: int) -> None:
    items = [item(number, "sql", 2, options) for number in range(9)]
    difficulties = {one.id: Rating(float(number)) for number, one in enumerate(items)}
    pool = Pool(items, GROUPS.__getitem__)

    def near(ability: float) -> set[float]:
        wanted = Wanted({"data": Rating(ability)}, lambda _: None, (), (), 0.6)
        return {one.difficulty for one in pool.candidates(wanted, difficulties)}

    assert near(20.0) == {4.0, 5.0, 6.0, 7.0, 8.0}
    assert near(-20.0) == {0.0, 1.0, 2.0, 3.0, 4.0}


def test_ten_thousand_items_take_no_longer_than_a_person_would_notice() -> None:
    items = [item(number, SKILLS[number % 4], number % 3 + 1, 4) for number in range(10_000)]
    chance = Random(1)
    difficulties = {one.id: Rating(chance.gauss(0, 1), 9) for one in items}
    pool = Pool(items, GROUPS.__getitem__)
    wanted = Wanted({}, lambda _: None, (), (), 0.75)
    pool.candidates(wanted, difficulties)

    began = time.thread_time()
    for _ in range(50):
        pool.candidates(wanted, difficulties)

    assert (time.thread_time() - began) / 50 < 0.02
