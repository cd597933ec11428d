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
from typing import TypeAlias

from bot.core import arguments, problems
from bot.core.command import (
    Actor,
    Aside,
    Call,
    Click,
    Command,
    Context,
    Effect,
    GoneError,
    Handler,
    Kind,
    Outcome,
    Permission,
    Personal,
    Say,
    Submission,
    Update,
    Visibility,
    Visit,
)
from bot.core.commands import COMMANDS, packs
from bot.core.commands.compare import aspect_view
from bot.core.commands.family import page_of_roles
from bot.core.content.catalogue import Catalogue
from bot.core.desk import Desk
from bot.core.home import home
from bot.core.intents import (
    Ask,
    BrowseRoles,
    CompareAspect,
    Fill,
    Intent,
    ReportQuestion,
    Run,
    SwitchPack,
    TypeAnswer,
)
from bot.core.manager_intents import ManagerIntent, ManageSubscription
from bot.core.options import Options
from bot.core.ports import Nowhere, StoreError
from bot.core.quiz.library import Library
from bot.core.quizzing import play, presses, reporting, wishes
from bot.core.reader_intents import OpenQuestion, Vote
from bot.core.recent import Recent
from bot.core.roles import Family
from bot.core.subscribing import drafting, managing, voting
from bot.core.subscribing.rights import NotAllowedError, refused
from bot.core.views import View

logger = logging.getLogger(__name__)

KEPT_PAGES = 4096
"""Answers that are kept, so that a repeated question costs nothing."""

LOOKED_UP = frozenset({Kind.ROLE, Kind.JOB, Kind.ENTRY})
"""Commands with such an option are look-ups that a person may want to come back to."""

MOST_HOPS = 3
"""How often a command may hand over to another one."""

Observe: TypeAlias = Callable[[str, str, str, float], None]
"""Told of every answer: platform, command, outcome (`answered` or `failed`), seconds."""


class Dispatcher:
    """Answers calls and clicks from one catalogue, which can be exchanged while it runs."""

    def __init__(
        self,
        catalogue: Catalogue,
        commands: Mapping[str, Command] = COMMANDS,
        desk: Desk | None = None,
        observe: Observe = lambda *_: None,
    ) -> None:
        self.commands = commands
        self.desk = desk or Desk(Nowhere())
        self._observe = observe
        self._recent = Recent()
        self.use(catalogue)

    def use(self, catalogue: Catalogue) -> None:
        """Answer from this catalogue from now on."""
        self.catalogue = catalogue
        content = catalogue.content
        self._context = Context(
            catalogue, Family(content.roles), Library(content), self.commands, self._today()
        )
        self.options = Options(self._context)
        self._pages: dict[tuple[str, tuple[tuple[str, str], ...]], Outcome] = {}

    def _today(self) -> dt.date:
        return self.desk.clock().date()

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
        return await self._answer(name, click.actor, self._click(click))

    async def submit(self, submission: Submission) -> Effect:
        """The answer to a form that was sent in."""
        intent = submission.intent
        name = intent.command if isinstance(intent, Run) else type(intent).__name__
        return await self._answer(name, submission.actor, self._submit(submission))

    async def _answer(self, name: str, actor: Actor, answer: Awaitable[Effect]) -> Effect:
        begun = time.perf_counter()
        outcome = "answered"
        try:
            return await answer
        except GoneError:
            return Say(problems.outdated())
        except NotAllowedError:
            return Say(refused(actor.platform))
        except StoreError as error:
            outcome = "failed"
            logger.warning("the store failed: %s", error, exc_info=error.__cause__)
            return Say(problems.try_again())
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

    def needs_manager(self, asked: Call | Intent) -> bool:
        """Whether it makes a difference if somebody manages the community."""
        if isinstance(asked, ManagerIntent):
            return True
        match asked:
            case SwitchPack():
                return True
            case Call(command=name) | Run(command=name):
                command = self.commands.get(name)
                return command is not None and command.permission is not Permission.ANYBODY
            case _:
                return False

    def visit(self, actor: Actor) -> Visit:
        """What a personal handler may know."""
        return Visit(self.context(), actor, self.desk, self.desk.clock())

    async def _click(self, click: Click) -> Effect:
        actor = click.actor
        if isinstance(click.intent, ManagerIntent):
            return await managing.press(click.intent, click.picked, self.visit(actor))
        match click.intent:
            case Run(name, given, aloud):
                named = self._known(name).named(given)
                return await self._call(Call(name, named, actor, private=not aloud))
            case Fill(name, given):
                command = self._known(name)
                named = command.named(given)
                return arguments.form(command, named, self.options, private=False)
            case CompareAspect(_, first, second) as intent:
                if not {first, second} <= self.catalogue.content.roles.keys():
                    raise GoneError
                return Say(aspect_view(intent, self.context()))
            case BrowseRoles() as intent:
                return Update(page_of_roles(intent, self.context()))
            case SwitchPack() if not actor.manager:
                return Say(problems.managers_only())
            case SwitchPack() as intent:
                return await packs.switch(intent, self.visit(actor))
            case (OpenQuestion() | Vote()) as intent:
                return await voting.press(intent, self.visit(actor))
            case Ask(wish):
                return await wishes.grant(wish, self.visit(actor))
            case intent:
                return await presses.press(intent, self.visit(actor))

    async def _submit(self, submission: Submission) -> Effect:
        actor, values = submission.actor, submission.values
        match submission.intent:
            case Run(name):
                return await self._call(Call(name, values, actor, submission.private))
            case TypeAnswer() as intent:
                return await play.answer_typed(intent, values, self.visit(actor))
            case ManageSubscription() as intent:
                return await drafting.filled_in(intent, values, self.visit(actor))
            case ReportQuestion() as intent:
                return await reporting.report(intent, values, self.visit(actor))
            case _:
                raise GoneError

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
            if command.permission is Permission.MANAGERS and not call.actor.manager:
                return Say(problems.managers_only())
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
        read = arguments.read(command, call, self.options)
        if not isinstance(read, dict):
            return read
        match command.handler:
            case Personal(handle):
                return await handle(read, self.visit(call.actor))
            case handler:
                outcome = await self._outcome(command, handler, read, context)
        if isinstance(outcome, View):
            self._remember(call.actor, command, read)
        return outcome

    async def _outcome(
        self, command: Command, handler: Handler, read: dict[str, str], context: Context
    ) -> Outcome:
        if not command.pure:
            return await handler(read, context)
        pages = self._pages  # those of this content, whatever is read again in the meantime
        key = (command.name, tuple(read.items()))
        kept = pages.get(key)
        if kept is None:
            kept = pages[key] = await handler(read, context)
            if len(pages) > KEPT_PAGES:
                del pages[next(iter(pages))]
        return kept

    def _remember(self, actor: Actor, command: Command, read: dict[str, str]) -> None:
        if command.pure and any(option.kind in LOOKED_UP for option in command.options):
            arguments = tuple(read.get(option.name) for option in command.options)
            self._recent.add(actor, Run(command.name, arguments))
