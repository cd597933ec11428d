"""Rendered views, kept for as long as the view lives, as the JSON that goes over the wire."""

from __future__ import annotations

import json
from weakref import WeakKeyDictionary

from bot.adapters.slack.render import render
from bot.adapters.slack.wire import Json
from bot.core.command import Visibility
from bot.core.views import View

_QUIET: Json = {"unfurl_links": False, "unfurl_media": False}

_OPENING = {
    Visibility.PUBLIC: json.dumps({"response_type": "in_channel"} | _QUIET)[:-1] + ", ",
    Visibility.PRIVATE: json.dumps({"response_type": "ephemeral"} | _QUIET)[:-1] + ", ",
}

_kept: WeakKeyDictionary[View, tuple[str, ...]] = WeakKeyDictionary()


def pages(view: View) -> tuple[str, ...]:
    """The messages of a view, each a JSON object with `text` and `blocks`, in ASCII."""
    found = _kept.get(view)
    if found is None:
        found = _kept[view] = tuple(json.dumps(message) for message in render(view))
    return found


def in_acknowledgement(page: str, visibility: Visibility) -> str:
    """A page as the body that acknowledges a slash command and answers it at once."""
    return _OPENING[visibility] + page[1:]


def in_post(page: str, channel: str, thread: str | None) -> bytes:
    """A page as the body of a post to a channel, or to a thread there."""
    where = {"channel": channel, "thread_ts": thread} if thread else {"channel": channel}
    return f"{json.dumps(where | _QUIET)[:-1]}, {page[1:]}".encode()


def posted(page: str) -> Json:
    """A page as the arguments of a post."""
    message: Json = json.loads(page)
    return message | _QUIET
