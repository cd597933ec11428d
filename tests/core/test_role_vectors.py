"""The graded skills of the shipped roles: what they say when roles are held against each other."""

from __future__ import annotations

import re

import pytest

from bot.core.content.loader import Content, load
from bot.core.content.models import Role
from bot.settings import shipped_content

POINTS = re.compile(r"(\d+) points")


@pytest.fixture(scope="module")
def content() -> Content:
    return load(shipped_content())


def gap(start: Role, goal: Role) -> int:
    """The levels that someone from `start` has to gain, over all skills of `goal`."""
    return sum(max(0, level - start.level(skill)) for skill, level in goal.skills.items())


def similarity(one: Role, other: Role) -> float:
    """Weighted Jaccard: 0 where nothing is shared, 1 where all levels are the same."""
    skills = one.skills.keys() | other.skills.keys()
    shared = sum(min(one.level(skill), other.level(skill)) for skill in skills)
    return shared / sum(max(one.level(skill), other.level(skill)) for skill in skills)


def test_ai_engineering_is_the_easier_one_to_enter(content: Content) -> None:
    ai, ml = content.roles["ai-engineer"], content.roles["ml-engineer"]

    assert gap(ai, ml) == 34
    assert gap(ml, ai) == 22


def test_titles_stand_round_the_data_scientist_in_the_order_seen_in_adverts(
    content: Content,
) -> None:
    data_scientist = content.roles["data-scientist"]
    others = [role for role in content.roles.values() if role.id != "data-scientist"]
    nearest_first = [
        role.id for role in sorted(others, key=lambda role: -similarity(data_scientist, role))
    ]

    assert nearest_first[:3] == ["applied-scientist", "ml-engineer", "research-scientist"]
    assert nearest_first.index("ai-engineer") > nearest_first.index("data-analyst")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("ai-engineer", "ml-engineer", 0.56),
        ("ml-engineer", "research-engineer", 0.72),
        ("data-engineer", "backend-engineer", 0.63),
        ("data-analyst", "ml-hardware-engineer", 0.08),
    ],
)
def test_similarity_of_well_known_pairs(
    content: Content, one: str, other: str, expected: float
) -> None:
    assert similarity(content.roles[one], content.roles[other]) == pytest.approx(
        expected, abs=0.005
    )


@pytest.mark.parametrize(
    ("role", "levels"),
    [
        ("ai-engineer", 94),
        ("ml-engineer", 106),
        ("mlops-engineer", 91),
        ("ml-hardware-engineer", 54),
        ("ml-solutions-architect", 76),
        ("data-scientist", 67),
        ("data-engineer", 73),
        ("data-analyst", 39),
        ("research-scientist", 71),
        ("applied-scientist", 89),
        ("research-engineer", 100),
        ("backend-engineer", 62),
    ],
)
def test_no_level_has_slipped(content: Content, role: str, levels: int) -> None:
    assert sum(content.roles[role].skills.values()) == levels


def test_the_points_told_on_a_path_are_those_of_the_levels(content: Content) -> None:
    told = {
        (path.start, path.goal): int(points[1])
        for path in content.paths
        if (points := POINTS.search(path.evidence.text))
    }

    assert told
    assert told == {
        (start, goal): gap(content.roles[start], content.roles[goal]) for start, goal in told
    }


def test_the_points_told_between_ai_and_ml_engineer_are_those_of_the_levels(
    content: Content,
) -> None:
    ai, ml = content.roles["ai-engineer"], content.roles["ml-engineer"]

    told = POINTS.findall(content.notes["gap-ai-ml"].text.text)

    assert told == [str(gap(ai, ml)), str(gap(ml, ai))]


@pytest.mark.parametrize(
    ("start", "goal"),
    [
        ("backend-engineer", "ai-engineer"),
        ("data-engineer", "ai-engineer"),
        ("ml-engineer", "ai-engineer"),
        ("data-scientist", "ai-engineer"),
        ("data-scientist", "ml-engineer"),
        ("data-scientist", "applied-scientist"),
        ("data-analyst", "data-scientist"),
        ("backend-engineer", "data-engineer"),
        ("ml-engineer", "mlops-engineer"),
        ("ml-engineer", "research-engineer"),
    ],
)
def test_every_known_move_is_told_once(content: Content, start: str, goal: str) -> None:
    assert [(path.start, path.goal) for path in content.paths].count((start, goal)) == 1
