"""Finding a thing by what a person typed: id, name, alias, beginning, or a slip of the finger."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.core.content.names import squeeze, words

MAX_ASKED = 100
"""Characters of a text that are looked at."""

MAX_SEVERAL = 10
"""More things than this are not offered as "which of these?"."""

LIKENESS = 65
"""From this likeness (0 to 100) of its least similar word on, a name is worth suggesting."""

_ARTICLES = frozenset({"a", "an", "the"})
_RANKS = frozenset(
    [
        "senior",
        "sr",
        "mid",
        "junior",
        "jr",
        "lead",
        "staff",
        "principal",
        "graduate",
        "intern",
        "i",
        "ii",
        "iii",
        "remote",
    ]
)
"""Words round a job's name that do not change which job it is."""


@dataclass(frozen=True, slots=True)
class Found:
    """Exactly one thing is meant."""

    id: str


@dataclass(frozen=True, slots=True)
class Several:
    """More than one thing may be meant, in the order of the content."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing is meant; `near` holds up to five that look alike, the most similar first."""

    near: tuple[str, ...]


Match: TypeAlias = Found | Several | Nothing


@dataclass(frozen=True, slots=True)
class Named:
    """Something to find: its id, the name it is shown with, and other names it goes by."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()


class Lookup:
    """An index over named things. Building it is linear; a look-up does not scan all names."""

    def __init__(self, things: Iterable[Named]) -> None:
        self.things = {thing.id: thing for thing in things}
        self._rank = {identity: rank for rank, identity in enumerate(self.things)}
        self._exact: dict[str, list[str]] = {}
        self._own: dict[str, str] = {}
        self._names: list[tuple[str, ...]] = []
        self._owner: list[str] = []
        self._by_word: dict[str, set[int]] = {}
        for thing in self.things.values():
            for name in (thing.id, thing.name, *thing.aliases):
                self._add(thing.id, name, own=name not in thing.aliases)
        self._squeezed = sorted(self._exact)
        self._vocabulary = sorted(self._by_word)
        self._spelled = [" ".join(name) for name in self._names]
        self._found = lru_cache(maxsize=4096)(self._find)
        self._completed = lru_cache(maxsize=4096)(self._complete)

    def _add(self, identity: str, name: str, *, own: bool) -> None:
        key = squeeze(name)
        owners = self._exact.setdefault(key, [])
        if identity not in owners:
            owners.append(identity)
        if own:
            self._own.setdefault(key, identity)
        position = len(self._names)
        self._names.append(words(name))
        self._owner.append(identity)
        for word in words(name):
            self._by_word.setdefault(word, set()).add(position)

    def is_name(self, text: str, *, own: bool) -> bool:
        """Whether `text` is exactly a thing's own name or id or, unless `own`, an alias."""
        return "".join(_asked(text)) in (self._own if own else self._exact)

    def find(self, text: str) -> Match:
        """What `text` means; its first 100 characters count."""
        return self._found(text[:MAX_ASKED])

    def complete(self, text: str, limit: int) -> tuple[str, ...]:
        """Up to `limit` ids for what has been typed so far, the likeliest first."""
        return self._completed(text[:MAX_ASKED], limit)

    def _find(self, text: str) -> Match:
        asked = _asked(text)
        key = "".join(asked)
        if not key:
            return Nothing(())
        if key in self._own:
            return Found(self._own[key])
        for ids in (
            self._exact.get(key, ()),
            self._own_beginning(key),
            self._beginning(key),
            self._with_words(asked, typos=False),
            self._with_words(asked, typos=True),
            self._run_together(asked),
        ):
            if ids:
                return self._match(ids, asked)
        plainer = tuple(_singular(word) for word in asked if word not in _RANKS)
        if plainer and plainer != asked:
            return self._find(" ".join(plainer))
        return Nothing(tuple(self._near(asked)))

    def _complete(self, text: str, limit: int) -> tuple[str, ...]:
        asked = _asked(text)
        key = "".join(asked)
        if not key:
            return tuple(self.things)[:limit]
        found: dict[str, None] = {}
        for ids in self._completions(key, asked):
            found |= dict.fromkeys(self._in_order(ids))
            if len(found) >= limit:
                break
        return tuple(found or self._guesses(asked))[:limit]

    def _completions(self, key: str, asked: tuple[str, ...]) -> Iterator[Iterable[str]]:
        yield self._exact.get(key, ())
        yield self._own_beginning(key)
        yield self._beginning(key)
        yield self._with_words(asked, typos=False)

    def _guesses(self, asked: tuple[str, ...]) -> list[str]:
        return self._in_order(self._with_words(asked, typos=True)) or self._near(asked)

    def _in_order(self, ids: Iterable[str]) -> list[str]:
        return sorted(set(ids), key=self._rank.__getitem__)

    def _match(self, ids: Iterable[str], asked: tuple[str, ...]) -> Match:
        distinct = self._in_order(ids)
        if len(distinct) == 1:
            return Found(distinct[0])
        if len(distinct) > MAX_SEVERAL:
            near = self._near(asked)
            return Several(tuple(near)) if len(near) > 1 else Several(tuple(distinct[:MAX_SEVERAL]))
        return Several(tuple(distinct))

    def _starting(self, key: str) -> Iterator[str]:
        start = bisect_left(self._squeezed, key)
        for name in self._squeezed[start : start + 200]:
            if not name.startswith(key):
                return
            yield name

    def _own_beginning(self, key: str) -> list[str]:
        """Those whose own name, not only an alias, begins like this."""
        return [self._own[name] for name in self._starting(key) if name in self._own]

    def _beginning(self, key: str) -> list[str]:
        return [identity for name in self._starting(key) for identity in self._exact[name]]

    def _with_words(self, asked: tuple[str, ...], *, typos: bool) -> set[str]:
        """Those with a name that has all the words, each from its beginning or with a typo.

        Names of just these words come before longer ones.
        """
        positions: set[int] | None = None
        for word in asked:
            here: set[int] = set()
            for known in self._alike(word) if typos else self._words_from(word):
                here |= self._by_word[known]
            positions = here if positions is None else positions & here
            if not positions:
                return set()
        found = positions or set()
        whole = {position for position in found if len(self._names[position]) == len(asked)}
        return {self._owner[position] for position in self._closest(whole, asked) or found}

    def _closest(self, positions: set[int], asked: tuple[str, ...]) -> set[int]:
        """Those of the names that the fewest slips lead to."""
        query = " ".join(asked)
        slips = {position: OSA.distance(query, self._spelled[position]) for position in positions}
        fewest = min(slips.values(), default=0)
        return {position for position, count in slips.items() if count == fewest}

    def _words_from(self, beginning: str) -> Iterator[str]:
        start = bisect_left(self._vocabulary, beginning)
        for word in self._vocabulary[start:]:
            if not word.startswith(beginning):
                return
            yield word

    def _alike(self, word: str) -> list[str]:
        """Words of the index that `word` may be a slip of: short words must be right."""
        if len(word) <= 3:
            return list(self._words_from(word))
        slips = 1 if len(word) <= 7 else 2
        found = process.extract(
            word, self._vocabulary, scorer=OSA.distance, score_cutoff=slips, limit=20
        )
        return [known for known, _, _ in found if len(known) > 3] or list(self._words_from(word))

    def _run_together(self, asked: tuple[str, ...]) -> list[str]:
        """A name written as one word, with a typo in it: `dataenginer`."""
        if len(asked) > 1 or len(asked[0]) < 8:
            return []
        found = process.extract(
            asked[0], self._squeezed, scorer=OSA.distance, score_cutoff=2, limit=5
        )
        best = min((slips for _, slips, _ in found), default=0)
        return [
            identity
            for name, slips, _ in found
            if slips == best and name[0] == asked[0][0]
            for identity in self._exact[name]
        ]

    def _near(self, asked: tuple[str, ...]) -> list[str]:
        """Up to five that look alike in every word, the most similar first."""
        query = " ".join(asked)
        found = process.extract(
            query, self._spelled, scorer=fuzz.ratio, score_cutoff=LIKENESS, limit=30
        )
        near: dict[str, None] = {}
        for _, _, position in found:
            if _least_likeness(asked, self._names[position]) >= LIKENESS:
                near.setdefault(self._owner[position])
        return list(near)[:5]


def _asked(text: str) -> tuple[str, ...]:
    asked = words(text[:MAX_ASKED])
    return asked[1:] if len(asked) > 1 and asked[0] in _ARTICLES else asked


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 2 and word.endswith("s") and not word.endswith("ss") else word


def _least_likeness(asked: tuple[str, ...], name: tuple[str, ...]) -> float:
    """The likeness (0 to 100) of the asked word that fits the name least."""
    return min(max(fuzz.ratio(word, known) for known in name) for word in asked)
