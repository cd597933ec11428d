"""The question within an issue: open to all to read, answered in private."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.content.quizzes import ChoiceItem
from bot.core.items import lettered, stem_blocks
from bot.core.markdown import spans
from bot.core.quiz.grading import shown_order
from bot.core.reader_intents import PREVIEWED, OpenQuestion
from bot.core.views import Actions, Block, Button, Heading, Spans


def order_of(item: ChoiceItem) -> tuple[int, ...]:
    """The indices of the options in the order in which everybody sees them, in issues and after."""
    return shown_order(item, 0)


def texts_of(item: ChoiceItem) -> list[Spans]:
    """The options in that order."""
    return [spans(item.options[index].text) for index in order_of(item)]


def question_blocks(item: ChoiceItem, version: str = PREVIEWED) -> Iterator[Block]:
    """The question with its options and, right below, the button that answers it in private."""
    yield Heading("A question")
    yield from stem_blocks(item)
    yield lettered(texts_of(item))
    yield Actions((Button("Answer it", OpenQuestion(version), primary=True),))
