"""What Slack tells the bot, decoded into calls and clicks, and answered.

One listener for each kind of request, because Bolt tries them in turn. Each runs to its end in
the task of its request; if that takes long, the acknowledgement goes out early.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.adapters.slack import modal
from bot.adapters.slack.acknowledge import Acknowledgement
from bot.adapters.slack.actors import actor_of, picked_by
from bot.adapters.slack.admission import workspace_of
from bot.adapters.slack.bounded import Seen
from bot.adapters.slack.origin import Origin, clicked, from_metadata, heard, pressed, typed
from bot.adapters.slack.parse import MOST_READ, Reader, command_name, plain_words
from bot.adapters.slack.respond import Responder
from bot.adapters.slack.wire import Json
from bot.adapters.slack.workspaces import Workspace
from bot.core import problems
from bot.core.command import Actor, Call, Click, Effect, Say, Submission, Visibility
from bot.core.dispatch import Dispatcher
from bot.core.intents import Intent, UnknownIntentError, decode
from bot.core.typed import call_of
from bot.core.views import View

logger = logging.getLogger(__name__)

ACKNOWLEDGEMENT = "acknowledgement"
"""Under this key a transport puts its `Acknowledgement` into Bolt's context."""

DEFER_AFTER = 2.0
"""Seconds after which the acknowledgement goes out without the answer; Slack waits for 3."""

_ANYTHING = re.compile("")

Apologise: TypeAlias = Callable[[View], Awaitable[str]]
"""Says a view where the answer would have been; returns what to acknowledge with."""


