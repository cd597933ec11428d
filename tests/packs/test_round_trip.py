"""Our packs, written for another program and brought in again, ask the same questions."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given

from bot.core.content.catalogue import Catalogue
from bot.core.content.quizzes import ChoiceItem, Item, OrderingItem, Pack, TextItem
from bot.packs.build import build
from bot.packs.exporting import Exported, export
from bot.packs.formats import Encoding, Format, Target
from bot.packs.labels import Skills
from bot.packs.read import parse
from bot.packs.words import shown
from tests.packs.bringing import TOLD, key
from tests.packs.own_packs import ITEM, items, pack_of, packs


def there_and_back(skills: Skills, written: Sequence[Pack], target: Target) -> list[Item]:
    text = export(written, target).text
    found = parse(text.encode(), Format(target.value), Encoding.HTML).found
    made = build(found, TOLD, skills, {})
    assert len(made.items) == len(found), "\n".join(map(str, made.lines))
    return list(made.items)


def fits(item: Item, target: Target) -> bool:
    match target, item:
        case Target.GIFT, OrderingItem():
            return False
        case Target.GIFT, TextItem(accepted=accepted):
            return not any("->" in shown(text) or shown(text) == "*" for text in accepted)
        case Target.OPENTDB, ChoiceItem(format=form):
            return form != "multiple"
        case Target.OPENTDB, _:
            return False
        case _:
            return True


@pytest.mark.parametrize("target", Target)
@given(pack=packs())
def test_question_options_and_key_come_back(skills: Skills, target: Target, pack: Pack) -> None:
    kept = [item for item in pack.items if fits(item, target)]
    back = there_and_back(skills, [pack_of(kept)], target) if kept else []
    assert [key(item) for item in back] == [key(item) for item in kept]
    assert [(item.skill, item.level) for item in back] == [(i.skill, i.level) for i in kept]


@pytest.mark.parametrize("target", [Target.GIFT, Target.ANKI])
@given(pack=packs())
def test_explanations_come_back(skills: Skills, target: Target, pack: Pack) -> None:
    kept = [item for item in pack.items if fits(item, target)]
    back = there_and_back(skills, [pack_of(kept)], target) if kept else []
    for after, before in zip(back, kept, strict=True):
        assert shown(after.explanation or "") == shown(before.explanation or "")


@given(pack=packs())
def test_reasons_of_options_come_back_from_gift(skills: Skills, pack: Pack) -> None:
    kept = [item for item in pack.items if isinstance(item, ChoiceItem)]
    back = there_and_back(skills, [pack_of(list(kept))], Target.GIFT) if kept else []
    for after, before in zip(back, kept, strict=True):
        assert isinstance(after, ChoiceItem)
        assert {shown(o.text): shown(o.why or "") for o in after.options} == {
            shown(o.text): shown(o.why or "") for o in before.options
        }


@pytest.mark.parametrize("target", Target)
def test_the_shipped_packs_come_back(skills: Skills, catalogue: Catalogue, target: Target) -> None:
    for pack in catalogue.content.packs.values():
        kept = [item for item in pack.items if fits(item, target)]
        back = there_and_back(skills, [pack], target)
        assert [key(item) for item in back] == [key(item) for item in kept]
        assert [item.skill for item in back] == [item.skill for item in kept]


def lost(exported: Exported) -> str:
    return "\n".join(exported.lost)


@pytest.mark.parametrize("target", Target)
@given(item=items())
def test_an_item_that_cannot_be_written_is_named(target: Target, item: Item) -> None:
    done = export([pack_of([item])], target)
    if fits(item, target):
        assert "left out" not in lost(done)
    else:
        assert "own-0: left out: " in lost(
            done
        ) or "accepted answers with -> or only *: lost" in lost(done)


def test_what_is_lost_is_said() -> None:
    number = {
        "id": "x", "skill": "sql", "level": 1, "stem": "How *many* bits?", "format": "numeric",
        "answer": 8, "unit": "bits", "author": "Ada", "explanation": "A byte has eight of them.",
    }  # fmt: skip
    options = {
        "id": "y", "skill": "sql", "level": 1, "stem": "Which one is it?", "format": "single",
        "right": [{"text": "this", "why": "Because it is."}],
        "wrong": [{"text": "that", "misconception": "They are alike"}],
    }  # fmt: skip
    pack = pack_of([ITEM.validate_python(number), ITEM.validate_python(options)])
    gift, anki, opentdb = (lost(export([pack], target)) for target in Target)
    assert "units of numbers: lost from 1 item" in gift
    assert "units of numbers" not in anki
    assert "reasons of options: lost from 1 item" in anki
    assert "reasons of options" not in gift
    assert "own-0: left out: Open Trivia DB has no numeric items" in opentdb
    for lines in (gift, anki, opentdb):
        assert "misconceptions of wrong options: lost from 1 item" in lines
        assert "author, licence and origin of the packs: " in lines
    assert "bold, italic, code and links (the words stay): lost from 1 item" in gift
    assert "source, author, licence and date of single items: lost from 1 item" in anki
