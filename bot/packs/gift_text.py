"""The texts of GIFT: escapes, and the formats that a text may be in."""

from __future__ import annotations

import re

from bot.packs.markup import from_html
from bot.packs.words import shown

# An escaped sign is kept, while the structure is read, as a character of the private use area.
_SHIFT = 0xE000
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_ESCAPE = re.compile(r"\\([~=#{}:\\n])")
_NAMED = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_MARK_OF_LINE = re.compile(r"^ {0,3}(?:#{1,6} |> ?|[-*+] )", re.MULTILINE)


def without_private(text: str) -> str:
    """The text without characters of the private use area, which masking needs for itself."""
    return _PRIVATE.sub("", text)


def mask(text: str) -> str:
    """The text with every escaped sign replaced, so that only signs of the structure remain."""
    return _ESCAPE.sub(lambda match: chr(_SHIFT + ord(match[1])), text)


def unmask(text: str) -> str:
    """A piece of masked text as it reads; its line breaks are those that are escaped."""
    on_one_line = " ".join(line.strip() for line in text.split("\n"))
    return _PRIVATE.sub(_sign, on_one_line)


def _sign(match: re.Match[str]) -> str:
    sign = chr(ord(match[0]) - _SHIFT)
    return "\n" if sign == "n" else sign


def plain_words(masked: str, form: str) -> tuple[str, str, tuple[str, ...]]:
    """A masked text in plain words, its format, and notes on what was dropped.

    The format is `form` unless the text begins with one, such as `[html]`.
    """
    if named := _NAMED.match(masked):
        form, masked = named[1].lower(), masked[named.end() :]
    text = unmask(masked).strip()
    match form:
        case "plain":
            return text, form, ()
        case "markdown":
            return shown(_MARK_OF_LINE.sub("", text)), form, ()
        case _:
            words, notes = from_html(text)
            return words.strip(), form, notes


def escaped(text: str) -> str:
    """A plain text as GIFT writes it: in one line, signs of the structure escaped."""
    return re.sub(r"[~=#{}:\\]", r"\\\g<0>", text).replace("\n", r"\n")


def with_format(marked: str) -> str:
    """An escaped text; one that begins like a format gets a real one before it."""
    return f"[plain]{marked}" if _NAMED.match(marked) else marked
