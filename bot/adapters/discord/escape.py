"""Words for Discord: nothing in them becomes Markdown, a mention, an emoji or a link.

A backslash before a sign shows it as it is. Where Discord looks for a pattern in the raw text and
not in its Markdown (`@everyone`), a zero-width space breaks the pattern instead.
"""

from __future__ import annotations

import re

ZERO_WIDTH_SPACE = "\u200b"

_BREAKS = re.compile(r"\r\n?|[\x85\u2028\u2029]")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_SIGNS = re.compile(
    r"""
      \\ | \* | _ | ~ | \| | ` | <           # styles, spoilers, code, mentions
    | /(?<=:/)/                              # the middle of an address with a scheme
    | \.(?<=discord\.)(?=gg|com|me)          # invites need no scheme
    | \.(?<=discordapp\.)(?=com)
    | \.(?<=www\.)
    | :(?=[\w+~-]+:)                         # :emoji:
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Each way begins with the very sign, which makes the search four times as fast."""

_LINE_START = re.compile(r"(\s*)(?:([#>+-])|(\d*)([.)]))")
_EVERYBODY = re.compile(r"@(?=everyone|here)", re.IGNORECASE)


def tidy(text: str) -> str:
    """The text with line feeds as its only breaks, without control and direction characters."""
    if text.isprintable():  # as nearly every text is, and so has none of these
        return text
    return _UNSEEN.sub("", _BREAKS.sub("\n", text))


def escape(text: str) -> str:
    """Tidy text that Discord shows letter by letter, but for brackets and the start of a line.

    It is at most twice as long as what came in.
    """
    text = _SIGNS.sub(lambda found: f"\\{found[0]}", text)
    return _EVERYBODY.sub(f"@{ZERO_WIDTH_SPACE}", text)


def escape_brackets(text: str) -> str:
    """Escaped text without a bracket that could open a masked link."""
    return text.replace("[", r"\[")


def escape_start(text: str) -> str:
    """Escaped text that begins a line: no heading, quote, small print or list; one sign longer."""
    found = _LINE_START.match(text)
    if found is None:
        return text
    indent, sign, number, point = found.groups(default="")
    return f"{indent}{number}\\{sign or point}{text[found.end() :]}"


def visible(text: str) -> bool:
    """Whether there is anything to see in a text; Discord refuses a message of nothing."""
    return any(letter.isprintable() and not letter.isspace() for letter in text)


def units(text: str) -> int:
    """The length of a text in UTF-16 code units, the strictest way in which Discord may count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def shortened(text: str, most: int) -> str:
    """A label in one line of at most `most` UTF-16 code units, cut with an ellipsis."""
    line = " ".join(tidy(text).split())
    if not visible(line):
        return "…"
    if units(line) <= most:
        return line
    kept = line[: most - 1]
    while units(kept) > most - 1:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"
