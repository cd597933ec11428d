"""From a call or a click to its answer: finds the command, reads its arguments, runs it.

Every failure is answered: a mistake with a helpful private view, a fault of ours with an apology
and a reference that is also in the log. Nothing here raises to an adapter.
"""

from __future__ import annotations

import datetime as dt
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias, assert_never

from bot.core import problems
from bot.core.command import (
    Actor,
    Aside,
    Call,
    Click,
    Command,
    Context,
    Effect,
    Field,
    Form,
    Kind,
    Option,
    Outcome,
    Say,
    Suggestion,
    Update,
    Visibility,
)
from bot.core.commands import COMMANDS
from bot.core.commands.compare import aspect_view
from bot.core.commands.family import page_of_roles
from bot.core.content.catalogue import Catalogue
from bot.core.content.lookup import Nothing, Several
from bot.core.home import home
from bot.core.intents import BrowseRoles, CompareAspect, Fill, Intent, Run
from bot.core.options import Elsewhere, Options, Understood
from bot.core.problems import Offers
from bot.core.recent import Recent
from bot.core.roles import Family
from bot.core.views import MAX_CHOICES, Choice, View

logger = logging.getLogger(__name__)

KEPT_PAGES = 4096
"""Answers that are kept, so that a repeated question costs nothing."""

LOOKED_UP = frozenset({Kind.ROLE, Kind.JOB, Kind.ENTRY})
"""Commands with such an option are look-ups that a person may want to come back to."""

MOST_HOPS = 3
"""How often a command may hand over to another one."""

Today: TypeAlias = Callable[[], dt.date]

Observe: TypeAlias = Callable[[str, str, str, float], None]
"""Told of every answer: platform, command, outcome (`answered` or `failed`), seconds."""


def utc_today() -> dt.date:
    """The date in UTC."""
    return dt.datetime.now(dt.UTC).date()


class GoneError(Exception):
    """What a click names is no longer there."""


