"""Knowledge items in words and buttons, the same wherever one is asked or explained."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from string import ascii_uppercase

from bot.core.content.models import Source
from bot.core.content.quizzes import ChoiceItem, Item
from bot.core.markdown import spans
from bot.core.views import (
    Block,
    Bold,
    Bullets,
    Fields,
    Link,
    Notice,
    Prose,
    Span,
    Spans,
    Text,
    plain,
)

MOST_ON_LABEL = 24
"""Characters of an option that stands on its button; longer ones stand above, with a letter."""


def stem_blocks(item: Item) -> Iterator[Block]:
    """The situation, where there is one, and the question."""
    if isinstance(item, ChoiceItem) and item.scenario:
        yield Prose(spans(item.scenario))
    yield Prose(tuple(Bold(s.text) if isinstance(s, Text) else s for s in spans(item.stem)))


def lettered(texts: Iterable[Spans], picked: Sequence[int] = ()) -> Fields:
    """Options with their letters."""
    return Fields(
        tuple(
            (f"{letter} (picked)" if place in picked else letter, text)
            for place, (letter, text) in enumerate(zip(ascii_uppercase, texts, strict=False))
        )
    )


def stand_on_buttons(texts: Iterable[Spans]) -> bool:
    """Whether all options are short enough to stand on their buttons."""
    return all(len(plain(text)) <= MOST_ON_LABEL for text in texts)


def button_label(place: int, texts: Sequence[Spans]) -> str:
    """What stands on the button of an option: its letter, with its text where all are short."""
    letter = ascii_uppercase[place]
    return f"{letter}: {plain(texts[place])}" if stand_on_buttons(texts) else letter


def explained_options(item: ChoiceItem, order: Iterable[int], chosen: Iterable[int]) -> Bullets:
    """Every option in the order in which it was shown: right or not, whether chosen, and why."""
    options, right, mine = item.options, len(item.right), set(chosen)

    def line(letter: str, index: int) -> Spans:
        marks = [letter, "right" if index < right else "not right"]
        marks += ["your answer"] if index in mine else []
        option = options[index]
        return (Bold(f"{', '.join(marks)}: "), *spans(option.text), *reason(option.why))

    return Bullets(tuple(map(line, ascii_uppercase, order)))


def reason(text: str | None) -> Spans:
    """Why an option is right or wrong, to stand behind it."""
    return (Text(" – "), *spans(text)) if text else ()


def why(item: Item, sources: Mapping[str, Source]) -> Iterator[Block]:
    """The explanation, and where it comes from."""
    if item.explanation:
        yield Prose((Bold("Why: "), *spans(item.explanation)))
    source = sources.get(item.source or "")
    if source is not None:
        shown: Span = Link(source.title, source.url) if source.url else Text(source.title)
        yield Notice((Text("Source: "), shown, Text(f", {source.publisher}")))
