"""What a person typed, made safe to keep and to show: short, printable, in one line."""

from __future__ import annotations

import unicodedata

MAX_INPUT = 300
"""Characters of a person's text that are looked at; the rest is not read."""

MAX_QUOTE = 60
"""Characters of a person's text that are shown back."""


def clean(text: str, limit: int = MAX_INPUT) -> str:
    """At most `limit` printable characters: no control or invisible ones, single spaces."""
    printable = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text[: 4 * limit])
    return " ".join(printable.split())[:limit].rstrip()


def quote(text: str) -> str:
    """A person's text as it is shown back: cleaned, and cut with an ellipsis where it is long."""
    cleaned = clean(text)
    return cleaned if len(cleaned) <= MAX_QUOTE else cleaned[: MAX_QUOTE - 1].rstrip() + "…"
