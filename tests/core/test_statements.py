"""The statements about AI engineers and ML engineers that the shipped content must hold.

Each row of the table says in a few words what is stated, where it is written, and which phrases
carry it there: names, figures and negations. A statement that is deleted, moved or robbed of its
figure fails here under its number. Rows `a` to `e` are the corrections that go with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pytest

from bot.core.content.loader import Content, load
from bot.core.content.models import Fact, Record
from bot.settings import shipped_content


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim, and for each place that holds it the phrases that must all occur there.

    A place is `kind:id` or `kind:id.field`, as in `note:choice-howell` or `role:ai-engineer.day`.
    """

    number: str
    claim: str
    held: Mapping[str, tuple[str, ...]]


STATEMENTS = (
    Statement(
        "1",
        "the pair confuses people, both pay well, a wrong choice costs months",
        {"note:choice-cost": ("confuses", "both pay well", "wrong choice", "months", "skills")},
    ),
    Statement(
        "2",
        "titles change meaning every quarter, and AI is put into some for prestige",
        {"note:titles-change": ("every quarter", "prestige", "basic prompting")},
    ),
    Statement(
        "3",
        "an AI engineer is a software engineer who uses foundation models without training them",
        {
            "role:ai-engineer.summary": (
                "software engineer who specialises",
                "generative foundation models",
                "ready-made",
            ),
            "role:ai-engineer.misconceptions": ("You train the models. Rarely.",),
            "note:bert-encodes": ("Claude", "GPT", "BERT", "foundation models"),
            "note:fine-tuning-secondary": ("do not train models",),
        },
    ),
    Statement(
        "4",
        "an ML engineer develops models and the system round them",
        {"role:ml-engineer.summary": ("from the ground up", "common libraries", "whole system")},
    ),
    Statement(
        "5",
        "the models of ML engineers are mostly traditional, but may be generative",
        {
            "role:ml-engineer.builds": (
                "models are traditional",
                "gradient-boosted trees",
                "neural networks",
                "may be generative",
            )
        },
    ),
    Statement(
        "6",
        "ML is a part of AI, so AI engineer means GenAI engineer",
        {"note:genai-engineer": ("machine learning (ML) is a part of", "GenAI engineer")},
    ),
    Statement(
        "7",
        "foundation models are large neural networks for many tasks, known through ChatGPT",
        {
            "term:foundation-model": (
                "very large neural network",
                "huge amounts of text, images, video",
                "audio",
                "many tasks",
                "writing code",
                "answering questions",
                "making images",
            ),
            "term:chatgpt": ("best-known product", "foundation models"),
        },
    ),
    Statement(
        "8",
        "AI engineers use them through an API or host them, for a shop assistant or an editor",
        {
            "skill:foundation-models": ("provider's API", "own servers"),
            "role:ai-engineer.builds": ("shoppers", "coding help inside an editor", "Cursor"),
        },
    ),
    Statement(
        "9",
        "AI engineering is about the product: live fast, refined later",
        {
            "note:product-or-model": (
                "focused on the product",
                "put it live fast",
                "refine it later",
            )
        },
    ),
    Statement(
        "10",
        "the skills of an AI engineer, on a list that is moving",
        {
            "note:ai-skills-howell": (
                "software engineering",
                "Python",
                "SQL",
                "Java",
                "Go",
                "CI/CD",
                "Git",
                "GitHub",
                "LLMs",
                "transformers",
                "RAG",
                "prompt engineering",
                "foundation models",
                "fine-tuning",
                "Model Context Protocol",
                "keeps moving",
            )
        },
    ),
    Statement(
        "11",
        "ML engineering came out of software engineering",
        {"role:ml-engineer.summary": ("roots in software engineering", "stands on its own")},
    ),
    Statement(
        "12",
        "ML engineers build for narrow tasks: recommendations, card fraud, stock forecasts",
        {"role:ml-engineer.builds": ("recommendations", "card fraud", "stock", "narrow tasks")},
    ),
    Statement(
        "13",
        "ML engineers need the maths at an advanced level, AI engineers not necessarily",
        {
            "note:maths-depth": (
                "advanced level",
                "statistics",
                "linear algebra",
                "calculus",
                "not necessarily",
            )
        },
    ),
    Statement(
        "14",
        "ML engineering is about the model: build, test offline, ship when good enough",
        {
            "note:product-or-model": (
                "focused on the model",
                "test it offline",
                "performs well enough",
            )
        },
    ),
    Statement(
        "15",
        "three niche specialities of ML engineering, for later years",
        {
            "note:ml-specialities-later": (
                "ML platform engineer",
                "ML hardware engineer",
                "ML solutions architect",
                "niche",
                "after a few years",
                "not to a beginner",
            )
        },
    ),
    Statement(
        "16",
        "the skills of an ML engineer",
        {
            "note:ml-skills-howell": (
                "Python",
                "SQL",
                "Rust",
                "Git",
                "GitHub",
                "Bash",
                "Zsh",
                "AWS",
                "Azure",
                "GCP",
                "CI/CD",
                "MLOps",
                "Docker",
                "forecasting",
                "recommenders",
                "computer vision",
                "statistics",
                "linear algebra",
                "calculus",
            )
        },
    ),
    Statement(
        "17",
        "a big overlap in software skills; generative AI against maths and traditional ML",
        {
            "note:overlap-ai-ml": (
                "big overlap",
                "core software skills",
                "generative AI",
                "deeper maths",
                "traditional ML",
            )
        },
    ),
    Statement(
        "18",
        "both come from a STEM master's and some years of work",
        {"note:background-both": ("master's", "STEM", "software engineer", "data scientist")},
    ),
    Statement(
        "19",
        "AI engineering is somewhat easier to enter",
        {"note:easier-entry": ("somewhat easier to enter", "learning curve", "shorter", "maths")},
    ),
    Statement(
        "20",
        "ML engineer is more established, demand for AI engineers rises very fast",
        {"note:demand-ai-ml": ("recent", "more established", "rising very fast")},
    ),
    Statement(
        "21",
        "titles are vague: at the author's firm AI engineers are called ML engineers",
        {
            "note:title-at-howells-firm": (
                "vague",
                "AI engineers are called ML engineers",
                "whole job description",
            )
        },
    ),
    Statement(
        "22",
        "UK medians of 105,000 and 75,000 pounds, hazy, the second expected to grow",
        {
            "note:pay-howell": (
                "Levels.fyi",
                "UK",
                "£105,000 for ML engineers",
                "£75,000 for AI engineers",
                "grow",
                "hazy",
            ),
        },
    ),
    Statement(
        "23",
        "choose what you will enjoy; both pay well with very good prospects",
        {
            "note:choice-howell": (
                "enjoyment",
                "loves maths and the inner workings of algorithms should become an ML engineer",
                "less drawn to research",
                "newest tools, an AI engineer",
                "well paid",
                "very good long-term prospects",
            )
        },
    ),
    Statement(
        "24",
        "the author's follow-up and weekly newsletter, which is not ours",
        {
            "note:howell-pointers": (
                "follow-up on becoming an ML engineer",
                "free weekly newsletter",
                "resume template",
                "nothing to do with",
            )
        },
    ),
    Statement(
        "a",
        "correction: six figures for both does not hold in pounds",
        {"note:pay-howell.correction": ("does not hold in pounds", "US dollars", "currency")},
    ),
    Statement(
        "b",
        "correction: BERT is an encoder and does not generate",
        {"note:bert-encodes.correction": ("encoder", "does not generate", "GPT and Claude do")},
    ),
    Statement(
        "c",
        "correction: fine-tuning is a side skill in adverts",
        {"note:fine-tuning-secondary.correction": ("30.8%", "4.0%", "29%", "main duty")},
    ),
    Statement(
        "d",
        "correction: the order of pay is not stable",
        {
            "note:pay-order": (
                "Which of the two pays more depends on place, year and who is counted.",
                "$210,000 (61 adverts)",
                "$185,000 (16)",
            )
        },
    ),
    Statement(
        "e",
        "correction: evaluation is missing from the author's list",
        {"note:ai-skills-howell.correction": ("evaluation is missing", "39.6%")},
    ),
)

