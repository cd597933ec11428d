"""Strict YAML: every scalar is a string, and what would surprise an editor is an error.

The reader builds plain dicts, lists and strings from the events of PyYAML's C parser. It refuses
anchors, aliases, tags and duplicate keys, and unquoted words that YAML turns into something else
(`no`, `1:30`). Beside the data it keeps the line of every node, so that later checks can name it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, cast

import yaml

MAX_BYTES = 1_000_000
"""The largest file that is read at all."""

MAX_DEPTH = 12
"""How deeply lists and mappings may be nested."""

Data: TypeAlias = "str | list[Data] | dict[str, Data] | None"
Loc: TypeAlias = tuple[str | int, ...]

_SURPRISING = re.compile(
    r"^(?:y|n|yes|no|on|off|true|false|null|~|[-+]?\d+(?::[0-5]?\d)+)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in the content: where it is and what would be right. Lines count from 1."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Node:
    """The line (from 1) at which a value starts, and the nodes inside it."""

    line: int
    children: dict[str, Node] | list[Node] | None = None

    def line_of(self, loc: Loc) -> int:
        """The line of the value at `loc`, or of its nearest parent that was written down."""
        node = self
        for step in loc:
            match node.children, step:
                case dict() as fields, str() if step in fields:
                    node = fields[step]
                case list() as items, int() if step < len(items):
                    node = items[step]
                case _:
                    break
        return node.line


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was read: its text, data, the lines of its nodes, and what is wrong with it."""

    file: str
    text: str
    data: Data
    root: Node
    problems: tuple[Problem, ...]

    def problem(self, loc: Loc, message: str) -> Problem:
        """A problem with the value at `loc`."""
        return Problem(self.file, self.root.line_of(loc), message)


def read(path: Path, name: str, parser: Callable[[str, str], Document] | None = None) -> Document:
    """Read one file; `name` is what problems call it. Mistakes are collected, never raised.

    `parser` takes the text and the name; without one, the whole file is YAML.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            return _unreadable(name, 1, f"the file has {size:,} bytes; the limit is {MAX_BYTES:,}")
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return _unreadable(name, 1, "the file is not UTF-8 text; save it as UTF-8")
    except OSError as error:
        return _unreadable(name, 1, f"the file cannot be read: {error.strerror}")
    return (parser or parse)(text, name)


def parse(text: str, name: str) -> Document:
    """Parse the text of one file. Mistakes are collected in the document, never raised."""
    try:
        builder = _Builder(name, text)
        data, root = builder.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return _unreadable(name, mark.line + 1 if mark else 1, f"not YAML: {error.problem}")
    except _TooDeepError as error:
        return _unreadable(name, error.line, f"nested more than {MAX_DEPTH} deep")
    except yaml.YAMLError:
        return _unreadable(name, 1, "not YAML: a character that is not allowed")
    return Document(name, text, data, root, tuple(builder.problems))


def _unreadable(name: str, line: int, message: str) -> Document:
    return Document(name, "", None, Node(1), (Problem(name, line, message),))


class _TooDeepError(Exception):
    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def _line(event: yaml.Event) -> int:
    """The line, from 1, at which an event starts; the C parser always gives a mark."""
    return event.start_mark.line + 1 if event.start_mark else 1


class _Builder:
    """Turns the event stream of one file into data and nodes."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        # None comes only after the end of the stream, and nobody asks beyond it.
        self._next = cast("Callable[[], yaml.Event]", yaml.CSafeLoader(text).get_event)

    def document(self) -> tuple[Data, Node]:
        self._next()
        if isinstance(self._next(), yaml.StreamEndEvent):
            self._problem(1, "the file is empty")
            return None, Node(1)
        built = self._value(self._next(), 0)
        self._next()
        after = self._next()
        if not isinstance(after, yaml.StreamEndEvent):
            self._problem(_line(after), "one document a file: remove the line `---`")
        return built

    def _value(self, event: yaml.Event, depth: int) -> tuple[Data, Node]:
        line = _line(event)
        if depth > MAX_DEPTH:
            raise _TooDeepError(line)
        if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:  # few are
            self._refuse_decoration(event, line)
        match event:
            case yaml.ScalarEvent():
                return self._scalar(event, line), Node(line)
            case yaml.SequenceStartEvent():
                return self._sequence(line, depth)
            case yaml.MappingStartEvent():
                return self._mapping(line, depth)
            case _:
                return None, Node(line)

    def _refuse_decoration(self, event: yaml.Event, line: int) -> None:
        match event:
            case yaml.AliasEvent(anchor=anchor):
                self._problem(line, f"aliases are not allowed: write out what `*{anchor}` is")
            case yaml.NodeEvent(anchor=str() as anchor):
                self._problem(line, f"anchors are not allowed: remove `&{anchor}`")
            case yaml.ScalarEvent(tag=str() as tag) | yaml.CollectionStartEvent(tag=str() as tag):
                self._problem(line, f"tags are not allowed: remove `{tag}`")
            case _:
                pass

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> str | None:
        value: str = event.value
        if not event.style:
            if value == "":
                return None
            if _SURPRISING.match(value):
                self._problem(line, f"YAML reads `{value}` as something else: write '{value}'")
        return value

    def _sequence(self, line: int, depth: int) -> tuple[Data, Node]:
        items: list[Data] = []
        nodes: list[Node] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            item, node = self._value(event, depth + 1)
            items.append(item)
            nodes.append(node)
        return items, Node(line, nodes)

    def _mapping(self, line: int, depth: int) -> tuple[Data, Node]:
        fields: dict[str, Data] = {}
        nodes: dict[str, Node] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key_line = _line(event)
            key, _ = self._value(event, depth + 1)
            value, node = self._value(self._next(), depth + 1)
            if not isinstance(key, str):
                self._problem(key_line, "a key must be a word")
                continue
            if key in fields:
                self._problem(key_line, f"`{key}` stands twice: the first is in line "
                              f"{nodes[key].line}")  # fmt: skip
                continue
            fields[sys.intern(key)] = value  # the same few keys in thousands of files
            nodes[key] = node if node.children is not None else Node(key_line)
        return fields, Node(line, nodes)

    def _problem(self, line: int, message: str) -> None:
        self.problems.append(Problem(self.name, line, message))
