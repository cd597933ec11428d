"""The gates that the shipped knowledge items must pass: coverage, form, and how they are written.

A pack of a community is held to the schema alone. A shipped item that breaks a rule is listed in
the message of the failing test.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import assert_never

import pytest

from bot.core.content.catalogue import Catalogue
from bot.core.content.models import DEFINING
from bot.core.content.quizzes import (
    ChoiceItem,
    Item,
    ItemOption,
    NumericItem,
    OrderingItem,
    Pack,
    TextItem,
)
from bot.core.markdown import spans
from bot.core.views import Bold, Code, Italic, Link, Span, Text

FORMATS = ("single", "multiple", "true-false", "ordering", "numeric", "text", "scenario")


@pytest.fixture(scope="module")
def packs(catalogue: Catalogue) -> Mapping[str, Pack]:
    assert catalogue.content.packs, "every rule holds for nothing"
    return catalogue.content.packs


@pytest.fixture(scope="module")
def items(packs: Mapping[str, Pack]) -> tuple[Item, ...]:
    return tuple(item for pack in packs.values() for item in pack.items)


def options(item: Item) -> tuple[ItemOption, ...]:
    """What is chosen among or put in order."""
    match item:
        case ChoiceItem():
            return item.options
        case OrderingItem():
            return item.steps
        case NumericItem() | TextItem():
            return ()
        case _:
            assert_never(item)


def plain(text: str) -> str:
    """A text as it is read, without its marks."""
    return "".join(span.text for span in spans(text))


def scenario(item: Item) -> str:
    return item.scenario or "" if isinstance(item, ChoiceItem) else ""


def problem(item: Item) -> str:
    """All that is asked: the scenario, if there is one, and the stem."""
    return f"{scenario(item)} {item.stem}".strip()


def texts(item: Item) -> list[str]:
    """Everything of an item that is shown."""
    shown = [scenario(item), item.stem, item.explanation or ""]
    for option in options(item):
        shown += [option.text, option.why or ""]
    if isinstance(item, ChoiceItem):
        shown += [option.misconception or "" for option in item.wrong]
    return [text for text in shown if text]


def complaints(items: Iterable[Item], complaint: Callable[[Item], object]) -> dict[str, object]:
    """What is wrong with which item; nothing and False mean that it is well."""
    return {item.id: found for item in items if (found := complaint(item))}


# Coverage


def test_there_are_enough_items(items: tuple[Item, ...]) -> None:
    assert len(items) >= 240


def test_every_skill_has_at_least_three_items(
    items: tuple[Item, ...], catalogue: Catalogue
) -> None:
    number = Counter(item.skill for item in items)

    assert len(catalogue.content.skills) == 49
    assert {skill: number[skill] for skill in catalogue.content.skills if number[skill] < 3} == {}


def test_what_a_role_is_hired_for_has_at_least_ten_items(
    items: tuple[Item, ...], catalogue: Catalogue
) -> None:
    number = Counter(item.skill for item in items)
    asked = {
        role.id: sum(number[skill] for skill, level in role.skills.items() if level == DEFINING)
        for role in catalogue.content.roles.values()
    }

    assert len(asked) == 12
    assert {role: count for role, count in asked.items() if count < 10} == {}


def test_every_group_of_skills_has_its_pack(
    packs: Mapping[str, Pack], catalogue: Catalogue
) -> None:
    skills = catalogue.content.skills
    groups = {pack.id: {skills[item.skill].group for item in pack.items} for pack in packs.values()}

    assert groups == {group.id: {group.id} for group in catalogue.content.skill_groups}


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_used_five_times_and_in_every_pack(
    packs: Mapping[str, Pack], form: str
) -> None:
    used = {pack.id: sum(item.format == form for item in pack.items) for pack in packs.values()}

    assert sum(used.values()) >= 5
    assert min(used.values()) >= 1, used


def test_every_pack_has_items_of_all_three_levels(packs: Mapping[str, Pack]) -> None:
    for pack in packs.values():
        assert {item.level for item in pack.items} == {1, 2, 3}, pack.id


def test_true_or_false_is_rare(packs: Mapping[str, Pack]) -> None:
    for pack in packs.values():
        number = sum(item.format == "true-false" for item in pack.items)
        assert number <= 0.15 * len(pack.items), pack.id


# Every item is whole


def test_every_item_has_a_source_an_author_a_licence_and_a_date(
    packs: Mapping[str, Pack], catalogue: Catalogue
) -> None:
    for pack in packs.values():
        for item in pack.items:
            assert item.source in catalogue.content.sources, item.id
            assert item.author or pack.author, item.id
            assert item.licence or pack.licence, item.id
            assert (item.reviewed or pack.reviewed).year >= 2026, item.id


def test_every_item_is_explained(items: tuple[Item, ...]) -> None:
    def missing(item: Item) -> bool:
        return not 20 <= len(item.explanation or "") <= 400

    assert complaints(items, missing) == {}


def test_every_option_says_why_it_is_right_or_wrong(items: tuple[Item, ...]) -> None:
    def silent(item: Item) -> list[str]:
        return [option.text for option in options(item) if not option.why]

    assert complaints(items, silent) == {}


def test_every_wrong_option_names_what_its_takers_believe(items: tuple[Item, ...]) -> None:
    def nameless(item: Item) -> list[str]:
        if not isinstance(item, ChoiceItem) or item.format == "true-false":
            return []
        return [option.text for option in item.wrong if not option.misconception]

    assert complaints(items, nameless) == {}


def test_there_are_two_to_five_options_and_six_at_most_to_choose_several_from(
    items: tuple[Item, ...],
) -> None:
    def too_many_or_few(item: Item) -> bool:
        most = 6 if item.format == "multiple" else 5
        return item.format not in {"numeric", "text"} and not 2 <= len(options(item)) <= most

    def one_sided(item: Item) -> bool:
        return isinstance(item, ChoiceItem) and not item.wrong

    assert complaints(items, too_many_or_few) == {}
    assert complaints(items, one_sided) == {}


def test_the_longest_option_does_not_give_the_answer_away(packs: Mapping[str, Pack]) -> None:
    for pack in packs.values():
        choices = [
            item
            for item in pack.items
            if isinstance(item, ChoiceItem) and item.format in {"single", "scenario"}
        ]
        longest = [item.id for item in choices if right_is_longest(item)]
        assert len(longest) <= 0.45 * len(choices), (pack.id, longest)


def right_is_longest(item: ChoiceItem) -> bool:
    """Whether a right option is longer than every wrong one."""
    longest_wrong = max((len(plain(option.text)) for option in item.wrong), default=0)
    return max(len(plain(option.text)) for option in item.right) > longest_wrong


def test_a_tolerance_forgives_rounding_and_no_more(items: tuple[Item, ...]) -> None:
    assert complaints(items, out_of_tolerance) == {}


def out_of_tolerance(item: Item) -> str:
    if not isinstance(item, NumericItem):
        return ""
    if not item.answer.is_integer() and item.tolerance == 0:
        return "a fraction needs a tolerance"
    if item.tolerance > 0.1 * abs(item.answer):
        return "more than a tenth of the answer is forgiven"
    return ""


# Every item is well written


def normalised(text: str) -> str:
    """A text without case, punctuation and runs of spaces; signs that carry meaning stay."""
    folded = unicodedata.normalize("NFKC", plain(text)).casefold()
    return " ".join(re.sub(r"[^\w\s+#<>=*/%-]", " ", folded).split())


def test_no_question_is_asked_twice(items: tuple[Item, ...]) -> None:
    asked = Counter(normalised(problem(item)) for item in items)

    assert [question for question, number in asked.items() if number > 1] == []


def test_who_may_choose_several_is_told_to_choose_all(items: tuple[Item, ...]) -> None:
    def untold(item: Item) -> bool:
        return item.format == "multiple" and not re.search(r"\ball\b", item.stem, re.IGNORECASE)

    assert complaints(items, untold) == {}


_QUIET_NOT = re.compile(
    r"\b(?:which|what|who)\b[^.?!]*?"
    r"\b(?:is|are|was|were|does|do|did|can|could|should|would|will|has|have)(?: not|n['’]t)\b",
    re.IGNORECASE,
)


def quietly_negated(stem: str) -> bool:
    """Whether a question turns on a "not" that is easily missed; NOT in capitals is not."""
    return any("NOT" not in found.group() for found in _QUIET_NOT.finditer(stem))


@pytest.mark.parametrize(
    ("stem", "bad"),
    [
        ("Which of these is not a join?", True),
        ("What does not belong into a log?", True),
        ("Which index isn't used here?", True),
        ("Which of these is NOT a join?", False),
        ("A query does not return. Which lock is it waiting for?", False),
        ("Which flag keeps rows that have a match?", False),
    ],
)
def test_how_a_quiet_negation_is_known(stem: str, bad: bool) -> None:
    assert quietly_negated(stem) is bad


def test_a_stem_that_asks_for_what_is_not_so_says_it_loudly(items: tuple[Item, ...]) -> None:
    assert complaints(items, lambda item: quietly_negated(item.stem)) == {}


_OTHERS = re.compile(
    r"\b(?:all|none|both|neither|any) of (?:the|these) (?:above|below|others?|options?|answers?)\b"
    r"|^(?:all|none) of (?:these|them)\.?$"
    r"|\b(?:above|below|first|second|third|last|previous|other) (?:options?|answers?)\b"
    r"|^\(?[a-f][).:] ",
    re.IGNORECASE,
)
_LETTERS = re.compile(
    r"\b(?i:options?|answers?|choices?) [A-F]\b"
    r"|\b(?i:both|neither|either) [A-F] (?:and|or|nor) [A-F]\b"
)


def refers_to_others(option: str) -> bool:
    """Whether an option points at others, which a shuffle makes wrong."""
    return bool(_OTHERS.search(option) or _LETTERS.search(option))


@pytest.mark.parametrize(
    ("option", "bad"),
    [
        ("All of the above", True),
        ("None of these", True),
        ("None of the options", True),
        ("Option A", True),
        ("Both B and C", True),
        ("b) A hash join", True),
        ("The first answer", True),
        ("All of the rows, in any order", False),
        ("It drops none of the rows", False),
        ("Answer a question with the passages found", False),
        ("A hash join", False),
    ],
)
def test_how_a_reference_to_other_options_is_known(option: str, bad: bool) -> None:
    assert refers_to_others(option) is bad


def test_options_stand_in_any_order(items: tuple[Item, ...]) -> None:
    def pointing(item: Item) -> list[str]:
        return [option.text for option in options(item) if refers_to_others(plain(option.text))]

    assert complaints(items, pointing) == {}


_MARKS = re.compile(r"[`*_]|\]\(|&#?\w+;|</?[a-z]")


def stray_marks(text: str) -> list[str]:
    """The marks that stay in the words after the Markdown was read."""
    return [part for span in spans(text) for part in _MARKS.findall(words(span))]


def words(span: Span) -> str:
    """The part of a span in which a mark would be a mistake: code may hold anything."""
    match span:
        case Code():
            return ""
        case Text() | Bold() | Italic() | Link():
            return span.text
        case _:
            assert_never(span)


@pytest.mark.parametrize(
    ("text", "stray"),
    [
        ("Use `**kwargs` and **bold** and *slanted* words", []),
        ("A [page](https://example.org/) of docs", []),
        ("The mean is < 3 and > 2, by 2 × 4 % of R&D", []),
        ("An *open star", ["*"]),
        ("One ` tick", ["`"]),
        ("A snake_case name", ["_"]),
        ("A [page](http://example.org", ["]("]),
        ("A &nbsp;; space and <b>tags</b>", ["<b", "</b"]),
    ],
)
def test_how_a_stray_mark_is_known(text: str, stray: list[str]) -> None:
    assert stray_marks(text) == stray


def test_no_text_has_stray_marks(items: tuple[Item, ...]) -> None:
    assert complaints(items, lambda item: [t for t in texts(item) if stray_marks(t)]) == {}


def test_packs_are_named_and_described_in_plain_words(packs: Mapping[str, Pack]) -> None:
    for pack in packs.values():
        assert not stray_marks(f"{pack.name} {pack.description} {pack.origin}"), pack.id
