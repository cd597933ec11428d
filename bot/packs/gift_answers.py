"""What stands in the braces of a GIFT question; the kind of a question follows from its signs."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.packs.gift_text import plain_words
from bot.packs.model import Answer, Choice, Number, Option, RefusedError, Typed

_PART = re.compile(r"([=~])([^=~]*)")
_WEIGHT = re.compile(r"\s*%(-?[0-9]{1,3}(?:\.[0-9]+)?)%")
_TRUTH = re.compile(r"(T|TRUE|F|FALSE)\s*(?:#([^#]*))?(?:#([^#]*))?", re.IGNORECASE)
_NUMBER = r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?"
_RANGE = re.compile(rf"({_NUMBER})\s*\.\.\s*({_NUMBER})")
_WITHIN = re.compile(rf"({_NUMBER})(?:\s*:\s*({_NUMBER}))?")

MAX_WRONG = 4
"""Wrong options that a pair of a matching question gets, from the other pairs."""


@dataclass(frozen=True, slots=True)
class Meant:
    """One question that braces mean; `about` is the left side of a pair of a matching question."""

    answer: Answer
    about: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """All questions that braces mean, with the feedback that holds for every answer."""

    each: tuple[Meant, ...]
    explanation: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """An answer: `=` or `~`, its weight in percent if it has one, its text and feedback."""

    sign: str
    weight: float | None
    text: str
    why: str
    masked: str
    notes: tuple[str, ...]

    @property
    def credit(self) -> float:
        """Percent of the points that this answer gives."""
        if self.weight is not None:
            return self.weight
        return 100.0 if self.sign == "=" else 0.0


def answers(body: str, form: str) -> Answers:
    """The questions that masked text in braces means; texts are in `form` unless they say so.

    Raises:
        RefusedError: if there is no answer that could be checked.
    """
    body, _, general = body.partition("####")
    explanation, _, notes = plain_words(general, form)
    return Answers(_meant(body.strip(), form), explanation, notes)


def _meant(body: str, form: str) -> tuple[Meant, ...]:
    if not body:
        raise RefusedError("it is an essay: no answer could be checked")
    if body.startswith("#"):
        return (_number(body[1:].strip()),)
    if truth := _TRUTH.fullmatch(body):
        return (_truth(truth, form),)
    parts = tuple(_parts(body, form))
    if not parts or body[0] not in "=~":
        raise RefusedError("an answer begins with neither = nor ~")
    if any(part.sign == "~" for part in parts):
        return (_choice(parts),)
    if any("->" in part.masked for part in parts):
        return _pairs(parts, form)
    return (_typed(parts),)


def _parts(body: str, form: str) -> Iterator[_Part]:
    for sign, written in _PART.findall(body):
        weighed = _WEIGHT.match(written)
        rest = written[weighed.end() :] if weighed else written
        masked, _, feedback = rest.partition("#")
        text, own_form, notes = plain_words(masked, form)
        why, _, more = plain_words(feedback, own_form)
        weight = float(weighed[1]) if weighed else None
        yield _Part(sign, weight, text, why, masked, (*notes, *more))


def _truth(match: re.Match[str], form: str) -> Meant:
    """True or false; the first feedback is for the wrong answer, the second for the right one."""
    right, wrong = ("True", "False") if match[1][0] in "Tt" else ("False", "True")
    why_wrong, _, notes = plain_words(match[2] or "", form)
    why_right, _, more = plain_words(match[3] or "", form)
    choice = Choice((Option(right, why_right),), (Option(wrong, why_wrong),))
    return Meant(choice, notes=(*notes, *more))


def _choice(parts: tuple[_Part, ...]) -> Meant:
    """Without any `=`, all with a positive weight are right; with one, those with full credit."""
    several = all(part.sign == "~" for part in parts)
    least = 0.0 if several else 99.99
    right = tuple(part for part in parts if part.credit > least)
    wrong = tuple(part for part in parts if part.credit <= least)
    notes = [note for part in parts for note in part.notes]
    if not right:
        raise RefusedError("no option is marked as right")
    if len(right) > 1 and not several:
        notes.append("several options are right: all are to be picked")
        several = True
    lost = [part.weight for part in parts if part.weight is not None]
    if any(weight not in _usual(len(right), len(wrong)) for weight in lost):
        shares = ", ".join(f"{weight:g}%" for weight in lost)
        notes.append(f"own weights dropped ({shares})")
    return Meant(Choice(_options(right), _options(wrong), several), notes=tuple(notes))


def _usual(right: int, wrong: int) -> set[float]:
    """The weights that mean what our own scoring does: equal shares, in percent."""
    share, loss = 100 / right, 100 / max(wrong, 1)
    return {0.0, -100.0, 100.0, *(round(value, 5) for value in (share, -share, -loss))}


def _options(parts: tuple[_Part, ...]) -> tuple[Option, ...]:
    return tuple(Option(part.text, part.why) for part in parts)


def _typed(parts: tuple[_Part, ...]) -> Meant:
    full = [part for part in parts if part.credit > 99.99 and part.text.strip("* ")]
    notes = [note for part in parts for note in part.notes]
    if not full:
        raise RefusedError("no answer gives full credit")
    if len(full) < len(parts):
        notes.append(f"{len(parts) - len(full)} answers with part of the credit dropped")
    if any(part.why for part in parts):
        notes.append("feedback of single answers dropped")
    return Meant(Typed(tuple(part.text for part in full)), notes=tuple(notes))


def _number(body: str) -> Meant:
    written = _PART.findall(body) if body.startswith(("=", "~")) else [("=", body)]
    full: list[str] = []
    notes: list[str] = []
    for sign, part in written:
        weighed = _WEIGHT.match(part)
        value, _, feedback = (part[weighed.end() :] if weighed else part).partition("#")
        if sign == "=" and (weighed is None or float(weighed[1]) > 99.99):
            full.append(value.strip())
        else:
            notes.append("answers with part of the credit dropped")
        if feedback.strip():
            notes.append("feedback of single answers dropped")
    if len(full) != 1:
        raise RefusedError(f"{len(full) or 'no'} numbers give full credit; it must be one")
    return Meant(_within(full[0]), notes=tuple(dict.fromkeys(notes)))


def _within(text: str) -> Number:
    """`1822:5` or `1817..1827`; decimal arithmetic keeps the middle of a range exact."""
    if between := _RANGE.fullmatch(text):
        low, high = Decimal(between[1]), Decimal(between[2])
        if low > high:
            raise RefusedError("the range begins above its end")
        value, tolerance = float((low + high) / 2), float((high - low) / 2)
    elif within := _WITHIN.fullmatch(text):
        value, tolerance = float(within[1]), float(within[2] or 0)
    else:
        shown = plain_words(text, "plain")[0][:30]
        raise RefusedError(f"`{shown}` is not a number such as 3.5, 3.5:0.1 or 3..4")
    if not (math.isfinite(value) and math.isfinite(tolerance)):
        raise RefusedError("the number is too large")
    return Number(value, tolerance)


def _pairs(parts: tuple[_Part, ...], form: str) -> tuple[Meant, ...]:
    """Each pair of a matching question as a question, with wrong options from the other pairs."""
    pairs: list[tuple[str, str]] = []
    for part in parts:
        left, arrow, right = part.masked.partition("->")
        if not arrow or not right.strip():
            raise RefusedError("a pair of the matching question has no `left -> right`")
        pairs.append((plain_words(left, form)[0], plain_words(right, form)[0]))
    found: list[Meant] = []
    total = sum(1 for left, _ in pairs if left)
    for place, (left, right) in enumerate(pairs):
        if left:
            others = [text for _, text in (*pairs[place + 1 :], *pairs[:place])]
            wrong = {text.casefold(): text for text in others}
            wrong.pop(right.casefold(), None)
            options = tuple(Option(text) for text in wrong.values())[:MAX_WRONG]
            note = f"matching: pair {len(found) + 1} of {total} as a question of its own"
            found.append(Meant(Choice((Option(right),), options), left, (note,)))
    if not found:
        raise RefusedError("the matching question has no pair")
    return tuple(found)
