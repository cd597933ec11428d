"""The small pure pieces: spans, wording, people's text, recent look-ups, distances."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import roles
from bot.core.command import Actor
from bot.core.content.catalogue import Catalogue
from bot.core.content.models import Fact, Role
from bot.core.intents import Run
from bot.core.markdown import spans
from bot.core.recent import PEOPLE, PER_PERSON, Recent
from bot.core.roles import Family
from bot.core.user_text import MAX_QUOTE, clean, quote
from bot.core.views import Bold, Code, Italic, Link, Text, plain
from bot.core.wording import (
    Footnotes,
    date_in_words,
    is_old,
    listed,
    money,
)


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("plain words", (Text("plain words"),)),
        ("a **b** c", (Text("a "), Bold("b"), Text(" c"))),
        ("*b*", (Italic("b"),)),
        ("`**b**`", (Code("**b**"),)),
        ("[b](https://example.org/x)", (Link("b", "https://example.org/x"),)),
        ("[b](http://example.org)", (Text("b"),)),
        ("[b](javascript:alert)", (Text("[b](javascript:alert)"),)),
        ("<@1> & <b>", (Text("<@1> & <b>"),)),
        (r"2 \* 3 * 4", (Text("2 * 3 * 4"),)),
        ("![x](https://example.org/x.png)", (Text("!"), Link("x", "https://example.org/x.png"))),
    ],
)
def test_markdown_becomes_spans(markdown: str, expected: object) -> None:
    assert spans(markdown) == expected


@given(st.text(alphabet=st.characters(exclude_characters="\\`*_[]<>&!"), max_size=80))
def test_text_without_marks_stays_as_it_is(text: str) -> None:
    assert plain(spans(text)) == text


@given(st.text(max_size=200))
def test_any_markdown_is_survived(text: str) -> None:
    for span in spans(text):
        if isinstance(span, Link):
            assert span.url.startswith("https://")


@pytest.mark.parametrize(
    ("as_of", "words"),
    [("2024", "2024"), ("2025-04", "April 2025"), ("2025-04-09", "9 April 2025")],
)
def test_a_date_is_said_as_exactly_as_it_is_known(as_of: str, words: str) -> None:
    assert date_in_words(as_of) == words


@pytest.mark.parametrize(
    ("as_of", "today", "old"),
    [
        ("2024", "2025-12-31", False),
        ("2024", "2026-01-01", True),
        ("2025-04", "2026-04-30", False),
        ("2025-04", "2026-05-01", True),
        ("2025-04-29", "2026-04-29", False),
        ("2025-04-29", "2026-04-30", True),
    ],
)
def test_a_figure_is_old_after_twelve_months(as_of: str, today: str, old: bool) -> None:
    assert is_old(as_of, dt.date.fromisoformat(today)) is old


def test_money_and_lists_read_well() -> None:
    assert money(75_000, "GBP") == "£75,000"
    assert money(90_000, "CHF") == "CHF 90,000"
    assert [listed("a"), listed("ab"), listed("abc")] == ["a", "a and b", "a, b and c"]
    assert listed([]) == ""


def test_footnotes_number_each_source_and_date_once(catalogue: Catalogue) -> None:
    notes = Footnotes(catalogue.content.sources)
    assert notes.blocks() == ()
    first = notes.cite(Fact(text="One thing.", sources=("bls", "aef")))
    again = notes.cite(Fact(text="Another.", sources=("aef",)))
    later = notes.cite(Fact(text="A third.", sources=("aef",), as_of="2020"))
    assert [plain(cited)[-7:] for cited in (first, again, later)] == [
        " [1, 2]",
        "er. [2]",
        "rd. [3]",
    ]
    (notice,) = notes.blocks()
    assert "2020" in plain(notice.spans)
    assert plain(notice.spans).count("[2]") == 1


HOSTILE = "a\u202eb\u0000c\u200bd\n\ne\x1b[31m"


def test_invisible_and_control_characters_are_gone() -> None:
    assert clean(HOSTILE) == "a b c d e [31m"


@given(st.text(max_size=5000))
def test_cleaned_text_is_short_and_printable(text: str) -> None:
    for result, limit in ((clean(text), 300), (clean(text, 10), 10), (quote(text), MAX_QUOTE)):
        assert len(result) <= limit
        assert not any(unicodedata.category(c)[0] == "C" for c in result)
        assert result == result.strip()


def test_recent_look_ups_are_few_distinct_and_forgotten() -> None:
    recent = Recent()
    ada = Actor("test", "ada")
    for number in range(PER_PERSON + 3):
        recent.add(ada, Run("role", (str(number),)))
    recent.add(ada, Run("role", ("5",)))
    assert recent.of(ada)[0] == Run("role", ("5",))
    assert len(recent.of(ada)) == PER_PERSON == len(set(recent.of(ada)))
    for number in range(PEOPLE):
        recent.add(Actor("test", str(number)), Run("roles"))
    assert recent.of(ada) == ()


def test_what_is_missing_and_what_is_there_never_overlap(catalogue: Catalogue) -> None:
    family = tuple(catalogue.content.roles.values())
    for start in family:
        for goal in family:
            missing, there = roles.to_learn(start, goal), roles.already(start, goal)
            assert not set(missing) & set(there)
            steps = [(goal.level(s) - start.level(s)) * goal.level(s) for s in missing]
            assert steps == sorted(steps, reverse=True)
            assert roles.gap(start, goal) == sum(goal.level(s) - start.level(s) for s in missing)


def test_a_comparison_mirrors_when_the_roles_swap(catalogue: Catalogue) -> None:
    first, second = catalogue.role("ai-engineer"), catalogue.role("ml-engineer")
    one = roles.differences(first, second, catalogue.content.skills)
    other = roles.differences(second, first, catalogue.content.skills)
    assert one.more_in_first == other.more_in_second
    assert one.more_in_second == other.more_in_first
    assert one.shared == other.shared
    assert one.more_in_first[0] == "prompt-context"
    assert len(one.more_in_first) == len(one.more_in_second) == roles.MOST_SHOWN


def similarity(first: Role, second: Role) -> float:
    """Weighted Jaccard, spelled out."""
    skills = first.skills.keys() | second.skills.keys()
    low = sum(min(first.level(skill), second.level(skill)) for skill in skills)
    return low / sum(max(first.level(skill), second.level(skill)) for skill in skills)


def test_the_family_reckons_like_two_roles_alone(catalogue: Catalogue) -> None:
    content = catalogue.content.roles
    family = Family(content)
    for role in content.values():
        others = [other for other in content.values() if other is not role]
        ranked = sorted(others, key=lambda other: (-similarity(role, other), other.id))
        assert list(family.nearest(role, 4)) == ranked[:4]
        for goal in others:
            standing = family.standing(role, goal)
            assert standing.gap == roles.gap(role, goal)
            nearer = [other for other in others if roles.gap(role, other) < standing.gap]
            assert standing.shorter == len(nearer)


def test_a_move_stands_where_its_gap_says(catalogue: Catalogue) -> None:
    family = catalogue.content.roles
    moves = Family(family)
    standing = moves.standing(family["data-scientist"], family["data-analyst"])
    assert (standing.gap, standing.shorter, standing.others) == (4, 0, len(family) - 2)
    far = moves.standing(family["data-analyst"], family["research-engineer"])
    assert far.shorter > standing.shorter
