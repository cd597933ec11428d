"""Plain words mean commands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.content.catalogue import Catalogue, index
from bot.core.content.loader import load
from bot.core.intents import Run
from bot.core.plain_words import nearest, understand
from bot.settings import shipped_content

CATALOGUE = index(load(shipped_content()))


@pytest.mark.parametrize(
    ("question", "command", "arguments"),
    [
        (
            "what's the difference between an AI engineer and an ML engineer?",
            "compare",
            ("AI engineer", "ML engineer"),
        ),
        (
            "What is the difference between an AI engineer and a machine learning engineer, "
            "and which should I become?",
            "compare",
            ("AI engineer", "machine learning engineer"),
        ),
        ("AI engineer vs ML engineer", "compare", ("AI engineer", "ML engineer")),
        ("ai engineer or ml engineer?", "compare", ("ai engineer", "ml engineer")),
        ("compare DS with MLE", "compare", ("DS", "MLE")),
        (
            "how are AI engineers different from ML engineers",
            "compare",
            ("AI engineers", "ML engineers"),
        ),
        (
            "should I become an AI engineer or a data scientist",
            "compare",
            ("AI engineer", "data scientist"),
        ),
        ("hey, whats the diff between mle and ds", "compare", ("mle", "ds")),
        (
            "is a GenAI engineer the same as an AI engineer",
            "compare",
            ("GenAI engineer", "AI engineer"),
        ),
        ("who earns more, data analysts or MLEs", "compare", ("data analysts", "MLEs")),
        ("are MLEs paid more than data analysts?", "compare", ("MLEs", "data analysts")),
        ("what skills do I need for MLOps", "skills", ("MLOps",)),
        ("what skills do I need to become a data engineer", "skills", ("data engineer",)),
        ("AI/ML engineer", "role", ("AI/ML engineer",)),
        ("skills for data scientist", "skills", ("data scientist",)),
        ("what skills does a research engineer need?", "skills", ("research engineer",)),
        ("what should I learn to be an AI engineer", "skills", ("AI engineer",)),
        (
            "how do I move from data analyst to data scientist",
            "path",
            ("data analyst", "data scientist"),
        ),
        (
            "I'm a data analyst, how do I become a data scientist?",
            "path",
            ("data analyst", "data scientist"),
        ),
        ("data analyst to data engineer", "path", ("data analyst", "data engineer")),
        ("how much does a data scientist earn in the UK?", "pay", ("data scientist", "UK")),
        ("ML engineer salary in the US", "pay", ("ML engineer", "US")),
        ("salary of ml engineer", "pay", ("ml engineer", None)),
        ("how much does a data analyst earn in Atlantis", "pay", ("data analyst", "Atlantis")),
        ("what is RAG", "define", ("RAG",)),
        ("tell me about fine-tuning", "define", ("fine-tuning",)),
        ("MCP", "define", ("MCP",)),
        ("what is machine learning", "define", ("machine learning",)),
        ("what is MLOps?", "define", ("MLOps",)),
        ("what does an MLOps engineer do?", "role", ("MLOps engineer",)),
        ("who is a prompt engineer", "role", ("prompt engineer",)),
        ("how do I become a data engineer", "role", ("data engineer",)),
        ("mle", "role", ("mle",)),
    ],
)
def test_a_question_means_a_command(
    catalogue: Catalogue, question: str, command: str, arguments: tuple[str | None, ...]
) -> None:
    assert understand(question, catalogue) == Run(command, arguments, aloud=True)


@pytest.mark.parametrize(
    "question", ["what is love", "KI engineer", "how much do I earn", "what is it"]
)
def test_anything_else_gets_three_things_that_exist(catalogue: Catalogue, question: str) -> None:
    assert understand(question, catalogue) is None
    found = nearest(question, catalogue)
    assert len({name for name, _ in found}) == 3
    for _, run in found:
        known = catalogue.jobs if run.command == "role" else catalogue.entries
        assert run.arguments[0] in known.things


@pytest.mark.parametrize("words", ["", "?", "hello there", "thanks", "what can you do?"])
def test_a_greeting_gets_help(catalogue: Catalogue, words: str) -> None:
    assert understand(words, catalogue) == Run("help")


def test_the_nearest_thing_is_near(catalogue: Catalogue) -> None:
    names = [name for name, _ in nearest("is kubernetes a must these days", catalogue)]
    assert any("Kubernetes" in name for name in names)


@given(st.text(max_size=500))
def test_any_text_is_survived(text: str) -> None:
    assert understand(text, CATALOGUE) is not None or len(nearest(text, CATALOGUE)) == 3


@pytest.mark.parametrize(
    "hostile",
    ["i am " * 80, "difference between " + "and " * 80, "as " * 200, "x " * 300, "how to be " * 50],
)
@pytest.mark.timeout(10)  # a search that goes back and forth would take minutes
def test_hostile_repetition_does_not_keep_the_bot_busy(catalogue: Catalogue, hostile: str) -> None:
    found = understand(hostile, catalogue)
    assert found is None or found.command in {"role", "define", "compare", "path"}
