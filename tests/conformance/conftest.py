"""Every platform with the bot on it, in front of one person."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import pytest

from bot.core.command import Command
from bot.core.commands import COMMANDS
from bot.core.content.catalogue import Catalogue
from tests.conformance.on_discord import OnDiscord
from tests.conformance.on_slack import OnSlack
from tests.conformance.on_terminal import OnTerminal
from tests.conformance.seen import Chat, Platform

CHATS: Mapping[str, Callable[[Path, float], Chat]] = {
    "discord": OnDiscord,
    "slack over HTTP": lambda data, defer_after: OnSlack(data, defer_after, "http"),
    "slack over Socket Mode": lambda data, defer_after: OnSlack(data, defer_after, "socket"),
}
PLATFORMS: Mapping[str, Callable[[Path, float], Platform]] = {
    **CHATS,
    "terminal": lambda data, _: OnTerminal(data),
}


@pytest.fixture
def commands() -> Mapping[str, Command]:
    """The shipped commands; a module may have more."""
    return COMMANDS


@pytest.fixture
def defer_after() -> float:
    """Seconds until an answer that is not ready is deferred, where a platform has that."""
    return 1.5


@pytest.fixture(params=PLATFORMS)
async def platform(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    defer_after: float,
    catalogue: Catalogue,
    commands: Mapping[str, Command],
) -> AsyncIterator[Platform]:
    platform = PLATFORMS[request.param](tmp_path, defer_after)
    await platform.restart(catalogue, commands)
    yield platform
    await platform.close()


@pytest.fixture(params=CHATS)
async def chat(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    defer_after: float,
    catalogue: Catalogue,
    commands: Mapping[str, Command],
) -> AsyncIterator[Chat]:
    chat = CHATS[request.param](tmp_path, defer_after)
    await chat.restart(catalogue, commands)
    yield chat
    await chat.close()


@pytest.fixture
async def discord(
    tmp_path: Path,
    defer_after: float,
    catalogue: Catalogue,
    commands: Mapping[str, Command],
) -> AsyncIterator[OnDiscord]:
    """The one platform on which one bot is in many communities."""
    discord = OnDiscord(tmp_path, defer_after)
    await discord.restart(catalogue, commands)
    yield discord
    await discord.close()
