"""GIFT: every kind of question that Moodle describes, and what we make of it."""

from __future__ import annotations

import pytest

from bot.core.content.quizzes import ChoiceItem, NumericItem, TextItem
from bot.packs.formats import Format
from bot.packs.labels import Skills
from bot.packs.model import Left, Number, PackError, Question
from tests.packs.bringing import brought, choice, only, parsed, question, reason, told


def texts(item: ChoiceItem) -> tuple[list[str], list[str]]:
    return [o.text for o in item.right], [o.text for o in item.wrong]


def test_one_right_option_with_title_feedback_and_explanation(skills: Skills) -> None:
    item = choice(
        brought(
            skills,
            """\
// a comment { that does not count }
::Q1:: Who's buried in Grant's tomb? {
  =Grant # Of course it is Grant.
  ~no one # Somebody is in it.
  // a comment between answers
  ~Jefferson
  #### A tomb is named after whom it holds.
}
""",
            Format.GIFT,
        )
    )
    assert (item.stem, item.format) == ("Who's buried in Grant's tomb?", "single")
    assert texts(item) == (["Grant"], ["no one", "Jefferson"])
    assert [o.why for o in item.options] == ["Of course it is Grant.", "Somebody is in it.", None]
    assert item.explanation == "A tomb is named after whom it holds."


def test_weights_that_share_the_points_mean_select_all(skills: Skills) -> None:
    text = "Which are primes?{~%50%two ~%-50%four ~%50%three ~%-50%six}"
    built = brought(skills, text, Format.GIFT)
    assert choice(built).format == "multiple"
    assert texts(choice(built)) == (["two", "three"], ["four", "six"])
    assert "weights" not in told(built)[0]


def test_weights_of_ones_own_are_dropped_and_named(skills: Skills) -> None:
    built = brought(skills, "Which are primes?{~%70%two ~%30%three ~%-10%six}", Format.GIFT)
    assert texts(choice(built)) == (["two", "three"], ["six"])
    assert "own weights dropped (70%, 30%, -10%)" in told(built)[0]


def test_part_of_the_credit_is_not_right(skills: Skills) -> None:
    built = brought(skills, "Which is a prime?{=two ~%25%one ~four}", Format.GIFT)
    assert texts(choice(built)) == (["two"], ["one", "four"])
    assert "own weights dropped (25%)" in told(built)[0]


@pytest.mark.parametrize("written", ["T", "TRUE", "true", "t "])
def test_true(skills: Skills, written: str) -> None:
    item = choice(brought(skills, f"The sun rises in the east.{{{written}}}", Format.GIFT))
    assert (item.format, *texts(item)) == ("true-false", ["True"], ["False"])


def test_false_with_feedback_for_the_wrong_answer_first(skills: Skills) -> None:
    text = "The earth is flat.{F#Ships sink below the horizon.#Right, it is round.}"
    item = choice(brought(skills, text, Format.GIFT))
    assert texts(item) == (["False"], ["True"])
    assert item.wrong[0].why == "Ships sink below the horizon."
    assert item.right[0].why == "Right, it is round."


def test_short_answers(skills: Skills) -> None:
    built = brought(skills, "Two plus two is {=four =%100%4 =%50%five#close =*}.", Format.GIFT)
    item = only(built)
    assert isinstance(item, TextItem)
    assert item.stem == "Two plus two is ____."
    assert item.accepted == ("four", "4")
    assert "2 answers with part of the credit dropped" in told(built)[0]


@pytest.mark.parametrize(
    ("body", "value", "tolerance"),
    [
        ("#1822:5", 1822, 5),
        ("#3.141..3.142", 3.1415, 0.0005),
        ("#-1.5e3", -1500, 0),
        ("# 0.1 .. 0.2", 0.15, 0.05),
        ("#=1822:0 #exactly =%50%1822:2 #nearly", 1822, 0),
        ("#=7\n####Because.", 7, 0),
    ],
)
def test_numbers(body: str, value: float, tolerance: float) -> None:
    read = question(parsed(f"When was Ulysses S. Grant born? {{{body}}}", Format.GIFT))
    assert read.answer == Number(value, tolerance)


def test_a_number_becomes_a_numeric_item(skills: Skills) -> None:
    item = only(brought(skills, "When was Ulysses S. Grant born? {#1822:5}", Format.GIFT))
    assert isinstance(item, NumericItem)
    assert (item.answer, item.tolerance) == (1822, 5)


def test_each_pair_of_a_matching_question_is_a_question(skills: Skills) -> None:
    text = (
        "Match countries and capitals. {=Canada -> Ottawa =Italy -> Rome =Japan->Tokyo = -> Oslo}"
    )
    built = brought(skills, text, Format.GIFT)
    first, second, third = (item for item in built.items if isinstance(item, ChoiceItem))
    assert first.stem == "Match countries and capitals: Canada"
    assert texts(first) == (["Ottawa"], ["Rome", "Tokyo", "Oslo"])
    assert texts(second) == (["Rome"], ["Tokyo", "Oslo", "Ottawa"])
    assert texts(third)[0] == ["Tokyo"]
    assert "matching: pair 2 of 3 as a question of its own" in told(built)[1]


