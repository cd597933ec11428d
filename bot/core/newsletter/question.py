"""A knowledge question within an issue: open to all to read, answered in private."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import assert_never

from bot.core.content.quizzes import (
    ChoiceItem,
    Item,
    NumericItem,
    OrderingItem,
    TextItem,
)
from bot.core.intents import Run
from bot.core.markdown import spans
from bot.core.quiz.grading import options_of
from bot.core.views import Block, Bold, Bullets, Button, Heading, Notice, Prose, Spans, Text

MOST_CHARACTERS = 700
"""A question with more, its options included, is too long for an issue."""


def fits(item: Item) -> bool:
    """Whether a question is short enough to stand in an issue among other things."""
    scenario = item.scenario if isinstance(item, ChoiceItem) else None
    texts = [item.stem, scenario or "", *(option.text for option in options_of(item))]
    return sum(map(len, texts)) <= MOST_CHARACTERS


def question_blocks(item: Item) -> Iterator[Block]:
    """The question with its options, in an order that does not give the answer away."""
    yield Heading("A question")
    if isinstance(item, ChoiceItem) and item.scenario:
        yield Prose(spans(item.scenario))
    yield Prose(tuple(Bold(s.text) if isinstance(s, Text) else s for s in spans(item.stem)))
    if options := _mixed(item):
        yield Bullets(options)
    if hint := _hint(item):
        yield Notice((Text(hint),))


def question_button(item: Item) -> Button:
    """Leads to the questions on what this one is about; what is answered there stays private."""
    return Button("Answer questions on this", Run("quiz", (item.skill,)), primary=True)


def _mixed(item: Item) -> tuple[Spans, ...]:
    """The options in an order that follows from their words."""
    options = sorted(
        options_of(item), key=lambda option: hashlib.sha256(option.text.encode()).digest()
    )
    return tuple(spans(option.text) for option in options)


def _hint(item: Item) -> str:
    match item:
        case ChoiceItem(format="multiple"):
            return "More than one of them may be right."
        case OrderingItem():
            return "In which order?"
        case NumericItem(unit=str(unit)):
            return f"The answer is a number, in {unit}."
        case NumericItem():
            return "The answer is a number."
        case TextItem():
            return "The answer is a word or two."
        case ChoiceItem():
            return ""
        case _:
            assert_never(item)
