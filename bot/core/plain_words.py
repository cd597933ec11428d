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

MAX_QUESTION = 200
"""Characters of a question that are tried on the patterns."""

NEAREST = 3
"""How many nearest things are offered where a question is not understood."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A way to ask: an expression, the command that it means, and the parts that it names."""

    expression: re.Pattern[str]
    command: str
    parts: tuple[str, ...]


def _pattern(command: str, parts: str, *expression: str) -> Pattern:
    return Pattern(re.compile("".join(expression), re.IGNORECASE), command, tuple(parts))


_NOBODY = frozenset({"i", "you", "we", "they", "one", "it", "me", "this", "that", "someone"})
"""Words that stand where a role could, and name none."""

_FILLER = r"(?:(?:a|an|the|being|become|becoming) )*"
_A = rf"{_FILLER}(?P<a>.+?)"
_B = rf"{_FILLER}(?P<b>.+?)"
_END = r"(?: (?:role|roles|job|jobs|position))?$"
_AND = r"(?: and | or | vs\.? | versus | with | to | from |, ?| compared (?:to|with) )"
_PAY = r"(?:pay|salary|salaries|earnings|wages?|compensation)"
_IN = r"(?: (?:in|for) (?:the )?(?P<b>.+?))?$"
_GO = r"(?:move|switch|change|transition|go|get|step|jump|path|way)"
_WHAT = r"(?:what(?:'s| is| are|s)|who (?:is|are)|define|explain|meaning of|(?:tell me )?about)"

