"""Forms as modals: what is asked, what can be chosen, and what was filled in.

A field's block carries the option's name, its element the option's kind as well, and the modal's
`callback_id` what the form is for, so that Slack's questions about a modal can be answered without
remembering it, whatever the form is for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.adapters.slack.render import option
from bot.adapters.slack.wire import Json, label
from bot.core.command import Effect, Field, Form, Kind, Option, Say, Submission, Suggestion, Update
from bot.core.intents import Run, encode
from bot.core.options import FREE, Options, Understood
from bot.core.user_text import MAX_INPUT
from bot.core.wording import capitalised

MOST_IN_TITLE = 24
MOST_IN_LABEL = 150
MOST_SUGGESTED = 100
"""Options that Slack takes in answer to what was typed into a select."""

MOST_IN_VALUE = 75

_LISTED = frozenset({Kind.LEVEL, Kind.COUNTRY, Kind.LISTED})


def modal(form: Form, metadata: str) -> Json:
    """The modal of a form; `metadata` comes back when it is submitted."""
    return {
        "type": "modal",
        "callback_id": encode(form.intent),
        "private_metadata": metadata,
        "title": label(form.title, MOST_IN_TITLE),
        "submit": label("Answer", MOST_IN_TITLE),
        "close": label("Cancel", MOST_IN_TITLE),
        "blocks": [_input(field) for field in form.fields],
    }


def _input(field: Field) -> Json:
    name = field.option.name
    return {
        "type": "input",
        "block_id": name,
        "label": label(capitalised(name.replace("_", " ")), MOST_IN_LABEL),
        "hint": label(field.option.description, MOST_IN_LABEL),
        "optional": not field.option.required,
        "element": {"action_id": f"{name}:{field.option.kind.name}", **_element(field)},
    }


def _element(field: Field) -> Json:
    if field.option.kind is Kind.TEXT:
        text = {"type": "plain_text_input", "multiline": True, "max_length": MAX_INPUT}
        return text | ({"initial_value": field.value.value} if field.value else {})
    if field.option.kind in _LISTED and field.choices:
        select: Json = {"type": "static_select", "options": as_options(field.choices)}
    else:
        select = {"type": "external_select", "min_query_length": 0}
    chosen = as_options((field.value,)) if field.value else []
    return select | ({"initial_option": chosen[0]} if chosen else {})


def as_options(suggestions: Iterable[Suggestion]) -> list[Json]:
    """Suggestions as options of a select; an id that is too long for Slack is left out."""
    return [option(s.label, s.value) for s in suggestions if len(s.value) <= MOST_IN_VALUE]


def suggested(body: Json, options: Options) -> list[Json]:
    """The options for what a person has typed into a select of a form."""
    kind = _kind(str(body.get("action_id")))
    if kind is None:
        return []
    typed = str(body.get("value") or "")[:MAX_INPUT]
    return as_options(options.complete(kind, typed, MOST_SUGGESTED))


def _kind(action_id: str) -> Kind | None:
    """What the field with this id holds; None for one that another version made."""
    return Kind.__members__.get(action_id.rpartition(":")[2])


def filled_in(view: Json) -> dict[str, str]:
    """The values of a submitted form by option name; what was left empty is left out."""
    values: Mapping[str, Mapping[str, Any]] = view["state"]["values"]
    found = {name: _value(next(iter(element.values()), {})) for name, element in values.items()}
    return {name: value for name, value in found.items() if value}


def errors(sent: Submission, effect: Effect, view: Json, options: Options) -> dict[str, str]:
    """What to say beside the first field that is missing or means nothing; empty if all is well.

    `effect` is the answer to the submitted form `view`, and has the words for it. Which field it is
    shows where a person has typed or chosen what nobody understands; or the answer is the form
    again, in which a field that has to be filled in anew has no value.
    """
    kinds = _kinds(view)
    match effect:
        case Form(fields=fields, otherwise=said):
            wrong = [
                field.option.name
                for field in fields
                if not (field.value and field.value.value)
                and (field.option.required or field.option.name in sent.values)
            ]
        case Say(said) | Update(said):
            wrong = [
                name
                for name, kind in kinds.items()
                if (text := sent.values.get(name)) and not _is_understood(kind, text, options)
            ]
        case _:
            return {}
    return dict.fromkeys([name for name in wrong if name in kinds][:1], said.fallback)


def _kinds(view: Json) -> dict[str, Kind]:
    """The kind of each field of a submitted form, by the option's name."""
    found = {name: _kind(next(iter(e), "")) for name, e in view["state"]["values"].items()}
    return {name: kind for name, kind in found.items() if kind is not None}


def _is_understood(kind: Kind, text: str, options: Options) -> bool:
    if kind in FREE:
        return True
    return isinstance(options.read(Option("", "", kind), text), Understood | Run)


def _value(state: Json) -> str:
    match state:
        case {"selected_option": {"value": str(value)}} | {"value": str(value)}:
            return value
        case _:
            return ""
