"""Wrong options for texts to type, drawn from the other answers of the same list.

Nobody has checked them: a drawn option may be right by chance. They are made only if somebody asks
for them, and every item that has them says so.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from bot.core.content.names import squeeze
from bot.packs.model import Choice, Found, Option, Question, Typed
from bot.packs.words import normalised

LEAST = 8
"""Questions of one list whose answers must be of one type before options are drawn."""

WRONG = 3
"""Wrong options that a question gets."""

_KINDS = {
    "year": re.compile(r"[12][0-9]{3}"),
    "number": re.compile(r"[-+]?[0-9][0-9.,]*\s?%?"),
    "word": re.compile(r"[^\W\d_]\w*"),
    "name": re.compile(r"[^\W\d_]\w*(?:[ -][^\W\d_]\w*){1,3}"),
    "phrase": re.compile(r"\S+(?: \S+){0,4}"),
}


def with_choices(found: Iterable[Found]) -> tuple[Found, ...]:
    """The questions, those to type turned into choices where their list has enough answers.

    The same file gives the same options.
    """
    every = tuple(found)
    answers: dict[str, dict[str, str]] = defaultdict(dict)
    for question in every:
        if (typed := _typed(question)) and (kind := _kind(typed[0])):
            answers[kind].setdefault(squeeze(typed[0]), typed[0])
    return tuple(_chosen(question, answers) for question in every)


def _typed(found: Found) -> tuple[str, ...]:
    match found:
        case Question(answer=Typed(accepted=accepted)):
            return accepted
        case _:
            return ()


def _kind(text: str) -> str | None:
    """What sort of answer this is, so that options look alike; None for long ones."""
    if len(text) > 40:
        return None
    kind = next((kind for kind, form in _KINDS.items() if form.fullmatch(text.strip())), None)
    return f"{kind}, {'upper' if text[:1].isupper() else 'lower'}" if kind else None


def _chosen(found: Found, answers: dict[str, dict[str, str]]) -> Found:
    match found:
        case Question(answer=Typed(accepted=(first, *_) as accepted)) as question:
            kind = _kind(first)
            alike = answers.get(kind, {}) if kind else {}
            if len(alike) < LEAST:
                return found
            own = {squeeze(text) for text in accepted}
            others = [text for key, text in alike.items() if key not in own]
            if len(others) < WRONG:
                return found
            drawn = random.Random(normalised(question.stem)).sample(others, WRONG)
            choice = Choice((Option(first),), tuple(Option(text) for text in drawn))
            note = "wrong options drawn from other answers"
            return replace(question, answer=choice, generated=True, notes=(*question.notes, note))
        case _:
            return found
