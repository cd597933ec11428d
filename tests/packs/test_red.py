"""Trivia lists of Red-DiscordBot."""

from __future__ import annotations

import pytest

from bot.core.content.quizzes import TextItem
from bot.packs.formats import Format
from bot.packs.labels import Skills
from bot.packs.model import Left, PackError, Question, Typed
from tests.packs.bringing import brought, only, parsed, question, reason, told

LIST = """\
AUTHOR: Ada, Grace
DESCRIPTION: About words that YAML bends.
CONFIG:
  delay: 10
  timeout: {a: [1, 2]}
Is a list "truthy" if empty?:
- no
- false
At what time does the night job start?:
- 1:30
How many days has a year?:
  - 365
"Which port: http?":
- 80
"""


def test_every_answer_is_read_as_it_is_written() -> None:
    found = parsed(LIST, Format.RED).found
    answers = [entry.answer for entry in found if isinstance(entry, Question)]
    assert answers == [Typed(("no", "false")), Typed(("1:30",)), Typed(("365",)), Typed(("80",))]
    assert [entry.place for entry in found] == ["line 6", "line 9", "line 11", "line 13"]


def test_what_the_list_says_of_itself_is_kept_and_its_settings_are_named() -> None:
    read = parsed(LIST, Format.RED)
    assert (read.author, read.description) == ("Ada, Grace", "About words that YAML bends.")
    assert read.remarks == ("line 3: the setting CONFIG is not used",)


def test_a_question_becomes_a_text_to_type(skills: Skills) -> None:
    built = brought(skills, "Which tool runs notebooks?:\n- Jupyter\n- jupyter\n", Format.RED)
    item = only(built)
    assert isinstance(item, TextItem)
    assert item.accepted == ("Jupyter",)
    assert told(built) == ['line 1 "Which tool runs notebooks?": repaired: no explanation']


def test_a_question_in_capitals_is_no_setting() -> None:
    assert question(parsed("DNA:\n- acid\n", Format.RED)).stem == "DNA"


def test_the_same_question_twice_is_named_with_both_lines() -> None:
    first, second = parsed("Who?:\n- a\nWho?:\n- b\n", Format.RED).found
    assert isinstance(first, Question)
    assert second == Left("line 3", "Who?", "the same question stands in line 1")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Who?: []", "there is no answer below it"),
        ("Who?:", "there is no answer below it"),
        ("Who?:\n- [a]", "its answers are not a plain list of texts"),
        ("Who?:\n  a: b", "its answers are not a plain list of texts"),
        ("Who?:\n- !!python/object:os.system a", "its answers are not a plain list of texts"),
        ("? [a, b]\n: - c", "the question is not a text"),
    ],
)
def test_a_question_without_plain_answers_is_left(text: str, why: str) -> None:
    assert reason(parsed(text, Format.RED)) == why


def test_an_alias_is_not_followed() -> None:
    first, second = parsed("Who?: &x\n- a\nWhat?: *x\n", Format.RED).found
    assert isinstance(first, Question)
    assert isinstance(second, Left)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("- a\n- b", "line 1: a list of Red has questions"),
        ("Who: is: it?:\n- a", "line 1: not YAML"),
        ("a:\n- b\n---\nc:\n- d", "line 3: a second document"),
        ("a:\n- b\n  c: [", "line 3: not YAML"),
        ("a: \x07", "not YAML"),
        ("a:\n- b\n- " + "[" * 20, "line 3: nested more than 12 deep"),
    ],
)
def test_what_is_not_a_list_is_refused_with_the_line(text: str, message: str) -> None:
    with pytest.raises(PackError, match="^" + message.replace("?", r"\?")):
        parsed(text, Format.RED)
