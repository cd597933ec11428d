"""A form as a modal, and what comes back when it is sent in."""

from __future__ import annotations

from typing import Any

import discord

from bot.adapters.discord.controls import Component
from bot.adapters.discord.escape import shortened
from bot.core.command import Actor, Field, Form, Submission, Suggestion
from bot.core.intents import UnknownIntentError, decode, encode
from bot.core.user_text import MAX_INPUT

MAX_FIELDS = 5
MAX_LABEL = 45
MAX_DESCRIPTION = 100
MAX_OPTION = 100

_ALOUD, _PRIVATE = "form:", "form!:"


def modal(form: Form) -> discord.ui.Modal | None:
    """The modal of a form; None where it has more fields than a modal can show."""
    if not 1 <= len(form.fields) <= MAX_FIELDS:
        return None
    mark = _PRIVATE if form.private else _ALOUD
    made = discord.ui.Modal(
        title=shortened(form.title, MAX_LABEL), custom_id=mark + encode(form.intent)
    )
    for field in form.fields:
        made.add_item(_label(field))
    made.stop()  # so that discord.py does not keep it: it is understood by its id alone
    return made


def submitted(data: Component, actor: Actor) -> Submission:
    """A form that was sent in. Raises UnknownIntentError for a form not of ours."""
    custom_id = str(data["custom_id"])
    for mark in (_ALOUD, _PRIVATE):
        if custom_id.startswith(mark):
            intent = decode(custom_id.removeprefix(mark))
            values = dict(_values(data["components"]))
            return Submission(intent, values, actor, private=mark == _PRIVATE)
    raise UnknownIntentError("not a form of ours")


def _values(components: list[Component]) -> list[tuple[str, str]]:
    """The fields that were filled in, by the names of their options."""
    found: list[tuple[str, str]] = []
    for component in components:
        inner = component.get("component") or {}
        found += _values([*component.get("components", ()), *([inner] if inner else ())])
        chosen = component.get("values") or [component.get("value")]
        if "custom_id" in component and chosen[0]:
            found.append((str(component["custom_id"]), str(chosen[0])))
    return found


def _label(field: Field) -> discord.ui.Label[Any]:
    option = field.option
    component = _select(field) if field.choices else _text_input(field)
    return discord.ui.Label(
        text=shortened(option.name.replace("_", " ").capitalize(), MAX_LABEL),
        description=shortened(option.description, MAX_DESCRIPTION),
        component=component,
    )


def _select(field: Field) -> discord.ui.Select[Any]:
    required = field.option.required
    return discord.ui.Select(
        custom_id=field.option.name,
        options=[_choice(choice, field) for choice in field.choices],
        min_values=1 if required else 0,
        required=required,
    )


def _choice(choice: Suggestion, field: Field) -> discord.SelectOption:
    chosen = field.value is not None and field.value.value == choice.value
    return discord.SelectOption(
        label=shortened(choice.label, MAX_OPTION), value=choice.value, default=chosen
    )


def _text_input(field: Field) -> discord.ui.TextInput[Any]:
    return discord.ui.TextInput(
        custom_id=field.option.name,
        default=field.value.label[:MAX_INPUT] if field.value else None,
        max_length=MAX_INPUT,
        required=field.option.required,
    )
