"""Bytes of a feed to text that the parser can cope with.

Python knows codecs that take hours for a megabyte, XML knows entities that grow without end, and
some of what feedparser does takes the square of what it is given. It never sees any of that: it
gets UTF-8 without a declaration, without entities, and with no more tags than feeds have.
"""

from __future__ import annotations

import codecs
import re

MOST_TAGS = 40_000
"""Signs `<` in a feed; the parser takes seconds for more of them."""

MOST_ATTRIBUTES = 300
"""Attributes of one tag; feedparser goes through all of them for each of them."""

MOST_BASES = 200
"""How often `xml:base` may stand in a feed and still count; each is joined with those around it."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like the mark of UTF-16, so it comes first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_KNOWN = frozenset(
    {
        *("ascii", "utf-8"),  # what is UTF-16 shows it, and what only says so is not
        *(f"iso8859-{number}" for number in range(1, 17)),
        *(f"cp{number}" for number in range(1250, 1259)),
        *("cp437", "cp850", "cp866", "cp932", "cp949", "koi8-r", "koi8-u", "mac-roman", "tis-620"),
        *("shift_jis", "euc_jp", "iso2022_jp", "gb2312", "gbk", "gb18030", "big5", "euc_kr"),
    }
)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([\w.:-]{1,40})")

_ATTRIBUTE = r"""\s+[^\s=<>"']+\s*=\s*(?:"[^"<]*"|'[^'<]*')"""
_CROWDED = re.compile(rf"<[^\s<>]+(?:{_ATTRIBUTE}){{{MOST_ATTRIBUTES}}}")
_BASE = re.compile(r"xml:base", re.IGNORECASE)
_SHORT_BASE = re.compile(r"""xml:base\s*=\s*(?:"[^"<>]{0,300}"|'[^'<>]{0,300}')""")


class NotAFeedError(ValueError):
    """What was read cannot be a feed; the message says why, in words."""


def decode(body: bytes, charset: str = "") -> str:
    """The text of a document.

    Its own mark or declaration counts more than `charset`, what a header said, which is often a
    server's default. Where all of them are wrong, bytes that mean nothing become replacement signs.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace").removeprefix("\ufeff")
    declared = _DECLARED.match(body.lstrip()[:400])
    names = (declared[1].decode("ascii") if declared else "", charset, "utf-8")
    for encoding in filter(None, map(_codec, names)):
        try:
            return body.decode(encoding)
        except UnicodeError:
            continue
    return body.decode("cp1252", "replace")


def _codec(name: str) -> str | None:
    """Python's name for an encoding that feeds may have; None for all others."""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    # Whatever calls itself one of these has the signs of Windows in it.
    return ("cp1252" if found in {"ascii", "iso8859-1"} else found) if found in _KNOWN else None


def harmless(text: str) -> bytes:
    """A document for the parser, in UTF-8.

    Raises:
        NotAFeedError: if it has more tags, or more attributes in one, than a feed has.
    """
    text = text.lstrip("\ufeff \t\r\n")
    while text.startswith("<?"):
        _, _, text = text.partition("?>")
        text = text.lstrip()
    if text.count("<") > MOST_TAGS or _CROWDED.search(text):
        raise NotAFeedError("it has more tags or attributes than a feed has")
    bases = len(_BASE.findall(text))
    if bases > MOST_BASES or bases != len(_SHORT_BASE.findall(text)):
        text = _BASE.sub("xml:left-out", text)
    return text.replace("<!ENTITY", "&lt;!ENTITY").encode("utf-8", "replace")
