"""JSON as Slack sends and takes it, and how text is made safe for the fields that parse it."""

from __future__ import annotations

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]


def escaped(text: str) -> str:
    """Text for a field that Slack parses: no mention, link or entity can arise from it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def label(text: str, limit: int) -> Json:
    """A `plain_text` object of 1 to `limit` characters in one line; a longer text ends in "…"."""
    line = " ".join(text.split()) or "…"
    if len(line) > limit:
        line = line[: limit - 1].rstrip() + "…"
    return {"type": "plain_text", "text": line, "emoji": False}
