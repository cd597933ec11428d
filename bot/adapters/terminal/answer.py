"""What an effect says in a terminal, where everything is said in one place."""

from __future__ import annotations

from typing import assert_never

from bot.adapters.terminal.render import safe
from bot.core.command import Attachment, Direct, Effect, Form, Post, Say, Update
from bot.core.views import Divider, Heading, View


def said(effect: Effect) -> tuple[View, Attachment | None]:
    """The view of an effect, and the file that belongs to it.

    A terminal is the person's own conversation with the bot, and there is no channel beside it:
    what would be posted is shown, with the word about it below.
    """
    match effect:
        case Say(view=view) | Update(view=view) | Form(otherwise=view):
            return view, None
        case Direct(view=view, attachment=attachment):
            return view, attachment
        case Post(view=view, posted=posted):
            below = (Divider(), Heading(posted.title), *posted.blocks)
            return View(view.title, (*view.blocks, *below), view.fallback), None
        case _:
            assert_never(effect)


def with_file(text: str, attachment: Attachment | None) -> str:
    """An answer, and below it the file's name and its text."""
    if attachment is None:
        return text
    return f"{text}\n\n{safe(attachment.name)}:\n\n{safe(attachment.text)}"
