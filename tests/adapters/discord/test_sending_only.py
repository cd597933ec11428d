"""A process that only sends: logged in, and hearing of nothing."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from bot.adapters.errors import AdapterError
from bot.core.messenger import Delivery, Receipt, Sight
from tests.adapters.discord.conftest import Start
from tests.adapters.discord.places import place
from tests.adapters.effects import CARD, SECRET, view
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import User

SENT = Receipt(Delivery.SENT)


async def test_it_sends_and_looks_without_a_gateway_and_without_commands(
    server: FakeDiscord, ada: User, start: Start
) -> None:
    bot = await start(listen=False)
    there = place(server.home.general)
    since = dt.datetime.now(dt.UTC)
    assert await bot.post(there, view(CARD), "1") == SENT
    assert await bot.direct(str(ada.id), view(SECRET), "2") == SENT
    assert await bot.find(there, view(CARD), "1", since) is Sight.THERE
    assert not await bot.has_left(there.community)
    assert bot.ready()
    assert server.gateway.identifies == []
    assert server.state.commands.syncs == 0
    assert not any(request.path.startswith("/gateway") for request in server.requests)


async def test_it_lasts_until_it_is_stopped(server: FakeDiscord, start: Start) -> None:
    bot = await start(listen=False)
    ended = asyncio.create_task(bot.ended())
    await asyncio.sleep(0)
    assert not ended.done()
    await bot.stop()
    await asyncio.wait_for(ended, 3)
    assert not bot.ready()


async def test_a_refused_token_is_told_here_too(server: FakeDiscord, start: Start) -> None:
    server.fail("GET", "/users/@me", status=401)
    with pytest.raises(AdapterError, match="DISCORD_TOKEN"):
        await start(listen=False)
