"""The catalogue: content with its indexes, ready to be asked. It is built once per version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.content.loader import Content
from bot.core.content.lookup import Lookup, Named
from bot.core.content.models import Country, Entry, Note, Role, Title


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Content and the look-ups over it.

    `jobs` finds roles and titles, `entries` finds skills, terms and notes, `countries` those that
    figures hold for.
    """

    content: Content
    jobs: Lookup
    entries: Lookup
    countries: Lookup

    def role(self, identity: str) -> Role:
        """The role with this id. Raises KeyError if there is none."""
        return self.content.roles[identity]

    def job(self, identity: str) -> Role | Title:
        """The role or title with this id. Raises KeyError if there is none."""
        return self.content.roles.get(identity) or self.content.titles[identity]

    def entry(self, identity: str) -> Entry | Note:
        """The skill, term or note with this id. Raises KeyError if there is none."""
        content = self.content
        return (
            content.skills.get(identity) or content.terms.get(identity) or content.notes[identity]
        )

    def notes(self, *roles: str) -> tuple[Note, ...]:
        """The notes about exactly these roles, in any order."""
        asked = frozenset(roles)
        return tuple(note for note in self.content.notes.values() if frozenset(note.roles) == asked)


def index(content: Content) -> Catalogue:
    """The catalogue of some content."""
    titles = content.titles.values()
    return Catalogue(
        content=content,
        jobs=Lookup([*_named(content.roles.values()), *_named(titles)]),
        entries=Lookup(
            [
                *_named(content.skills.values()),
                *_named(content.terms.values()),
                *(Named(note.id, note.title, note.aliases) for note in content.notes.values()),
            ]
        ),
        countries=Lookup(_named(content.countries.values())),
    )


def _named(things: Iterable[Role | Title | Entry | Country]) -> list[Named]:
    return [Named(thing.id, thing.name, thing.aliases) for thing in things]
