"""The answer to an issue's question, and what people chose: in the next issue, and when asked."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterator, Mapping
from string import ascii_uppercase

from bot.core.content.models import Source
from bot.core.content.quizzes import ChoiceItem
from bot.core.items import why
from bot.core.markdown import spans
from bot.core.newsletter.question import order_of
from bot.core.views import Bar, Bars, Block, Bold, Heading, Notice, Prose, Text, plain
from bot.core.wording import date_in_words

ENOUGH = 10
"""From this many answers on, shares are told in per cent as well; before, they would mislead."""

MOST_OF_STEM = 200
MOST_OF_OPTION = 40


def reveal_blocks(
    item: ChoiceItem,
    tally: Mapping[int, int],
    asked: dt.date,
    sources: Mapping[str, Source],
) -> Iterator[Block]:
    """What the next issue says of a question.

    Args:
        item: The question as it was asked.
        tally: How many chose each option, by its index in the content's order.
        asked: The date of the issue that asked it.
        sources: The sources of the content as it is now.
    """
    right = item.right[0]
    letter = ascii_uppercase[order_of(item).index(0)]
    yield Heading("Last time's question")
    for text in (item.scenario, item.stem):
        if text:
            yield Prose((Text(_short(text, MOST_OF_STEM)),))
    yield Prose((Bold(f"The right answer is {letter}: "), *spans(right.text)))
    if not item.explanation and right.why:
        yield Prose((Bold("Why: "), *spans(right.why)))
    yield from why(item, sources)
    yield from distribution(item, tally)
    yield Notice((Text(f"Asked on {date_in_words(asked.isoformat())}."),))


def distribution(item: ChoiceItem, tally: Mapping[int, int]) -> Iterator[Block]:
    """What people chose, as bars in the order of the options; or that nobody answered."""
    total = sum(tally.values())
    if not total:
        yield Prose((Text("Nobody answered it."),))
        return
    people = "1 person" if total == 1 else f"{total:,} people"
    yield Prose((Text(f"{people} answered:"),))
    yield Bars(
        tuple(
            _bar(letter, item, index, tally.get(index, 0), total)
            for letter, index in zip(ascii_uppercase, order_of(item), strict=False)
        )
    )


def _bar(letter: str, item: ChoiceItem, index: int, count: int, total: int) -> Bar:
    right = ", right" if index < len(item.right) else ""
    share = count / total
    words = f"{count:,} of {total:,}" + (f", {share:.0%}" if total >= ENOUGH else "")
    return Bar(f"{letter}{right}: {_short(item.options[index].text, MOST_OF_OPTION)}", share, words)


def _short(text: str, most: int) -> str:
    """A text without marks, cut between words where it is long."""
    return textwrap.shorten(plain(spans(text)), most, placeholder=" …")
