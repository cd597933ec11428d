"""Channels, roles and people, as far as Discord tells of them along with an interaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import discord

from bot.adapters.discord.controls import PICKERS, Component
from bot.core.command import Spot
from bot.core.user_text import MAX_QUOTE, clean
from bot.core.views import Pick

Interaction: TypeAlias = discord.Interaction[Any]

ANNOUNCEMENT = discord.ChannelType.news.value
THREADS = frozenset(
    {
        discord.ChannelType.news_thread,
        discord.ChannelType.public_thread,
        discord.ChannelType.private_thread,
    }
)

VIEW, SEND, SEND_IN_THREADS = "View Channel", "Send Messages", "Send Messages in Threads"
"""Permissions as Discord's own settings call them."""

_PICKS = {kind: pick for pick, kind in PICKERS.items()}


def spot_of(interaction: Interaction) -> Spot | None:
    """The channel of a server in which somebody acts; None elsewhere."""
    if interaction.guild_id is None or interaction.channel_id is None:
        return None
    channel = interaction.channel
    kind = channel.type if channel else None
    return Spot(
        str(interaction.channel_id),
        name=clean(str(getattr(channel, "name", "") or ""), MAX_QUOTE),
        announcement=kind is discord.ChannelType.news,
        manages=_manages(interaction.permissions),
        missing=_missing(interaction, in_thread=kind in THREADS),
    )


def picked(data: Component) -> Spot | None:
    """What was chosen with a picker; None for a click on anything else.

    What the bot may do there is not told: it shows when it posts.
    """
    pick = _PICKS.get(data.get("component_type", 0))
    values = data.get("values")
    if pick is None or not values:
        return None
    chosen, resolved = str(values[0]), data.get("resolved") or {}
    match pick:
        case Pick.CHANNEL:
            channel = _of(resolved, "channels", chosen)
            permissions = discord.Permissions(int(channel.get("permissions") or 0))
            announcement = channel.get("type") == ANNOUNCEMENT
            return Spot(chosen, _name(channel, "name"), announcement, _manages(permissions))
        case Pick.ROLE:
            return Spot(chosen, _name(_of(resolved, "roles", chosen), "name"))
        case Pick.PERSON:
            member, user = _of(resolved, "members", chosen), _of(resolved, "users", chosen)
            return Spot(chosen, _name(member, "nick") or _name(user, "global_name", "username"))


def _of(resolved: Mapping[str, Any], kind: str, chosen: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (resolved.get(kind) or {}).get(chosen) or {}
    return found


def _name(told: Mapping[str, Any], *keys: str) -> str:
    """The first of these that is there, made safe: people choose the names."""
    return clean(str(next((told[key] for key in keys if told.get(key)), "")), MAX_QUOTE)


def _manages(permissions: discord.Permissions) -> bool:
    return permissions.manage_channels or permissions.administrator


def _missing(interaction: Interaction, *, in_thread: bool) -> tuple[str, ...]:
    """What the bot lacks to post; where only people have the app, it cannot post at all."""
    send = SEND_IN_THREADS if in_thread else SEND
    if not interaction.is_guild_integration():
        return (VIEW, send)
    may = interaction.app_permissions
    if may.administrator:
        return ()
    can_send = may.send_messages_in_threads if in_thread else may.send_messages
    return tuple(name for name, has in ((VIEW, may.view_channel), (send, can_send)) if not has)
