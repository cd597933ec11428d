"""A note of Anki, from text or from a package, as questions.

A front and a back become a text to type, a cloze one for each gap. Where we exported the note
ourselves, marked lists in it say which options there are, which are right, and so on.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.packs.gift import GAP
from bot.packs.markup import from_html
from bot.packs.model import (
    MAX_TEXT,
    Answer,
    Choice,
    Found,
    Left,
    Number,
    Option,
    Question,
    RefusedError,
    Steps,
    Typed,
)

MARK = "rolecall-"
"""How the classes of our own marks begin."""

_LIST = re.compile(
    rf"<([uo]l) class=\"?{MARK}(options|several|right|accepted|steps|shuffled)\"?>(.*?)</\1>",
    re.DOTALL,
)
_ENTRY = re.compile(r"<li>(.*?)</li>", re.DOTALL)
_EXPLANATION = re.compile(rf"<p class=\"?{MARK}explanation\"?>(.*?)</p>", re.DOTALL)
_SPAN = re.compile(rf"<span class=\"?{MARK}(number|tolerance|unit)\"?>(.*?)</span>", re.DOTALL)
_CLOZE = re.compile(
    r"\{\{c([0-9]{1,3})::((?:(?!\}\}|::|\{\{).)*+)(?:::((?:(?!\}\}|\{\{).)*+))?\}\}", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Note:
    """The fields of a note; `further` counts fields that are not used."""

    place: str
    front: str
    back: str
    explanation: str = ""
    labels: tuple[str, ...] = ()
    further: int = 0
    html: bool = True


def questions(note: Note, labels: tuple[str, ...] = ()) -> Iterator[Found]:
    """The questions of a note; `labels` hold for all notes of its file."""
    texts = (note.front, note.back, note.explanation)
    if any(len(text) > MAX_TEXT for text in texts):
        yield Left(note.place, note.front[:200], f"a field has more than {MAX_TEXT:,} characters")
        return
    notes = []
    if note.further:
        notes.append(f"{note.further} further field{'s' * (note.further > 1)} dropped")
    words = _Words(html=note.html, notes=notes)
    try:
        if _CLOZE.search(note.front) and f'class="{MARK}' not in note.back:
            found = list(_cloze(note, words))
        else:
            found = [_front_and_back(note, words)]
    except RefusedError as error:
        yield Left(note.place, words.of(note.front), str(error))
        return
    explanation = words.of(note.explanation)
    for question in found:
        yield Question(
            note.place,
            question.stem,
            question.answer,
            question.explanation or explanation,
            labels=(*labels, *note.labels),
            notes=tuple(dict.fromkeys(words.notes)),
        )


@dataclass(frozen=True, slots=True)
class _Words:
    """Turns fields into plain words, and keeps notes of what was dropped."""

    html: bool
    notes: list[str]

    def of(self, text: str) -> str:
        if not self.html:
            return re.sub(r"\[sound:[^\[\]\n]*\]", self._sound, text).strip()
        words, notes = from_html(text)
        self.notes.extend(notes)
        return words.strip()

    def _sound(self, _: re.Match[str]) -> str:
        self.notes.append("a sound dropped")
        return " "


def _cloze(note: Note, words: _Words) -> Iterator[Question]:
    numbers = sorted({int(match[1]) for match in _CLOZE.finditer(note.front)})
    for number in numbers:
        hidden: list[str] = []

        def gap(match: re.Match[str], number: int = number, hidden: list[str] = hidden) -> str:
            if int(match[1]) != number:
                return match[2]
            hidden.append(match[2])
            return f"{GAP} ({match[3]})" if match[3] else GAP

        stem = words.of(_CLOZE.sub(gap, note.front))
        accepted = {words.of(text): None for text in hidden}
        if len(accepted) > 1:
            raise RefusedError("one gap of the cloze hides several different texts")
        yield Question(note.place, stem, Typed(tuple(accepted)), explanation=words.of(note.back))


def _front_and_back(note: Note, words: _Words) -> Question:
    lists: dict[str, list[str]] = {}

    def take(match: re.Match[str]) -> str:
        lists[match[2]] = [words.of(entry) for entry in _ENTRY.findall(match[3])]
        return ""

    front, back, explanation = note.front, note.back, ""
    if note.html:
        front = _LIST.sub(take, front)
        if explained := _EXPLANATION.search(back):
            explanation = words.of(explained[1])
            back = back[: explained.start()] + back[explained.end() :]
        numbers = {name: words.of(text) for name, text in _SPAN.findall(back)}
        back = _LIST.sub(take, back)
    else:
        numbers = {}
    stem = words.of(front)
    if not stem:
        raise RefusedError("nothing is left of its front")
    return Question(note.place, stem, _answer(lists, numbers, words.of(back)), explanation)


def _answer(lists: dict[str, list[str]], numbers: dict[str, str], back: str) -> Answer:
    match lists:
        case {"right": right, "options": options} | {"right": right, "several": options}:
            return Choice(
                tuple(Option(text) for text in right),
                tuple(Option(text) for text in options if text not in right),
                several="several" in lists,
            )
        case {"steps": steps}:
            return Steps(tuple(steps))
        case {"accepted": accepted}:
            return Typed(tuple(accepted))
        case _ if "number" in numbers:
            return Number(
                _number(numbers["number"]),
                _number(numbers.get("tolerance", "0")),
                numbers.get("unit", ""),
            )
        case _ if not back:
            raise RefusedError("nothing is left of its back")
        case _:
            return Typed((back,))


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise RefusedError("its number is not one")
    return value
