"""A platform that remembers what it was given to send, and answers as a test wants."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.ports import Delivery
from bot.core.views import View


@dataclass(frozen=True, slots=True)
class Message:
    """What was to be sent: to whom or to which channel, what, and under which key."""

    to: str
    view: View
    key: str
    direct: bool


class UnreachableError(Exception):
    """The platform broke off in the middle."""


class Recorder:
    """Implements `ports.Messenger`.

    `answers` are its answers one after another; then, and from the beginning where there are none,
    everything is sent. None stands for an exception.
    """

    def __init__(self, answers: Iterable[Delivery | None] = ()) -> None:
        self.given: list[Message] = []
        self._answers = list(answers)

    async def direct(self, user: str, view: View, key: str) -> Delivery:
        return self._take(Message(user, view, key, direct=True))

    async def post(self, channel: str, view: View, key: str) -> Delivery:
        return self._take(Message(channel, view, key, direct=False))

    def _take(self, message: Message) -> Delivery:
        self.given.append(message)
        answer = self._answers.pop(0) if self._answers else Delivery.SENT
        if answer is None:
            raise UnreachableError
        return answer