class Listeners:
    """Answers every kind of request with one dispatcher."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        prefix: str,
        defer_after: float,
    ) -> None:
        self._dispatcher = dispatcher
        self._prefix = prefix
        self._defer_after = defer_after
        self._reader = Reader()
        self._events = Seen()
        self._under_way = 0
        self._all_done = asyncio.Event()

    def register(self, app: AsyncApp) -> None:
        """Let a Bolt app call these listeners, the most frequent ones first."""
        app.command(_ANYTHING)(self.command)
        app.action(_ANYTHING)(self.action)
        app.options(_ANYTHING)(self.options)
        app.view(_ANYTHING)(self.submission)
        app.event(_ANYTHING)(self.event)

    async def finished(self) -> None:
        """Return when nothing is being answered any more."""
        while self._under_way:
            self._all_done.clear()
            await self._all_done.wait()

    async def command(self, body: Json, context: AsyncBoltContext) -> BoltResponse:
        """A slash command: the acknowledgement is the answer."""
        origin = typed(body)
        first: Acknowledgement = context[ACKNOWLEDGEMENT]

        def apologise(view: View) -> Awaitable[str]:
            responder = workspace_of(context).responder
            return responder.say(view, Visibility.PRIVATE, origin, first)

        return await self._in_time(self._slash(body, context, origin, first), apologise, first)

    async def _slash(
        self, body: Json, context: AsyncBoltContext, origin: Origin, first: Acknowledgement
    ) -> str:
        name = command_name(body["command"], self._prefix)
        command = self._dispatcher.commands.get(name)
        arguments: dict[str, str] = {}
        private = False
        if command is not None:
            text = (body.get("text") or "")[:MOST_READ]
            arguments, private = self._reader.arguments(command, text, self._dispatcher.options)
        actor = actor_of(context, origin, body.get("user_name") or "")
        workspace = workspace_of(context)
        call = await self._with_rights(Call(name, arguments, actor, private), workspace, origin)
        return await workspace.responder.answer(await self._dispatcher.call(call), origin, first)

    async def _with_rights(self, call: Call, workspace: Workspace, origin: Origin) -> Call:
        return replace(call, actor=await self._allowed(call.actor, call, workspace, origin))

    async def _allowed(
        self, actor: Actor, asked: Call | Intent, workspace: Workspace, origin: Origin
    ) -> Actor:
        """The actor, knowing whether they manage the workspace where that makes a difference."""
        if not self._dispatcher.needs_manager(asked):
            return actor
        profile = await workspace.managers.profile(origin.user)
        return replace(actor, manager=profile.manages, zone=profile.zone)

    async def action(self, body: Json, context: AsyncBoltContext) -> BoltResponse:
        """A button pressed, or an entry chosen."""
        origin = clicked(body)
        return await self._in_time(
            self._click(body, context, origin),
            _privately(workspace_of(context), origin),
            context[ACKNOWLEDGEMENT],
        )

    async def _click(self, body: Json, context: AsyncBoltContext, origin: Origin) -> str:
        effect: Effect
        workspace = workspace_of(context)
        try:
            intent = decode(pressed(body))
        except UnknownIntentError:
            effect = Say(problems.outdated())
        else:
            presser = _presser(body, context, origin)
            actor = await self._allowed(presser, intent, workspace, origin)
            effect = await self._dispatcher.click(Click(intent, actor, picked_by(body, context)))
        responder = workspace.responder
        return await responder.answer(effect, await _with_readers(origin, responder))

    async def options(self, body: Json) -> BoltResponse:
        """What has been typed into a select of a form, completed."""
        found = modal.suggested(body, self._dispatcher.options)
        return BoltResponse(status=200, body={"options": found})

    async def submission(self, body: Json, context: AsyncBoltContext) -> BoltResponse:
        """A form that was filled in."""
        view, user = body["view"], body["user"]["id"]
        acknowledgement: Acknowledgement = context[ACKNOWLEDGEMENT]
        try:
            origin, private = from_metadata(view.get("private_metadata") or "", user)
        except ValueError:
            origin, private = Origin(user), True
        answering = self._submit(body, context, origin, private=private)
        apologise = _privately(workspace_of(context), origin)
        return await self._in_time(answering, apologise, acknowledgement)

    async def _submit(
        self, body: Json, context: AsyncBoltContext, origin: Origin, *, private: bool
    ) -> str:
        dispatcher, workspace, view = self._dispatcher, workspace_of(context), body["view"]
        acknowledgement: Acknowledgement = context[ACKNOWLEDGEMENT]
        try:
            intent = decode(view["callback_id"])
        except UnknownIntentError:
            return await workspace.responder.answer(Say(problems.outdated()), origin)
        actor = await self._allowed(_presser(body, context, origin), intent, workspace, origin)
        sent = Submission(intent, modal.filled_in(view), actor, private)
        effect = await dispatcher.submit(sent)
        errors = modal.errors(sent, effect, view, dispatcher.options)
        if errors and not acknowledgement.done:
            return json.dumps({"response_action": "errors", "errors": errors})
        return await workspace.responder.answer(effect, origin)

    async def event(self, body: Json, context: AsyncBoltContext) -> BoltResponse:
        """A mention, a direct message, or a look at the home tab; each is answered once."""
        event = body["event"]
        origin = heard(event)
        if origin is None or not self._events.first_time(body["event_id"]):
            return BoltResponse(status=200)
        if event["type"] == "app_home_opened":
            return await self._in_time(
                self._home(context, origin),
                partial(_show_home, workspace_of(context), origin),
                context[ACKNOWLEDGEMENT],
            )
        return await self._in_time(
            self._hear(event, context, origin),
            _privately(workspace_of(context), origin),
            context[ACKNOWLEDGEMENT],
        )

    async def _home(self, context: AsyncBoltContext, origin: Origin) -> str:
        view = self._dispatcher.home(actor_of(context, origin))
        return await _show_home(workspace_of(context), origin, view)

    async def _hear(self, event: Json, context: AsyncBoltContext, origin: Origin) -> str:
        workspace = workspace_of(context)
        if origin.alone and origin.channel:
            workspace.responder.remember_conversation(origin.channel, origin.user)
        words = plain_words(str(event.get("text") or "")).strip(" ,:;")
        commands, options = self._dispatcher.commands, self._dispatcher.options
        call = call_of(words, actor_of(context, origin), commands, options)
        call = await self._with_rights(call, workspace, origin)
        return await workspace.responder.answer(await self._dispatcher.call(call), origin)

    async def _in_time(
        self, answering: Awaitable[str], apologise: Apologise, acknowledgement: Acknowledgement
    ) -> BoltResponse:
        """Answer, but acknowledge early if that takes long; apologise if it fails."""
        timer = asyncio.get_running_loop().call_later(self._defer_after, acknowledgement.early)
        self._under_way += 1
        try:
            body = await answering
        except Exception:
            reference = secrets.token_hex(4)
            logger.exception("failed to answer", extra={"reference": reference})
            body = await _apology(apologise, reference)
        finally:
            timer.cancel()
            self._under_way -= 1
            if not self._under_way:
                self._all_done.set()
        return BoltResponse(status=200, body=body)


async def _with_readers(origin: Origin, responder: Responder) -> Origin:
    """The origin of a click, knowing whether anybody else can read there."""
    channel = origin.channel or ""
    if origin.replaceable or not channel.startswith("D"):
        return origin
    alone = await responder.is_own_conversation(channel, origin.user)
    return replace(origin, alone=alone, replaceable=alone)


async def _show_home(workspace: Workspace, origin: Origin, view: View) -> str:
    await workspace.responder.publish_home(view, origin.user)
    return ""


def _privately(workspace: Workspace, origin: Origin) -> Apologise:
    return lambda view: workspace.responder.say(view, Visibility.PRIVATE, origin)


async def _apology(apologise: Apologise, reference: str) -> str:
    try:
        return await apologise(problems.our_fault(reference))
    except Exception:
        logger.exception("failed to apologise", extra={"reference": reference})
        return ""


def _presser(body: Json, context: AsyncBoltContext, origin: Origin) -> Actor:
    """The person who pressed a button or sent in a form."""
    user = body["user"]
    return actor_of(context, origin, user.get("name") or user.get("username") or "")
