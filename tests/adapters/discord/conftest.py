"""The real Discord adapter in front of the loopback Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from bot.adapters.discord.adapter import DiscordAdapter
from bot.core.command import Command
from bot.core.commands import COMMANDS
from bot.core.content.catalogue import Catalogue
from bot.core.dispatch import Dispatcher
from tests.adapters.discord.slow import Slow
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import User

Start: TypeAlias = Callable[..., Awaitable[DiscordAdapter]]


@pytest.fixture
async def server() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        yield server
        assert server.violations == []
        assert server.unrouted == []


@pytest.fixture
def ada(server: FakeDiscord) -> User:
    return server.user("Ada")


@pytest.fixture
async def start(server: FakeDiscord, catalogue: Catalogue, tmp_path: Path) -> AsyncIterator[Start]:
    """Starts adapters, with further commands and shorter times; stops them all."""
    started: list[DiscordAdapter] = []

    async def start(
        *extra: Command,
        defer_after: float = 1.5,
        dispatcher: Dispatcher | None = None,
        publish_within: float = 3.0,
        listen: bool = True,
        answer_within: float = 20.0,
    ) -> DiscordAdapter:
        commands = {**COMMANDS, **{command.name: command for command in extra}}
        adapter = DiscordAdapter(
            dispatcher or Dispatcher(catalogue, commands),
            token=server.token,
            api_base=server.api_base,
            data_dir=tmp_path,
            defer_after=defer_after,
            rate=None,
            publish_within=publish_within,
            answer_within=answer_within,
        )
        started.append(adapter)
        await adapter.start(listen=listen)
        return adapter

    yield start
    for adapter in started:
        await adapter.stop()


@pytest.fixture
async def bot(start: Start) -> DiscordAdapter:
    """The bot with its shipped commands."""
    return await start()


@pytest.fixture
def slow() -> Slow:
    return Slow()
