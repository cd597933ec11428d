"""Spans to Discord Markdown, line by line; what is too long is cut without breaking marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import assert_never

from bot.adapters.discord.escape import (
    ZERO_WIDTH_SPACE,
    escape,
    escape_brackets,
    escape_start,
    tidy,
    units,
    visible,
)
from bot.core.views import Bold, Code, Italic, Link, Span, Text

MAX_URL = 500
"""Characters of the longest address that is linked; content has none over 300."""

_URL = re.compile(r"https://[^\s<>\"\\`]+")
_ROUND = str.maketrans("[]", "()")  # a link's own words cannot hold brackets
_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+")
_WORD_END = re.compile(r"(?<=\s)(?=\S)")


def lines(spans: Iterable[Span], most: int) -> Iterator[str]:
    """The lines of some spans, cut where needed between sentences, words or letters.

    Every line has at most `most` UTF-16 code units and something to see.
    """
    for line in _broken(map(_clean, spans)):
        whole = _markdown(line)
        parts = (whole,) if units(whole) <= most else _cut(line, most)
        yield from (part.strip() for part in parts if visible(part))


def _clean(span: Span) -> Span:
    """Without what is never shown; what cannot be a link or code is just its words."""
    text = tidy(span.text)
    match span:
        case Link(url=url):
            words = " ".join(text.split())
            if not _URL.fullmatch(url) or len(url) > MAX_URL:
                return Text(words)
            return Link(words if visible(words) else url.removeprefix("https://"), url)
        case Code() if "`" in text or not visible(text):
            return Text(text)
        case _:
            return span if text == span.text else _like(span, text)


def _broken(spans: Iterable[Span]) -> Iterator[list[Span]]:
    """The spans of each line."""
    current: list[Span] = []
    for span in spans:
        if "\n" not in span.text:
            current.append(span)
            continue
        first, *others = span.text.split("\n")
        current.append(_like(span, first))
        for other in others:
            yield current
            current = [_like(span, other)]
    yield current


def _markdown(spans: Iterable[Span]) -> str:
    written = ""
    before: Span = Text("")
    joined = _joined(spans)
    bracketed = any("](" in span.text for span in joined)
    for span in joined:
        words = _written(span)
        if bracketed and not isinstance(span, Code | Link):
            words = escape_brackets(words)
        if isinstance(span, Text):
            words = words if written.strip() else escape_start(words)
        elif not isinstance(before, Text) and not written[-1:].isspace():
            words = ZERO_WIDTH_SPACE + words
        written += words
        before = span
    return written


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Neighbours of one kind become one, so that no pattern hides across their border."""
    joined: list[Span] = []
    for span in spans:
        before = joined[-1] if joined else None
        if not span.text:
            continue
        if type(before) is type(span) and _like(before, "") == _like(span, ""):
            joined[-1] = _like(span, before.text + span.text)
        else:
            joined.append(span)
    return joined


def _written(span: Span) -> str:
    match span:
        case Text(text):
            return escape(text)
        case Bold(text):
            return _marked(text, "**")
        case Italic(text):
            return _marked(text, "*")
        case Code(text):
            return f"`{' '.join(text.split())}`" if visible(text) else text
        case Link(text, url):
            target = url.replace("(", "%28").replace(")", "%29")
            words = escape(text).translate(_ROUND)
            return f"[{words}]({target})"
        case _:
            assert_never(span)


def _marked(text: str, mark: str) -> str:
    """The marks must touch words and not blanks."""
    words = text.strip()
    if not visible(words):
        return text
    before, after = text.split(words, 1)
    return f"{before}{mark}{escape(words)}{mark}{after}"


def _cut(spans: Iterable[Span], most: int) -> Iterator[str]:
    held: list[Span] = []
    length = 0
    for atom in _atoms(spans, most):
        size = units(_written(atom)) + 2
        if held and length + size > most:
            yield _markdown(held)
            held, length = [], 0
        held.append(atom)
        length += size
    yield _markdown(held)


def _atoms(spans: Iterable[Span], most: int) -> Iterator[Span]:
    """The spans cut into sentences, and what is longer still into words and letters."""
    for span in spans:
        url = 3 * len(span.url) if isinstance(span, Link) else 0
        room = max((most - url) // 2 - 4, 1) // 2  # escaping and UTF-16 may each double a letter
        for sentence in _split(span.text, _SENTENCE_END):
            for word in (sentence,) if len(sentence) <= room else _split(sentence, _WORD_END):
                for start in range(0, len(word), room):
                    yield _like(span, word[start : start + room])


def _split(text: str, ends: re.Pattern[str]) -> Iterator[str]:
    start = 0
    for end in ends.finditer(text):
        yield text[start : end.end()]
        start = end.end()
    yield text[start:]


def _like(span: Span, text: str) -> Span:
    """Other words of the same kind, and with the same address."""
    match span:
        case Link(url=url):
            return Link(text, url)
        case Text() | Bold() | Italic() | Code():
            return type(span)(text)
        case _:
            assert_never(span)
