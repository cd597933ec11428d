"""The schema of `content/quizzes/`: the role-fit items, and packs of knowledge items."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, StringConstraints, model_validator

from bot.core.content.models import Id, Name, Record, Sentence

MOST_ON_BUTTON = 75
"""Characters of an option that fits on a button of every platform."""

MOST_OPTIONS = 6

Label = Annotated[
    str, StringConstraints(min_length=1, max_length=MOST_ON_BUTTON, strip_whitespace=True)
]
OptionText = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Stem = Annotated[str, StringConstraints(min_length=8, max_length=500, strip_whitespace=True)]
Reason = Annotated[str, StringConstraints(min_length=8, max_length=300, strip_whitespace=True)]
Explanation = Annotated[
    str, StringConstraints(min_length=20, max_length=400, strip_whitespace=True)
]
Loading = Annotated[int, Field(ge=-2, le=2)]
Difficulty = Annotated[int, Field(ge=1, le=3)]
"""1 recall and recognise, 2 apply, 3 judge and diagnose."""


class Trait(Record):
    """Something that people differ in and that roles ask for; both ends in a few words."""

    id: Id
    name: Name
    low: Name
    high: Name


class FitOption(Record):
    """One way to answer a fit item; `load` says how far it speaks for each trait (-2 to 2)."""

    text: Label
    load: Annotated[dict[Id, Loading], Field(min_length=1)]


class FitItem(Record):
    """A forced choice between activities; `core` is always asked, `tie` to tell two roles apart."""

    id: Id
    form: Literal["core", "tie"]
    stem: Annotated[str, StringConstraints(min_length=8, max_length=120, strip_whitespace=True)]
    options: Annotated[tuple[FitOption, ...], Field(min_length=2, max_length=5)]


class FeasibilityOption(Record):
    """An answer to a question about means, and what it means for the way in."""

    text: Label
    note: Sentence


class FeasibilityItem(Record):
    """A question after the result. It adds a note and never changes the ranking."""

    id: Id
    stem: Annotated[str, StringConstraints(min_length=8, max_length=120, strip_whitespace=True)]
    options: Annotated[tuple[FeasibilityOption, ...], Field(min_length=2, max_length=5)]


class FitFile(Record):
    """`quizzes/fit.yaml`: the role-fit quiz. Role profiles stand in the role files, as `fit`."""

    traits: Annotated[tuple[Trait, ...], Field(min_length=2)]
    items: Annotated[tuple[FitItem, ...], Field(min_length=6, max_length=60)]
    feasibility: tuple[FeasibilityItem, ...] = ()


class ItemOption(Record):
    """An option of a knowledge item, and why it is right or wrong."""

    text: OptionText
    why: Reason | None = None


class Distractor(ItemOption):
    """A wrong option; `misconception` names what somebody who takes it believes."""

    misconception: Name | None = None


class ItemBase(Record):
    """What every knowledge item has.

    `source` is a key of `sources.yaml`. `author`, `licence` and `reviewed` override those of the
    pack.
    """

    id: Id
    skill: Id
    level: Difficulty
    stem: Stem
    explanation: Explanation | None = None
    source: Id | None = None
    author: Name | None = None
    licence: Name | None = None
    reviewed: dt.date | None = None


class ChoiceItem(ItemBase):
    """Options to choose from: one of them, or in `multiple` all that are right.

    A `scenario` describes a situation before it asks. The texts of a `true-false` item are True
    and False.
    """

    format: Literal["single", "multiple", "true-false", "scenario"]
    scenario: Annotated[str, StringConstraints(min_length=20, max_length=700)] | None = None
    right: Annotated[tuple[ItemOption, ...], Field(min_length=1, max_length=MOST_OPTIONS)]
    wrong: Annotated[tuple[Distractor, ...], Field(max_length=MOST_OPTIONS)] = ()

    @model_validator(mode="after")
    def _fits_its_format(self) -> Self:
        texts = [option.text.casefold() for option in self.options]
        if len(set(texts)) < len(texts):
            raise ValueError("two options have the same text")
        most = MOST_OPTIONS if self.format == "multiple" else MOST_OPTIONS - 1
        if not 2 <= len(texts) <= most:
            raise ValueError(f"give 2 to {most} options, not {len(texts)}")
        if self.format != "multiple" and len(self.right) != 1:
            raise ValueError(f"a {self.format} item has exactly one right option")
        if self.format == "true-false" and set(texts) != {"true", "false"}:
            raise ValueError("the options of a true-false item are True and False")
        if (self.format == "scenario") != (self.scenario is not None):
            raise ValueError("a scenario item, and no other, has a text under `scenario`")
        return self

    @property
    def options(self) -> tuple[ItemOption, ...]:
        """All options, the right ones first."""
        return (*self.right, *self.wrong)


class OrderingItem(ItemBase):
    """Steps to put in order; they are written in the right one."""

    format: Literal["ordering"]
    steps: Annotated[tuple[ItemOption, ...], Field(min_length=3, max_length=5)]

    @model_validator(mode="after")
    def _steps_differ(self) -> Self:
        if len({step.text.casefold() for step in self.steps}) < len(self.steps):
            raise ValueError("two steps have the same text")
        return self


class NumericItem(ItemBase):
    """A number to type; right within `tolerance`, which is in the same unit."""

    format: Literal["numeric"]
    answer: float
    tolerance: Annotated[float, Field(ge=0)] = 0.0
    unit: Name | None = None


class TextItem(ItemBase):
    """A word or two to type; case, spaces and punctuation do not matter."""

    format: Literal["text"]
    accepted: Annotated[tuple[Name, ...], Field(min_length=1, max_length=20)]


Item: TypeAlias = ChoiceItem | OrderingItem | NumericItem | TextItem


class Pack(Record):
    """A file of knowledge items under `quizzes/`; communities can switch a pack off.

    `origin` says where the pack comes from, for packs that were brought in from elsewhere.
    """

    id: Id
    name: Name
    description: Sentence
    author: Name
    licence: Name
    origin: Sentence
    reviewed: dt.date
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")] = "en"
    items: Annotated[
        tuple[Annotated[Item, Field(discriminator="format")], ...],
        Field(min_length=1, max_length=2_000),
    ]
