"""What the text of an option means, and what an option can be completed to, by its kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from bot.core.command import Context, Kind, Option, Suggestion
from bot.core.content.loader import Content
from bot.core.content.lookup import Found, Lookup, Named, Nothing, Several
from bot.core.content.models import LEVELS, Title
from bot.core.intents import Run
from bot.core.newsletter import zones
from bot.core.user_text import clean
from bot.core.wording import capitalised

LEVEL_LOOKUP = Lookup(
    Named(str(level), word, (str(level),)) for level, word in enumerate(LEVELS) if level
)


FREE = frozenset({Kind.TEXT, Kind.LISTED})
"""What cannot be looked up: free text, and fields that bring their own choices."""

QUIZZES = (
    Named("fit", "which role fits me", ("role fit", "fit quiz", "which role", "career quiz")),
    Named("duel", "two roles head to head", ("head to head", "versus")),
    Named("review", "review what is due", ("reviews", "due", "repeat")),
    Named("continue", "continue", ("resume", "go on")),
)
"""What can be taken besides quizzes on roles and skills."""

EVERY_ZONE = 1000
"""More time zones than there are."""

NEWS_ACTIONS = (
    *("subscribe", "list", "edit", "pause", "resume", "unsubscribe"),
    *("preview", "status", "send-now"),
)

RIVALS = (
    Named("placement", "placement", ("level", "my level", "place me")),
    Named("duel", "another role", ("head to head",)),
)


def _named_roles(content: Content) -> list[Named]:
    return [Named(role.id, role.name, role.aliases) for role in content.roles.values()]


def _topics(content: Content) -> list[Named]:
    """Everything that knowledge quizzes can be about; ids of one kind hide those of the next."""
    topics = {group.id: Named(group.id, group.name) for group in content.skill_groups}
    topics |= {s.id: Named(s.id, s.name, s.aliases) for s in content.skills.values()}
    topics |= {role.id: role for role in _named_roles(content)}
    return list(topics.values())


def _zone(text: str) -> Understood | Several | Nothing:
    match zones.zone_named(text):
        case Found(identity):
            return Understood(identity)
        case unclear:
            return unclear


@dataclass(frozen=True, slots=True)
class Understood:
    """The value of an argument: an id, or cleaned text."""

    value: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A job title was given where a role is needed."""

    title: Title


Meaning: TypeAlias = Understood | Elsewhere | Run | Several | Nothing


class Options:
    """Reads and completes options against one catalogue and one set of commands."""

    def __init__(self, context: Context) -> None:
        self._context = context
        catalogue = context.catalogue
        self._lookups: Mapping[Kind, Lookup] = {
            Kind.ROLE: catalogue.jobs,
            Kind.JOB: catalogue.jobs,
            Kind.ENTRY: catalogue.entries,
            Kind.COUNTRY: catalogue.countries,
            Kind.LEVEL: LEVEL_LOOKUP,
            Kind.COMMAND: Lookup(Named(name, name) for name in context.commands),
            Kind.QUIZ: Lookup([*QUIZZES, *_topics(catalogue.content)]),
            Kind.NEWS: Lookup(Named(action, action) for action in NEWS_ACTIONS),
            Kind.AGAINST: Lookup([*RIVALS, *_named_roles(catalogue.content)]),
        }

    def read(self, option: Option, text: str) -> Meaning:
        """What a person's text means for an option."""
        if option.kind is Kind.TEXT:
            return Understood(clean(text))
        if option.kind is Kind.ZONE:
            return _zone(text)
        match self._lookups[option.kind].find(text.removeprefix("/")):
            case Found(identity):
                return self._meaning(option, (identity,))
            case Several(ids):
                return self._meaning(option, ids)
            case Nothing() as nothing:
                return self._job(text) or nothing if option.kind is Kind.ENTRY else nothing

    def _job(self, text: str) -> Run | None:
        """Where a skill or term is wanted and a role or title is named, it is what is asked for."""
        match self._context.catalogue.jobs.find(text):
            case Found(identity):
                return Run("role", (identity,))
            case _:
                return None

    def _meaning(self, option: Option, ids: tuple[str, ...]) -> Meaning:
        """Where a role is wanted, a job title counts only if no role is meant."""
        titles = self._context.catalogue.content.titles
        wanted = ids if option.kind is not Kind.ROLE else tuple(i for i in ids if i not in titles)
        match wanted:
            case ():
                return Elsewhere(titles[ids[0]])
            case (identity,):
                return Understood(identity)
            case _:
                return Several(wanted)

    def complete(self, kind: Kind, text: str, limit: int = 25) -> tuple[Suggestion, ...]:
        """Up to `limit` suggestions for what has been typed so far."""
        if kind in FREE:
            return ()
        if kind is Kind.ZONE:
            return self.suggestions(kind, zones.complete_zone(text, limit))
        found = self._lookups[kind].complete(text.removeprefix("/"), limit)
        return self.suggestions(kind, found)

    def suggestions(self, kind: Kind, ids: tuple[str, ...]) -> tuple[Suggestion, ...]:
        """The ids as suggestions with their names."""
        if kind is Kind.ZONE:
            return tuple(Suggestion(zone, zones.label(zone)) for zone in ids if zones.is_zone(zone))
        things = self._lookups[kind].things
        known = self._context.catalogue.content.roles if kind is Kind.ROLE else things
        keep = (identity for identity in ids if identity in known)
        return tuple(Suggestion(identity, capitalised(things[identity].name)) for identity in keep)

    def all(self, kind: Kind) -> tuple[Suggestion, ...]:
        """Every possible value of a kind, in the order of the content; none for text."""
        if kind is Kind.ZONE:
            return self.complete(kind, "", EVERY_ZONE)
        return () if kind in FREE else self.suggestions(kind, tuple(self._lookups[kind].things))
