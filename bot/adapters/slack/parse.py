"""What a person typed in Slack, without Slack's own markup, as the arguments of a command.

Slack escapes `&`, `<` and `>` in most texts and writes mentions and links as `<@U123|name>`.
Whether the text of a slash command comes like that depends on the app's settings, so both forms
are understood. How the options are told apart is the same on every platform: see
`bot.core.typed`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.core.command import Command
from bot.core.options import Options
from bot.core.typed import arguments
from bot.core.user_text import MAX_INPUT

MOST_READ = 4 * MAX_INPUT
"""Characters of a text that are looked at; the core reads fewer still."""

KEPT = 4096
"""Texts whose meaning is kept: the same few questions come again and again."""

_MENTION = re.compile(r"<[@#!][^<>|]*(?:\|([^<>]*))?>")
_LINK = re.compile(r"<((?:https?|mailto|tel):[^<>|]*)(?:\|([^<>]*))?>")


def plain_words(text: str) -> str:
    """The words of a text as Slack sends it: entities decoded, markup reduced to its label.

    A mention without a label is dropped, a link without one becomes its address.
    """
    text = text[:MOST_READ]
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, character)
    text = _MENTION.sub(lambda found: f" {found[1] or ''} ", text)
    return _LINK.sub(lambda found: found[2] or found[1], text).strip()


def command_name(typed: str, prefix: str) -> str:
    """The core's name of a slash command: `/rc-compare` with the prefix `rc-` is `compare`."""
    return typed.removeprefix("/").removeprefix(prefix)


class Reader:
    """Reads the texts of commands, and keeps what they mean for as long as the options last."""

    def __init__(self) -> None:
        self._options: Options | None = None

    def arguments(
        self, command: Command, text: str, options: Options
    ) -> tuple[dict[str, str], bool]:
        """The arguments by option name, and whether a private answer was asked for.

        The result is kept and shared: do not change it.
        """
        if options is not self._options:
            self._options = options
            self._read = lru_cache(KEPT)(
                lambda command, text: arguments(command, plain_words(text), options)
            )
        return self._read(command, text)
