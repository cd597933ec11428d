"""Recent look-ups of each person: in memory only, few, and gone with the process."""

from __future__ import annotations

from collections import OrderedDict

from bot.core.command import Actor
from bot.core.intents import Run

PER_PERSON = 5
"""Look-ups that are remembered for a person."""

PEOPLE = 10_000
"""People who are remembered; who asked longest ago is forgotten first."""


class Recent:
    """What people looked up lately."""

    def __init__(self) -> None:
        self._people: OrderedDict[Actor, tuple[Run, ...]] = OrderedDict()

    def add(self, actor: Actor, run: Run) -> None:
        """Remember a look-up as the latest one."""
        others = tuple(known for known in self._people.get(actor, ()) if known != run)
        self._people[actor] = (run, *others)[:PER_PERSON]
        self._people.move_to_end(actor)
        if len(self._people) > PEOPLE:
            self._people.popitem(last=False)

    def of(self, actor: Actor) -> tuple[Run, ...]:
        """A person's look-ups, the latest first."""
        return self._people.get(actor, ())
