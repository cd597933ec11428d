"""What people type, as it reaches the app."""

import html
import re
from collections.abc import Iterable

from tests.fakes.slack.workspace import Channel, Person

_MENTION = re.compile(r"&lt;@(BOT|U[A-Z0-9]+)&gt;")


def typed_text(text: str, bot_user_id: str) -> str:
    """A message as events carry it: escaped, with `<@BOT>` and `<@U...>` as real mentions."""

    def mention(found: re.Match[str]) -> str:
        return f"<@{bot_user_id if found[1] == 'BOT' else found[1]}>"

    return _MENTION.sub(mention, html.escape(text, quote=False))


def escaped_command(text: str, people: Iterable[Person], channels: Iterable[Channel]) -> str:
    """The text of a slash command with `should_escape`: names are ids, `&`, `<`, `>` escaped."""
    escaped = html.escape(text, quote=False)
    for person in people:
        escaped = escaped.replace(f"@{person.name}", f"<@{person.id}|{person.name}>")
    for channel in channels:
        escaped = escaped.replace(f"#{channel.name}", f"<#{channel.id}|{channel.name}>")
    return escaped
