"""The items that a quiz draws from, kept in such an order that a choice looks at few of them."""

from __future__ import annotations

import heapq
import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.core.content.quizzes import Item
from bot.core.quiz.adaptive import (
    NEAREST,
    Candidate,
    Rating,
    asked_twice_running,
    expected,
    start_of,
)
from bot.core.quiz.grading import guess_chance


@dataclass(frozen=True, slots=True)
class _Alike:
    """The items of one skill that are as easily guessed, the easiest first."""

    skill: str
    group: str
    guess: float
    items: list[str]
    difficulties: list[float]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which question is wanted next, and for whom.

    `abilities` are the person's, by group of skills. `last` says when they last answered an item
    (any number that grows with time), or None if they never did. `asked` are the items asked so far
    in this quiz, and `recent` their skills in order. `target` is the chance of a right answer that
    is aimed at.
    """

    abilities: Mapping[str, Rating]
    last: Callable[[str], float | None]
    asked: Collection[str]
    recent: Sequence[str]
    target: float


class Pool:
    """Items, in an order of their own."""

    def __init__(self, items: Iterable[Item], group_of: Callable[[str], str]) -> None:
        """`group_of` names the group of a skill, for which people have their abilities."""
        self.items: Final = tuple(items)
        self._by_id: Final = {item.id: item for item in self.items}
        self._starts: Final = {item.id: start_of(item.level).value for item in self.items}
        alike: defaultdict[tuple[str, float], list[str]] = defaultdict(list)
        for item in self.items:
            alike[item.skill, guess_chance(item)].append(item.id)
        kinds = [_Alike(s, group_of(s), guess, ids, []) for (s, guess), ids in alike.items()]
        # Several threads may sort at once; each puts a whole new order in the place of the old.
        self._sorted: tuple[Mapping[str, Rating] | None, list[_Alike]] = (None, kinds)

    def __len__(self) -> int:
        return len(self.items)

    def get(self, identity: str) -> Item | None:
        """The item, if it is one of these."""
        return self._by_id.get(identity)

    def difficulty(self, item: Item, difficulties: Mapping[str, Rating]) -> float:
        """An item's difficulty in logits: its author's level, until somebody has answered it."""
        known = difficulties.get(item.id)
        return self._starts[item.id] if known is None else known.value

    def candidates(self, wanted: Wanted, difficulties: Mapping[str, Rating]) -> list[Candidate]:
        """The few among which `adaptive.choose` would choose if it were given all, in no order.

        `difficulties` are those of items that somebody answered. They must not change: new ones
        come in a new mapping.
        """
        kinds = self._in_order(difficulties)
        others = [kind for kind in kinds if kind.skill != asked_twice_running(wanted.recent)]
        if any(item not in wanted.asked for kind in others for item in kind.items):
            kinds = others
        found = [near for kind in kinds for near in _nearest(kind, wanted)]
        if not found:
            return list(_all(kinds, wanted))
        edge = heapq.nsmallest(NEAREST, (distance for distance, _, _ in found))[-1]
        return [
            Candidate(kind.items[index], kind.skill, kind.difficulties[index], kind.guess, None)
            for distance, kind, index in found
            if distance <= edge
        ]

    def _in_order(self, difficulties: Mapping[str, Rating]) -> list[_Alike]:
        of, kinds = self._sorted
        if of is not difficulties:
            values = {
                item: difficulties[item].value if item in difficulties else start
                for item, start in self._starts.items()
            }
            kinds = [_in_order(kind, values) for kind in kinds]
            self._sorted = (difficulties, kinds)
        return kinds


def _in_order(kind: _Alike, values: Mapping[str, float]) -> _Alike:
    """The same items by these difficulties; where little has changed, that is quick."""
    items = sorted(kind.items, key=values.__getitem__)
    return replace(kind, items=items, difficulties=[values[item] for item in items])


def _all(kinds: Iterable[_Alike], wanted: Wanted) -> Iterator[Candidate]:
    for kind in kinds:
        for item, difficulty in zip(kind.items, kind.difficulties, strict=True):
            if item not in wanted.asked:
                yield Candidate(item, kind.skill, difficulty, kind.guess, wanted.last(item))


def _nearest(kind: _Alike, wanted: Wanted) -> Iterator[tuple[float, _Alike, int]]:
    """Of the items never answered the nearest ones: their distance from the target, and where.

    They come nearest first: five of them, and those that are as near as the fifth.
    """
    theta = wanted.abilities.get(kind.group, Rating()).value
    found, edge = 0, math.inf
    for distance, index in _outwards(kind, theta, wanted.target):
        if found >= NEAREST and distance > edge:
            return
        item = kind.items[index]
        if item not in wanted.asked and wanted.last(item) is None:
            yield distance, kind, index
            found, edge = found + 1, distance


def _outwards(kind: _Alike, theta: float, target: float) -> Iterator[tuple[float, int]]:
    """All items by their distance from the target: the chance falls as the difficulty rises."""

    def distance(index: int) -> float:
        if not 0 <= index < len(kind.items):
            return math.inf
        return abs(expected(theta, kind.difficulties[index], kind.guess) - target)

    harder = bisect_left(kind.difficulties, _aim(theta, kind.guess, target))
    easier = harder - 1
    to_harder, to_easier = distance(harder), distance(easier)
    for _ in kind.items:
        if to_harder <= to_easier:
            yield to_harder, harder
            harder += 1
            to_harder = distance(harder)
        else:
            yield to_easier, easier
            easier -= 1
            to_easier = distance(easier)


def _aim(theta: float, guess: float, target: float) -> float:
    """The difficulty at which the chance of a right answer is the target; no limit below guess."""
    share = (target - guess) / (1 - guess)
    if share <= 0:
        return math.inf
    return theta - math.log(share / (1 - share)) if share < 1 else -math.inf
