"""The schema of `content/`: what a role, a skill, a term, a fact and a source are made of.

Every model is frozen and refuses unknown keys. Texts are plain sentences with inline Markdown
(bold, italic, code, links to https); identifiers are short so that they fit into a button's id.
"""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

LEVELS = ("not needed", "aware", "working", "strong", "defining")
"""What the levels 0 to 4 of a skill mean, in words."""

STRONG = 3
"""From this level on, a skill counts as one of the role's strengths."""

DEFINING = 4
"""The level of the skills that a role is hired for."""

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=28)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
Publisher = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
Sentence = Annotated[str, StringConstraints(min_length=3, max_length=240, strip_whitespace=True)]
Paragraph = Annotated[str, StringConstraints(min_length=3, max_length=700, strip_whitespace=True)]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Url = Annotated[str, StringConstraints(pattern=r"^https://[^\s<>\"]+$", max_length=300)]
Level = Annotated[int, Field(ge=1, le=4)]
TraitLevel = Annotated[int, Field(ge=0, le=4)]
Percent = Annotated[int, Field(ge=0, le=100)]
Amount = Annotated[int, Field(gt=0, lt=100_000_000)]

_AS_OF = re.compile(r"^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$")


def _real_date(value: str) -> str:
    match = _AS_OF.match(value)
    if match is None:
        raise ValueError("write a date as 2025, 2025-04 or 2025-04-29")
    year, month, day = (int(part) if part else 1 for part in match.groups())
    dt.date(year, month, day)
    return value


AsOf = Annotated[str, AfterValidator(_real_date)]
"""A date as exact as it is known: `2024`, `2025-04` or `2025-04-29`."""


class Confidence(StrEnum):
    """How far a figure or a source can be trusted."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Record(BaseModel):
    """Base of every model: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Record):
    """Where facts come from. `as_of` is the date that holds for its facts unless they differ.

    Answers cite the publisher and the date; the rest is for those who edit and check the content.
    """

    id: Id
    title: Sentence
    publisher: Publisher
    as_of: AsOf
    licence: Sentence
    trust: Confidence
    url: Url | None = None
    note: Paragraph | None = None


class Fact(Record):
    """One statement with its sources; `as_of` overrides the date of the sources."""

    text: Paragraph
    sources: Annotated[tuple[Id, ...], Field(min_length=1, max_length=4)]
    as_of: AsOf | None = None


class Demand(Fact):
    """A statement about how much a role is wanted, with the place it holds for.

    `country` is None where the statement holds for several countries or for the whole world.
    """

    country: CountryCode | None = None
    confidence: Confidence


class Misconception(Record):
    """What people wrongly say of a role, and what is so."""

    claim: Sentence
    truth: Fact


