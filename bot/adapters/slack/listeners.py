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
from bot.adapters.slack.bounded import Seen
from bot.adapters.slack.origin import Origin, from_metadata
from bot.adapters.slack.parse import MOST_READ, Reader, command_name, plain_words
from bot.adapters.slack.respond import Responder
from bot.adapters.slack.wire import Json
from bot.core import problems
from bot.core.command import Actor, Call, Click, Effect, Say, Visibility
from bot.core.dispatch import Dispatcher
from bot.core.intents import UnknownIntentError, decode
from bot.core.typed import call_of
from bot.core.views import View

logger = logging.getLogger(__name__)

ACKNOWLEDGEMENT = "acknowledgement"
"""Under this key a transport puts its `Acknowledgement` into Bolt's context."""

DEFER_AFTER = 2.0
"""Seconds after which the acknowledgement goes out without the answer; Slack waits for 3."""

SPOKEN = frozenset({"file_share", "me_message", "thread_broadcast"})
"""Subtypes of messages that are a person's own words all the same."""

_ANYTHING = re.compile("")

Apologise: TypeAlias = Callable[[View], Awaitable[str]]
"""Says a view where the answer would have been; returns what to acknowledge with."""


class Listeners:
    """Answers every kind of request with one dispatcher."""

    def __init__(
        self, dispatcher: Dispatcher, responder: Responder, prefix: str, defer_after: float
    ) -> None:
        self._dispatcher = dispatcher
        self._responder = responder
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
        origin = Origin(
            user=body["user_id"],
            response_url=body.get("response_url"),
            trigger=body.get("trigger_id"),
        )
        first: Acknowledgement = context[ACKNOWLEDGEMENT]

        def apologise(view: View) -> Awaitable[str]:
            return self._responder.say(view, Visibility.PRIVATE, origin, first)

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
        call = Call(name, arguments, _actor(context), private)
        return await self._responder.answer(await self._dispatcher.call(call), origin, first)

    async def action(self, body: Json, context: AsyncBoltContext) -> BoltResponse:
        """A button pressed, or an entry chosen."""
        origin = _clicked(body)
        return await self._in_time(
            self._click(body, context, origin), self._privately(origin), context[ACKNOWLEDGEMENT]
        )

    async def _click(self, body: Json, context: AsyncBoltContext, origin: Origin) -> str:
        effect: Effect
        try:
            click = Click(decode(_pressed(body)), _actor(context))
        except UnknownIntentError:
            effect = Say(problems.outdated())
        else:
            effect = await self._dispatcher.click(click)
        return await self._responder.answer(effect, await self._with_readers(origin))

    async def _with_readers(self, origin: Origin) -> Origin:
        """The origin of a click, knowing whether anybody else can read there."""
        channel = origin.channel or ""
        if origin.replaceable or not channel.startswith("D"):
            return origin
        alone = await self._responder.is_own_conversation(channel, origin.user)
        return replace(origin, alone=alone, replaceable=alone)

    async def options(self, body: Json) -> BoltResponse:
        """What has been typed into a select of a form, completed."""
        dispatcher = self._dispatcher
        found = modal.suggested(body, dispatcher.commands, dispatcher.options)
        return BoltResponse(status=200, body={"options": found})

    async def submission(self, body: Json, context: AsyncBoltContext) -> BoltResponse:
        """A form that was filled in."""
        view, user = body["view"], body["user"]["id"]
        acknowledgement: Acknowledgement = context[ACKNOWLEDGEMENT]
        try:
            origin, private = from_metadata(view.get("private_metadata") or "", user)
        except ValueError:
            origin, private = Origin(user), True
        call = Call(view["callback_id"], modal.filled_in(view), _actor(context), private)
        answering = self._submit(call, origin, acknowledgement)
        return await self._in_time(answering, self._privately(origin), acknowledgement)

    async def _submit(self, call: Call, origin: Origin, acknowledgement: Acknowledgement) -> str:
        effect = await self._dispatcher.call(call)
        errors = modal.errors(call, effect, self._dispatcher.commands, self._dispatcher.options)
        if errors and not acknowledgement.done:
            return json.dumps({"response_action": "errors", "errors": errors})
        return await self._responder.answer(effect, origin)

    async def event(self, body: Json, context: AsyncBoltContext) -> BoltResponse:
        """A mention, a direct message, or a look at the home tab; each is answered once."""
        event = body["event"]
        origin = _heard(event)
        if origin is None or not self._events.first_time(body["event_id"]):
            return BoltResponse(status=200)
        if event["type"] == "app_home_opened":
            answering = self._home(context, origin)
            return await self._in_time(
                answering, partial(self._show_home, origin), context[ACKNOWLEDGEMENT]
            )
        return await self._in_time(
            self._hear(event, context, origin), self._privately(origin), context[ACKNOWLEDGEMENT]
        )

    async def _home(self, context: AsyncBoltContext, origin: Origin) -> str:
        return await self._show_home(origin, self._dispatcher.home(_actor(context)))

    async def _show_home(self, origin: Origin, view: View) -> str:
        await self._responder.publish_home(view, origin.user)
        return ""

    async def _hear(self, event: Json, context: AsyncBoltContext, origin: Origin) -> str:
        if origin.alone and origin.channel:
            self._responder.remember_conversation(origin.channel, origin.user)
        words = plain_words(str(event.get("text") or "")).strip(" ,:;")
        commands, options = self._dispatcher.commands, self._dispatcher.options
        call = call_of(words, _actor(context), commands, options)
        return await self._responder.answer(await self._dispatcher.call(call), origin)

    def _privately(self, origin: Origin) -> Apologise:
        return lambda view: self._responder.say(view, Visibility.PRIVATE, origin)

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


async def _apology(apologise: Apologise, reference: str) -> str:
    try:
        return await apologise(problems.our_fault(reference))
    except Exception:
        logger.exception("failed to apologise", extra={"reference": reference})
        return ""


def _actor(context: AsyncBoltContext) -> Actor:
    return Actor(
        "slack", f"{context.enterprise_id or ''}/{context.team_id or ''}/{context.user_id or ''}"
    )


def _pressed(body: Json) -> str:
    """The id of what was pressed or chosen, or nothing where there is none."""
    match body.get("actions"):
        case [{"selected_option": {"value": str(value)}}, *_] | [{"value": str(value)}, *_]:
            return value
        case _:
            return ""


def _clicked(body: Json) -> Origin:
    container = body.get("container") or {}
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id")
    return Origin(
        user=body["user"]["id"],
        channel=channel,
        thread=container.get("thread_ts"),
        response_url=body.get("response_url"),
        trigger=body.get("trigger_id"),
        replaceable=container.get("is_ephemeral") is True,
    )


def _heard(event: Json) -> Origin | None:
    """Where a person said something to the bot, or None for what needs no answer.

    A mention is answered in its thread, or in a new thread below it, so that the channel stays
    quiet. Other bots, edits and messages that are no person's own words get no answer.
    """
    match event:
        case {"bot_id": str()} | {"edited": dict()}:
            return None
        case {"subtype": str(subtype)} if subtype not in SPOKEN:
            return None
        case {"type": "app_mention", "user": str(user), "channel": str(channel), "ts": str(ts)}:
            return Origin(user, channel, thread=event.get("thread_ts"), message=ts)
        case {
            "type": "message",
            "channel_type": "im",
            "user": str(user),
            "channel": str(channel),
        }:
            return Origin(user, channel, thread=event.get("thread_ts"), alone=True)
        case {"type": "app_home_opened", "tab": "home", "user": str(user)}:
            return Origin(user)
        case _:
            return None
