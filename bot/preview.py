"""`rolecall say`: one answer as a platform would get it. Each part loads only its platform."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Any, assert_never

from bot.adapters.terminal.output import look

if TYPE_CHECKING:
    from bot.core.command import Attachment, Effect
    from bot.core.dispatch import Dispatcher
    from bot.core.views import View

MESSAGE, MODAL, EPHEMERAL = 4, 9, 1 << 6
"""Discord's types of interaction callbacks, and the flag of a message that one person sees."""


class Platform(StrEnum):
    """Where an answer is shown."""

    TERMINAL = "terminal"
    DISCORD = "discord"
    SLACK = "slack"


async def preview(text: str, platform: Platform, dispatcher: Dispatcher) -> str:
    """The answer to a line: text for a terminal, else the JSON that the platform would get."""
    from bot.adapters.terminal.session import ACTOR
    from bot.core.typed import call_of

    call = call_of(text, ACTOR, dispatcher.commands, dispatcher.options)
    effect = await dispatcher.call(call)
    match platform:
        case Platform.TERMINAL:
            return _in_terminal(effect)
        case Platform.DISCORD:
            return _json(_for_discord(effect))
        case Platform.SLACK:
            return _json(_for_slack(effect))
        case _:
            assert_never(platform)


def _in_terminal(effect: Effect) -> str:
    from bot.adapters.terminal.answer import said, with_file
    from bot.adapters.terminal.render import render

    here = look()
    view, attachment = said(effect)
    return with_file(render(view, here.width, colour=here.colour), attachment)


def _parts(effect: Effect) -> tuple[View, bool, View | None, Attachment | None]:
    """What is said in place, whether to all, and what goes elsewhere, perhaps with a file."""
    from bot.core.command import Direct, Form, Post, Say, Update, Visibility

    match effect:
        case Say(view, visibility):
            return view, visibility is Visibility.PUBLIC, None, None
        case Update(view) | Form(otherwise=view):
            return view, False, None, None
        case Direct(view, note, attachment):
            return note, False, view, attachment
        case Post(view=view, posted=posted):
            return posted, False, view, None
        case _:
            assert_never(effect)


def _for_discord(effect: Effect) -> list[Any]:
    """The body of the interaction callback, those of the follow-ups, and of what goes elsewhere."""
    from bot.adapters.discord.forms import modal
    from bot.adapters.discord.render import render
    from bot.core.command import Form

    if isinstance(effect, Form) and (dialog := modal(effect)):
        return [{"type": MODAL, "data": dialog.to_dict()}]
    here, public, elsewhere, attachment = _parts(effect)
    always = {"tts": False, "allowed_mentions": {"parse": []}}
    first, *others = [
        {**payload, "flags": payload["flags"] | (0 if public else EPHEMERAL), **always}
        for payload in render(here)
    ]
    bodies = [{"type": MESSAGE, "data": first}, *others]
    if elsewhere is not None:
        name = attachment.name if attachment else None
        bodies += [{**payload, **always} for payload in render(elsewhere, file=name)]
    return bodies


def _for_slack(effect: Effect) -> list[Any]:
    """The body of the acknowledgement, those for the `response_url`, and what goes elsewhere.

    Of a form it is the modal.
    """
    from bot.adapters.slack.modal import modal
    from bot.adapters.slack.pages import in_acknowledgement, pages, posted
    from bot.core.command import Form, Visibility

    if isinstance(effect, Form):
        return [modal(effect, metadata="")]
    here, public, elsewhere, attachment = _parts(effect)
    first, *others = pages(here)
    visibility = Visibility.PUBLIC if public else Visibility.PRIVATE
    acknowledgement = json.loads(in_acknowledgement(first, visibility))
    kind = {"response_type": acknowledgement["response_type"], "replace_original": False}
    bodies = [acknowledgement, *(posted(page) | kind for page in others)]
    if elsewhere is not None:
        bodies += [posted(page) for page in pages(elsewhere)]
    if attachment is not None:
        bodies.append({"filename": attachment.name, "content": attachment.text})
    return bodies


def _json(payloads: list[Any]) -> str:
    return json.dumps(payloads if len(payloads) > 1 else payloads[0], indent=2, ensure_ascii=False)
