"""Trivia lists of Red-DiscordBot: YAML in which every key but a few is a question.

Every scalar is read as it is written: YAML itself would turn the answers `yes`, `1:30` and `365`
into something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from bot.packs.model import Found, Left, PackError, Parsed, Question, Typed

MAX_DEPTH = 12
"""How deeply what is passed over may be nested."""

_SETTING = re.compile(r"[A-Z][A-Z_]*\Z")


def parse(text: str) -> Parsed:
    """The questions of a list. Settings of the game are left out and named in the remarks.

    Raises:
        PackError: with the line, if it is not YAML or not a list of questions.
    """
    try:
        return _Reader(yaml.parse(text, Loader=yaml.CSafeLoader)).read()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise PackError(
            f"line {line}: not YAML ({error.problem}); put a question with `: ` or ` #` in "
            "quotation marks"
        ) from None
    except yaml.YAMLError:
        raise PackError("not YAML: there is a character that is not allowed") from None


@dataclass
class _Reader:
    """Walks through the events of one file."""

    events: Iterator[yaml.Event]
    found: list[Found] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def read(self) -> Parsed:
        next(self.events)
        if not isinstance(next(self.events), yaml.DocumentStartEvent):
            raise PackError("the file is empty")
        top = next(self.events)
        if not isinstance(top, yaml.MappingStartEvent):
            raise PackError(f"line {_line(top)}: a list of Red has questions with answers below")
        seen: dict[str, int] = {}
        while not isinstance(key := next(self.events), yaml.MappingEndEvent):
            self._entry(key, seen)
        next(self.events)
        if not isinstance(after := next(self.events), yaml.StreamEndEvent):
            raise PackError(f"line {_line(after)}: a second document begins; remove `---`")
        return Parsed(
            tuple(self.found),
            self.settings.get("AUTHOR", ""),
            self.settings.get("DESCRIPTION", ""),
            tuple(self.remarks),
        )

    def _entry(self, key: yaml.Event, seen: dict[str, int]) -> None:
        line = _line(key)
        name = key.value if isinstance(key, yaml.ScalarEvent) else None
        self._rest_of(key)
        value = next(self.events)
        scalars, flat = self._scalars(value)
        if name is None:
            self.found.append(Left(f"line {line}", "", "the question is not a text"))
        elif _SETTING.match(name) and not (
            isinstance(value, yaml.SequenceStartEvent) and name not in {"AUTHOR", "DESCRIPTION"}
        ):
            self._setting(name, line, scalars)
        elif name in seen:
            reason = f"the same question stands in line {seen[name]}"
            self.found.append(Left(f"line {line}", name, reason))
        else:
            seen[name] = line
            self.found.append(_question(name, line, scalars, flat=flat))

    def _setting(self, name: str, line: int, scalars: list[str]) -> None:
        if name in {"AUTHOR", "DESCRIPTION"}:
            self.settings.setdefault(name, ", ".join(scalars))
        else:
            self.remarks.append(f"line {line}: the setting {name} is not used")

    def _scalars(self, event: yaml.Event) -> tuple[list[str], bool]:
        """The texts of a scalar or a flat list, and whether it is one; the rest is passed over."""
        if isinstance(event, yaml.ScalarEvent):
            return [event.value], event.tag is None
        if not isinstance(event, yaml.SequenceStartEvent):
            self._rest_of(event)
            return [], False
        texts, flat = [], True
        while not isinstance(item := next(self.events), yaml.SequenceEndEvent):
            if isinstance(item, yaml.ScalarEvent) and item.tag is None:
                texts.append(item.value)
            else:
                flat = False
                self._rest_of(item)
        return texts, flat

    def _rest_of(self, event: yaml.Event) -> None:
        """Pass over what is inside a list or mapping that has just begun.

        Only so deep: the time that the YAML library takes grows with the square of the depth.
        """
        depth = int(isinstance(event, yaml.CollectionStartEvent))
        while depth:
            inner = next(self.events)
            if depth > MAX_DEPTH:
                raise PackError(f"line {_line(inner)}: nested more than {MAX_DEPTH} deep")
            depth += isinstance(inner, yaml.CollectionStartEvent)
            depth -= isinstance(inner, yaml.CollectionEndEvent)


def _question(stem: str, line: int, answers: list[str], *, flat: bool) -> Found:
    place = f"line {line}"
    accepted = tuple(answer for answer in answers if answer.strip())
    if not flat:
        return Left(place, stem, "its answers are not a plain list of texts")
    if not accepted:
        return Left(place, stem, "there is no answer below it")
    return Question(place, stem, Typed(accepted))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
