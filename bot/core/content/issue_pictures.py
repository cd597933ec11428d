"""Pictures in an issue: each from https, with words that say what it shows.

The words stand in the head of the issue, by the picture's address, so that an editor sees at one
place what a screen reader will say; or they stand in the Markdown, `![like this](https://...)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from markdown_it.common.normalize_url import normalizeLink
from markdown_it.tree import SyntaxTreeNode

from bot.core.content.newsletter import MAX_ALT
from bot.core.content.yaml_reader import Document, Problem
from bot.core.views import Image

MAX_PICTURES = 4
"""Pictures in an issue: on a phone each of them fills most of the screen."""

MAX_ADDRESS = 300

_ADDRESS = re.compile(r"https://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::\d{1,5})?/[!-~]*")
"""What platforms take, once all other characters are percent-encoded: they refuse the whole
message for an address that they do not understand."""


@dataclass(frozen=True, slots=True)
class Alt:
    """What the head says of a picture, and in which line of the file."""

    text: str
    line: int


Alts: TypeAlias = Mapping[str, Alt]
"""What the head says, by the addresses of pictures as Markdown writes them."""

NO_ALTS: Alts = MappingProxyType({})


def alts_of(document: Document) -> Alts | None:
    """The words in the head of an issue; None where they cannot be read: that is told elsewhere."""
    match document.data:
        case {"alt": dict(alts)}:
            return {
                normalizeLink(address): Alt(
                    text.strip() if isinstance(text, str) else "",
                    document.root.line_of(("alt", address)),
                )
                for address, text in alts.items()
            }
        case {"alt": _}:
            return None
        case dict():
            return {}
        case _:
            return None


def pictures_in(root: SyntaxTreeNode) -> list[SyntaxTreeNode]:
    """Every picture of a text, also where none may stand."""
    return [node for node in root.walk() if node.type == "image"]


def alone(paragraph: SyntaxTreeNode) -> SyntaxTreeNode | None:
    """The picture that a paragraph consists of, if it does."""
    match [node for inline in paragraph.children for node in inline.children]:
        case [SyntaxTreeNode(type="image") as picture]:
            return picture
        case _:
            return None


def image_of(picture: SyntaxTreeNode, alts: Alts | None) -> Image | None:
    """A picture as a block; None where something is wrong with it."""
    address = _address(picture)
    words = _words(picture) or (alts or {}).get(address, Alt("", 0)).text
    if not _has_good(address) or not 0 < len(words) <= MAX_ALT:
        return None
    return Image(address, words)


def mistakes_of(picture: SyntaxTreeNode, alts: Alts | None) -> Iterator[str]:
    """What is wrong with a picture, apart from what the schema finds in the head."""
    address, words = _address(picture), _words(picture)
    if not _has_good(address):
        yield (
            f"a picture from `{address[:60]}`: its address must start with https://, a host and a "
            f"slash, and have at most {MAX_ADDRESS} characters"
        )
    if picture.attrs.get("title"):
        yield "a picture with a title in quotes: nobody would see it, so remove it"
    if any(node.type not in {"text", "softbreak"} for node in picture.children):
        yield "a picture whose words have marks: screen readers would read them out, so remove them"
    if len(words) > MAX_ALT:
        yield f"a picture has at most {MAX_ALT} characters that say what it shows"
    in_head = alts.get(address) if alts is not None else None
    if words and in_head:
        yield f"a picture with two texts, here and in line {in_head.line}: remove one of them"
    elif not words and not in_head and alts is not None:
        yield (
            "a picture without words for whoever does not see it: say what it shows, under `alt` "
            "in the head or as ![words](https://...)"
        )


def unused(alts: Alts | None, pictures: Iterable[SyntaxTreeNode], file: str) -> Iterator[Problem]:
    """Words in the head for a picture that is not there."""
    addresses = {_address(picture) for picture in pictures}
    for address, alt in (alts or {}).items():
        if address not in addresses:
            wrong = f"`alt` speaks of `{address[:60]}`, which is no picture of this issue"
            yield Problem(file, alt.line, f"{wrong}: correct the address, or remove the line")


def _address(picture: SyntaxTreeNode) -> str:
    """Where a picture lies, with special characters percent-encoded."""
    return str(picture.attrs.get("src", ""))


def _has_good(address: str) -> bool:
    return len(address) <= MAX_ADDRESS and _ADDRESS.fullmatch(address) is not None


def _words(picture: SyntaxTreeNode) -> str:
    """What stands between the brackets, without marks."""
    words: list[str] = []
    for node in picture.walk(include_self=False):
        match node.type:
            case "text" | "code_inline":
                words.append(node.content)
            case "softbreak":
                words.append(" ")
            case _:
                pass
    return "".join(words).strip()
