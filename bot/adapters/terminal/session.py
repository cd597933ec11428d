"""What a chat remembers between two lines: the numbered choices, and a form that is half filled."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from bot.adapters.terminal.answer import said, with_file
from bot.adapters.terminal.output import Look
from bot.adapters.terminal.render import choices, render
from bot.core import problems
from bot.core.command import (
    Actor,
    Call,
    Click,
    Effect,
    Field,
    Form,
    Kind,
    Say,
    Submission,
    Suggestion,
)
from bot.core.dispatch import Dispatcher
from bot.core.intents import Intent, Run
from bot.core.options import Understood
from bot.core.typed import call_of
from bot.core.views import Actions, Block, Choice, Notice, Prose, Select, Text, View

logger = logging.getLogger(__name__)

ACTOR = Actor(
    "terminal", "local", name="You", community="terminal:local", manager=True, reachable=False
)

SKIPPED = Suggestion("", "")
"""The value of a field that was left out."""

_ENDS = frozenset({"quit", "exit", "/quit", "/exit"})
_NUMBER = re.compile(r"\(?([0-9]{1,4})[).]?")


class Session:
    """Answers a person's lines, one after another.

    With `interactive`, a form asks for what is missing, field by field; without, it says so.
    """

    def __init__(
        self, dispatcher: Dispatcher, look: Callable[[], Look] = Look, *, interactive: bool = False
    ) -> None:
        self.dispatcher = dispatcher
        self._look = look
        self._interactive = interactive
        self._choices: tuple[Intent | Suggestion, ...] = ()
        self._offered: tuple[Intent, ...] = ()
        self._form: Form | None = None

    @property
    def asked(self) -> Field | None:
        """The field of a form that the next line fills in, if one is open."""
        return next(_missing(self._form), None) if self._form else None

    async def answer(self, line: str) -> str | None:
        """The answer to a line, empty where there is nothing to say; None ends the chat."""
        text = line.strip()
        if text.casefold() in _ENDS:
            return None
        try:
            effect = await self._effect(text)
            return self._written(effect) if effect else ""
        except Exception:
            reference = secrets.token_hex(4)
            logger.exception("failed to answer", extra={"reference": reference})
            return self._written(Say(problems.our_fault(reference)))

    async def _effect(self, text: str) -> Effect | None:
        form, self._form = self._form, None
        if not text:
            return await self._nothing_typed(form) if form else None
        number = _NUMBER.fullmatch(text)
        if number and 1 <= int(number[1]) <= len(self._choices):
            match self._choices[int(number[1]) - 1]:
                case Suggestion(value=value):
                    return await self._filled(form, value) if form else None
                case intent:
                    return await self._opened(await self.dispatcher.click(Click(intent, ACTOR)))
        if form and not text.startswith("/"):
            return await self._filled(form, text)
        if number:
            return Say(_no_such_choice(number[1], len(self._choices)))
        return await self._opened(await self.dispatcher.call(self._typed(text)))

    async def _nothing_typed(self, form: Form) -> Effect:
        """An optional field is left out; without a required one there is nothing to ask."""
        field = next(_missing(form))
        if field.option.required:
            return Say(_note("Cancelled", "Nothing was asked."))
        return await self._opened(_with(form, field, SKIPPED))

    async def _opened(self, effect: Effect) -> Effect:
        """The same effect; a form is kept open, or sent at once where nothing is missing."""
        if isinstance(effect, Form) and self._interactive:
            if next(_missing(effect), None) is None:
                return await self.dispatcher.submit(_sent(effect))
            self._form = effect
        return effect

    async def _filled(self, form: Form, text: str) -> Effect:
        """The form with one more field; a value that means nothing leaves it as it was."""
        field = next(_missing(form))
        value = _chosen(field, text) if field.option.kind is Kind.LISTED else Suggestion(text, text)
        if value is None:
            return await self._opened(form)
        filled = _with(form, field, value)
        if not self._is_understood(form, field, text):
            self._form = form
            return await self.dispatcher.submit(_sent(filled))
        return await self._opened(filled)

    def _is_understood(self, form: Form, field: Field, text: str) -> bool:
        """Whether a value means something; only a command's options can mean nothing."""
        match form.intent:
            case Run():
                return isinstance(self.dispatcher.options.read(field.option, text), Understood)
            case _:
                return True

    def _typed(self, text: str) -> Call:
        return call_of(text, ACTOR, self.dispatcher.commands, self.dispatcher.options)

    def _written(self, effect: Effect) -> str:
        look = self._look()
        if isinstance(effect, Form) and self._form is effect:
            field = next(_missing(effect))
            view, attachment = _question(effect, field), None
            self._choices = field.choices
        else:
            view, attachment = said(effect)
            # A note offers nothing; what the answer before it offered can still be chosen.
            self._offered = choices(view) or self._offered
            self._choices = self._offered
        return with_file(render(view, look.width, colour=look.colour), attachment)


def _missing(form: Form) -> Iterator[Field]:
    """What is still to be asked: what is required, and what may be said in one's own words."""
    for field in form.fields:
        if field.value is None and (field.option.required or field.option.kind is Kind.TEXT):
            yield field


def _with(form: Form, field: Field, value: Suggestion) -> Form:
    fields = (replace(known, value=value) if known is field else known for known in form.fields)
    return replace(form, fields=tuple(fields))


def _sent(form: Form) -> Submission:
    values: Mapping[str, str] = {
        field.option.name: field.value.value
        for field in form.fields
        if field.value and field.value.value
    }
    return Submission(form.intent, values, ACTOR, form.private)


def _chosen(field: Field, text: str) -> Suggestion | None:
    """The one of the field's choices that is named, in full."""
    named = (choice for choice in field.choices if text.casefold() in _names(choice))
    return next(named, None)


def _names(choice: Suggestion) -> tuple[str, str]:
    return choice.value.casefold(), choice.label.casefold()


def _question(form: Form, field: Field) -> View:
    """Asks for a field of a form."""
    name = field.option.name
    # Their numbers fill in the field, so what choosing one means elsewhere does not matter.
    offers = tuple(Choice(offer.label, form.intent) for offer in field.choices)
    blocks: list[Block] = [Prose((Text(f"{field.option.description}?"),))]
    if offers:
        known = "Choose one" if field.option.kind is Kind.LISTED else "Known are"
        blocks.append(Actions((Select(known, offers),)))
    empty = "An empty line cancels." if field.option.required else "An empty line leaves it out."
    blocks.append(Notice((Text(empty),)))
    return View(f"{form.title}: {name}", tuple(blocks), fallback=f"{form.title} needs {name}.")


def _note(title: str, text: str) -> View:
    return View(title, (Prose((Text(text),)),), fallback=f"{title}. {text}")


def _no_such_choice(number: str, count: int) -> View:
    text = (
        f"You can choose from 1 to {count}, as they were offered last."
        if count
        else "Nothing has been offered yet. Type /help to see what I can do."
    )
    return _note(f"There is no choice {number}", text)
