"""Packs as YAML that the strict reader of the content takes, and that people like to edit."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.core.content.loader import QUIZZES, ContentError, load
from bot.core.content.quizzes import Item, Pack
from bot.core.content.yaml_reader import MAX_BYTES
from bot.packs.model import PackError

_FIRST = ("id", "skill", "level", "format", "scenario", "stem", "right", "wrong", "steps")


class _Dumper(yaml.SafeDumper):
    """Indents lists as people do; texts and words are written by the functions below."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """A single word stands in quotation marks, because YAML might misread it."""
    style = None if " " in text else "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


class _Word(str):
    """An id or another word of ours, which needs no quotation marks."""

    __slots__ = ()


def _word(dumper: yaml.SafeDumper, word: _Word) -> yaml.ScalarNode:
    style = "'" if len(word) == 1 else None  # `y` and `n`
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(word), style)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(_Word, _word)


def to_yaml(pack: Pack) -> str:
    """The pack as the text of its file."""
    head = pack.model_dump(exclude={"items"}, exclude_defaults=True)
    items = (_dumped({"items": [_ordered(item)]}).partition("\n")[2] for item in pack.items)
    return f"{_dumped(head)}items:\n" + "\n".join(items)


def _dumped(data: Mapping[str, Any]) -> str:
    words = {_Word(name): _value(name, value) for name, value in data.items()}
    return yaml.dump(words, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=98)


def _ordered(item: Item) -> dict[str, Any]:
    """The fields of an item that say something, the question first."""
    data: Mapping[str, Any] = item.model_dump(exclude_defaults=True, exclude_none=True)
    order = (*(name for name in _FIRST if name in data), *(n for n in data if n not in _FIRST))
    return {name: data[name] for name in order}


def _value(name: str, value: Any) -> Any:
    match value:
        case str() if name in {"id", "skill", "format", "source", "language"}:
            return _Word(value)
        case dict():
            return {
                _Word(key): _value(key, inner) for key, inner in value.items() if inner is not None
            }
        case tuple() | list():
            return [_value("", inner) for inner in value]
        case float() if value.is_integer() and abs(value) < 1e15:
            return int(value)
        case _:
            return value


def write_pack(pack: Pack, content: Path, *, replace: bool) -> Path:
    """Write a pack into a content directory; the file. The content is valid with it, or as before.

    Raises:
        PackError: if there is such a file and it is not to be replaced, if the pack is too large,
            or if the file cannot be written.
    """
    target = content / QUIZZES / f"{pack.id}.yaml"
    before = target.read_bytes() if target.exists() else None
    if before is not None and not replace:
        raise PackError(f"{target} exists: choose another --id, or give --replace")
    data = to_yaml(pack).encode()
    if len(data) > MAX_BYTES:
        raise PackError(
            f"the pack would have {len(data):,} bytes; at most {MAX_BYTES:,} are read: split it"
        )
    try:
        target.parent.mkdir(exist_ok=True)
        _put(target, data)
    except OSError as error:
        raise PackError(f"{target} cannot be written: {error.strerror}") from None
    try:
        load(content)
    except ContentError as error:
        _restore(target, before)
        raise PackError(f"nothing is written: {error.problems[0]}") from None
    return target


def _put(target: Path, data: bytes) -> None:
    """Write a file at once: nobody ever reads half of it."""
    # In the folder above, a file with another ending does not count as content.
    part = target.parent.parent / f".{target.name}.{os.getpid()}.part"
    try:
        part.write_bytes(data)
        part.replace(target)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _restore(target: Path, before: bytes | None) -> None:
    if before is None:
        target.unlink()
    else:
        _put(target, before)


def today() -> dt.date:
    """The date that a pack was reviewed on when it is brought in."""
    return dt.datetime.now(dt.UTC).date()
