"""HTML to plain words. Only real tags go: `List<String>` stays as it is."""

from __future__ import annotations

import html
import re

_BLOCK = re.compile(
    "address|article|aside|blockquote|center|dd|div|dl|dt|figure|footer|form|h[1-6]|header|li|main"
    "|nav|ol|pre|section|table|tbody|tfoot|thead|tr|ul"
)
_INLINE = re.compile(
    "a|abbr|acronym|anki|audio|b|bdi|bdo|big|button|caption|cite|code|col|colgroup|data|del"
    "|details|dfn|em|embed|figcaption|font|i|iframe|img|input|ins|kbd|label|mark|object|q|s|samp"
    "|script|small|source|span|strike|strong|style|summary|svg|td|template|textarea|th|time|track"
    "|tt|u|var|video|wbr"
)
_DROPPED = {"img": "an image dropped", "svg": "an image dropped", "object": "an image dropped",
            "embed": "an image dropped", "audio": "a sound dropped", "video": "a film dropped",
            "iframe": "an embedded page dropped"}  # fmt: skip
_UNSEEN = re.compile(
    r"<!--(?:(?!-->).)*+(?:-->|\Z)"
    r"|<(script|style)\b[^<>]*>(?:(?!</\1).)*+(?:</\1\s*>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_SOUND = re.compile(r"\[(?:sound|anki:play):[^\[\]\n]*\]")
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)\b((?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+)>", re.IGNORECASE)


def from_html(text: str) -> tuple[str, tuple[str, ...]]:
    """The words of some HTML, and notes on what was dropped; entities are unescaped once.

    Lines and paragraphs stay apart: by a line break, and by a blank line.
    """
    notes: dict[str, None] = {}

    def sound(_: re.Match[str]) -> str:
        notes["a sound dropped"] = None
        return " "

    def tag(match: re.Match[str]) -> str:
        closing, name = bool(match[1]), match[2].lower()
        if name in _DROPPED and not closing:
            notes[_DROPPED[name]] = None
        return _instead(name, match[0], closing=closing)

    without = _SOUND.sub(sound, _UNSEEN.sub(" ", text))
    return html.unescape(_TAG.sub(tag, without)), tuple(notes)


def _instead(name: str, written: str, *, closing: bool) -> str:
    match name:
        case "p" | "hr":
            return "\n\n"
        case "br":
            return "\n"
        case "sup":  # without a mark, ten to the sixth would become one hundred and six
            return "" if closing else "^"
        case "sub":
            return "" if closing else "_"
        case _ if _BLOCK.fullmatch(name):
            return "\n"
        case "td" | "th" | "img":
            return " "
        case _:
            return "" if _INLINE.fullmatch(name) else written


def looks_like_html(text: str) -> bool:
    """Whether there is a real tag or a character reference in the text."""
    return any(
        _instead(match[2].lower(), match[0], closing=bool(match[1])) != match[0]
        for match in _TAG.finditer(text)
    ) or bool(re.search(r"&(?:[a-z]{2,8}|#[0-9]{1,6}|#x[0-9a-f]{1,6});", text, re.IGNORECASE))
