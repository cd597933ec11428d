"""What people see, in the order in which it happened, and how a test waits for more of it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, TypeVar

from tests.fakes.slack.blocks import Element, elements, readable
from tests.fakes.slack.limits import Json

Visibility = Literal["ephemeral", "in_channel"]
Source = Literal["ack", "response_url", "posted"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class File:
    """A file in a message: its name and its text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """One version of a message as people see it.

    `only_for` is the person an ephemeral message is shown to. `interaction` names the
    interaction whose acknowledgement or `response_url` produced it. `payload` is what was sent.
    """

    channel: str
    ts: str
    author: str
    text: str
    blocks: tuple[Json, ...]
    visibility: Visibility = "in_channel"
    only_for: str | None = None
    thread_ts: str | None = None
    source: Source = "posted"
    interaction: str | None = None
    edited: bool = False
    payload: Json = field(default_factory=dict, repr=False)
    files: tuple[File, ...] = ()

    @property
    def shown(self) -> str:
        """What a person reads: the blocks, or the text where there are none."""
        return readable(self.blocks) or self.text

    @property
    def elements(self) -> tuple[Element, ...]:
        """The buttons, menus and inputs of this message."""
        return tuple(elements(self.blocks))


@dataclass(frozen=True, slots=True)
class View:
    """One version of a modal, or of a home tab."""

    id: str
    hash: str
    user: str
    json: Json

    @property
    def type(self) -> str:
        return str(self.json["type"])

    @property
    def title(self) -> str:
        return str((self.json.get("title") or {}).get("text", ""))

    @property
    def callback_id(self) -> str:
        return str(self.json.get("callback_id", ""))

    @property
    def private_metadata(self) -> str:
        return str(self.json.get("private_metadata", ""))

    @property
    def blocks(self) -> tuple[Json, ...]:
        return tuple(self.json["blocks"])

    @property
    def shown(self) -> str:
        """What a person reads in it, without its title."""
        return readable(self.blocks)

    @property
    def elements(self) -> tuple[Element, ...]:
        """The buttons, menus and inputs of this view."""
        return tuple(elements(self.blocks))


@dataclass(frozen=True, slots=True)
class Appeared:
    """A message was posted, or an edited version of it appeared."""

    message: Message


@dataclass(frozen=True, slots=True)
class Vanished:
    """A message was deleted."""

    message: Message


@dataclass(frozen=True, slots=True)
class ViewShown:
    """A modal was opened or updated, or a home tab published."""

    view: View


Sight: TypeAlias = Appeared | Vanished | ViewShown


class Feed:
    """Everything that was seen, oldest first."""

    def __init__(self) -> None:
        self.sights: list[Sight] = []
        self.taken: set[int] = set()
        self._more = asyncio.Event()

    def add(self, sight: Sight) -> None:
        self.sights.append(sight)
        self._more.set()
        self._more = asyncio.Event()

    async def wait_for(self, look: Callable[[], T | None], patience: float, wanted: str) -> T:
        """What `look` finds, asked again after every new sight.

        Raises AssertionError, which tells what was seen instead, after `patience` seconds.
        """
        try:
            async with asyncio.timeout(patience):
                while (found := look()) is None:
                    await self._more.wait()
                return found
        except TimeoutError:
            seen = "\n".join(f"  {sight}" for sight in self.sights[-5:]) or "  nothing"
            raise AssertionError(f"no {wanted} within {patience:g} s; last seen:\n{seen}") from None
