"""The words of somebody else's file, made safe: visible, in one line, without pings or markup."""

from __future__ import annotations

import re
import unicodedata

from bot.core.markdown import spans
from bot.core.user_text import clean
from bot.core.views import Text, plain

_INVISIBLE = frozenset({"Cf", "Co", "Cs"})

# A sign may be written as a character reference, and the reference may be escaped again.
_AND = r"&(?:(?:amp|\#0*38|\#x0*26);)*"
_AT = rf"(?:@|{_AND}(?:commat|\#0*64|\#x0*40);)"
_MENTION = re.compile(
    rf"""
    (?:<|{_AND}(?:lt|\#0*60|\#x0*3c);)
    (?: {_AT}(?:!|&(?:amp;)*)?\w+ | \#\w+ | !(?:channel|here|everyone|group|subteam\^\w*) )
    (?:\|[^<>]{{0,80}}?)?
    (?:>|{_AND}(?:gt|\#0*62|\#x0*3e);)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_EVERYONE = re.compile(
    rf"(?:(?<!@)@++|{_AND}(?:commat|\#0*64|\#x0*40);)(everyone|here|channel)", re.IGNORECASE
)
_MARKUP = re.compile(r"[\\`*_\[\]<>&]")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")


def one_line(text: str) -> str:
    """The text without control and invisible characters, mentions, and spaces that are too many."""
    text = "".join(c for c in text if unicodedata.category(c) not in _INVISIBLE)
    while (calmer := _calm(text)) != text:
        text = calmer
    return clean(text, len(text))


def _calm(text: str) -> str:
    return _MENTION.sub(" ", _EVERYONE.sub(r"\1", text))


def pings(text: str) -> bool:
    """Whether the text would call somebody on Discord or Slack."""
    return bool(_MENTION.search(text) or _EVERYONE.search(text))


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a text, each in one line; blank lines part them."""
    lines = (one_line(part) for part in _BLANK_LINE.split(text))
    return tuple(line for line in lines if line)


def literal(text: str) -> str:
    """The text written so that our inline Markdown shows just these characters."""
    return text if spans(text) == (Text(text),) else _MARKUP.sub(r"\\\g<0>", text)


def shown(text: str) -> str:
    """What our inline Markdown shows of a text, without its marks."""
    return plain(spans(text))


def shown_paragraphs(*texts: str | None) -> tuple[str, ...]:
    """The paragraphs that our inline Markdown shows of some texts, each text read on its own."""
    return tuple(part for text in texts if text for part in paragraphs(shown(text)))


def number(value: float) -> str:
    """A number as people write it, without the `.0` of a whole one; reading it gives the same."""
    return repr(value).removesuffix(".0")


def normalised(stem: str) -> str:
    """A stem as it is compared: without case, without end marks and superfluous spaces."""
    folded = unicodedata.normalize("NFKC", stem).casefold()
    return " ".join(folded.split()).rstrip(" .:?!…")
