"""A platform that remembers what it was given to send, and answers as a test wants."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.core.messenger import Delivery, Receipt, Sight
from bot.core.subscriptions import Place
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
    everything is sent. None stands for an exception. `sight` is what it finds of what it was given
    before, and `left` are communities that it was removed from. `rest` is its pause after the first
    message, in seconds.
    """

    def __init__(
        self,
        answers: Iterable[Delivery | Receipt | None] = (),
        sight: Sight = Sight.UNKNOWN,
        left: Collection[str] = (),
        rest: float = 0.0,
    ) -> None:
        self.given: list[Message] = []
        self.sought: list[str] = []
        self.asked: list[str] = []
        self._answers = list(answers)
        self._sight = sight
        self._left = left
        self._rest = rest

    async def direct(self, user: str, view: View, key: str) -> Receipt:
        return self._take(Message(user, view, key, direct=True))

    async def post(self, place: Place, view: View, key: str) -> Receipt:
        return self._take(Message(place.channel, view, key, direct=False))

    def pause(self, destination: str) -> float:
        return self._rest if self.given else 0.0

    async def find(
        self,
        place: Place,
        view: View,
        key: str,
        since: dt.datetime,
        latest: dt.datetime | None = None,
    ) -> Sight:
        self.sought.append(key)
        return self._sight

    async def has_left(self, community: str) -> bool:
        self.asked.append(community)
        return community in self._left

    def _take(self, message: Message) -> Receipt:
        self.given.append(message)
        answer = self._answers.pop(0) if self._answers else Delivery.SENT
        if answer is None:
            raise UnreachableError
        return answer if isinstance(answer, Receipt) else Receipt(answer)
