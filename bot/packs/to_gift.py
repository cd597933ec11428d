"""Our items as GIFT, the text format of Moodle."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import assert_never

from bot.core.content.quizzes import (
    ChoiceItem,
    Item,
    ItemOption,
    NumericItem,
    OrderingItem,
    Pack,
    TextItem,
)
from bot.packs.gift_text import escaped, with_format
from bot.packs.model import RefusedError
from bot.packs.words import number, shown, shown_paragraphs


def written(packs: Sequence[Pack]) -> tuple[str, Mapping[str, str]]:
    """The file, and why which items are left out, by their ids."""
    left_out: dict[str, str] = {}
    blocks: list[str] = []
    for pack in packs:
        said = (pack.author, pack.licence, pack.origin)
        blocks.append(f"// {_comment(pack.name)}: {'; '.join(map(_comment, said))}")
        skill = ""
        for item in pack.items:
            try:
                block = _block(item)
            except RefusedError as error:
                left_out[item.id] = str(error)
                continue
            if item.skill != skill:
                skill = item.skill
                blocks.append(f"$CATEGORY: {pack.id}/{skill}")
            blocks.append(block)
    return "\n\n".join(blocks) + "\n", left_out


def writable(item: TextItem) -> tuple[str, ...]:
    """The answers that can be written: GIFT takes `->` for a pair, and `*` for any answer."""
    words = ((text, shown(text)) for text in item.accepted)
    return tuple(text for text, word in words if "->" not in word and word.strip("* "))


def _comment(text: str) -> str:
    return shown(text).replace("\n", " ")


def _words(text: str) -> str:
    """A text of ours as GIFT writes it."""
    return with_format(_escaped(text))


def _escaped(*texts: str | None) -> str:
    return escaped("\n\n".join(shown_paragraphs(*texts)))


def _block(item: Item) -> str:
    situation = item.scenario if isinstance(item, ChoiceItem) else None
    stem = _escaped(situation, item.stem)
    lines = [
        f"// [id:{item.id}] [tag:level-{item.level}]",
        f"::{item.id}::[plain]{stem} {{{_opening(item)}",
        *(f"\t{line}" for line in _answers(item)),
    ]
    if item.explanation:
        lines.append(f"\t####{_words(item.explanation)}")
    return "\n".join((*lines, "}"))


def _opening(item: Item) -> str:
    """What follows the brace at once, because it says what kind of question it is."""
    match item:
        case NumericItem(answer=answer, tolerance=tolerance):
            return f"#{number(answer)}" + (f":{number(tolerance)}" if tolerance else "")
        case ChoiceItem(format="true-false", right=(right,), wrong=(wrong,)):
            why_wrong, why_right = _words(wrong.why or ""), _words(right.why or "")
            after = f"#{why_right}" if why_right else ""
            return right.text.upper() + (f"#{why_wrong}{after}" if why_wrong or after else "")
        case _:
            return ""


def _answers(item: Item) -> Iterator[str]:
    match item:
        case ChoiceItem(format="true-false") | NumericItem():
            return
        case ChoiceItem(format="multiple"):
            for option in item.right:
                yield f"~%{100 / len(item.right):.7g}%{_option(option)}"
            for option in item.wrong:
                yield f"~%{-100 / len(item.wrong):.7g}%{_option(option)}"
        case ChoiceItem():
            yield from (f"={_unweighed(_option(option), 100)}" for option in item.right)
            yield from (f"~{_unweighed(_option(option), 0)}" for option in item.wrong)
        case TextItem():
            if not (answers := writable(item)):
                raise RefusedError("GIFT cannot write an answer with -> or only *")
            yield from (f"={_unweighed(_words(text), 100)}" for text in answers)
        case OrderingItem():
            raise RefusedError("GIFT has no ordering items")
        case _:
            assert_never(item)


def _option(option: ItemOption) -> str:
    return _words(option.text) + (f"#{_words(option.why)}" if option.why else "")


def _unweighed(text: str, weight: int) -> str:
    """A text that begins like a weight gets a real one before it."""
    return f"%{weight}%{text}" if re.match(r"%-?[0-9.]+%", text) else text
