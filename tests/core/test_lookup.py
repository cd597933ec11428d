"""Roles, skills and terms are found by id, name, alias, beginning and typo."""

from __future__ import annotations

from typing import assert_never

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.content.catalogue import Catalogue
from bot.core.content.lookup import Found, Lookup, Named, Nothing, Several

SMALL = Lookup(
    [
        Named("ai-engineer", "AI engineer", ("LLM engineer", "AI/ML engineer")),
        Named("ml-engineer", "ML engineer", ("ML", "machine learning engineer", "AI/ML engineer")),
        Named("data-scientist", "Data scientist"),
        Named("data-engineer", "Data engineer"),
    ]
)


@pytest.mark.parametrize(
    ("typed", "role"),
    [
        ("ml-engineer", "ml-engineer"),
        ("mle", "ml-engineer"),
        ("MLE", "ml-engineer"),
        ("ML eng", "ml-engineer"),
        ("machine learning", "ml-engineer"),
        ("the Machine-Learning Engineer", "ml-engineer"),
        ("mlengineer", "ml-engineer"),
        ("data scientits", "data-scientist"),
        ("dataa scientst", "data-scientist"),
        ("dataenginer", "data-engineer"),
        ("back end engineer", "backend-engineer"),
        ("GenAI engineer", "ai-engineer"),
        ("prompt engineer", "prompt-engineer"),
        ("AI engineers", "ai-engineer"),
        ("ml enginer", "ml-engineer"),
        ("senior data scientist", "data-scientist"),
        ("Data Engineer II (remote)", "data-engineer"),
        ("ai enginere", "ai-engineer"),
        ("data analist", "data-analyst"),
    ],
)
def test_a_role_is_found(catalogue: Catalogue, typed: str, role: str) -> None:
    assert catalogue.jobs.find(typed) == Found(role)


@pytest.mark.parametrize(
    ("typed", "entry"),
    [
        ("RAG", "rag"),
        ("retrieval augmented generation", "rag"),
        ("ci cd", "ci-cd"),
        ("fine tuning", "fine-tuning"),
        ("kuberntes", "kubernetes"),
        ("MLOps", "mlops"),
    ],
)
def test_an_entry_is_found(catalogue: Catalogue, typed: str, entry: str) -> None:
    assert catalogue.entries.find(typed) == Found(entry)


def test_a_beginning_that_fits_several_asks_which(catalogue: Catalogue) -> None:
    match catalogue.jobs.find("data"):
        case Several(ids):
            assert {"data-scientist", "data-engineer", "data-analyst"} <= set(ids)
        case other:
            pytest.fail(f"expected several, got {other}")


def test_a_shared_alias_asks_which() -> None:
    assert SMALL.find("AI/ML engineer") == Several(("ai-engineer", "ml-engineer"))


@pytest.mark.parametrize(
    "typed", ["KI engineer", "quantum wizard", "zzz", "", "   ", "🙂", "’;--", "x" * 5000]
)
def test_nothing_close_is_said_to_be_close(catalogue: Catalogue, typed: str) -> None:
    assert catalogue.jobs.find(typed) == Nothing(())


def test_an_unknown_name_suggests_the_nearest_first(catalogue: Catalogue) -> None:
    match catalogue.jobs.find("mlx engineer"):
        case Nothing(near):
            assert near[0] == "ml-engineer"
        case other:
            pytest.fail(f"expected suggestions, got {other}")


@pytest.mark.parametrize("typed", ["", "m", "ml", "data s", "enginer", "scientist"])
def test_completion_offers_each_thing_once_and_at_most_as_many_as_asked(
    catalogue: Catalogue, typed: str
) -> None:
    found = catalogue.jobs.complete(typed, 5)
    assert 1 <= len(found) <= 5
    assert len(set(found)) == len(found)


def test_completion_prefers_what_begins_like_it() -> None:
    assert SMALL.complete("data", 25) == ("data-scientist", "data-engineer")
    assert SMALL.complete("ml", 25)[0] == "ml-engineer"


@given(st.text(max_size=300))
def test_whatever_is_typed_only_known_ids_come_back(text: str) -> None:
    match SMALL.find(text):
        case Found(identity):
            ids: tuple[str, ...] = (identity,)
        case Several(several):
            ids = several
        case Nothing(near):
            ids = near
        case other:
            assert_never(other)
    assert set(ids) | set(SMALL.complete(text, 25)) <= set(SMALL.things)


@given(st.sampled_from(sorted(SMALL.things)))
def test_an_id_always_finds_its_own(identity: str) -> None:
    assert SMALL.find(identity) == Found(identity)
