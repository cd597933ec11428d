"""Who acts, and where: from Discord's events to the core's `Actor`."""

from __future__ import annotations

import discord

from bot.adapters.discord.spots import Interaction, spot_of
from bot.core.command import Actor
from bot.core.user_text import MAX_QUOTE, clean

PLATFORM = "discord"


def actor_of(interaction: Interaction) -> Actor:
    """The person behind an interaction. Only in a server can they manage anything."""
    user, guild = interaction.user, interaction.guild_id
    return Actor(
        PLATFORM,
        str(user.id),
        name=_name(user),
        community=None if guild is None else f"{PLATFORM}:{guild}",
        channel=None if in_own_conversation(interaction) else _id(interaction.channel_id),
        manager=guild is not None and interaction.permissions.manage_guild,
        spot=spot_of(interaction),
    )


def writer_of(message: discord.Message) -> Actor:
    """The person who wrote to the bot in a direct message."""
    return Actor(PLATFORM, str(message.author.id), name=_name(message.author))


def in_own_conversation(interaction: Interaction) -> bool:
    """Whether somebody is in their direct messages with the bot."""
    return interaction.context.dm_channel


def _name(user: discord.abc.User) -> str:
    return clean(user.display_name, MAX_QUOTE)


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)
