"""From questions to items of our schema: ids, skills, levels, duplicates, and what does not fit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from bot.core.content.models import Name
from bot.core.content.quizzes import ChoiceItem, Explanation, Item, Reason
from bot.packs.labels import Skills, level_of
from bot.packs.model import (
    MAX_TEXT,
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
from bot.packs.report import Line, Verdict
from bot.packs.words import literal, normalised, one_line, paragraphs, pings, shown

MAX_PREFIX = 17
"""Characters of a pack's id that the ids of its items begin with."""

MAX_ACCEPTED = 20
"""Answers that a text item may accept."""

MOST_SCENARIO = 700
LEAST_SCENARIO = 20
"""Characters of the situation before a question; what is shorter is a part of the question."""

_ITEM: TypeAdapter[Item] = TypeAdapter(Annotated[Item, Field(discriminator="format")])
_EXPLANATION: TypeAdapter[str] = TypeAdapter(Explanation)
_REASON: TypeAdapter[str] = TypeAdapter(Reason)
_NAME: TypeAdapter[str] = TypeAdapter(Name)

_WHERE = {
    "stem": "the question",
    "scenario": "the situation before the question",
    "right": "an option",
    "wrong": "an option",
    "steps": "a step",
    "accepted": "an answer",
    "unit": "the unit",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What whoever brings a pack in says of it; `skill` and `level` are for items without."""

    pack: str
    author: str
    skill: str
    level: int


@dataclass(frozen=True, slots=True)
class Built:
    """The items that fit, and a line for every question."""

    items: tuple[Item, ...]
    lines: tuple[Line, ...]


def build(found: Iterable[Found], told: Told, skills: Skills, known: Mapping[str, str]) -> Built:
    """The questions as items. `known` maps the keys of questions that exist to where they stand."""
    seen = dict(known)
    items: list[Item] = []
    lines: list[Line] = []
    for entry in found:
        match entry:
            case Left(place, stem, reason):
                lines.append(Line(place, stem, Verdict.SKIPPED, reason))
            case Question(place, stem) as question:
                notes: list[str] = []
                try:
                    key = _key(question)
                    if key in seen:
                        raise RefusedError(f"the same question stands in {seen[key]}")
                    items.append(_item(question, key, told, skills, notes))
                except RefusedError as error:
                    lines.append(Line(place, stem, Verdict.SKIPPED, str(error)))
                    continue
                seen[key] = place
                repairs = "; ".join(dict.fromkeys(notes))
                lines.append(Line(place, stem, _verdict(repairs), repairs))
    return Built(tuple(items), tuple(lines))


def key_of(item: Item) -> str:
    """What a question that exists is compared by."""
    situation = item.scenario or "" if isinstance(item, ChoiceItem) else ""
    return normalised(f"{shown(situation)} {shown(item.stem)}")


def item_id(pack: str, key: str) -> str:
    """A stable id: the beginning of the pack's id, and 40 bits of the SHA-256 of the question."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:10]
    return f"{pack[:MAX_PREFIX].strip('-')}-{digest}"


def _verdict(repairs: str) -> Verdict:
    return Verdict.REPAIRED if repairs else Verdict.OK


def _key(question: Question) -> str:
    if any(len(text) > MAX_TEXT for text in _texts(question)):
        raise RefusedError(f"a text of it has more than {MAX_TEXT:,} characters")
    key = normalised(" ".join(paragraphs(question.stem)))
    if not key:
        raise RefusedError("nothing is left of the question")
    return key


def _texts(question: Question) -> Iterable[str]:
    """Every text of a question."""
    yield from (question.stem, question.explanation)
    match question.answer:
        case Choice(right, wrong):
            for option in (*right, *wrong):
                yield from (option.text, option.why)
        case Typed(accepted):
            yield from accepted
        case Steps(steps):
            yield from steps
        case Number(unit=unit):
            yield unit


def _item(question: Question, key: str, told: Told, skills: Skills, notes: list[str]) -> Item:
    notes += question.notes
    if any(pings(text) for text in _texts(question)):
        notes.append("mentions taken out")
    explanation = _kept(_EXPLANATION, question.explanation, "the explanation", notes)
    if explanation is None:
        notes.append("no explanation")
    written: dict[str, Any] = {
        "id": item_id(told.pack, key),
        "skill": skills.of(question.labels) or told.skill,
        "level": question.level or level_of(question.labels) or told.level,
        "explanation": explanation,
        **_stem_and_answer(question, notes),
    }
    if question.generated:
        written["author"] = _generated_by(told.author)
    try:
        return _ITEM.validate_python(written)
    except ValidationError as error:
        raise RefusedError(_reason(error)) from None


def _generated_by(author: str) -> str:
    both = f"{author}; wrong options generated"
    return both if len(both) <= 60 else "the list's author; wrong options generated"


def _words(text: str) -> str:
    return literal(one_line(text))


def _kept(kind: TypeAdapter[str], text: str, what: str, notes: list[str]) -> str | None:
    """A text that an item can do without, or None with a note where it does not fit."""
    if not one_line(text):
        return None
    try:
        return kind.validate_python(_words(text))
    except ValidationError as error:
        notes.append(f"{what} is left out: {_reason(error)}")
        return None


def _stem_and_answer(question: Question, notes: list[str]) -> dict[str, Any]:
    parts = [literal(part) for part in paragraphs(question.stem)]
    stem = {"stem": " ".join(parts)}
    match question.answer:
        case Choice() as choice:
            answer = _choice(choice, notes)
            *before, last = parts
            situation = " ".join(before)
            if answer["format"] == "single" and len(situation) >= LEAST_SCENARIO:
                return answer | {"format": "scenario", "scenario": situation, "stem": last}
            return answer | stem
        case Typed(accepted):
            return stem | {"format": "text", "accepted": _accepted(accepted, notes)}
        case Number(value, tolerance, unit):
            number = {"format": "numeric", "answer": value, "tolerance": tolerance}
            return stem | number | {"unit": _words(unit) or None}
        case Steps(steps):
            return stem | {"format": "ordering", "steps": [{"text": _words(t)} for t in steps]}


def _choice(choice: Choice, notes: list[str]) -> dict[str, Any]:
    right = _options(choice.right, notes)
    wrong = _options(choice.wrong, notes)
    texts = {option["text"].casefold() for option in (*right, *wrong)}
    if texts == {"true", "false"} and len(right) == 1 and not choice.several:
        kind = "true-false"
        for option in (*right, *wrong):
            option["text"] = option["text"].capitalize()
    else:
        kind = "multiple" if choice.several else "single"
    return {"format": kind, "right": right, "wrong": wrong}


def _options(options: Iterable[Option], notes: list[str]) -> list[dict[str, Any]]:
    """Options as the schema has them, without those that stand twice."""
    found: dict[str, dict[str, Any]] = {}
    for option in options:
        text = _words(option.text)
        if not text:
            raise RefusedError("nothing is left of an option")
        if text.casefold() in found:
            notes.append("an option that stood twice")
            continue
        why = _kept(_REASON, option.why, "feedback", notes)
        found[text.casefold()] = {"text": text} | ({"why": why} if why else {})
    return list(found.values())


def _accepted(accepted: Iterable[str], notes: list[str]) -> list[str]:
    """Answers that can be typed; those that are too long go, as long as others stay."""
    refused: list[str] = []
    kept: dict[str, str] = {}
    for text in accepted:
        if (answer := _kept(_NAME, text, "an answer", refused)) is not None:
            kept.setdefault(answer.casefold(), answer)
    if not kept:
        _, _, why = (refused or ["an answer: it is left empty"])[0].partition(": it")
        raise RefusedError(f"the answer{why}")
    notes += refused
    if len(kept) > MAX_ACCEPTED:
        notes.append(f"{len(kept) - MAX_ACCEPTED} of {len(kept)} answers left out")
    return list(kept.values())[:MAX_ACCEPTED]


def _reason(error: ValidationError) -> str:
    """Why our schema refuses something, in words."""
    details = error.errors(include_url=False)[0]
    where = next((_WHERE[step] for step in details["loc"] if step in _WHERE), "it")
    context = details.get("ctx", {})
    size = len(str(details["input"]))
    match details["type"]:
        case "string_too_long":
            return f"{where} is too long ({size} characters, at most {context['max_length']})"
        case "string_too_short":
            return f"{where} is too short ({size} characters, at least {context['min_length']})"
        case "too_long":
            return f"there are too many parts (at most {context['max_length']})"
        case "too_short":
            return f"there are too few parts (at least {context['min_length']})"
        case "value_error":
            return str(context["error"])
        case _:
            return f"{where}: {details['msg']}"
