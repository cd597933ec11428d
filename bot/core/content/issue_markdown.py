"""The body of a newsletter issue: a strict subset of Markdown, as blocks of a view.

Headings (`##`), paragraphs, lists of one level, block quotes, thematic breaks, and pictures that
stand alone; within a line bold, italic, code and links to https. Everything else is a mistake that
names its line, because what one platform shows well another does not show at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from bot.core.content.issue_pictures import (
    MAX_PICTURES,
    NO_ALTS,
    Alts,
    alone,
    image_of,
    mistakes_of,
    pictures_in,
    unused,
)
from bot.core.content.yaml_reader import Problem
from bot.core.views import (
    Block,
    Bold,
    Bullets,
    Code,
    Divider,
    Heading,
    Image,
    Italic,
    Link,
    Notice,
    Prose,
    Span,
    Spans,
    Text,
    plain,
)

MAX_BODY = 3_000
"""Characters of a body, so that an issue fits into one message on every platform."""

MAX_HEADING = 90
MAX_ADDRESS = 300

_ADDRESS = re.compile(r"https://[^\s<>\"]+")
_BARE = re.compile(r"(?:https?|ftp)://\S", re.IGNORECASE)

_PARSER = (
    MarkdownIt("commonmark")
    .enable(["table", "strikethrough"])
    .disable(["reference", "lheading", "autolink"])
)
# Every address becomes a link here, so that a forbidden one is reported and not shown as text.
_PARSER.validateLink = lambda url: True  # type: ignore[method-assign]

_REFUSED = {
    "fence": "a code block: write short code as `code` within a sentence",
    "code_block": "a line that is indented by four spaces or more: remove the spaces",
    "html_block": "HTML: write Markdown",
    "html_inline": "HTML: write Markdown, and a `<` in words as `\\<`",
    "table": "a table: write a list, one row an item",
    "image": "a picture amid text: it stands alone, with an empty line above and below it",
    "s": "struck-out text: leave it out",
    "hardbreak": "a line break within a paragraph: leave an empty line, or let the text run on",
}
"""What may not stand in a body, and what would be right."""


def body(
    text: str, file: str, offset: int = 0, alts: Alts | None = NO_ALTS
) -> tuple[tuple[Block, ...], tuple[Problem, ...]]:
    """The blocks of a body, and its mistakes; with a mistake, the blocks may be incomplete.

    Args:
        text: The Markdown.
        file: What mistakes call the file.
        offset: How many lines stand above the body in its file.
        alts: What the head says of pictures; None where that is not known.
    """
    reader = _Reader(file, offset, alts)
    if len(text.strip()) > MAX_BODY:
        reader.refuse(1, f"the text has {len(text.strip()):,} characters; at most {MAX_BODY:,} fit")
        return (), tuple(reader.problems)
    root = SyntaxTreeNode(_PARSER.parse(text))
    blocks = tuple(reader.blocks(root))
    pictures = pictures_in(root)
    if len(pictures) > MAX_PICTURES:
        line = _line(pictures[MAX_PICTURES])
        reader.refuse(line, f"an issue has at most {MAX_PICTURES} pictures: this is one more")
    reader.problems += unused(alts, pictures, file)
    if not blocks and not pictures and not reader.problems:
        reader.refuse(1, "there is no text: write the issue below the second line `---`")
    return blocks, tuple(reader.problems)


def _line(node: SyntaxTreeNode) -> int:
    """The line, from 1, at which a node or the block round it starts."""
    while not node.map and node.parent:
        node = node.parent
    return node.map[0] + 1 if node.map else 1


@dataclass(slots=True)
class _Reader:
    """Turns nodes into blocks and spans, and collects what is wrong."""

    file: str
    offset: int
    alts: Alts | None
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, line: int, message: str) -> None:
        self.problems.append(Problem(self.file, self.offset + line, message))

    def blocks(self, root: SyntaxTreeNode) -> Iterator[Block]:
        for node in root.children:
            match node.type:
                case "heading":
                    yield from self._heading(node)
                case "paragraph" if picture := alone(node):
                    yield from self._picture(picture)
                case "paragraph":
                    if spans := self._spans(node):
                        yield Prose(spans)
                case "bullet_list" | "ordered_list":
                    yield Bullets(tuple(self._items(node)), numbered=node.type == "ordered_list")
                case "blockquote":
                    yield from self._quote(node)
                case "hr":
                    yield Divider()
                case _:
                    self._refuse_node(node)

    def _refuse_node(self, node: SyntaxTreeNode, line: int | None = None) -> None:
        what = _REFUSED.get(node.type, f"`{node.type}`: this is not possible in an issue")
        self.refuse(_line(node) if line is None else line, what)

    def _picture(self, node: SyntaxTreeNode) -> Iterator[Image]:
        for message in mistakes_of(node, self.alts):
            self.refuse(_line(node), message)
        if image := image_of(node, self.alts):
            yield image

    def _heading(self, node: SyntaxTreeNode) -> Iterator[Heading]:
        line, spans = _line(node), self._spans(node)
        text = plain(spans)
        if node.tag != "h2":
            marks = "#" * int(node.tag[1:])
            self.refuse(line, f"a heading with `{marks}`: an issue has headings with `##` alone")
        elif any(not isinstance(span, Text) for span in spans):
            self.refuse(line, "a heading with marks or a link: write plain words")
        elif not 0 < len(text) <= MAX_HEADING:
            self.refuse(line, f"a heading has 1 to {MAX_HEADING} characters, not {len(text)}")
        else:
            yield Heading(text)

    def _items(self, node: SyntaxTreeNode) -> Iterator[Spans]:
        if str(node.attrs.get("start", 1)) != "1":
            self.refuse(_line(node), "a numbered list starts with 1, and nothing stands inside it")
        for item in node.children:
            match [child.type for child in item.children]:
                case ["paragraph"]:
                    yield self._spans(item.children[0])
                case []:
                    self.refuse(_line(item), "an empty item: write it, or remove its mark")
                case types if {"bullet_list", "ordered_list"} & set(types):
                    self.refuse(_line(item), "a list inside a list: make it one list")
                case _:
                    self.refuse(_line(item), "an item holds one paragraph and nothing else")

    def _quote(self, node: SyntaxTreeNode) -> Iterator[Notice]:
        if not node.children:
            self.refuse(_line(node), "an empty quote: write it, or remove its mark")
        for child in node.children:
            if child.type != "paragraph":
                self.refuse(_line(child), "a quote holds paragraphs and nothing else")
            elif spans := self._spans(child):
                yield Notice(spans)

    def _spans(self, node: SyntaxTreeNode) -> Spans:
        """The spans of a heading or paragraph, plain neighbours joined."""
        line, found = _line(node), list[Span]()
        for inline in node.children:
            for child in inline.children:
                span = self._span(child, line)
                line += child.type in {"softbreak", "hardbreak"}
                line += sum(part.type == "softbreak" for part in child.walk(include_self=False))
                if isinstance(span, Text) and found and isinstance(found[-1], Text):
                    found[-1] = Text(found[-1].text + span.text)
                elif span.text:
                    found.append(span)
        return tuple(found)

    def _span(self, node: SyntaxTreeNode, line: int) -> Span:
        match node.type:
            case "text":
                return self._words(node, line)
            case "softbreak":
                return Text(" ")
            case "code_inline":
                return Code(node.content)
            case "strong":
                return Bold(self._inside(node, line))
            case "em":
                return Italic(self._inside(node, line))
            case "link":
                return self._link(node, line)
            case _:
                self._refuse_node(node, line)
                return Text("")

    def _words(self, node: SyntaxTreeNode, line: int) -> Text:
        if _BARE.search(node.content):
            self.refuse(line, "a bare address: write [a few words](https://...)")
        return Text(node.content)

    def _inside(self, node: SyntaxTreeNode, line: int) -> str:
        """The words inside a mark, which may hold no further mark."""
        words: list[str] = []
        for child in node.children:
            match child.type:
                case "text":
                    words.append(self._words(child, line).text)
                case "softbreak":
                    words.append(" ")
                    line += 1
                case name if name in _REFUSED:
                    self._refuse_node(child, line)
                case _:
                    self.refuse(line, "a mark inside a mark or a link: one at a time")
        return "".join(words)

    def _link(self, node: SyntaxTreeNode, line: int) -> Link:
        url, words = str(node.attrs.get("href", "")), self._inside(node, line)
        if not _ADDRESS.fullmatch(url) or len(url) > MAX_ADDRESS:
            self.refuse(
                line,
                f"a link to `{url[:60]}`: it must start with https:// and have at most "
                f"{MAX_ADDRESS} characters",
            )
        if node.attrs.get("title"):
            self.refuse(line, "a link with a title in quotes: nobody would see it, so remove it")
        if not words.strip():
            self.refuse(line, "a link without words: write [a few words](https://...)")
        return Link(words, url)
