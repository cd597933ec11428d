"""What people see of the bot: messages, forms, choices, and the reply to something they did."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from tests.fakes.discord.errors import InteractionFailedError, NotOfferedError
from tests.fakes.discord.interactions import Callback, Exchange
from tests.fakes.discord.payloads import COMPONENTS_V2, EPHEMERAL, LOADING
from tests.fakes.discord.stored import walk
from tests.fakes.discord.world import JsonObject, World

TEXT_DISPLAY = 10


class Kind(Enum):
    """What the first response to an interaction was."""

    MESSAGE = "message"
    DEFERRED = "deferred"
    DEFERRED_UPDATE = "deferred update"
    UPDATE = "update"
    CHOICES = "choices"
    MODAL = "modal"


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it was when looked at; ``payload`` is Discord's JSON for it."""

    payload: JsonObject

    @property
    def id(self) -> int:
        return int(self.payload["id"])

    @property
    def channel_id(self) -> int:
        return int(self.payload["channel_id"])

    @property
    def content(self) -> str:
        return str(self.payload["content"])

    @property
    def components(self) -> list[JsonObject]:
        return list(self.payload["components"])

    @property
    def attachments(self) -> list[JsonObject]:
        return list(self.payload["attachments"])

    @property
    def ephemeral(self) -> bool:
        return bool(self.payload["flags"] & EPHEMERAL)

    @property
    def loading(self) -> bool:
        return bool(self.payload["flags"] & LOADING)

    @property
    def components_v2(self) -> bool:
        return bool(self.payload["flags"] & COMPONENTS_V2)

    @property
    def text(self) -> str:
        """Content and all text displays, line by line."""
        shown = [c["content"] for c in self.walk() if c["type"] == TEXT_DISPLAY]
        return "\n".join([self.content, *shown] if self.content else shown)

    @property
    def labels(self) -> list[str]:
        """The labels of all buttons, in order."""
        return [c.get("label", "") for c in self.walk() if c["type"] == 2]

    @property
    def custom_ids(self) -> list[str]:
        return [c["custom_id"] for c in self.walk() if "custom_id" in c]

    def walk(self) -> Iterator[JsonObject]:
        """Every component, depth first."""
        return (component for _, component in walk(self.payload["components"]))

    def component(self, custom_id: str) -> JsonObject:
        """The component with this id; raises NotOfferedError when there is none."""
        for component in self.walk():
            if component.get("custom_id") == custom_id:
                return component
        raise NotOfferedError(f"no component {custom_id!r}; there are {self.custom_ids}")

    def labelled(self, label: str) -> str:
        """The custom id of the button with this label; raises NotOfferedError without one."""
        for component in self.walk():
            if component.get("label") == label and "custom_id" in component:
                return str(component["custom_id"])
        raise NotOfferedError(f"no button {label!r}; there are {self.labels}")


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of an autocomplete result."""

    name: str
    value: str | int | float


@dataclass(frozen=True, slots=True)
class Modal:
    """A form that the bot opened."""

    custom_id: str
    title: str
    components: list[JsonObject]

    def fields(self) -> list[JsonObject]:
        """Every input of the form, in order."""
        return [c for _, c in walk(self.components) if "custom_id" in c]


@dataclass(frozen=True, slots=True)
class Reply:
    """The bot's first response to an interaction, and a way to what came after it."""

    kind: Kind
    ephemeral: bool
    message: Message | None
    choices: tuple[Choice, ...]
    modal: Modal | None
    exchange: Exchange
    world: World

    @property
    def components(self) -> list[JsonObject]:
        return self.shown.components

    @property
    def text(self) -> str:
        return self.shown.text

    @property
    def shown(self) -> Message:
        """The message of the first response; raises AssertionError when it was none."""
        assert self.message is not None, f"the reply was {self.kind.value}, not a message"
        return self.message

    @property
    def followups(self) -> tuple[Message, ...]:
        """The follow-ups that are there by now, as they look now."""
        messages = self.world.messages
        return tuple(Message(messages[i]) for i in self.exchange.followups if i in messages)

    async def finished(self, within: float = 3.0) -> Message:
        """The message once the bot is done with it.

        After a deferred response that is the edited original; otherwise the message as it
        looks now. Raises InteractionFailedError when no edit comes within ``within`` seconds.
        """
        exchange = self.exchange
        if self.kind in (Kind.DEFERRED, Kind.DEFERRED_UPDATE):
            try:
                await self.world.changes.wait_for(
                    lambda: exchange.edits > 0, "the edit after a deferred response", within
                )
            except AssertionError as error:
                raise InteractionFailedError(str(error)) from None
        return self.now()

    async def followup(self, number: int = 1, within: float = 3.0) -> Message:
        """The ``number``-th follow-up (from 1), waited for up to ``within`` seconds."""
        followups = self.exchange.followups
        await self.world.changes.wait_for(
            lambda: len(followups) >= number, f"follow-up number {number}", within
        )
        return self.followups[number - 1]

    def now(self) -> Message:
        """The original message as it looks now."""
        assert self.exchange.original is not None, f"a {self.kind.value} reply has no message"
        return Message(self.world.messages[self.exchange.original])


def reply_to(exchange: Exchange, world: World) -> Reply:
    """Look at an answered interaction as the person does."""
    callback, data = exchange.callback, exchange.body.get("data") or {}
    assert callback is not None
    message = None
    if exchange.original is not None and callback is not Callback.DEFERRED_UPDATE:
        message = Message(world.messages[exchange.original])
    offered = data.get("choices", ()) if callback is Callback.CHOICES else ()
    modal = None
    if callback is Callback.MODAL:
        modal = Modal(data["custom_id"], data["title"], data["components"])
    return Reply(
        kind=Kind[callback.name],
        ephemeral=message.ephemeral if message else False,
        message=message,
        choices=tuple(Choice(choice["name"], choice["value"]) for choice in offered),
        modal=modal,
        exchange=exchange,
        world=world,
    )
