"""The loopback Discord, a bot on it, and a client that says what it likes."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest
import yarl

from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord_bot import Bot, Launch


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDiscord]:
    server = FakeDiscord()
    await server.start()
    monkeypatch.setattr(discord.http.Route, "BASE", server.api_base)
    default = yarl.URL(server.gateway_url)
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", default)
    yield server
    await server.stop()


@pytest.fixture
async def launch(server: FakeDiscord) -> AsyncIterator[Launch]:
    bots: list[Bot] = []

    async def start(*, guilds: bool = False, dms: bool = True, **options: Any) -> Bot:
        intents = discord.Intents.none()
        intents.guilds, intents.dm_messages = guilds, dms
        bot = Bot(intents, **options)
        bots.append(bot)
        bot.running = asyncio.create_task(bot.start(server.token))
        await server.connected()
        return bot

    yield start
    for bot in bots:
        await bot.close()
        if bot.running is not None:
            await bot.running


@pytest.fixture
async def bot(launch: Launch) -> Bot:
    return await launch()


@pytest.fixture
async def rest(server: FakeDiscord) -> AsyncIterator[aiohttp.ClientSession]:
    """A client that says what it likes, as the bot."""
    headers = {"Authorization": f"Bot {server.token}"}
    async with aiohttp.ClientSession(server.api_base + "/", headers=headers) as session:
        yield session


@pytest.fixture
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """No OpenAPI: what is refused then is refused by our own rules."""
    monkeypatch.delenv("DISCORD_OPENAPI", raising=False)
