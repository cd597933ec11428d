"""People on the loopback Slack, each in their direct messages with the bot."""

from __future__ import annotations

from collections.abc import Callable

from tests.crash.screens import (
    Button,
    Form,
    FormClosedError,
    Screen,
    UnansweredError,
    button,
)
from tests.fakes.slack.answers import Answer
from tests.fakes.slack.server import SlackServer
from tests.fakes.slack.sights import Appeared, Message, Sight

FIELD = "answer"


class OnSlack:
    """A person on Slack."""

    def __init__(self, server: SlackServer, name: str) -> None:
        self._server = server
        self._me = server.person(name)

    async def begin(self, what: str) -> Screen:
        place = self._server.dm_of(self._me)
        return await self._seen(await self._server.slash(self._me, "/quiz", what, channel=place))

    async def press(self, screen: Screen, button: Button) -> Screen | Form:
        answer = await self._server.click(self._me, screen.handle, button.handle)
        if answer.modals and answer.failure is None:
            return Form(answer.modals[-1])
        return await self._seen(answer)

    async def send(self, form: Form, text: str) -> Screen:
        start = len(self._server.workspace.feed.sights)
        try:
            answer = await self._server.submit(self._me, form.handle, {FIELD: text})
        except LookupError as error:
            raise FormClosedError(str(error)) from None
        if answer.failure is not None:
            raise UnansweredError(answer.failure)
        return await self._appeared(start, lambda _: True)

    def now(self, screen: Screen) -> Screen:
        message: Message = screen.handle
        return _screen(self._server.workspace.messages[message.channel, message.ts])

    async def _seen(self, answer: Answer) -> Screen:
        if answer.failure is not None:
            raise UnansweredError(answer.failure)
        return await self._appeared(answer.watch.start, answer.watch.concerns)

    async def _appeared(self, start: int, concerns: Callable[[Sight], bool]) -> Screen:
        """The answer, once the message is there that can be pressed, or says why not."""
        feed = self._server.workspace.feed

        def look() -> Screen | None:
            for sight in feed.sights[start:]:
                if (
                    isinstance(sight, Appeared)
                    and sight.message.channel == self._me.dm
                    and concerns(sight)
                ):
                    screen = _screen(sight.message)
                    if screen.buttons or screen.refused:
                        return screen
            return None

        try:
            return await feed.wait_for(look, self._server.patience, "answer")
        except AssertionError as error:
            raise UnansweredError(str(error)) from None


def _screen(message: Message) -> Screen:
    found = (
        button(element.label, str(element.json["value"]), element.action_id)
        for element in message.elements
        if element.type == "button" and "value" in element.json
    )
    return Screen(message.shown, tuple(one for one in found if one), message)