_GREETING = re.compile(r"^(?:(?:hey|hi|hello|please|ok|so)(?: there)?\b[ ,!.]*)+", re.IGNORECASE)
_HELP = re.compile(
    r"^(?:$|(?:what (?:can|do) you do|who are you|what is this|how does this work)$)|"
    r"^(?:thanks|thank you|cheers)\b",
    re.IGNORECASE,
)
_FIT = re.compile(
    r"^(?:which|what) (?:\w+ )?(?:role|job|career|one)s?(?: \w+)? "
    r"(?:fits?|suits?|is (?:right|best|good) for|would (?:fit|suit)) me$|"
    r"^(?:which|what) (?:\w+ )?(?:role|job|career)s? should i (?:choose|become|pick|take|go for)$|"
    r"^(?:take |start |do )?(?:a |the )?(?:role[- ]fit |career )?quiz$|^quiz me$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"[?!.;] |,? and (?:which|what|who|how|should)\b|, (?:which|or) ")

PATTERNS = (
    _pattern(
        "compare", "ab", r"diff(?:eren(?:ce|t|ces))?\b.*? (?:between|of) ", _A, _AND, _B, _END
    ),
    _pattern("compare", "ab", "(?:does|do|is|are) ", _A, " (?:differ|different) from ", _B, _END),
    _pattern("compare", "ab", "^compare ", _A, _AND, _B, _END),
    _pattern("compare", "ab", "^(?:is|are) ", _A, " (?:just |really )?the same as ", _B, _END),
    _pattern("compare", "ab", "^(?:is|are) ", _A, " and ", _B, " (?:really )?the same.*$"),
    _pattern("compare", "ab", "^(?:who|which).*? (?:more|better)[,:]? ", _A, " or ", _B, _END),
    _pattern("compare", "ab", "^(?:is|are) ", _A, " paid more than ", _B, _END),
    _pattern("compare", "ab", "(?:become|be|choose) ", _A, " or ", _B, _END),
    _pattern("path", "ab", _GO, " from ", _A, " (?:to|into) ", _B, _END),
    _pattern("path", "ab", "^from ", _A, " (?:to|into) ", _B, _END),
    _pattern(
        "path",
        "ab",
        r"\b(?:i am|i'm|im|work as) (?:currently )?",
        _A,
        r"[,;.]? [^,;.]*?\b(?:become|be|into|to) ",
        _B,
        _END,
    ),
    _pattern("path", "ab", "(?:become|turn into) ", _B, " (?:from|after|as) ", _A, _END),
    _pattern("pay", "ab", _PAY, "(?: of| for)? ", _A, _IN),
    _pattern(
        "pay",
        "ab",
        "how much (?:do|does|can|is|are|would) ",
        _A,
        " (?:earn|make|get|paid|cost)s?(?: paid)?",
        _IN,
    ),
    _pattern("pay", "ab", "^", _A, " ", _PAY, _IN),
    _pattern("skills", "a", r"skills? .*?\b(?:for|to become|to be) ", _A, _END),
    _pattern("skills", "a", r"skills?(?: \w+)?? (?:of|as) ", _A, _END),
    _pattern(
        "skills",
        "a",
        "skills? .*?(?:does|do|should|must|would) ",
        _A,
        " (?:need|have|know|learn|require)",
    ),
    _pattern(
        "skills",
        "a",
        "what (?:does|do|should|must) ",
        _A,
        " (?:need|have) to (?:know|learn|have)",
    ),
    _pattern("skills", "a", "^", _A, " skills?$"),
    _pattern("role", "a", "(?:what|how) (?:does|do) ", _A, " do(?: all day| every day)?$"),
    _pattern(
        "role",
        "a",
        r"(?:how (?:do|can|could|would|to)|want to|like to)\b.*? (?:become|be) ",
        _A,
        _END,
    ),
    _pattern("skills", "a", "learn (?:to be|to become|for) ", _A, _END),
    _pattern("quiz", "a", "^(?:quiz|test|examine) me (?:on|about|in) ", _A, "$"),
    _pattern("path", "ab", "^", _A, " (?:to|into) ", _B, _END),
    _pattern("compare", "ab", "^", _A, r" ?(?:\bvs\.?|\bversus|/|\bor) ", _B, _END),
    _pattern("", "a", _WHAT, " ", _A, _END),
)
"""Tried in this order; the last one, without a command, means whatever the thing is."""


def understand(text: str, catalogue: Catalogue) -> Run | None:
    """The command that the words mean, or None where they name nothing that is known.

    A question that goes on ("..., and which should I become?") is also tried without its rest.
    """
    whole = _GREETING.sub("", clean(text, MAX_QUESTION)).strip(" ?!.")
    if _HELP.search(whole):
        return Run("help")
    if _FIT.search(whole):
        return Run("quiz", ("fit",))
    for question in dict.fromkeys((whole, _GOES_ON.split(whole)[0])):
        for pattern in PATTERNS:
            match = pattern.expression.search(question)
            if match and (run := _run(pattern, match, catalogue)):
                return run
    return _thing(whole, catalogue)


def _run(pattern: Pattern, match: re.Match[str], catalogue: Catalogue) -> Run | None:
    first, *rest = (match[part] for part in pattern.parts)
    if first.casefold() in _NOBODY:
        return None
    if not pattern.command:
        return _thing(first, catalogue)
    if pattern.command == "quiz":
        known = _means(first, catalogue.jobs) or _means(first, catalogue.entries)
        return Run("quiz", (first,)) if known else None
    if not _means(first, catalogue.jobs):
        return None
    if pattern.command == "pay":
        return Run("pay", (first, *rest), aloud=True)
    if not all(_means(part, catalogue.jobs) for part in rest):
        return None
    return Run(pattern.command, (first, *rest), aloud=True)


def _means(text: str, lookup: Lookup) -> bool:
    """Whether the words mean something; what is ambiguous is asked about later."""
    return not isinstance(lookup.find(text), Nothing)


def _thing(text: str, catalogue: Catalogue) -> Run | None:
    """A role, a skill or a term that was named and nothing else.

    A role's own name comes first, then the exact names of skills and terms, so that "ML" and
    "MLOps" are explained and not taken for the people who do it.
    """
    jobs, entries = catalogue.jobs, catalogue.entries
    role, definition = Run("role", (text,), aloud=True), Run("define", (text,), aloud=True)
    if text.casefold() in _NOBODY:
        return None
    if entries.is_name(text, own=False) and not jobs.is_name(text, own=True):
        return definition
    if jobs.is_name(text, own=False):
        return role
    for certain in (Found, Several):
        for lookup, run in ((jobs, role), (entries, definition)):
            if isinstance(lookup.find(text), certain):
                return run
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
    longest = sorted((word for word in text.split() if len(word) > 2), key=len, reverse=True)
    asked = [text, *longest[:8]]
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
