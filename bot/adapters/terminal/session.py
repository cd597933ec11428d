"""What a chat remembers between two lines: the numbered choices, and a form that is half filled."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable, Iterator
from typing import assert_never

from bot.adapters.terminal.output import Look
from bot.adapters.terminal.render import choices, render
from bot.core import problems
from bot.core.command import Actor, Call, Click, Effect, Field, Form, Say, Update
from bot.core.dispatch import Dispatcher
from bot.core.intents import Intent, Run
from bot.core.options import Understood
from bot.core.typed import call_of
from bot.core.views import Actions, Block, Choice, Notice, Prose, Select, Text, View

logger = logging.getLogger(__name__)

ACTOR = Actor("terminal", "local")

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
        self._choices: tuple[Intent, ...] = ()
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
        number = _NUMBER.fullmatch(text)
        if not text:
            return Say(_note("Cancelled", "Nothing was asked.")) if form else None
        if number and 1 <= int(number[1]) <= len(self._choices):
            intent = self._choices[int(number[1]) - 1]
            return await self._opened(await self.dispatcher.click(Click(intent, ACTOR)))
        if form and not text.startswith("/"):
            return await self._filled(form, text)
        if number:
            return Say(_no_such_choice(number[1], len(self._choices)))
        return await self._opened(await self.dispatcher.call(self._typed(text)))

    async def _opened(self, effect: Effect) -> Effect:
        """The same effect; a form is kept open, or sent at once where nothing is missing."""
        if isinstance(effect, Form) and self._interactive:
            if next(_missing(effect), None) is None:
                return await self.dispatcher.call(_sent(effect, {}))
            self._form = effect
        return effect

    async def _filled(self, form: Form, text: str) -> Effect:
        """The form with one more field; a value that means nothing leaves it as it was."""
        field = next(_missing(form))
        effect = await self.dispatcher.call(_sent(form, {field.option.name: text}))
        if not isinstance(self.dispatcher.options.read(field.option, text), Understood):
            self._form = form
            return effect
        return await self._opened(effect)

    def _typed(self, text: str) -> Call:
        return call_of(text, ACTOR, self.dispatcher.commands, self.dispatcher.options)

    def _written(self, effect: Effect) -> str:
        match effect:
            case Say(view=view) | Update(view=view):
                pass
            case Form() as form if self._form is form:
                view = _question(form)
            case Form(otherwise=view):
                pass
            case _:
                assert_never(effect)
        self._choices = choices(view)
        look = self._look()
        return render(view, look.width, colour=look.colour)


def _missing(form: Form) -> Iterator[Field]:
    return (field for field in form.fields if field.option.required and field.value is None)


def _sent(form: Form, more: dict[str, str]) -> Call:
    given = {field.option.name: field.value.value for field in form.fields if field.value}
    return Call(form.command, given | more, ACTOR, form.private)


def _question(form: Form) -> View:
    """Asks for the first field of a form that is missing."""
    field = next(_missing(form))
    name = field.option.name
    offers = tuple(Choice(offer.label, _with(form, name, offer.value)) for offer in field.choices)
    blocks: list[Block] = [Prose((Text(f"{field.option.description}?"),))]
    if offers:
        blocks.append(Actions((Select("Known are", offers),)))
    blocks.append(Notice((Text("An empty line cancels."),)))
    return View(f"{form.title}: {name}", tuple(blocks), fallback=f"{form.title} needs {name}.")


def _with(form: Form, name: str, value: str) -> Run:
    given = {field.option.name: field.value.value for field in form.fields if field.value}
    given[name] = value
    values = tuple(given.get(field.option.name) for field in form.fields)
    return Run(form.command, values, aloud=not form.private)


def _note(title: str, text: str) -> View:
    return View(title, (Prose((Text(text),)),), fallback=f"{title}. {text}")


def _no_such_choice(number: str, count: int) -> View:
    text = (
        f"The last answer has the choices 1 to {count}."
        if count
        else ("The last answer has nothing to choose from. Type /help to see what I can do.")
    )
    return _note(f"There is no choice {number}", text)
