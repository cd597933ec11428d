"""Markdown to spans: bold, italic, code and https links in one line of text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.core.views import Bold, Code, Italic, Link, Span, Spans, Text

_MARKED = re.compile(r"[\\`*_\[\]<>&]")
_PARSER = MarkdownIt("zero").enable(["emphasis", "backticks", "link", "escape", "entity"])


@lru_cache(maxsize=16_384)
def spans(text: str) -> Spans:
    """The spans of a line of Markdown; what is not understood stays as it was written."""
    if not _MARKED.search(text):
        return (Text(text),)
    (inline,) = _PARSER.parseInline(text)
    return tuple(_join(_span(token, style) for token, style in _styled(inline.children or [])))


def _styled(tokens: list[Token]) -> list[tuple[Token, tuple[str, str]]]:
    """Every token that holds text, with the mark that is open round it and the link's address."""
    found: list[tuple[Token, tuple[str, str]]] = []
    marks: list[tuple[str, str]] = []
    for token in tokens:
        if token.nesting == 1:
            marks.append((token.tag, str(token.attrGet("href") or "")))
        elif token.nesting == -1:
            marks.pop()
        elif token.content:
            link = next((mark for mark in marks if mark[0] == "a"), None)
            found.append((token, link or (marks[-1] if marks else ("", ""))))
    return found


def _span(token: Token, style: tuple[str, str]) -> Span:
    if token.type == "code_inline":
        return Code(token.content)
    match style:
        case "a", url if url.startswith("https://"):
            return Link(token.content, url)
        case "strong", _:
            return Bold(token.content)
        case "em", _:
            return Italic(token.content)
        case _:
            return Text(token.content)


def _join(found: Iterable[Span]) -> list[Span]:
    """Neighbouring plain texts become one."""
    joined: list[Span] = []
    for span in found:
        if isinstance(span, Text) and joined and isinstance(joined[-1], Text):
            joined[-1] = Text(joined[-1].text + span.text)
        else:
            joined.append(span)
    return joined
