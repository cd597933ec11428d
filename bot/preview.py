"""`rolecall say`: one answer as a platform would get it. Each part loads only its platform."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Any, assert_never

from bot.adapters.terminal.output import look

if TYPE_CHECKING:
    from bot.core.command import Effect
    from bot.core.dispatch import Dispatcher

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
    from bot.adapters.terminal.render import render
    from bot.core.command import Form

    view = effect.otherwise if isinstance(effect, Form) else effect.view
    here = look()
    return render(view, here.width, colour=here.colour)


def _for_discord(effect: Effect) -> list[Any]:
    """The body of the interaction callback, and those of the follow-up messages."""
    from bot.adapters.discord.forms import modal
    from bot.adapters.discord.render import render
    from bot.core.command import Form, Say, Visibility

    if isinstance(effect, Form) and (dialog := modal(effect)):
        return [{"type": MODAL, "data": dialog.to_dict()}]
    view = effect.otherwise if isinstance(effect, Form) else effect.view
    public = isinstance(effect, Say) and effect.visibility is Visibility.PUBLIC
    always = {"tts": False, "allowed_mentions": {"parse": []}}
    first, *others = [
        {**payload, "flags": payload["flags"] | (0 if public else EPHEMERAL), **always}
        for payload in render(view)
    ]
    return [{"type": MESSAGE, "data": first}, *others]


def _for_slack(effect: Effect) -> list[Any]:
    """The body of the acknowledgement, and those for the `response_url`; or the modal."""
    from bot.adapters.slack.modal import modal
    from bot.adapters.slack.pages import in_acknowledgement, pages, posted
    from bot.core.command import Form, Say, Visibility

    if isinstance(effect, Form):
        return [modal(effect, metadata="")]
    visibility = effect.visibility if isinstance(effect, Say) else Visibility.PRIVATE
    first, *others = pages(effect.view)
    acknowledgement = json.loads(in_acknowledgement(first, visibility))
    kind = {"response_type": acknowledgement["response_type"], "replace_original": False}
    return [acknowledgement, *(posted(page) | kind for page in others)]


def _json(payloads: list[Any]) -> str:
    return json.dumps(payloads if len(payloads) > 1 else payloads[0], indent=2, ensure_ascii=False)
