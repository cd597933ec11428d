"""Writing our packs out as the files of other programs, and saying what these cannot hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from bot.core.content.loader import load
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
from bot.core.user_text import quote
from bot.core.views import Text
from bot.packs import to_anki, to_gift, to_opentdb
from bot.packs.formats import Target
from bot.packs.model import PackError
from bot.settings import read_settings


@dataclass(frozen=True, slots=True)
class Exported:
    """The text of the file, and a line for everything that it does not hold."""

    text: str
    lost: tuple[str, ...]


def export(packs: Sequence[Pack], target: Target) -> Exported:
    """The items of some packs in another format."""
    items = [item for pack in packs for item in pack.items]
    match target:
        case Target.GIFT:
            text, left_out = to_gift.written(packs)
        case Target.ANKI:
            text, left_out = to_anki.written(packs)
        case Target.OPENTDB:
            text, left_out = to_opentdb.written(packs)
        case _:
            assert_never(target)
    written = [item for item in items if item.id not in left_out]
    lost = Counter(what for item in written for what in set(_lost(item, target)))
    return Exported(
        text,
        (
            *(f"{identity}: left out: {reason}" for identity, reason in left_out.items()),
            *(f"{what}: lost from {_items(count)}" for what, count in sorted(lost.items())),
            "author, licence and origin of the packs: "
            + ("only a comment" if target is Target.GIFT else "lost"),
        ),
    )


def run(pack: str | None, target: Target, output: Path | None) -> Exported:
    """Export from the content of this process; with `output`, into that file.

    Raises:
        PackError: if there is no such pack, or the file cannot be written.
        SettingsError: if a setting is malformed.
        ContentError: if the content cannot be used.
    """
    packs = load(read_settings().content_dir).packs
    known = ", ".join(packs) or "none yet"
    if not packs or (pack is not None and pack not in packs):
        asked = f" `{quote(pack)}`" if pack else ""
        raise PackError(f"there is no pack{asked}; known are: {known}")
    done = export(list(packs.values()) if pack is None else [packs[pack]], target)
    if output is not None:
        try:
            output.write_text(done.text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise PackError(f"{output} cannot be written: {error.strerror}") from None
    return done


def _items(count: int) -> str:
    return f"{count} item{'' if count == 1 else 's'}"


def _lost(item: Item, target: Target) -> Iterator[str]:
    """What a written item has that the format has no place for."""
    if item.source or item.author or item.licence or item.reviewed:
        yield "source, author, licence and date of single items"
    if not all(_plain(text) for text in texts(item)):
        yield "bold, italic, code and links (the words stay)"
    if item.explanation and target is Target.OPENTDB:
        yield "explanations"
    if any(option.why for option in _options(item)) and target is not Target.GIFT:
        yield "reasons of options"
    match item:
        case ChoiceItem(wrong=wrong) if any(option.misconception for option in wrong):
            yield "misconceptions of wrong options"
        case NumericItem(unit=str()) if target is Target.GIFT:
            yield "units of numbers"
        case TextItem() if target is Target.GIFT and to_gift.writable(item) != item.accepted:
            yield "accepted answers with -> or only *"
        case _:
            pass


def _options(item: Item) -> tuple[ItemOption, ...]:
    match item:
        case ChoiceItem():
            return item.options
        case OrderingItem():
            return item.steps
        case NumericItem() | TextItem():
            return ()
        case _:
            assert_never(item)


def texts(item: Item) -> tuple[str, ...]:
    """Every text of an item in which our Markdown counts."""
    situation = item.scenario if isinstance(item, ChoiceItem) else None
    whys = [option.why or "" for option in _options(item)]
    words = [option.text for option in _options(item)]
    return (item.stem, situation or "", item.explanation or "", *words, *whys)


def _plain(text: str) -> bool:
    return all(isinstance(span, Text) for span in spans(text))