class Dispatcher:
    """Answers calls and clicks from one catalogue, which can be exchanged while it runs."""

    def __init__(
        self,
        catalogue: Catalogue,
        commands: Mapping[str, Command] = COMMANDS,
        today: Today = utc_today,
        observe: Observe = lambda *_: None,
    ) -> None:
        self.commands = commands
        self._today = today
        self._observe = observe
        self._recent = Recent()
        self.use(catalogue)

    def use(self, catalogue: Catalogue) -> None:
        """Answer from this catalogue from now on."""
        self.catalogue = catalogue
        self._context = Context(
            catalogue, Family(catalogue.content.roles), self.commands, self._today()
        )
        self.options = Options(self._context)
        self._pages: dict[tuple[str, tuple[tuple[str, str], ...]], Outcome] = {}

    def context(self) -> Context:
        """What handlers may know; a new day makes a new one, and forgets what was kept."""
        if self._context.today != self._today():
            self.use(self.catalogue)
        return self._context

    async def call(self, call: Call) -> Effect:
        """The answer to a command."""
        name = call.command if call.command in self.commands else "unknown"
        return await self._answer(name, call.actor, self._call(call))

    async def click(self, click: Click) -> Effect:
        """The answer to a button, an entry of a select, or an id that means nothing any more."""
        name = type(click.intent).__name__
        return await self._answer(name, click.actor, self._click(click.intent, click.actor))

    async def _answer(self, name: str, actor: Actor, answer: Awaitable[Effect]) -> Effect:
        begun = time.perf_counter()
        outcome = "answered"
        try:
            return await answer
        except GoneError:
            return Say(problems.outdated())
        except Exception:
            outcome = "failed"
            reference = secrets.token_hex(4)
            logger.exception("failed to answer", extra={"what": name, "reference": reference})
            return Say(problems.our_fault(reference))
        finally:
            self._observe(actor.platform, name, outcome, time.perf_counter() - begun)

    def home(self, actor: Actor) -> View:
        """A person's home page."""
        context = self.context()
        known = (run for run in self._recent.of(actor) if self._is_known(run))
        return home(tuple(known), context, self.options)

    def _is_known(self, run: Run) -> bool:
        """Whether what was looked up is still in the content."""
        command = self.commands[run.command]
        pairs = zip(command.options, run.arguments, strict=True)
        return all(self.options.suggestions(o.kind, (value,)) for o, value in pairs if value)

    def visibility(self, call: Call) -> Visibility:
        """Who will see the answer to a call, known before any work is done."""
        command = self.commands.get(call.command)
        if command is None or call.private:
            return Visibility.PRIVATE
        return command.visibility

    async def _click(self, intent: Intent, actor: Actor) -> Effect:
        match intent:
            case Run(name, arguments, aloud):
                given = self._known(name).named(arguments)
                return await self._call(Call(name, given, actor, private=not aloud))
            case Fill(name, arguments):
                command = self._known(name)
                return self._form(command, command.named(arguments), private=False)
            case CompareAspect(_, first, second):
                if not {first, second} <= self.catalogue.content.roles.keys():
                    raise GoneError
                return Say(aspect_view(intent, self.context()))
            case BrowseRoles():
                return Update(page_of_roles(intent, self.context()))
            case _:
                assert_never(intent)

    def _known(self, name: str) -> Command:
        command = self.commands.get(name)
        if command is None:
            raise GoneError
        return command

    async def _call(self, call: Call) -> Effect:
        context, visibility = self.context(), self.visibility(call)
        for _ in range(MOST_HOPS):
            command = self.commands.get(call.command)
            if command is None:
                offers = self.options.complete(Kind.COMMAND, call.command, 3)
                return Say(problems.unknown_command(call.command, offers))
            match await self._step(command, call, context):
                case View() as view:
                    return Say(view, visibility)
                case Aside(view):
                    return Say(view)
                case Run(name, handed):
                    given = self.commands[name].named(handed)
                    call = Call(name, given, call.actor, call.private)
                case effect:
                    return effect
        raise RuntimeError("commands hand over to each other without an end")

    async def _step(self, command: Command, call: Call, context: Context) -> Outcome | Effect:
        read = self._read(command, call)
        if not isinstance(read, dict):
            return read
        outcome = await self._outcome(command, read, context)
        if isinstance(outcome, View):
            self._remember(call.actor, command, read)
        return outcome

    async def _outcome(self, command: Command, read: dict[str, str], context: Context) -> Outcome:
        if not command.pure:
            return await command.handler(read, context)
        pages = self._pages  # those of this content, whatever is read again in the meantime
        key = (command.name, tuple(read.items()))
        kept = pages.get(key)
        if kept is None:
            kept = pages[key] = await command.handler(read, context)
            if len(pages) > KEPT_PAGES:
                del pages[next(iter(pages))]
        return kept

    def _remember(self, actor: Actor, command: Command, read: dict[str, str]) -> None:
        if command.pure and any(option.kind in LOOKED_UP for option in command.options):
            arguments = tuple(read.get(option.name) for option in command.options)
            self._recent.add(actor, Run(command.name, arguments))

    def _read(self, command: Command, call: Call) -> dict[str, str] | Run | Effect:
        """The arguments understood, a better command, or the answer to what is not understood."""
        read: dict[str, str] = {}
        given = {
            o.name: call.arguments[o.name] for o in command.options if o.name in call.arguments
        }
        for option in command.options:
            text = given.get(option.name, "")
            if not text.strip():
                if option.required:
                    return self._form(command, given, private=call.private)
                continue
            match self.options.read(option, text):
                case Understood(value) if value:
                    read[option.name] = value
                case Understood():
                    return self._form(command, given, private=call.private)
                case Run() as better:
                    return better
                case trouble:
                    return self._trouble(command, option, given, call, trouble)
        return read

    def _trouble(
        self,
        command: Command,
        option: Option,
        given: dict[str, str],
        call: Call,
        trouble: Elsewhere | Several | Nothing,
    ) -> Say:
        def choices(ids: tuple[str, ...]) -> list[Choice]:
            offers = self.options.suggestions(option.kind, ids)
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
                every = tuple(suggestion.value for suggestion in self.options.all(option.kind))
                kind = Offers.ALL if len(every) <= MAX_CHOICES else Offers.SOME
                return Say(problems.unknown(option, text, choices(every[:MAX_CHOICES]), kind))
            case _:
                assert_never(trouble)

    def _form(self, command: Command, given: Mapping[str, str], *, private: bool) -> Form:
        fields = tuple(
            self._field(option, given.get(option.name, "")) for option in command.options
        )
        return Form(
            command.name, f"/{command.name}", fields, problems.missing(command, fields), private
        )

    def _field(self, option: Option, text: str) -> Field:
        every = self.options.all(option.kind)
        choices = every if len(every) <= MAX_CHOICES else ()
        match self.options.read(option, text) if text.strip() else None:
            case Understood(value) if option.kind is Kind.TEXT:
                return Field(option, Suggestion(value, value), choices)
            case Understood(value):
                (known,) = self.options.suggestions(option.kind, (value,)) or (None,)
                return Field(option, known, choices)
            case _:
                return Field(option, None, choices)
