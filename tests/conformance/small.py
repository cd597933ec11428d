"""A little content of our own: two packs of questions whose answers a test knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from bot.core.content.catalogue import Catalogue, index
from bot.core.content.quizzes import (
    ChoiceItem,
    Distractor,
    Item,
    ItemOption,
    NumericItem,
    OrderingItem,
    Pack,
    TextItem,
)

ROLE = "ml-engineer"
"""A role whose strengths the questions in `MODELS` are about, one in every format."""

TOPIC = "sql"
"""What the questions in `TABLES` are about: more of them than a quiz on one skill asks."""

WHY = "Whoever has met this once at work will not forget it again."


def _single(identity: str, skill: str, stem: str, right: str, *wrong: str) -> ChoiceItem:
    return ChoiceItem(
        id=identity,
        skill=skill,
        level=2,
        stem=stem,
        explanation=WHY,
        format="single",
        right=(ItemOption(text=right, why="This is how it is meant."),),
        wrong=tuple(Distractor(text=text) for text in wrong),
    )


MODELS: tuple[Item, ...] = (
    _single(
        "metric", "classical-ml", "Which measure suits a rare class?", "Recall", "Accuracy", "Speed"
    ),
    ChoiceItem(
        id="outlier",
        skill="statistics",
        level=1,
        stem="One huge value moves the mean more than the median.",
        explanation=WHY,
        source="levels",
        format="true-false",
        right=(ItemOption(text="True"),),
        wrong=(Distractor(text="False"),),
    ),
    ChoiceItem(
        id="registry",
        skill="mlops",
        level=2,
        stem="What does a registry of models hold?",
        explanation=WHY,
        format="multiple",
        right=(ItemOption(text="Versions"), ItemOption(text="Approvals")),
        wrong=(Distractor(text="Salaries"), Distractor(text="Lunch menus")),
    ),
    OrderingItem(
        id="life",
        skill="mlops",
        level=2,
        stem="Put the life of a model in order.",
        explanation=WHY,
        format="ordering",
        steps=(ItemOption(text="Train"), ItemOption(text="Evaluate"), ItemOption(text="Deploy")),
    ),
    NumericItem(
        id="precision",
        skill="statistics",
        level=2,
        stem="Of 50 alarms 30 were real. What is the precision in per cent?",
        explanation=WHY,
        format="numeric",
        answer=60,
        tolerance=0.5,
        unit="%",
    ),
    TextItem(
        id="by-heart",
        skill="classical-ml",
        level=1,
        stem="What is it called when a model knows its training data by heart?",
        explanation=WHY,
        format="text",
        accepted=("overfitting", "overfit"),
    ),
    ChoiceItem(
        id="slow",
        skill="serving",
        level=3,
        scenario="A service has been slow since Monday, and nothing was deployed.",
        stem="Where do you look first?",
        explanation=WHY,
        format="scenario",
        right=(ItemOption(text="At the traffic"),),
        wrong=(Distractor(text="At the logo"), Distractor(text="At the licence")),
    ),
)

TABLES: tuple[Item, ...] = tuple(
    _single(f"table-{number}", "sql", stem, right, *wrong)
    for number, (stem, right, *wrong) in enumerate(
        (
            ("Which word keeps some rows and drops others?", "WHERE", "SELECT", "VALUES"),
            ("Which word puts rows into a sequence?", "ORDER BY", "GROUP BY", "LIMIT"),
            ("Which word makes one row of many?", "GROUP BY", "UNION", "OFFSET"),
            ("Which word keeps some groups and drops others?", "HAVING", "WHERE", "CASE"),
            ("Which word lays two tables side by side?", "JOIN", "UNION", "INSERT"),
            ("Which word drops rows that come twice?", "DISTINCT", "DELETE", "EXCEPT"),
            ("Which word stacks two results on each other?", "UNION", "JOIN", "CROSS"),
        )
    )
)

ITEMS: Mapping[str, Item] = {item.id: item for item in (*MODELS, *TABLES)}


def pack(identity: str, name: str, items: tuple[Item, ...]) -> Pack:
    return Pack(
        id=identity,
        name=name,
        description="Questions that only tests ask.",
        author="the tests",
        licence="CC0-1.0",
        origin="Written for the tests.",
        reviewed=dt.date(2026, 1, 1),
        items=items,
    )


def with_packs(catalogue: Catalogue, *packs: Pack) -> Catalogue:
    """The catalogue with these packs instead of its own."""
    content = replace(
        catalogue.content,
        version="small",
        packs={one.id: one for one in packs},
        items={item.id: item for one in packs for item in one.items},
    )
    return index(content)


def small(catalogue: Catalogue) -> Catalogue:
    """The shipped content with the two packs of questions above instead of its own."""
    return with_packs(catalogue, pack("models", "Models", MODELS), pack("tables", "Tables", TABLES))
