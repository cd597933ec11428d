"""From a file to questions: the limits, the encoding of the text, and which parser reads it."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import assert_never

from bot.core.user_text import quote
from bot.packs import aiken, anki, apkg, gift, kahoot, opentdb, red
from bot.packs.formats import Encoding, Format
from bot.packs.model import MAX_BYTES, MAX_ITEMS, PackError, Parsed

_BY_ENDING = {".apkg": Format.ANKI, ".xlsx": Format.KAHOOT, ".gift": Format.GIFT}
_ZIP = b"PK\x03\x04"
_LINE_END = re.compile(r"\r\n?")


def format_of(path: Path) -> Format:
    """The format that the ending of a name means.

    Raises:
        PackError: if it may mean several.
    """
    try:
        return _BY_ENDING[path.suffix.lower()]
    except KeyError:
        known = ", ".join(Format)
        raise PackError(
            f"{_name(path)} may be anything: say what with --format ({known})"
        ) from None


def read_bytes(path: Path) -> bytes:
    """The bytes of a file of at most 1 MB.

    Raises:
        PackError: if it is larger, or cannot be read.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise PackError(f"{_name(path)} has {size:,} bytes; at most {MAX_BYTES:,} are read")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else "its name is not one"
        raise PackError(f"{_name(path)} cannot be read: {said}") from None
    if len(data) > MAX_BYTES:
        raise PackError(f"{_name(path)} has more than {MAX_BYTES:,} bytes")
    return data


def _name(path: Path) -> str:
    return quote(path.name)


def decode(data: bytes) -> str:
    """The text of a file in UTF-8, or in UTF-16 with a byte order mark; all lines end alike.

    Raises:
        PackError: naming the line of the first byte that is neither.
    """
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise PackError("the file is UTF-32 text: save it as UTF-8")
    name = "UTF-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = data.decode(name)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        kind = "UTF-8" if name == "utf-8-sig" else name
        raise PackError(f"line {line}: the file is not {kind} text; save it as UTF-8") from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise PackError(
            f"line {line}: a zero byte; this is no text, or UTF-16 without its mark: "
            "save it as UTF-8"
        )
    return _LINE_END.sub("\n", text)


def parse(data: bytes, form: Format, encoding: Encoding = Encoding.AUTO) -> Parsed:
    """The questions in a file; `encoding` matters for Open Trivia DB only.

    Raises:
        PackError: if the file is not of this format, or holds more than 2,000 questions.
    """
    parsed = _parsed(data, form, encoding)
    if len(parsed.found) > MAX_ITEMS:
        raise PackError(
            f"the file holds {len(parsed.found):,} questions; at most {MAX_ITEMS:,} fit into a "
            "pack: split it"
        )
    return parsed


def _parsed(data: bytes, form: Format, encoding: Encoding) -> Parsed:
    match form:
        case Format.RED:
            return red.parse(decode(data))
        case Format.OPENTDB:
            return opentdb.parse(decode(data), encoding)
        case Format.GIFT:
            return gift.parse(decode(data))
        case Format.AIKEN:
            return aiken.parse(decode(data))
        case Format.ANKI:
            return apkg.parse(data) if data.startswith(_ZIP) else anki.parse(decode(data))
        case Format.KAHOOT:
            return kahoot.parse(data)
        case _:
            assert_never(form)
