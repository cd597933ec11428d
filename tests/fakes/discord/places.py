"""Who and where: people, servers and channels, and what they open or close to the bot."""

from dataclasses import replace
from typing import TypeAlias

from tests.fakes.discord.state import State
from tests.fakes.discord.world import (
    EVERYONE,
    EVERYTHING,
    Channel,
    ChannelType,
    Guild,
    Permission,
    User,
)

Where: TypeAlias = Channel | Guild


class Places:
    """The people and places of one Discord. ``home`` is a server that is always there."""

    def __init__(self, state: State, home: Guild) -> None:
        self.state = state
        self.home = home

    def user(
        self,
        name: str,
        *,
        dm_open: bool = True,
        admin: bool = False,
        installs_app: bool = False,
        locale: str = "en-GB",
    ) -> User:
        """Let somebody exist. ``installs_app`` gives them the app wherever they go."""
        world = self.state.world
        permissions = EVERYTHING if admin else EVERYONE
        person = world.add_user(
            User(world.snowflakes.next(), name, locale, permissions, installs_app)
        )
        if not dm_open:
            self.close_dms(person)
        return person

    def close_dms(self, person: User) -> None:
        self.state.world.closed_dms.add(person.id)

    def open_dms(self, person: User) -> None:
        self.state.world.closed_dms.discard(person.id)

    def guild(
        self,
        name: str,
        *,
        installed: bool = True,
        locale: str = "en-GB",
        channels: tuple[str, ...] = ("general",),
        announcements: tuple[str, ...] = (),
    ) -> Guild:
        """A server; ``installed=False`` for one where only users have the app.

        A bot that is connected already hears of it only through ``await join(guild)``.
        """
        return self.state.world.add_guild(
            name,
            installed=installed,
            locale=locale,
            channels=channels,
            announcements=announcements,
        )

    async def join(self, guild: Guild) -> None:
        """Tell the connected bot that it was added to a server."""
        await self.state.gateway.announce(guild)

    async def leave(self, guild: Guild) -> None:
        """Remove the bot from a server: 403 there from now on."""
        self.state.world.guilds[guild.id] = replace(guild, installed=False)
        await self.state.gateway.retract(guild)

    def dm_with(self, person: User) -> Channel:
        """The person's direct messages with the bot, as a place."""
        return self.state.world.dm_with(person)

    def thread(self, name: str, channel: Channel) -> Channel:
        """A thread in a channel, which the bot may write in."""
        return self.state.world.add_thread(name, channel)

    def archive(self, thread: Channel) -> None:
        """Let a thread rest; the next message wakes it up, unless it is locked."""
        self.state.world.archived.add(thread.id)

    def lock(self, thread: Channel) -> None:
        """Let only moderators write in a thread."""
        self.state.world.locked.add(thread.id)

    def advance(self, seconds: float) -> None:
        """Let time pass for what Discord counts: nonces and published messages."""
        self.state.world.passed += seconds

    def private_channel(self, *people: User, name: str | None = None) -> Channel:
        """A group DM that the bot is not in."""
        return self.state.world.add_private(ChannelType.GROUP_DM, name, people)

    def deny(self, channel: Channel, permission: Permission) -> None:
        """Take permissions from the bot in a channel (SEND_MESSAGES, VIEW_CHANNEL ...)."""
        self.state.world.denied[channel.id] = permission

    def permit(self, person: User, channel: Channel, permission: Permission) -> None:
        """Give a person more permissions in one channel."""
        self.state.world.permitted[person.id, channel.id] = permission

    def allow(self, channel: Channel) -> None:
        """Give all permissions back."""
        self.state.world.denied.pop(channel.id, None)

    def place(self, where: Where | None) -> Channel:
        """The channel that is meant: a server's first one, by default that of ``home``."""
        match where:
            case None:
                return self.home.general
            case Guild():
                return where.general
            case Channel():
                return where
