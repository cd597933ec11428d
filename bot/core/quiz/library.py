"""The quizzes of one version of the content: the fit model, the items, and what each is about.

Items and the fit quiz are known by a hash of what they say, so that a session which began before
an edit can go on with what it asked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from functools import cached_property, lru_cache
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.core.content.loader import Content
from bot.core.content.models import STRONG, Role
from bot.core.content.quizzes import FitFile, Item
from bot.core.quiz.fit import Model
from bot.core.quiz.pool import Pool

WORKING = 2
"""From this level on, a skill of a role counts for its placement."""

KEPT_POOLS = 128
"""So many pools are kept, for different topics and packs that are off."""

_ITEM: TypeAdapter[Item] = TypeAdapter(Annotated[Item, Field(discriminator="format")])


class FitQuiz(BaseModel):
    """The role-fit quiz as it was asked: items, and names and profiles of the roles."""

    model_config = ConfigDict(frozen=True)

    file: FitFile
    names: Mapping[str, str]
    profiles: Mapping[str, Mapping[str, int]]

    @cached_property
    def model(self) -> Model:
        """Ready to score."""
        return Model(self.file.items, self.profiles)


class Library:
    """Looks up what quizzes are made of."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._versions: dict[str, str] = {}
        self._packs = {item.id: pack.id for pack in content.packs.values() for item in pack.items}
        self._pool: Final = lru_cache(maxsize=KEPT_POOLS)(self._make_pool)

    @property
    def version(self) -> str:
        """The version of the content."""
        return self._content.version

    @cached_property
    def fit(self) -> FitQuiz:
        """The role-fit quiz, of the roles that have a profile."""
        roles = {role.id: role for role in self._content.roles.values() if role.fit is not None}
        return FitQuiz(
            file=self._content.fit,
            names={identity: role.name for identity, role in roles.items()},
            profiles={identity: role.fit or {} for identity, role in roles.items()},
        )

    @cached_property
    def fit_body(self) -> str:
        """The role-fit quiz as text, for keeping."""
        return self.fit.model_dump_json(exclude_none=True)

    @cached_property
    def fit_version(self) -> str:
        """The hash of the role-fit quiz."""
        return _hash(self.fit_body)

    def body_of(self, item: Item) -> str:
        """An item as text, for keeping."""
        return _ITEM.dump_json(item, exclude_none=True).decode()

    def version_of(self, item: Item) -> str:
        """The hash of an item."""
        known = self._versions.get(item.id)
        if known is None:
            known = self._versions[item.id] = _hash(self.body_of(item))
        return known

    def item(self, identity: str, version: str) -> Item | None:
        """The item, if it still says the same."""
        item = self._content.items.get(identity)
        return item if item is not None and self.version_of(item) == version else None

    def skill_name(self, skill: str) -> str:
        """The name of a skill, or its id where it is gone."""
        known = self._content.skills.get(skill)
        return known.name if known else skill

    def group_of(self, skill: str) -> str:
        """The group of a skill; the skill itself where it is gone."""
        known = self._content.skills.get(skill)
        return known.group if known else skill

    def about(self, topic: str, without: Collection[str] = ()) -> Pool:
        """The items on a skill, on a group of skills, or on the strengths of a role.

        Packs in `without` are left out.
        """
        role = self._content.roles.get(topic)
        if role is not None:
            return self._of_skills(_skills(role, STRONG), without)
        group = {skill.id for skill in self._content.skills.values() if skill.group == topic}
        return self._of_skills(group or {topic}, without)

    def for_placement(self, role: Role, without: Collection[str] = ()) -> Pool:
        """The items on all that a role works with."""
        return self._of_skills(_skills(role, WORKING), without)

    def pack_of(self, item: str) -> str | None:
        """The pack that an item stands in."""
        return self._packs.get(item)

    def _of_skills(self, skills: Collection[str], without: Collection[str]) -> Pool:
        return self._pool(frozenset(skills), frozenset(without))

    def _make_pool(self, skills: frozenset[str], without: frozenset[str]) -> Pool:
        found = self._content.items.values()
        items = [i for i in found if i.skill in skills and self._packs[i.id] not in without]
        return Pool(items, self.group_of)


@lru_cache(maxsize=256)
def item_from(body: str) -> Item:
    """An item that was kept as text."""
    return _ITEM.validate_json(body)


@lru_cache(maxsize=16)
def fit_from(body: str) -> FitQuiz:
    """A role-fit quiz that was kept as text."""
    return FitQuiz.model_validate_json(body)


def _skills(role: Role, least: int) -> set[str]:
    return {skill for skill, level in role.skills.items() if level >= least}


def _hash(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:16]
