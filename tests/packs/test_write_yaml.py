"""What is written is what the strict reader of the content reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from bot.core.content.loader import load
from bot.core.content.quizzes import Pack
from bot.core.content.yaml_reader import parse
from bot.packs.model import PackError
from bot.packs.write_yaml import to_yaml, write_pack
from tests.packs.own_packs import ITEM, pack_of, packs


def item(number: int, **more: object) -> dict[str, object]:
    return {
        "id": "x", "skill": "sql", "level": 1, "stem": f"What is question {number}?",
        "format": "text", "accepted": ["yes"], **more,
    }  # fmt: skip


def a_pack(**more: object) -> Pack:
    return pack_of([ITEM.validate_python(item(1, **more))])


@given(packs())
def test_a_pack_is_read_as_it_was_written(pack: Pack) -> None:
    document = parse(to_yaml(pack), "own.yaml")
    assert document.problems == ()
    assert Pack.model_validate(document.data) == pack


@pytest.mark.parametrize(
    "word", ["no", "y", "1:30", "365", "~", "null", "0x1F", "- a", "a: b", "#a"]
)
def test_words_that_yaml_bends_are_put_in_quotation_marks(word: str) -> None:
    pack = a_pack(accepted=[word], stem=f"{word} {word} {word} {word} {word}")
    document = parse(to_yaml(pack), "own.yaml")
    assert document.problems == ()
    assert Pack.model_validate(document.data) == pack


def test_the_file_is_good_to_read_and_to_edit() -> None:
    choice = {
        "format": "single", "right": [{"text": "This one"}],
        "wrong": [{"text": "None", "why": "There is one."}], "accepted": None,
    }  # fmt: skip
    made = ITEM.validate_python({k: v for k, v in {**item(1), **choice}.items() if v})
    assert (
        to_yaml(pack_of([made, ITEM.validate_python(item(2))]))
        == """\
id: own
name: Our own pack
description: Random questions.
author: 'Nobody'
licence: 'CC0-1.0'
origin: Drawn at random.
reviewed: 2026-01-02
items:
  - id: own-0
    skill: sql
    level: 1
    format: single
    stem: What is question 1?
    right:
      - text: This one
    wrong:
      - text: 'None'
        why: There is one.

  - id: own-1
    skill: sql
    level: 1
    format: text
    stem: What is question 2?
    accepted:
      - 'yes'
"""
    )


def test_a_pack_is_written_into_the_content(content_copy: Path) -> None:
    path = write_pack(a_pack(), content_copy, replace=False)
    assert path == content_copy / "quizzes" / "own.yaml"
    assert load(content_copy).packs["own"] == a_pack()


def test_a_file_that_exists_is_replaced_only_on_demand(content_copy: Path) -> None:
    path = write_pack(a_pack(), content_copy, replace=False)
    before = path.read_bytes()
    changed = a_pack(stem="What else is asked?")
    with pytest.raises(PackError, match=r"own.yaml exists: .* --replace"):
        write_pack(changed, content_copy, replace=False)
    assert path.read_bytes() == before
    write_pack(changed, content_copy, replace=True)
    assert load(content_copy).packs["own"] == changed


def test_what_would_spoil_the_content_is_not_written(content_copy: Path) -> None:
    with pytest.raises(PackError, match=r"nothing is written: quizzes/own\.yaml.*no skill `sqll`"):
        write_pack(a_pack(skill="sqll"), content_copy, replace=False)
    assert not (content_copy / "quizzes" / "own.yaml").exists()
    path = write_pack(a_pack(), content_copy, replace=False)
    before = path.read_bytes()
    with pytest.raises(PackError, match="nothing is written"):
        write_pack(a_pack(skill="sqll"), content_copy, replace=True)
    assert path.read_bytes() == before
    load(content_copy)
    assert list(content_copy.glob(".*")) == []


def test_a_pack_that_nobody_could_read_again_is_not_written(content_copy: Path) -> None:
    long = {"accepted": ["x" * 60] * 20}
    many = pack_of([ITEM.validate_python(item(n, **long)) for n in range(1_000)])
    with pytest.raises(PackError, match=r"would have 1,\d\d\d,\d\d\d bytes; at most 1,000,000"):
        write_pack(many, content_copy, replace=False)


def test_where_nothing_can_be_written_it_is_told(content_copy: Path, tmp_path: Path) -> None:
    quizzes = content_copy / "quizzes"
    quizzes.rename(tmp_path / "elsewhere")
    quizzes.write_text("a file in the way")
    with pytest.raises(PackError, match="cannot be written"):
        write_pack(a_pack(), content_copy, replace=False)
