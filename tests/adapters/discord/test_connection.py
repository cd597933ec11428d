"""Starting, registering the commands, losing the connection, and what the operator is told."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path
from typing import Literal

import discord
import pytest

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.errors import AdapterError
from bot.core.dispatch import Dispatcher
from tests.adapters.discord.conftest import Start
from tests.adapters.discord.slow import Slow
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.sessions import Intent
from tests.fakes.discord.world import User

HELP = "## What I can do"


async def test_only_direct_messages_are_asked_for(
    server: FakeDiscord, bot: DiscordAdapter, caplog: pytest.LogCaptureFixture
) -> None:
    assert [identify.intents for identify in server.gateway.identifies] == [Intent.DIRECT_MESSAGES]
    assert bot.ready()
    assert "intent" not in caplog.text


def remembered() -> int:
    gc.collect()
    return sum(isinstance(one, discord.Guild) for one in gc.get_objects())


async def test_no_server_is_remembered(dispatcher: Dispatcher, tmp_path: Path) -> None:
    before = remembered()
    async with FakeDiscord(guilds=50) as server:
        bot = DiscordAdapter(dispatcher, server.token, server.api_base, tmp_path)
        await bot.start()
        ada = server.user("Ada")
        for number in range(50):
            where = server.guild(f"Another server {number}")
            assert (await server.slash(ada, "help", where=where)).text.startswith(HELP)
        more = remembered() - before
        await bot.stop()
    assert more <= 1  # the server of the last interaction, which may still be on its way out


async def test_commands_are_registered_only_when_they_have_changed(
    server: FakeDiscord, start: Start, slow: Slow
) -> None:
    for expected, extra in ((1, ()), (1, ()), (2, (slow.command(),)), (3, ())):
        bot = await start(*extra)
        assert server.state.commands.syncs == expected
        await bot.stop()


async def test_commands_that_could_not_be_registered_are_registered_next_time(
    server: FakeDiscord, ada: User, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    server.fail("PUT", "/applications/*/commands", status=400, code=50035)
    bot = await start()
    assert bot.ready()
    assert "could not register the commands" in caplog.text
    await bot.stop()
    await start()
    assert (await server.slash(ada, "help")).text.startswith(HELP)


class Held(asyncio.Event):
    """Holds a request back until it is set; `begun` says that the request has come."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = asyncio.Event()

    async def wait(self) -> Literal[True]:
        self.begun.set()
        return await super().wait()


async def test_who_is_still_to_connect_is_not_ready(
    server: FakeDiscord, dispatcher: Dispatcher, tmp_path: Path
) -> None:
    held = Held()
    server.delay("PUT", "/applications/*/commands", held)
    bot = DiscordAdapter(dispatcher, server.token, server.api_base, tmp_path)
    starting = asyncio.create_task(bot.start())
    await asyncio.wait_for(held.begun.wait(), 5)
    assert not bot.ready()
    held.set()
    await starting
    assert bot.ready()
    await bot.stop()


async def test_a_cut_connection_is_resumed_and_nothing_is_missed(
    server: FakeDiscord, ada: User, bot: DiscordAdapter
) -> None:
    await server.gateway.drop()
    asked = asyncio.create_task(server.slash(ada, "help", patience=10))
    await server.resumed(within=10)
    assert (await asked).text.startswith(HELP)
    assert bot.ready()


async def test_a_lost_session_begins_anew_at_the_same_address(
    server: FakeDiscord, ada: User, bot: DiscordAdapter
) -> None:
    await server.gateway.invalidate(resumable=False)
    await server.state.world.changes.wait_for(
        lambda: len(server.gateway.identifies) == 2, "the second identify", 15
    )
    assert (await server.slash(ada, "help")).text.startswith(HELP)
    assert bot.ready()


async def test_a_refused_token_is_one_clear_line(
    server: FakeDiscord, dispatcher: Dispatcher, tmp_path: Path
) -> None:
    bot = DiscordAdapter(dispatcher, "not-the-token", server.api_base, tmp_path)
    for attempt in (bot.start, bot.check):
        with pytest.raises(AdapterError, match=r"^DISCORD_TOKEN: Discord refused the token$"):
            await attempt()
    assert not bot.ready()
    await bot.stop()


async def test_a_server_that_is_not_there_is_one_clear_line(
    dispatcher: Dispatcher, tmp_path: Path
) -> None:
    bot = DiscordAdapter(dispatcher, "secret-token", "http://127.0.0.1:9/api/v10", tmp_path)
    with pytest.raises(AdapterError, match=r"^Discord cannot be reached: ") as refused:
        await bot.start()
    assert "secret-token" not in str(refused.value)


async def test_the_check_says_what_is_and_what_is_missing(
    server: FakeDiscord, dispatcher: Dispatcher, tmp_path: Path
) -> None:
    bot = DiscordAdapter(dispatcher, server.token, server.api_base, tmp_path)
    accepted, commands, link = await bot.check()
    assert accepted == "Discord accepts DISCORD_TOKEN: the application is rolecall"
    assert commands.startswith("Commands not registered yet: ask, compare")
    assert "client_id=1000000000000000000&scope=bot+applications.commands&permissions=0" in link
    await bot.start()
    assert "The commands are registered and up to date" in await bot.check()
    assert bot.ready()
    await bot.stop()
    assert not bot.ready()


async def test_every_shard_counts(dispatcher: Dispatcher, tmp_path: Path) -> None:
    async with FakeDiscord(shards=2, guilds=4) as server:
        bot = DiscordAdapter(dispatcher, server.token, server.api_base, tmp_path)
        starting = asyncio.create_task(bot.start())
        await server.state.world.changes.wait_for(
            lambda: len(server.gateway.identifies) == 1, "the first shard", 5
        )
        assert not bot.ready()
        await starting
        assert [identify.shard for identify in server.gateway.identifies] == [(0, 2), (1, 2)]
        assert bot.ready()
        await bot.stop()
