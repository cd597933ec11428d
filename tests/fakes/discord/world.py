"""What exists in this Discord: people, servers, channels and messages, and how it grows."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import Any, TypeAlias

JsonObject: TypeAlias = dict[str, Any]

EPOCH_MS = 1_420_070_400_000
FIRST_GUILD_MS = 200_000_000_000
KEPT = 10_000
NONCE_SECONDS = 300.0


class Permission(IntFlag):
    """The permissions that matter to a bot that posts and answers."""

    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    USE_APPLICATION_COMMANDS = 1 << 31
    SEND_MESSAGES_IN_THREADS = 1 << 38


EVERYONE = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.SEND_MESSAGES_IN_THREADS
)
EVERYTHING = Permission((1 << 52) - 1)


class ChannelType(IntEnum):
    TEXT = 0
    DM = 1
    GROUP_DM = 3
    ANNOUNCEMENT = 5
    PUBLIC_THREAD = 11


class Context(IntEnum):
    """Where an interaction happens, as Discord numbers it."""

    GUILD = 0
    BOT_DM = 1
    PRIVATE_CHANNEL = 2


@dataclass(frozen=True, slots=True)
class User:
    """A person, or the bot. ``installs_app`` is a user install of the bot."""

    id: int
    name: str
    locale: str = "en-GB"
    permissions: Permission = EVERYONE
    installs_app: bool = False
    bot: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel, or a thread; ``parent_id`` is the channel that a thread is in."""

    id: int
    type: ChannelType
    name: str | None
    guild_id: int | None = None
    recipients: tuple[User, ...] = ()
    parent_id: int | None = None


@dataclass(frozen=True, slots=True)
class Guild:
    """A server. ``installed`` is false where only users have the app."""

    id: int
    name: str
    locale: str
    installed: bool
    channels: tuple[Channel, ...]
    roles: int

    @property
    def general(self) -> Channel:
        return self.channels[0]

    def channel(self, name: str) -> Channel:
        return next(channel for channel in self.channels if channel.name == name)


