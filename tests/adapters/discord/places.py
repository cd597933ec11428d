"""Channels of the loopback Discord as the core names them."""

from __future__ import annotations

from bot.core.subscriptions import Place
from tests.fakes.discord.world import Channel, ChannelType

MESSAGES, DMS = "/channels/*/messages", "/users/@me/channels"


def place(channel: Channel, mention: str = "") -> Place:
    """A channel of a server, or a thread."""
    news = channel.type is ChannelType.ANNOUNCEMENT
    server = f"discord:{channel.guild_id}"
    return Place("discord", server, str(channel.id), announcement=news, mention=mention)


def nowhere(channel: str) -> Place:
    """A channel that is not there."""
    return Place("discord", "discord:1", channel)
