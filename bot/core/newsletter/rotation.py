"""Whose turn it is: a fixed order over some ids that repeats none before all have had theirs."""

from __future__ import annotations

import hashlib
from collections.abc import Collection


def pick(ids: Collection[str], number: int, seed: str) -> str:
    """The id for a number, counted from 0.

    Numbers 0 to n - 1 are the first cycle, the next n the second, and so on. Each cycle has every
    id once, in an order of its own that follows from `seed`, the cycle and the ids alone. No id
    comes twice in a row where there are two or more.

    Raises:
        ValueError: if there are no ids or the number is negative.
    """
    if not ids or number < 0:
        raise ValueError("there is nothing to pick from, or the number is negative")
    cycle, place = divmod(number, len(ids))
    return _order(ids, cycle, seed)[place]


def _order(ids: Collection[str], cycle: int, seed: str) -> list[str]:
    """The ids in the order of a cycle. Two ids keep theirs, as every other would repeat one."""
    if len(set(ids)) <= 2 or cycle == 0:
        return _shuffled(ids, 0, seed)
    order = _shuffled(ids, cycle, seed)
    # The last of the cycle before is not moved by a swap there, because there are three or more.
    if order[0] == _shuffled(ids, cycle - 1, seed)[-1]:
        order[:2] = order[1], order[0]
    return order


def _shuffled(ids: Collection[str], cycle: int, seed: str) -> list[str]:
    def rank(identity: str) -> bytes:
        return hashlib.sha256(f"{seed}\0{cycle}\0{identity}".encode()).digest()

    return sorted(set(ids), key=rank)
