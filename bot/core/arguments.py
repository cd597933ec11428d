"""Reading a command's arguments: what a person gave, understood, or the answer to what is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from bot.core import problems
from bot.core.command import Call, Command, Effect, Field, Form, Kind, Option, Say, Suggestion
from bot.core.content.lookup import Nothing, Several
from bot.core.intents import Run
from bot.core.options import Elsewhere, Options, Understood
from bot.core.problems import Offers
from bot.core.views import MAX_CHOICES, Choice


def read(command: Command, call: Call, options: Options) -> dict[str, str] | Run | Effect:
    """The arguments understood, a better command, or the answer to what is not understood."""
    understood: dict[str, str] = {}
    given = {o.name: call.arguments[o.name] for o in command.options if o.name in call.arguments}
    for option in command.options:
        text = given.get(option.name, "")
        if not text.strip():
            if option.required:
                return form(command, given, options, private=call.private)
            continue
        match options.read(option, text):
            case Understood(value) if value:
                understood[option.name] = value
            case Understood():
                return form(command, given, options, private=call.private)
            case Run() as better:
                return better
            case trouble:
                return _trouble(command, option, given, call, trouble, options)
    return understood


def form(command: Command, given: Mapping[str, str], options: Options, *, private: bool) -> Form:
    """The form of a command, with what was given filled in."""
    fields = tuple(
        _field(option, given.get(option.name, ""), options) for option in command.options
    )
    otherwise = problems.missing(command, fields)
    return Form(Run(command.name), f"/{command.name}", fields, otherwise, private)


def _trouble(
    command: Command,
    option: Option,
    given: dict[str, str],
    call: Call,
    trouble: Elsewhere | Several | Nothing,
    options: Options,
) -> Say:
    def choices(ids: tuple[str, ...]) -> list[Choice]:
        offers = options.suggestions(option.kind, ids)
        return problems.choices_for(command, option, given, offers, aloud=not call.private)

    text = given[option.name]
    match trouble:
        case Elsewhere(title):
            return Say(problems.not_a_role(title, choices(title.part_of)))
        case Several(ids):
            return Say(problems.ambiguous(option, text, choices(ids)))
        case Nothing(near):
            if alike := choices(near):
                return Say(problems.unknown(option, text, alike, Offers.ALIKE))
            every = tuple(suggestion.value for suggestion in options.all(option.kind))
            kind = Offers.ALL if len(every) <= MAX_CHOICES else Offers.SOME
            return Say(problems.unknown(option, text, choices(every[:MAX_CHOICES]), kind))
        case _:
            assert_never(trouble)


def _field(option: Option, text: str, options: Options) -> Field:
    every = options.all(option.kind)
    choices = every if len(every) <= MAX_CHOICES else ()
    match options.read(option, text) if text.strip() else None:
        case Understood(value) if option.kind is Kind.TEXT:
            return Field(option, Suggestion(value, value), choices)
        case Understood(value):
            (known,) = options.suggestions(option.kind, (value,)) or (None,)
            return Field(option, known, choices)
        case _:
            return Field(option, None, choices)
