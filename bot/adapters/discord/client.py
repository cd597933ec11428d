"""The connection to Discord: the smallest set of events, and nothing kept of any server."""

from __future__ import annotations

import asyncio
import logging
import sys
from functools import partial
from typing import Any

import aiohttp
import discord

from bot.adapters.discord import direct
from bot.adapters.discord.buckets import Buckets
from bot.adapters.discord.commands import Commands
from bot.adapters.discord.interactions import Interactions
from bot.adapters.discord.rest import PUBLISH_WITHIN, RATE, Rest

logger = logging.getLogger(__name__)

ANSWER_WITHIN = 20.0
"""Seconds for one request. A post must be looked up while Discord still knows its nonce."""

LONGEST_RATE_LIMIT = 30.0
"""Seconds that a request may wait for a rate limit before it fails: the least discord.py takes."""

discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


def _intents() -> discord.Intents:
    """Interactions need no intent; plain words in direct messages need theirs, and no other."""
    intents = discord.Intents.none()
    intents.dm_messages = True
    return intents


def _not_about_guilds(record: logging.LogRecord) -> bool:
    """discord.py warns of state that this client does not use: it asks for no servers."""
    return not record.getMessage().startswith("Guilds intent seems to be disabled")


class Client(discord.AutoShardedClient):
    """Hears of commands, clicks, forms and direct messages. To be made inside an event loop.

    Without the `guilds` intent, members or messages to remember, its size does not depend on how
    many servers use it; every interaction brings along what it needs.
    """

    def __init__(
        self,
        interactions: Interactions,
        *,
        rate: float | None = RATE,
        publish_within: float = PUBLISH_WITHIN,
        answer_within: float = ANSWER_WITHIN,
    ) -> None:
        state_log = logging.getLogger("discord.state")
        state_log.addFilter(_not_about_guilds)
        try:
            super().__init__(
                intents=_intents(),
                max_messages=None,
                member_cache_flags=discord.MemberCacheFlags.none(),
                chunk_guilds_at_startup=False,
                guild_ready_timeout=0.0,  # no server will be announced, so none is waited for
                allowed_mentions=discord.AllowedMentions.none(),
                max_ratelimit_timeout=LONGEST_RATE_LIMIT,
            )
        finally:
            state_log.removeFilter(_not_about_guilds)
        # aiohttp's own limit is five minutes, and discord.py has no setting for it.
        limit = aiohttp.ClientTimeout(total=answer_within)
        self.http.request = partial(self.http.request, timeout=limit)  # type: ignore[method-assign]
        # Every answer in direct messages comes back as one of these, and nobody asks for them.
        self._connection.parsers.pop("MESSAGE_UPDATE")
        self.http._buckets = Buckets()
        self._interactions = interactions
        self.rest = Rest(self, rate, publish_within)
        self.commands = Commands(self, interactions)
        self.connected = asyncio.Event()

    def is_live(self) -> bool:
        """Whether every shard has an open connection at this moment."""
        shards = self.shards.values() if self.connected.is_set() else ()
        return bool(shards) and not any(shard.is_closed() for shard in shards)

    async def on_ready(self) -> None:
        self.connected.set()

    async def on_shard_connect(self, _: int) -> None:
        """Forget the servers: the greeting names them all, and each would stay as an object."""
        self._connection._guilds.clear()

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Clicks and forms, also on messages from before a restart; commands have their tree."""
        match interaction.type:
            case discord.InteractionType.component:
                await self._interactions.click(interaction)
            case discord.InteractionType.modal_submit:
                await self._interactions.submit(interaction)
            case _:
                pass

    async def on_message(self, message: discord.Message) -> None:
        if message.guild is None and not message.author.bot and message.content.strip():
            await direct.answer(message, self._interactions, self.rest)

    async def on_error(self, event_method: str, /, *_: Any, **__: Any) -> None:
        logger.error("failed in %s", event_method, exc_info=sys.exception())