class Pay(Record):
    """One published figure, never averaged with another.

    `amount`, `low` and `high` are per year and in whole units of `currency`; `low` and `high`
    are the quartiles where the source has them; `records` is how many stand behind the figure.
    """

    title: Name
    country: CountryCode
    currency: Currency
    amount: Amount
    low: Amount | None = None
    high: Amount | None = None
    statistic: Literal["median", "mean"]
    what: Literal["total pay", "base pay", "advertised pay", "wages"]
    basis: Sentence
    records: Annotated[int, Field(gt=0)] | None = None
    source: Id
    as_of: AsOf
    confidence: Confidence

    @model_validator(mode="after")
    def _quartiles_enclose(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError("give both low and high, or neither")
        if not (self.low or self.amount) <= self.amount <= (self.high or self.amount):
            raise ValueError("low, amount and high must be in ascending order")
        return self


class TimeSplit(Record):
    """How working time is divided, in percent that sum to 100."""

    research: Percent
    modelling: Percent
    engineering: Percent
    product: Percent
    source: Id

    @model_validator(mode="after")
    def _sums_to_hundred(self) -> Self:
        total = self.research + self.modelling + self.engineering + self.product
        if total != 100:
            raise ValueError(f"the four parts sum to {total}, not to 100")
        return self


class Role(Record):
    """A role of the family: one file in `content/roles/`.

    `skills` maps skill ids to levels; a skill that is not listed has level 0. `fit` says how much
    of each trait of the role-fit quiz the role asks for; a role without it is not in the quiz.
    """

    id: Id
    name: Name
    group: Id
    tagline: Sentence
    reviewed: dt.date
    aliases: tuple[Name, ...] = ()
    summary: Fact
    builds: Annotated[tuple[Fact, ...], Field(min_length=1)]
    day: Annotated[tuple[Fact, ...], Field(min_length=1)]
    time: TimeSplit | None = None
    tools: Annotated[tuple[Fact, ...], Field(min_length=1)]
    ways_in: Annotated[tuple[Fact, ...], Field(min_length=1)]
    skills: Annotated[dict[Id, Level], Field(min_length=1)]
    fit: dict[Id, TraitLevel] | None = None
    pay: tuple[Pay, ...] = ()
    pay_note: Fact | None = None
    demand: Annotated[tuple[Demand, ...], Field(min_length=1)]
    misconceptions: Annotated[tuple[Misconception, ...], Field(min_length=1)]
    choose_if: Fact
    leave_if: Fact
    notes: tuple[Fact, ...] = ()

    def level(self, skill: str) -> int:
        """The level (0 to 4) that this role needs of a skill."""
        return self.skills.get(skill, 0)


class Title(Record):
    """A job title that is not a role of its own: a speciality, an old name, a neighbour."""

    id: Id
    name: Name
    part_of: Annotated[tuple[Id, ...], Field(max_length=4)] = ()
    verdict: Fact
    evidence: tuple[Fact, ...] = ()
    pay: tuple[Pay, ...] = ()
    aliases: tuple[Name, ...] = ()


class Entry(Record):
    """Something that can be defined: a skill or a term. `broader` is the entry it is a part of."""

    id: Id
    name: Name
    definition: Fact
    example: Sentence
    aliases: tuple[Name, ...] = ()
    related: tuple[Id, ...] = ()
    broader: Id | None = None


class Skill(Entry):
    """One of the graded skills."""

    group: Id


class Term(Entry):
    """A word that people meet and that is not a skill; `skills` are those it belongs to."""

    skills: tuple[Id, ...] = ()


class Group(Record):
    """A group of skills or of roles, shown in the order of the file."""

    id: Id
    name: Name


class Country(Record):
    """A country that figures hold for; `id` is its ISO 3166-1 alpha-2 code."""

    id: CountryCode
    name: Name
    aliases: tuple[Name, ...] = ()


class Topic(StrEnum):
    """The section of an answer in which a note is shown."""

    TITLES = "titles"
    OVERLAP = "overlap"
    BACKGROUND = "background"
    DEMAND = "demand"
    PAY = "pay"
    CHOICE = "choice"
    LEARNING = "learning"


class Note(Record):
    """A statement across roles, with an optional correction of a common telling.

    With two roles it belongs to the comparison of just these, which shows as many of a topic as a
    phone has room for; with one it is shown with that role; with none it holds for the whole
    family. All of them are found by `/define` and `/ask`.
    """

    id: Id
    title: Name
    topic: Topic
    text: Fact
    correction: Fact | None = None
    roles: Annotated[tuple[Id, ...], Field(max_length=2)] = ()
    aliases: tuple[Name, ...] = ()


class Path(Record):
    """A move between two roles that is known from more than the skill levels."""

    start: Id
    goal: Id
    ease: Name
    evidence: Fact


class SourcesFile(Record):
    """`sources.yaml`."""

    sources: Annotated[tuple[Source, ...], Field(min_length=1)]


class CountriesFile(Record):
    """`countries.yaml`."""

    countries: Annotated[tuple[Country, ...], Field(min_length=1)]


class SkillsFile(Record):
    """`skills.yaml`."""

    groups: Annotated[tuple[Group, ...], Field(min_length=1)]
    skills: Annotated[tuple[Skill, ...], Field(min_length=1)]


class TermsFile(Record):
    """`terms.yaml`."""

    terms: tuple[Term, ...]


class TitlesFile(Record):
    """`titles.yaml`."""

    titles: tuple[Title, ...]


class FamilyFile(Record):
    """`family.yaml`."""

    groups: Annotated[tuple[Group, ...], Field(min_length=1)]
    notes: tuple[Note, ...]
    paths: tuple[Path, ...]
