"""Pictures of a message in words: Slack refuses a whole message for one that it cannot fetch."""

from __future__ import annotations

import json

from bot.adapters.slack.wire import Json, label

MOST_CHARACTERS = 3000


def without_pictures(page: str) -> str | None:
    """A page with what each picture shows, and its address, in its place; None without any."""
    message: Json = json.loads(page)
    if not any(block["type"] == "image" for block in message["blocks"]):
        return None
    return json.dumps({**message, "blocks": [_in_words(block) for block in message["blocks"]]})


def _in_words(block: Json) -> Json:
    if block["type"] != "image":
        return block
    words = f"[Picture: {block['alt_text']}] {block['image_url']}"
    return {"type": "section", "text": label(words, MOST_CHARACTERS)}
