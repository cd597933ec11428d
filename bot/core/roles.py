"""Roles as vectors of skill levels: what two share, how alike they are, how far a move is."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.core.content.models import DEFINING, STRONG, Role

MOST_NEAR = 10
"""How many neighbours of a role are worked out and kept."""

MOST_SHOWN = 5
"""How many differences a comparison shows for each side."""


@dataclass(frozen=True, slots=True)
class Differences:
    """Skill ids: `shared` are strengths of both; `more_in_first` and `more_in_second` differ most.

    Each list is ordered by what matters most; the latter two hold at most five.
    """

    shared: tuple[str, ...]
    more_in_first: tuple[str, ...]
    more_in_second: tuple[str, ...]


def differences(first: Role, second: Role, skills: Iterable[str]) -> Differences:
    """Compare two roles over `skills`, whose order decides between equals."""
    levels = [(skill, first.level(skill), second.level(skill)) for skill in skills]
    shared = sorted(
        (row for row in levels if min(row[1], row[2]) >= STRONG), key=lambda row: -(row[1] + row[2])
    )
    more_first = sorted(
        (row for row in levels if row[1] > row[2]), key=lambda r: (r[2] - r[1], -r[1])
    )
    more_second = sorted(
        (row for row in levels if row[2] > row[1]), key=lambda r: (r[1] - r[2], -r[2])
    )
    return Differences(
        shared=tuple(row[0] for row in shared),
        more_in_first=tuple(row[0] for row in more_first[:MOST_SHOWN]),
        more_in_second=tuple(row[0] for row in more_second[:MOST_SHOWN]),
    )


def gap(start: Role, goal: Role) -> int:
    """Levels to gain for a move: the sum of what `goal` needs beyond `start`. Not symmetric."""
    return sum(max(0, level - start.level(skill)) for skill, level in goal.skills.items())


def to_learn(start: Role, goal: Role) -> tuple[str, ...]:
    """Skills to gain for a move, ordered by (levels to gain) × (level needed), largest first."""
    lacking = [
        (skill, (level - start.level(skill)) * level)
        for skill, level in goal.skills.items()
        if level > start.level(skill)
    ]
    return tuple(skill for skill, _ in sorted(lacking, key=lambda item: -item[1]))


def already(start: Role, goal: Role) -> tuple[str, ...]:
    """Strengths that `goal` needs and `start` has: its level is at least as high, and 3 or more."""
    return tuple(
        skill
        for skill, level in goal.skills.items()
        if level >= STRONG and start.level(skill) >= level
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a move is among the moves from the same role.

    `shorter` of the `others` other moves have a smaller gap.
    """

    gap: int
    shorter: int
    others: int


class Family:
    """All roles together: each one's neighbours and moves, quick also among thousands.

    A role is a set of bits, `n` of them for a skill at level `n`, so that minima and maxima of
    levels are intersections and unions. What is worked out for a role is kept.
    """

    def __init__(self, roles: Mapping[str, Role]) -> None:
        self._roles = roles
        skills = dict.fromkeys(skill for role in roles.values() for skill in role.skills)
        places = {skill: place * DEFINING for place, skill in enumerate(skills)}
        self._bits = {
            role.id: sum(((1 << level) - 1) << places[s] for s, level in role.skills.items())
            for role in roles.values()
        }
        self._gaps: dict[str, list[int]] = {}
        self._near: dict[str, tuple[Role, ...]] = {}

    def nearest(self, role: Role, count: int) -> tuple[Role, ...]:
        """The `count` roles most similar to this one (at most 10), the most similar first.

        Similarity is the weighted Jaccard of the levels: sum of minima over sum of maxima.
        """
        if role.id not in self._near:
            mine = self._bits[role.id]
            likeness = {
                identity: (mine & bits).bit_count() / (mine | bits).bit_count()
                for identity, bits in self._bits.items()
                if identity != role.id
            }
            order = heapq.nsmallest(MOST_NEAR, likeness, key=lambda i: (-likeness[i], i))
            self._near[role.id] = tuple(self._roles[identity] for identity in order)
        return self._near[role.id][:count]

    def standing(self, start: Role, goal: Role) -> Standing:
        """Where the move from `start` to `goal` stands among the moves from `start`."""
        if start.id not in self._gaps:
            lacking = ~self._bits[start.id]
            self._gaps[start.id] = sorted(
                (bits & lacking).bit_count()
                for identity, bits in self._bits.items()
                if identity != start.id
            )
        gaps, distance = self._gaps[start.id], gap(start, goal)
        return Standing(distance, bisect_left(gaps, distance), len(gaps) - 1)
