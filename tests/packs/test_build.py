"""Questions become items: ids, labels, duplicates, texts that do not fit, and no pings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.content.quizzes import ChoiceItem, NumericItem, TextItem
from bot.packs.build import Built, Told, build, item_id, key_of
from bot.packs.labels import Skills, level_of
from bot.packs.model import (
    Answer,
    Choice,
    Found,
    Left,
    Number,
    Option,
    Question,
    Steps,
    Typed,
)
from bot.packs.words import pings
from tests.packs.bringing import TOLD, choice, only, told
from tests.packs.test_words import PIECES, PINGS

STEM = "What is it all about?"
YES_NO = Choice((Option("Yes"),), (Option("No"),))


def built(skills: Skills, *found: Found, known: dict[str, str] | None = None) -> Built:
    return build(found, TOLD, skills, known or {})


def asked(
    skills: Skills, answer: Answer = YES_NO, stem: str = STEM, explanation: str = ""
) -> Built:
    return built(skills, Question("line 1", stem, answer, explanation))


def test_ids_are_stable_and_fit_into_a_button() -> None:
    assert item_id("trivia", "what is it") == item_id("trivia", "what is it")
    longest = item_id("a-pack-with-a-very-long-idea", "what is it")
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", longest)
    assert len(longest) <= 28
    assert longest.startswith("a-pack-with-a-ver-")


def test_the_id_follows_the_question_not_its_place_or_its_end_mark(skills: Skills) -> None:
    first, second = (
        built(skills, Question(place, stem, YES_NO))
        for place, stem in (("line 1", STEM), ("line 9", "what is  IT all about"))
    )
    assert only(first).id == only(second).id


def test_the_same_question_twice_is_skipped_and_named(skills: Skills) -> None:
    again = Question("line 7", "What is it, all about??", YES_NO)
    lines = told(
        built(
            skills,
            Question("line 1", "What is it, all about?", YES_NO),
            again,
            Question("line 9", STEM, YES_NO),
            known={"what is it all about": "the pack data"},
        )
    )
    assert lines[1].endswith("skipped: because the same question stands in line 1")
    assert lines[2].endswith("skipped: because the same question stands in the pack data")


def test_a_question_that_was_skipped_does_not_hide_the_next(skills: Skills) -> None:
    broken = Question("line 1", STEM, Choice((Option("Yes"),), (Option("yes"),)))
    made = built(skills, broken, Question("line 2", STEM, YES_NO))
    assert len(made.items) == 1
    assert "two options have the same text" in told(made)[0]


@pytest.mark.parametrize(
    ("labels", "skill", "level"),
    [
        ((), "python", 1),
        (("SQL",), "sql", 1),
        (("Science: SQL",), "sql", 1),
        (("sql", "statistics"), "statistics", 1),
        (("statistics", "My deck::Structured Query Language", "hard"), "sql", 3),
        (("skill::sql", "level::2"), "sql", 2),
        (("sequel",), "python", 1),
        (("level-4", "Difficulty: 3"), "python", 3),
        (("", " ", "::"), "python", 1),
    ],
)
def test_labels_name_skills_and_levels(
    skills: Skills, labels: tuple[str, ...], skill: str, level: int
) -> None:
    item = only(built(skills, Question("line 1", STEM, YES_NO, labels=labels)))
    assert (item.skill, item.level) == (skill, level)


def test_the_level_of_a_question_itself_comes_before_its_labels(skills: Skills) -> None:
    question = Question("line 1", STEM, YES_NO, labels=("level-2",), level=3)
    assert only(built(skills, question)).level == 3
    assert level_of(["level-2"]) == 2


@pytest.mark.parametrize(
    ("answer", "stem", "why"),
    [
        (YES_NO, "Why?", "the question is too short (4 characters, at least 8)"),
        (YES_NO, "why " * 200, "the question is too long (799 characters, at most 500)"),
        (YES_NO, "why " * 2_000, "a text of it has more than 5,000 characters"),
        (YES_NO, "<@123>\u200b", "nothing is left of the question"),
        (Choice((Option("x" * 201),), (Option("y"),)), STEM, "an option is too long (201 char"),
        (Choice((Option("x"),), (Option("\u200b"),)), STEM, "nothing is left of an option"),
        (Choice((Option("x"),), ()), STEM, "give 2 to 5 options, not 1"),
        (
            Choice((Option("x"),), tuple(Option(str(n)) for n in range(5))),
            STEM,
            "give 2 to 5 options, not 6",
        ),
        (
            Choice((Option("x"),), tuple(Option(str(n)) for n in range(9))),
            STEM,
            "there are too many parts (at most 6)",
        ),
        (Typed(("x" * 61,)), STEM, "the answer is too long (61 characters, at most 60)"),
        (Typed(("\u200b",)), STEM, "the answer is left empty"),
        (Number(1.0, -1.0), STEM, "it: Input should be greater than or equal to 0"),
        (Number(1.0, 0.0, "x" * 61), STEM, "the unit is too long (61 characters, at most 60)"),
        (Steps(("a", "b")), STEM, "there are too few parts (at least 3)"),
        (Steps(("a", "b", "A")), STEM, "two steps have the same text"),
    ],
)
def test_what_does_not_fit_is_skipped_with_the_reason_and_never_cut(
    skills: Skills, answer: Answer, stem: str, why: str
) -> None:
    made = asked(skills, answer, stem)
    assert made.items == ()
    assert f"skipped: because {why}" in told(made)[0]


def test_texts_that_an_item_can_do_without_are_left_out_with_a_note(skills: Skills) -> None:
    options = Choice((Option("Yes", "It is so, " * 40),), (Option("No", "Wrong"),))
    made = asked(skills, options, explanation="Too short")
    assert choice(made).explanation is None
    assert [option.why for option in choice(made).options] == [None, None]
    (line,) = told(made)
    assert "the explanation is left out: it is too short (9 characters, at least 20)" in line
    assert "feedback is left out: it is too long (399 characters, at most 300)" in line
    assert line.endswith("no explanation") is False
    assert "; no explanation" in line


def test_an_answer_that_is_too_long_goes_if_another_stays(skills: Skills) -> None:
    made = asked(skills, Typed(("x" * 61, "short", "Short", *map(str, range(30)))))
    item = only(made)
    assert isinstance(item, TextItem)
    assert item.accepted[:2] == ("short", "0")
    assert len(item.accepted) == 20
    assert "an answer is left out: it is too long" in told(made)[0]
    assert "11 of 31 answers left out" in told(made)[0]


def test_an_option_that_stands_twice_is_asked_once(skills: Skills) -> None:
    made = asked(skills, Choice((Option("Yes"),), (Option("No"), Option("no"))))
    assert [option.text for option in choice(made).wrong] == ["No"]
    assert "an option that stood twice" in told(made)[0]


def test_true_and_false_are_recognised(skills: Skills) -> None:
    item = choice(asked(skills, Choice((Option("FALSE", "It is so: false."),), (Option("true"),))))
    assert item.format == "true-false"
    assert [option.text for option in item.options] == ["False", "True"]
    assert item.right[0].why == "It is so: false."


def test_a_situation_before_the_question_makes_a_scenario(skills: Skills) -> None:
    long = "The job fails each night.\n\nIt is two o'clock.\n\nWhat do you do first?"
    item = choice(asked(skills, YES_NO, long))
    assert item.format == "scenario"
    assert item.scenario == "The job fails each night. It is two o'clock."
    short = asked(skills, YES_NO, "Well:\n\nwhat do you do first?")
    assert choice(short).stem == "Well: what do you do first?"


def test_a_number_keeps_its_unit(skills: Skills) -> None:
    item = only(asked(skills, Number(1.5, 0.1, "m*s*")))
    assert isinstance(item, NumericItem)
    assert (item.answer, item.tolerance, item.unit) == (1.5, 0.1, "m\\*s\\*")


def every_text(item: ChoiceItem) -> Iterable[str]:
    data = item.model_dump(mode="json")
    return re.findall(r'"((?:[^"\\]|\\.)*)"', json.dumps(data, ensure_ascii=False))


@pytest.mark.parametrize("ping", PINGS)
def test_no_ping_survives_in_any_text(skills: Skills, ping: str) -> None:
    options = Choice(
        (Option(f"Yes {ping}", f"It is so {ping}."),), (Option(f"No {ping}", f"It is not {ping}."),)
    )
    made = asked(skills, options, f"Who are you {ping}?", f"Nobody knows who {ping} is at all.")
    assert not any(pings(text) for text in every_text(choice(made)))
    assert "mentions taken out" in told(made)[0]


@given(st.lists(PIECES, min_size=6, max_size=6))
def test_whatever_the_texts_are_the_item_fits_or_is_skipped(
    skills: Skills, texts: list[str]
) -> None:
    stem, yes, why, no, answer, explanation = texts
    found: list[Found] = [
        Question(
            "line 1", f"{stem} and so on", Choice((Option(yes, why),), (Option(no),)), explanation
        ),
        Question("line 2", f"{stem} and then", Typed((answer, yes))),
        Question("line 3", f"{stem} and last", Steps((yes, no, answer))),
        Left("line 4", stem, "of a reason"),
    ]
    made = built(skills, *found)
    assert len(made.lines) == 4
    for item in made.items:
        assert len(item.id) <= 28
        assert not pings(item.stem)
        assert key_of(item)
    assert all("\n" not in str(line) for line in made.lines)


def test_told_is_what_the_ids_begin_with(skills: Skills) -> None:
    other = Told("geo", "Somebody", "sql", 2)
    made = build([Question("line 1", STEM, YES_NO)], other, skills, {})
    assert only(made).id.startswith("geo-")
    assert (only(made).skill, only(made).level) == ("sql", 2)