class Snowflakes:
    """Ids that grow with time and never repeat."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> int:
        now = (int(time.time() * 1000) - EPOCH_MS) << 22
        self._last = max(self._last + 1, now)
        return self._last


class Changes:
    """Lets tests wait for a state of the world instead of sleeping."""

    def __init__(self) -> None:
        self._waiters: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []

    def notify(self) -> None:
        for waiter in tuple(self._waiters):
            reached, future = waiter
            if not future.done() and reached():
                future.set_result(None)

    async def wait_for(self, reached: Callable[[], bool], what: str, within: float) -> None:
        """Return once ``reached()``; fail with ``what`` after ``within`` seconds."""
        if reached():
            return
        waiter = (reached, asyncio.get_running_loop().create_future())
        self._waiters.append(waiter)
        try:
            await asyncio.wait_for(waiter[1], within)
        except TimeoutError:
            raise AssertionError(f"waited {within:g} s in vain for {what}") from None
        finally:
            self._waiters.remove(waiter)


@dataclass(slots=True)
class World:
    """Everything that exists, and what people and admins have closed to the bot."""

    bot: User
    snowflakes: Snowflakes = field(default_factory=Snowflakes)
    changes: Changes = field(default_factory=Changes)
    users: dict[int, User] = field(default_factory=dict)
    guilds: dict[int, Guild] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    dms: dict[int, Channel] = field(default_factory=dict)
    messages: OrderedDict[int, JsonObject] = field(default_factory=OrderedDict)
    rooms: dict[int, dict[int, JsonObject]] = field(default_factory=dict)
    ephemeral: set[int] = field(default_factory=set)
    closed_dms: set[int] = field(default_factory=set)
    denied: dict[int, Permission] = field(default_factory=dict)
    permitted: dict[tuple[int, int], Permission] = field(default_factory=dict)
    nonces: dict[tuple[int, str], tuple[int, float]] = field(default_factory=dict)
    published: dict[int, list[float]] = field(default_factory=dict)
    archived: set[int] = field(default_factory=set)
    locked: set[int] = field(default_factory=set)
    passed: float = 0.0
    files: dict[str, bytes] = field(default_factory=dict)

    def add_user(self, user: User) -> User:
        self.users[user.id] = user
        return user

    def add_guild(
        self,
        name: str,
        *,
        locale: str = "en-GB",
        installed: bool = True,
        channels: tuple[str, ...] = ("general",),
        announcements: tuple[str, ...] = (),
        roles: int = 1,
    ) -> Guild:
        """Create a server; every guild has its own millisecond, so shards share them evenly."""
        guild_id = (FIRST_GUILD_MS + len(self.guilds)) << 22
        named = [(name, ChannelType.TEXT) for name in channels]
        named += [(name, ChannelType.ANNOUNCEMENT) for name in announcements]
        made = tuple(
            Channel(self.snowflakes.next(), kind, channel_name, guild_id)
            for channel_name, kind in named
        )
        self.channels.update((channel.id, channel) for channel in made)
        guild = Guild(guild_id, name, locale, installed, made, roles)
        self.guilds[guild_id] = guild
        return guild

    def dm_with(self, user: User) -> Channel:
        """The direct-message channel of the bot and this person, opened when first needed."""
        if user.id not in self.dms:
            self.dms[user.id] = self.add_private(ChannelType.DM, None, (user,))
        return self.dms[user.id]

    def add_private(
        self, kind: ChannelType, name: str | None, recipients: tuple[User, ...]
    ) -> Channel:
        channel = Channel(self.snowflakes.next(), kind, name, None, recipients)
        self.channels[channel.id] = channel
        return channel

    def add_thread(self, name: str, parent: Channel) -> Channel:
        number, kind = self.snowflakes.next(), ChannelType.PUBLIC_THREAD
        thread = Channel(number, kind, name, parent.guild_id, parent_id=parent.id)
        self.channels[thread.id] = thread
        return thread

    def now(self) -> float:
        """The time that limits go by, in seconds; ``passed`` is how far it was put forward."""
        return time.monotonic() + self.passed

    def remember_nonce(self, channel_id: int, nonce: str, message_id: int) -> None:
        self.nonces[channel_id, nonce] = (message_id, self.now())

    def message_with(self, channel_id: int, nonce: str) -> JsonObject | None:
        """The message of the past few minutes with this nonce."""
        message_id, at = self.nonces.get((channel_id, nonce), (0, 0.0))
        return self.messages.get(message_id) if self.now() < at + NONCE_SECONDS else None

    def permissions_of_app(self, channel: Channel) -> Permission:
        """What the bot may do in a channel; a thread takes that from its channel too."""
        none = Permission(0)
        above = self.denied.get(channel.parent_id or 0, none)
        return EVERYONE & ~(self.denied.get(channel.id, none) | above)

    def permissions_of(self, person: User, channel: Channel) -> Permission:
        """What a person may do in a channel."""
        return person.permissions | self.permitted.get((person.id, channel.id), Permission(0))

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Tell everybody who waits, once the block is through."""
        yield
        self.changes.notify()

    def keep(self, message: JsonObject) -> None:
        """Store a message by its id; the oldest are forgotten beyond a fixed number."""
        message_id = int(message["id"])
        self.messages[message_id] = message
        self.rooms.setdefault(int(message["channel_id"]), {})[message_id] = message
        if len(self.messages) > KEPT:
            self.forget(next(iter(self.messages)))

    def forget(self, message_id: int) -> None:
        message = self.messages.pop(message_id)
        del self.rooms[int(message["channel_id"])][message_id]
        self.ephemeral.discard(message_id)

    def messages_in(self, channel_id: int) -> list[JsonObject]:
        """Messages that everybody in the channel sees, oldest first."""
        room = self.rooms.get(channel_id, {})
        return [message for number, message in room.items() if number not in self.ephemeral]


def context_of(channel: Channel) -> Context:
    match channel.type:
        case ChannelType.DM:
            return Context.BOT_DM
        case ChannelType.GROUP_DM:
            return Context.PRIVATE_CHANNEL
        case _:
            return Context.GUILD
