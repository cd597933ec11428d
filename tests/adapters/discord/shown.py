"""What Discord's clients make of a line of Markdown: the words that are seen, and the constructs.

A model of the clients' published rules, tried in their order at every letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

BLOCKS = {
    "heading": re.compile(r" *#{1,3} +(?=\S)"),
    "small": re.compile(r" *-# +(?=\S)"),
    "quote": re.compile(r" *>(?:>>)? "),
    "list": re.compile(r" *(?:[*+-]|\d+[.)]) +(?=\S)"),
}
ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
INLINE = {
    "autolink": re.compile(r"<([^: >]+:/[^ >]+)>"),
    "address": re.compile(r"(?:https?|steam|discord)://[^\s<]+[^<.,:;\"'\]\s]", re.IGNORECASE),
    "invite": re.compile(r"discord(?:\.gg|(?:app)?\.com/invite)/\S+", re.IGNORECASE),
    "mention": re.compile(
        r"<(?:@[!&]?\d+|#\d+|/[^>]+:\d+|a?:\w+:\d+|t:-?\d+(?::\w)?|id:\w+)>|@everyone|@here"
    ),
    "emoji": re.compile(r":[\w+~-]+:"),
    "link": re.compile(
        r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]"
        r"\(\s*<?((?:\([^)]*\)|[^\s\\]|\\.)*?)>?(?:\s+['\"]([\s\S]*?)['\"])?\s*\)"
    ),
    "bold": re.compile(r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)"),
    "underline": re.compile(r"__((?:\\[\s\S]|[^\\])+?)__(?!_)"),
    "italic": re.compile(
        r"\b_((?:__|\\[\s\S]|[^\\_])+?)_\b"
        r"|\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)"
    ),
    "strike": re.compile(r"~~([\s\S]+?)~~(?!_)"),
    "spoiler": re.compile(r"\|\|([\s\S]+?)\|\|"),
    "code": re.compile(r"(`+)([\s\S]*?[^`])\1(?!`)"),
}
NESTED = {"bold", "underline", "italic", "strike", "spoiler"}


@dataclass
class Shown:
    """The words without marks; what was found, in order; and where links lead."""

    text: str = ""
    kinds: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)


def shown(markdown: str) -> Shown:
    """What is seen of one line."""
    seen = Shown()
    for kind, pattern in BLOCKS.items():
        if found := pattern.match(markdown):
            seen.kinds.append(kind)
            markdown = markdown[found.end() :]
            break
    _inline(markdown, seen)
    return seen


def _inline(markdown: str, seen: Shown) -> None:
    at = 0
    while at < len(markdown):
        if found := ESCAPE.match(markdown, at):
            seen.text += found[1]
            at = found.end()
            continue
        for kind, pattern in INLINE.items():
            if found := pattern.match(markdown, at):
                seen.kinds.append(kind)
                _inside(kind, found, seen)
                at = found.end()
                break
        else:
            seen.text += markdown[at]
            at += 1


def _inside(kind: str, found: re.Match[str], seen: Shown) -> None:
    if kind in NESTED:
        _inline(next(group for group in found.groups() if group is not None), seen)
    elif kind == "link":
        seen.targets.append(found[2])
        _inline(found[1], seen)
    elif kind == "code":
        seen.text += found[2]
    else:
        seen.text += found[0]