def test_matching_never_makes_a_right_side_wrong_for_its_own_pair(skills: Skills) -> None:
    text = "Match the animals. {=cat -> mammal =dog -> Mammal =eel -> fish}"
    built = brought(skills, text, Format.GIFT)
    assert [texts(i) for i in built.items if isinstance(i, ChoiceItem)] == [
        (["mammal"], ["fish"]),
        (["Mammal"], ["fish"]),
        (["fish"], ["Mammal"]),
    ]


def test_the_missing_word_form(skills: Skills) -> None:
    item = choice(brought(skills, "Grant is {~buried =entombed ~living} in his tomb.", Format.GIFT))
    assert item.stem == "Grant is ____ in his tomb."


def test_escaped_signs_are_words(skills: Skills) -> None:
    text = r"Which is \{1, 2\} \= \#2 \~ x\: a\\b?{=C\:\\n ~\=\= ~a\#b}"
    item = choice(brought(skills, text, Format.GIFT))
    assert item.stem.replace("\\\\", "\\") == r"Which is {1, 2} = #2 ~ x: a\b?"
    assert texts(item) == ([r"C:\n"], ["==", "a#b"])


def test_an_escaped_line_break_parts_a_situation_from_its_question(skills: Skills) -> None:
    text = r"The job fails each night at two.\n\nWhat do you look at?{=The log ~The sky}"
    item = choice(brought(skills, text, Format.GIFT))
    assert item.format == "scenario"
    assert item.scenario == "The job fails each night at two."
    assert item.stem == "What do you look at?"


@pytest.mark.parametrize(
    ("stem", "words"),
    [
        ("[html]<p>What is <b>a &lt; b</b>?</p>", "What is a < b?"),
        ("[markdown]What is *this* `thing`?", "What is this thing?"),
        ("[plain]What is <b>*this*</b>?", r"What is \<b\>\*this\*\</b\>?"),
        ("[moodle]What is <i>this</i>?", "What is this?"),
        ("What is <i>this</i> List<String>?", "What is this List<String>?"),
    ],
)
def test_a_text_says_its_format(skills: Skills, stem: str, words: str) -> None:
    assert only(brought(skills, f"{stem}{{T}}", Format.GIFT)).stem == words


def test_options_have_the_format_of_the_stem_unless_they_say_so(skills: Skills) -> None:
    text = "[plain]What makes bold?{=<b>bold</b> ~[html]<b>thin</b>}"
    item = choice(brought(skills, text, Format.GIFT))
    assert texts(item) == (["<b>bold</b>"], ["thin"])


def test_categories_and_tags_name_skills_and_levels(skills: Skills) -> None:
    text = """\
$CATEGORY: $course$/Data/SQL

One row is one record.{T}

// [id:7] [tag:statistics] [tag:level 3]
The mean is robust to outliers.{F}

The median is robust to outliers.{T}

$CATEGORY: top/Nothing we know
Tabs and spaces are alike.{F}
"""
    items = brought(skills, text, Format.GIFT).items
    assert [(item.skill, item.level) for item in items] == [
        ("sql", 1),
        ("statistics", 3),
        ("sql", 1),
        ("python", 1),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Write about it. {}", "it is an essay"),
        ("This is only a description with \\{.", "it is a description"),
        ("Never closed {=a ~b", "its } is missing"),
        ("Two {=a ~b} gaps {=c ~d}", "it has more than one pair of braces"),
        ("::Title::{=a ~b}", "there is no question before the braces"),
        ("What is it?{~a ~b}", "no option is marked as right"),
        ("What is it?{a ~b}", "an answer begins with neither = nor ~"),
        ("What is it?{Paris}", "an answer begins with neither = nor ~"),
        ("How many?{#three}", "`three` is not a number"),
        ("How many?{#5..3}", "the range begins above its end"),
        ("How many?{#=3 =4}", "2 numbers give full credit"),
        ("How many?{#9e999}", "the number is too large"),
        ("Which?{=%50%a}", "no answer gives full credit"),
        ("Match.{=a -> b =c}", "a pair of the matching question has no `left -> right`"),
    ],
)
def test_what_cannot_be_asked_is_left_with_the_reason(text: str, why: str) -> None:
    first, after = parsed(f"\n{text}\n\nThe next one is fine.{{T}}", Format.GIFT).found
    assert isinstance(first, Left)
    assert first.place == "line 2"
    assert first.reason.startswith(why)
    assert isinstance(after, Question)


def test_a_blank_line_inside_braces_is_explained() -> None:
    first, second = parsed("What is it?{\n=a\n\n~b}\n", Format.GIFT).found
    assert isinstance(first, Left)
    assert first.reason == "its } is missing; a blank line ends a question"
    assert isinstance(second, Left)


def test_what_is_not_gift_is_refused() -> None:
    with pytest.raises(PackError, match="this is not GIFT"):
        parsed("Just a text.", Format.GIFT)


def test_an_image_is_dropped_with_a_note() -> None:
    read = question(parsed("What is this?<img src\\='a.png'>{=a cat ~a dog}", Format.GIFT))
    assert read.stem == "What is this?"
    assert read.notes == ("an image dropped",)


def test_several_full_right_options_are_all_to_be_picked() -> None:
    read = question(parsed("Which?{=a =b ~c}", Format.GIFT))
    assert read.notes == ("several options are right: all are to be picked",)


def test_the_reason_of_a_left_question_shows_its_beginning() -> None:
    assert reason(parsed("Write.{}", Format.GIFT)).startswith("it is an essay")
    (left,) = parsed("[html]Write \\= <b>.{}", Format.GIFT).found
    assert "Write = " in left.stem
