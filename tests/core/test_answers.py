"""What the shipped answers say: sourced, graded, dated, and short enough for a phone."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools

import pytest

from bot.core.command import Actor, Call, Say
from bot.core.content.catalogue import Catalogue, index
from bot.core.content.models import LEVELS
from bot.core.desk import Desk
from bot.core.dispatch import Dispatcher
from bot.core.ports import Nowhere
from bot.core.views import (
    Bullets,
    Comparison,
    Fields,
    Heading,
    Notice,
    Prose,
    Table,
    View,
    plain,
)

ADA = Actor("test", "ada")
TODAY = dt.date(2026, 11, 21)
NOON = dt.datetime.combine(TODAY, dt.time(12), dt.UTC)


@pytest.fixture
def dispatcher(catalogue: Catalogue) -> Dispatcher:
    return Dispatcher(catalogue, desk=Desk(Nowhere(), clock=lambda: NOON))


async def answer(dispatcher: Dispatcher, name: str, /, **arguments: str) -> View:
    effect = await dispatcher.call(Call(name, arguments, ADA))
    assert isinstance(effect, Say)
    return effect.view


def text(view: View) -> str:
    lines = [view.title]
    for block in view.blocks:
        match block:
            case Heading(words):
                lines.append(words)
            case Prose(spans) | Notice(spans):
                lines.append(plain(spans))
            case Bullets(items):
                lines += [plain(item) for item in items]
            case Fields(pairs):
                lines += [f"{name}: {plain(spans)}" for name, spans in pairs]
            case Comparison(_, _, rows, words):
                lines += [f"{r.name}: {words[r.left]} / {words[r.right]}" for r in rows]
            case Table(columns, rows):
                lines += [" | ".join(row) for row in (columns, *rows)]
            case _:
                pass
    return "\n".join(lines)


async def test_the_main_comparison_says_what_it_must(dispatcher: Dispatcher) -> None:
    view = await answer(dispatcher, "compare", first="AI engineer", second="ML engineer")
    shown = text(view)
    for needed in (
        "Strengths of both",
        "Prompt and context engineering: defining / aware",
        "Feature engineering: not needed / strong",
        "Background",
        "Demand",
        "£75,000",
        "£105,000",
        "$165,000",
        "depends on place, year and who is counted",
        "Which one",
        "Older than 12 months: figures of 2024 and April 2025.",
        "Sources: [1]",
    ):
        assert needed in shown
    assert len(shown) < 4200


async def test_every_pair_of_roles_compares_without_mixing_sources(dispatcher: Dispatcher) -> None:
    family = dispatcher.catalogue.content.roles
    for first, second in itertools.permutations(family, 2):
        view = await answer(dispatcher, "compare", first=first, second=second)
        comparisons = [block for block in view.blocks if isinstance(block, Comparison)]
        assert all(1 <= len(comparison.rows) <= 5 for comparison in comparisons)
        assert "Sources: [1]" in text(view)
        assert len(text(view)) < 4500, (first, second, len(text(view)))


async def test_pay_is_one_table_a_source_with_everything_that_a_figure_needs(
    dispatcher: Dispatcher,
) -> None:
    shown = text(await answer(dispatcher, "pay", role="data-scientist", country="UK"))
    assert "£55,000 (middle half £40,000 to £70,000)" in shown
    assert "199" in shown
    assert "$" not in shown
    assert "Older than 12 months: figures of 2024" in shown
    assert shown.count("Counted as") == len(
        {p.source for p in dispatcher.catalogue.role("data-scientist").pay if p.country == "GB"}
    )


async def test_pay_says_plainly_when_there_is_no_figure(dispatcher: Dispatcher) -> None:
    shown = text(await answer(dispatcher, "pay", role="mlops-engineer", country="United Kingdom"))
    assert "There is no reliable public figure that we know of" in shown


async def test_skills_can_be_cut_to_a_level(dispatcher: Dispatcher) -> None:
    everything = text(await answer(dispatcher, "skills", role="mle"))
    strong = text(await answer(dispatcher, "skills", role="mle", level="strong"))
    assert "(aware)" in everything
    assert "(aware)" not in strong
    assert "Classical ML (trees, boosting, linear) (defining)" in strong


async def test_a_path_orders_what_to_learn_and_gives_evidence(dispatcher: Dispatcher) -> None:
    shown = text(await answer(dispatcher, "path", start="data-analyst", goal="data-scientist"))
    assert "32 skill levels to gain" in shown
    assert "Offline and online model evaluation: from not needed to strong" in shown
    assert "Usual" in shown
    rare = text(await answer(dispatcher, "path", start="data-analyst", goal="research-engineer"))
    assert "No source that we know speaks of this move" in rare


async def test_a_definition_has_an_example_and_the_roles_that_need_it(
    dispatcher: Dispatcher,
) -> None:
    shown = text(await answer(dispatcher, "define", term="rag"))
    assert "Example: " in shown
    assert "Defining: AI engineer" in shown


async def test_every_entry_and_every_job_has_an_answer_with_sources(
    dispatcher: Dispatcher,
) -> None:
    content = dispatcher.catalogue.content
    for identity in (*content.skills, *content.terms, *content.notes):
        assert "Sources: [1]" in text(await answer(dispatcher, "define", term=identity))
    for identity in (*content.roles, *content.titles):
        assert "Sources: [1]" in text(await answer(dispatcher, "role", role=identity))


async def test_help_knows_every_command(dispatcher: Dispatcher) -> None:
    shown = text(await answer(dispatcher, "help"))
    for command in dispatcher.commands.values():
        assert command.description in shown
        one = text(await answer(dispatcher, "help", command=command.name))
        assert all(option.description in one for option in command.options)


async def test_a_family_of_a_thousand_is_turned_page_by_page(catalogue: Catalogue) -> None:
    one = catalogue.role("data-analyst")
    many = {
        f"role-{n}": one.model_copy(update={"id": f"role-{n}", "name": f"Role {n}", "aliases": ()})
        for n in range(1000)
    }
    crowd = index(dataclasses.replace(catalogue.content, roles=many, paths=()))
    view = await answer(Dispatcher(crowd), "roles")
    assert "Page 1 of 40." in text(view)
    assert text(view).count(one.tagline) == 25


def test_the_shipped_content_has_the_promised_size(catalogue: Catalogue) -> None:
    content = catalogue.content
    assert len(content.roles) >= 12
    assert len(content.skills) >= 49
    assert len(content.skill_groups) == 8
    assert len(content.terms) >= 70
    assert len(LEVELS) == 5
