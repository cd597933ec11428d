"""People on the loopback Discord, each in their direct messages with the bot."""

from __future__ import annotations

from tests.crash.screens import Button, Form, Screen, UnansweredError, button
from tests.fakes.discord.errors import InteractionFailedError
from tests.fakes.discord.replies import Kind, Message, Reply
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import JsonObject

FIELD = "answer"
DEFERRED = frozenset({Kind.DEFERRED, Kind.DEFERRED_UPDATE})

LATER = 15.0
"""Seconds that a person waits for an answer that was deferred."""


class OnDiscord:
    """A person on Discord."""

    def __init__(self, server: FakeDiscord, name: str) -> None:
        self._server = server
        self._me = server.user(name)

    async def begin(self, what: str) -> Screen:
        place = self._server.dm_with(self._me)
        payload = self._server.slash_payload(self._me, "quiz", {"what": what}, where=place)
        return await self._seen(await self._replied(payload))

    async def press(self, screen: Screen, button: Button) -> Screen | Form:
        payload = self._server.click_payload(self._me, screen.handle, button.handle)
        reply = await self._replied(payload)
        return Form(reply) if reply.modal else await self._seen(reply)

    async def send(self, form: Form, text: str) -> Screen:
        payload = self._server.submit_payload(self._me, form.handle, {FIELD: text})
        return await self._seen(await self._replied(payload))

    def now(self, screen: Screen) -> Screen:
        message: Message = screen.handle
        return _screen([Message(self._server.state.world.messages[message.id])])

    async def _replied(self, payload: JsonObject) -> Reply:
        try:
            return await self._server.raw_interaction(payload)
        except InteractionFailedError as error:
            raise UnansweredError(str(error)) from None

    async def _seen(self, reply: Reply) -> Screen:
        """The answer, once all of its messages are there: the last one can be pressed."""
        exchange, changes = reply.exchange, self._server.state.world.changes
        try:
            if reply.kind in DEFERRED:
                await changes.wait_for(
                    lambda: bool(exchange.edits or exchange.followups), "a late answer", LATER
                )
            in_place = reply.kind not in DEFERRED or bool(exchange.edits)
            messages = [reply.now()] if in_place else []
            while not messages or not messages[-1].custom_ids:
                if messages and Screen(messages[-1].text, (), None).refused:
                    break
                number = len(messages) - in_place + 1
                messages.append(await reply.followup(number, LATER))
        except AssertionError as error:
            raise UnansweredError(str(error)) from None
        return _screen(messages)


def _screen(messages: list[Message]) -> Screen:
    last = messages[-1]
    found = (
        button(str(part["label"]), str(part["custom_id"]))
        for part in last.walk()
        if "custom_id" in part and "label" in part
    )
    text = "\n".join(message.text for message in messages)
    return Screen(text, tuple(one for one in found if one), last)
