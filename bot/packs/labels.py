"""Categories, tags and decks of other programs, as our skills and levels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.core.content.loader import Content
from bot.core.content.lookup import Found, Lookup, Named
from bot.packs.opentdb import LEVELS

_PARTS = re.compile(r"::|[:/>]")
_LEVEL = re.compile(r"(?:level|difficulty)\W*([1-3])", re.IGNORECASE)


class Skills:
    """Finds skills by id, name or alias."""

    def __init__(self, content: Content) -> None:
        skills = content.skills.values()
        self._lookup = Lookup(Named(skill.id, skill.name, skill.aliases) for skill in skills)

    def named(self, text: str) -> str | None:
        """The id of the skill with exactly this id, name or alias, whatever its case."""
        if not self._lookup.is_name(text, own=False):
            return None
        match self._lookup.find(text):
            case Found(identity):
                return identity
            case _:
                return None

    def of(self, labels: Iterable[str]) -> str | None:
        """The skill that the nearest of the labels names; the last label is the nearest."""
        for label in reversed(list(labels)):
            for part in _with_parts(label):
                if part and (skill := self.named(part)):
                    return skill
        return None

    def near(self, text: str) -> tuple[str, ...]:
        """Ids of skills that look like the text, the most similar first."""
        return self._lookup.complete(text, 5)


def _with_parts(label: str) -> Iterator[str]:
    """A label, and its parts from the last: `Science: Computers` may name `Computers`."""
    yield label
    yield from (part.strip() for part in reversed(_PARTS.split(label)))


def level_of(labels: Iterable[str]) -> int | None:
    """The level that a label names, such as `level::2`, `level-2` or `medium`; else None."""
    for label in labels:
        if match := _LEVEL.fullmatch(label.strip()):
            return int(match[1])
        if (level := LEVELS.get(label.strip().casefold())) is not None:
            return level
    return None
