"""Plain words to a command: "difference between X and Y?" means `/compare`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.core.content.catalogue import Catalogue
from bot.core.content.lookup import Found, Lookup, Nothing, Several
from bot.core.intents import Run
from bot.core.user_text import clean
from bot.core.wording import capitalised

NEAREST = 3
"""How many nearest things are offered where a question is not understood."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A way to ask: an expression, the command that it means, and the parts that it names."""

    expression: re.Pattern[str]
    command: str
    parts: tuple[str, ...]


def _pattern(text: str, command: str, *parts: str) -> Pattern:
    return Pattern(re.compile(text, re.IGNORECASE), command, parts)


_JOB = r"(?:(?:a|an|the|as|being|become|becoming) )*"
_A = rf"{_JOB}(?P<a>.+?)"
_B = rf"{_JOB}(?P<b>.+?)"
_END = r"(?: (?:role|roles|job|jobs|position))?$"
_AND = r"(?: and | or | vs\.? | versus | with | to | from |, ?| compared (?:to|with) )"

PATTERNS = (
    _pattern(rf"differen(?:ce|t|ces)\b.*? (?:between|of) {_A}{_AND}{_B}{_END}", "compare", "a", "b"),
    _pattern(rf"(?:how )?(?:does|do|is|are) {_A} (?:differ|different) from {_B}{_END}", "compare", "a", "b"),
    _pattern(rf"^compare {_A}{_AND}{_B}{_END}", "compare", "a", "b"),
    _pattern(rf"(?:move|switch|change|transition|go|get|step|jump|path|way) from {_A} (?:to|into) {_B}{_END}", "path", "a", "b"),
    _pattern(rf"^from {_A} (?:to|into) {_B}{_END}", "path", "a", "b"),
    _pattern(rf"(?:i am|i'm|im|as) (?:currently )?{_A}[,;.]? .*?\b(?:become|be|into|to) {_B}{_END}", "path", "a", "b"),
    _pattern(rf"(?:become|turn into) {_B} (?:from|after|as) {_A}{_END}", "path", "a", "b"),
    _pattern(rf"(?:pay|salary|salaries|earnings|wages?|compensation)(?: of| for)? {_A} (?:in|for) (?:the )?(?P<b>.+?)$", "pay", "a", "b"),
    _pattern(rf"(?:pay|salary|salaries|earnings|wages?|compensation)(?: of| for)? {_A}{_END}", "pay", "a"),
    _pattern(rf"how much (?:do|does|can|is|are|would) {_A} (?:earn|make|get|paid|cost)s?(?: paid)?(?: (?:in|for) (?:the )?(?P<b>.+?))?$", "pay", "a", "b"),
    _pattern(rf"^{_A} (?:pay|salary|salaries|earnings|wages?)(?: in (?:the )?(?P<b>.+?))?$", "pay", "a", "b"),
    _pattern(rf"skills? .*?(?:does|do|should|must|would) {_A} (?:need|have|know|learn|require)", "skills", "a"),
    _pattern(rf"what (?:does|do|should|must) {_A} (?:need|have) to (?:know|learn|have)", "skills", "a"),
    _pattern(rf"skills?(?: \w+)?? (?:for|of|to become|to be|as) {_A}{_END}", "skills", "a"),
    _pattern(rf"^{_A} skills?$", "skills", "a"),
    _pattern(rf"(?:what|how) (?:does|do) {_A} do(?: all day| every day)?$", "role", "a"),
    _pattern(rf"(?:how (?:do|can|could|would|to)|want to|like to)\b.*? (?:become|be) {_A}{_END}", "role", "a"),
    _pattern(rf"^{_A} ?(?:\bvs\.?|\bversus|/|\bor) {_B}{_END}", "compare", "a", "b"),
    _pattern(rf"(?:what(?:'s| is| are|s)|who (?:is|are)|define|explain|meaning of|tell me about|about) {_A}{_END}", "", "a"),
)  # fmt: skip
"""Tried in this order; the last one, without a command, means whatever the thing is."""


def understand(text: str, catalogue: Catalogue) -> Run | None:
    """The command that the words mean, or None where they name nothing that is known."""
    question = clean(text).strip(" ?!.")
    for pattern in PATTERNS:
        match = pattern.expression.search(question)
        if match and (run := _run(pattern, match, catalogue)):
            return run
    return _thing(question, catalogue)


def _run(pattern: Pattern, match: re.Match[str], catalogue: Catalogue) -> Run | None:
    first, *rest = (match[part] for part in pattern.parts)
    if not pattern.command:
        return _thing(first, catalogue)
    if not _means(first, catalogue.jobs):
        return None
    if pattern.command == "pay":
        country = next(iter(rest), None)
        known = country and _means(country, catalogue.countries)
        return Run("pay", (first, country if known else None), aloud=True)
    if not all(_means(part, catalogue.jobs) for part in rest):
        return None
    return Run(pattern.command, (first, *rest), aloud=True)


def _means(text: str, lookup: Lookup) -> bool:
    """Whether the words mean something; what is ambiguous is asked about later."""
    return not isinstance(lookup.find(text), Nothing)


def _thing(text: str, catalogue: Catalogue) -> Run | None:
    """A role, a skill or a term that was named and nothing else."""
    choices: tuple[tuple[Lookup, str], ...] = (
        (catalogue.jobs, "role"),
        (catalogue.entries, "define"),
    )
    for certain in (Found, Several):
        for lookup, command in choices:
            if isinstance(lookup.find(text), certain):
                return Run(command, (text,), aloud=True)
    return None


def nearest(text: str, catalogue: Catalogue) -> tuple[tuple[str, Run], ...]:
    """The three nearest things that the content knows, each with its name and its command."""
    found: dict[str, Run] = {}
    for name, run in _candidates(clean(text), catalogue):
        found.setdefault(capitalised(name), run)
        if len(found) == NEAREST:
            break
    return tuple(found.items())


def _candidates(text: str, catalogue: Catalogue) -> Iterator[tuple[str, Run]]:
    lookups: tuple[tuple[Lookup, Callable[[str], Run]], ...] = (
        (catalogue.jobs, lambda identity: Run("role", (identity,))),
        (catalogue.entries, lambda identity: Run("define", (identity,))),
    )
    asked = [text, *sorted(text.split(), key=len, reverse=True)]
    for part in asked:
        for lookup, run in lookups:
            match lookup.find(part):
                case Found(identity):
                    yield lookup.things[identity].name, run(identity)
                case Several(ids) | Nothing(ids):
                    for identity in ids:
                        yield lookup.things[identity].name, run(identity)
    for lookup, run in lookups:
        for identity, thing in list(lookup.things.items())[:NEAREST]:
            yield thing.name, run(identity)
