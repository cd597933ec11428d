"""The composed issue: whose turn it is, what changed, and four years of it within all limits."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.discord.render import render as for_discord
from bot.adapters.slack.render import render as for_slack
from bot.core.content.catalogue import Catalogue
from bot.core.content.newsletter import Topic, fits
from bot.core.markdown import spans
from bot.core.newsletter.changes import (
    Change,
    Happened,
    Kind,
    change_blocks,
    changes,
    snapshot,
)
from bot.core.newsletter.digest import digest, turn
from bot.core.newsletter.issue import view
from bot.core.newsletter.question import question_blocks
from bot.core.newsletter.rotation import pick
from bot.core.views import Bold, Bullets, Fields, Heading, Text, plain
from tests.fakes.discord import limits as discord_limits

DAY = dt.date(2026, 12, 7)
IDS = st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=12, unique=True)


# The rotation


@given(IDS, st.text(max_size=5), st.integers(0, 50))
def test_a_cycle_has_every_id_once(ids: list[str], seed: str, cycle: int) -> None:
    first = cycle * len(ids)
    turns = [pick(ids, number, seed) for number in range(first, first + len(ids))]

    assert sorted(turns) == sorted(ids)


@given(IDS, st.text(max_size=5))
def test_nothing_comes_twice_in_a_row(ids: list[str], seed: str) -> None:
    turns = [pick(ids, number, seed) for number in range(5 * len(ids))]

    assert len(ids) == 1 or all(a != b for a, b in pairwise(turns))


@given(IDS)
def test_the_order_in_which_ids_are_given_does_not_matter(ids: list[str]) -> None:
    assert [pick(ids, n, "x") for n in range(9)] == [pick(ids[::-1], n, "x") for n in range(9)]


def test_the_order_is_the_same_in_every_process() -> None:
    assert "".join(pick("abcdef", number, "seed") for number in range(12)) == "cdafbebfeadc"


def test_communities_and_cycles_have_orders_of_their_own() -> None:
    ids = [str(number) for number in range(12)]
    orders = {
        tuple(pick(ids, cycle * 12 + place, seed) for place in range(12))
        for cycle in range(5)
        for seed in ("one", "two")
    }

    assert len(orders) == 10


@pytest.mark.parametrize(("ids", "number"), [([], 0), (["a"], -1)])
def test_there_must_be_something_to_pick(ids: list[str], number: int) -> None:
    with pytest.raises(ValueError, match="nothing to pick"):
        pick(ids, number, "")


# The issue


def test_roles_skills_and_questions_go_round_without_repeating(catalogue: Catalogue) -> None:
    content = catalogue.content
    short = [item.id for item in content.items.values() if fits(item)]
    turns = [turn(content, number, "guild") for number in range(len(short))]

    roles = [t.role.id for t in turns if t.role]
    assert sorted(roles[: len(content.roles)]) == sorted(content.roles)
    skills = [t.skill.id for t in turns if t.skill]
    assert sorted(skills[: len(content.skills)]) == sorted(content.skills)
    assert sorted(t.question.id for t in turns if t.question) == sorted(short)
    assert len(short) > 0.6 * len(content.items)


def test_two_hundred_weeks_keep_every_limit(catalogue: Catalogue) -> None:
    for number in range(200):
        issue = digest(catalogue.content, number, DAY + dt.timedelta(weeks=number), "guild")
        assert issue
        shown = view(issue)
        assert len(shown.title) <= 90
        for message in for_discord(shown):
            body = {**message, "allowed_mentions": {"parse": []}}
            assert discord_limits.message(body, flags=message["flags"]) == []
        for posted in for_slack(shown):
            assert len(posted["blocks"]) <= 50
            assert len(posted["text"]) <= 3_000


@pytest.mark.parametrize("topic", list(Topic))
def test_only_the_chosen_topics_are_told(catalogue: Catalogue, topic: Topic) -> None:
    issue = digest(catalogue.content, 4, DAY, topics={topic})

    if topic is Topic.FEED:
        assert issue is None
    else:
        assert issue
        assert issue.topics == (topic,)
        assert bool(issue.question) == (topic is Topic.QUIZ)
        assert issue.question or issue.actions


def test_changes_alone_are_an_issue_too(catalogue: Catalogue) -> None:
    news = (Change(Kind.ROLE, Happened.ADDED, "poet"),)
    issue = digest(catalogue.content, 0, DAY, topics={Topic.FEED}, changed=news)

    assert issue
    assert issue.title == "What changed in the content"
    assert issue.blocks == (
        Heading("What changed in the content"),
        Bullets(((Bold("New roles: "), Text("Poet")),)),
    )


def test_the_options_of_a_question_do_not_give_the_answer_away(catalogue: Catalogue) -> None:
    """The right option stands first in the file; in an issue it may stand anywhere."""
    places: set[int] = set()
    for item in filter(fits, catalogue.content.items.values()):
        [shown] = [block for block in question_blocks(item) if isinstance(block, Fields)]
        right = plain(spans(item.right[0].text))
        places.add([plain(option) for _, option in shown.pairs].index(right))
    assert places >= {0, 1, 2, 3}


# What changed


def test_an_unchanged_content_has_no_news(catalogue: Catalogue) -> None:
    kept = json.loads(json.dumps(snapshot(catalogue.content)))
    before = {key: tuple(value) for key, value in kept.items()}

    assert changes(before, snapshot(catalogue.content)) == ()
    assert list(change_blocks(())) == []


def test_what_was_added_changed_and_removed_is_told_by_name(catalogue: Catalogue) -> None:
    content = catalogue.content
    analyst = content.roles["data-analyst"]
    pay = analyst.pay[0].model_copy(update={"amount": 1 + analyst.pay[0].amount})
    repaid = analyst.model_copy(update={"pay": (pay, *analyst.pay[1:])})
    engineer = content.roles["ml-engineer"].model_copy(update={"tagline": "Something else."})
    roles = {**content.roles, "data-analyst": repaid, "ml-engineer": engineer}
    terms = {key: term for key, term in content.terms.items() if key != "token"}
    sql = content.skills["sql"].model_copy(update={"id": "sql-two", "name": "SQL again"})
    skills = {**content.skills, "sql-two": sql}
    after = replace(content, roles=roles, terms=terms, skills=skills)

    found = changes(snapshot(content), snapshot(after))

    assert found == (
        Change(Kind.ROLE, Happened.CHANGED, "ML engineer"),
        Change(Kind.SKILL, Happened.ADDED, "SQL again"),
        Change(Kind.TERM, Happened.REMOVED, "Token"),
        Change(Kind.PAY, Happened.CHANGED, "Data analyst, United Kingdom"),
    )
    heading, lines = change_blocks(found)
    assert heading == Heading("What changed in the content")
    assert isinstance(lines, Bullets)
    assert [plain(line) for line in lines.items] == [
        "Changed roles: ML engineer",
        "New skills: SQL again",
        "Removed terms: Token",
        "Changed pay figures: Data analyst, United Kingdom",
    ]


def test_a_review_without_a_change_is_no_news(catalogue: Catalogue) -> None:
    content = catalogue.content
    role = content.roles["data-analyst"].model_copy(update={"reviewed": dt.date(2030, 1, 1)})
    after = replace(content, roles={**content.roles, "data-analyst": role})

    assert changes(snapshot(content), snapshot(after)) == ()


def test_many_changes_are_counted(catalogue: Catalogue) -> None:
    found = [Change(Kind.TERM, Happened.ADDED, f"Term {number}") for number in range(8)]
    _, lines = change_blocks(found)

    assert isinstance(lines, Bullets)
    assert plain(lines.items[0]) == (
        "New terms: Term 0 · Term 1 · Term 2 · Term 3 · Term 4 and 3 more"
    )