DAMAGED = (
    "machine studying",
    "high quality tuning",
    "boosted bushes",
    "Ranges.fyi",
    "foundational model",
    "foundational models",
)
"""Words of a careless paraphrase that must never return, in any letter case."""


@pytest.fixture(scope="module")
def content() -> Content:
    return load(shipped_content())


def texts(value: object) -> Iterator[str]:
    """Every text inside a piece of content; of a fact its sentence, not its sources.

    Aliases are left out: they are what people may type, mistakes included.
    """
    match value:
        case str():
            yield value
        case Fact():
            yield value.text
        case Record():
            for name in type(value).model_fields:
                if name != "aliases":
                    yield from texts(getattr(value, name))
        case tuple():
            for item in value:
                yield from texts(item)


def text_at(content: Content, place: str) -> str:
    """All text at a place, or nothing where the place does not exist."""
    kind, _, rest = place.partition(":")
    identity, _, field = rest.partition(".")
    shelves: Mapping[str, Mapping[str, Record]] = {
        "note": content.notes,
        "role": content.roles,
        "term": content.terms,
        "skill": content.skills,
    }
    record = shelves[kind].get(identity)
    return " ".join(texts(getattr(record, field, None) if field else record))


def every_text(content: Content) -> Iterator[str]:
    shelves: tuple[Mapping[str, Record], ...] = (
        content.notes,
        content.roles,
        content.terms,
        content.skills,
        content.titles,
    )
    for shelf in shelves:
        for record in shelf.values():
            yield from texts(record)
    for path in content.paths:
        yield from texts(path)


def lost(content: Content, statement: Statement) -> list[str]:
    """The phrases of a statement that are not where they should be."""
    return [
        f"{place}: {phrase}"
        for place, phrases in statement.held.items()
        for phrase in phrases
        if not says(text_at(content, place), phrase)
    ]


def says(text: str, phrase: str) -> bool:
    """Whether a phrase occurs in a text as whole words, in any letter case."""
    whole_words = rf"(?<!\w){re.escape(phrase)}(?!\w)"
    return re.search(whole_words, text, re.IGNORECASE) is not None


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement.number)
def test_the_statement_is_told_with_its_figures(content: Content, statement: Statement) -> None:
    assert lost(content, statement) == [], statement.claim


def test_all_twenty_four_statements_are_in_the_table() -> None:
    numbers = [statement.number for statement in STATEMENTS]

    assert numbers == [*map(str, range(1, 25)), "a", "b", "c", "d", "e"]


def test_a_statement_whose_place_is_deleted_counts_as_lost(content: Content) -> None:
    emptied = replace(content, notes={}, roles={}, terms={}, skills={})

    assert all(lost(emptied, statement) for statement in STATEMENTS)


@pytest.mark.parametrize("words", DAMAGED)
def test_no_text_repeats_the_damaged_words(content: Content, words: str) -> None:
    assert [text for text in every_text(content) if says(text, words)] == []


def test_the_language_go_is_not_shouted(content: Content) -> None:
    assert [text for text in every_text(content) if re.search(r"\bGO\b", text)] == []
