"""A bad day at both platforms, with the real adapters and a clock that the test turns."""

from __future__ import annotations

import asyncio
import datetime as dt
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.slack.adapter import SlackAdapter
from bot.adapters.slack.oauth import OAuth
from bot.core.content.catalogue import Catalogue
from bot.core.desk import Desk, utc_now
from bot.core.dispatch import Dispatcher
from bot.core.messenger import Messenger
from bot.jobs import planning, rounds
from bot.jobs.delivering import deliver
from bot.jobs.outcomes import ATTEMPTS
from bot.jobs.tick import Work
from bot.store.database import Database
from bot.store.installations import Installations
from bot.store.vault import Vault, new_key
from tests.fanout.account import Bounds, End, account
from tests.fanout.books import books
from tests.fanout.faults import Weather
from tests.fanout.places import DISCORD, SLACK, Layout
from tests.fanout.seed import install, seed
from tests.fanout.server import FanoutServer, Options

pytestmark = pytest.mark.timeout(180)

LAYOUT = Layout(discord=80, slack=80, workspaces=8)
CHANNELS = LAYOUT.discord + LAYOUT.slack
BAD = Weather(for_good=0.2, passing=0.6, inactive=0.2, most=2, held=False)
LONGER_THAN_ANY_PAUSE = dt.timedelta(hours=2)


class Times:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.ahead = dt.timedelta()

    def __call__(self) -> dt.datetime:
        return utc_now() + self.ahead


async def a_round(work: Work) -> None:
    await planning.plan(work)
    await asyncio.gather(*(deliver(work, one) for one in await rounds.destinations(work)))


async def test_every_channel_gets_the_issue_once_or_a_reason(
    url: str, catalogue: Catalogue, tmp_path: Path
) -> None:
    key, now, clock = new_key(), utc_now(), Times()
    await seed(url, LAYOUT.places(), now)
    await install(url, LAYOUT.workspaces, key, now)
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(FanoutServer(Options(LAYOUT, 1, BAD)))
        store = Database(url)
        stack.push_async_callback(store.close)
        desk = Desk(store, clock)
        dispatcher = Dispatcher(catalogue, desk=desk)
        work = Work(
            desk, dispatcher.context, await messengers(stack, server, dispatcher, key, tmp_path)
        )
        for _ in range(ATTEMPTS):
            await a_round(work)
            clock.ahead += LONGER_THAN_ANY_PAUSE
            server.forget_nonces()
    as_fast_as_they_can = Bounds(discord_rate=CHANNELS, slack_rate=CHANNELS)
    verdict = account(await books(url), server.tally(), as_fast_as_they_can)
    assert verdict.problems == ()
    for platform in (DISCORD, SLACK):
        assert verdict.channels[platform] == 80
        ends = {end: verdict.ends[platform, end] for end in End}
        assert sum(ends.values()) == 80
        assert ends[End.SENT] > 20
        assert ends[End.FAILED] > 5
        assert ends[End.STOPPED] == 0
        assert (ends[End.UNCLEAR] > 0) == (platform == SLACK)


async def messengers(
    stack: AsyncExitStack, server: FanoutServer, dispatcher: Dispatcher, key: str, data: Path
) -> dict[str, Messenger]:
    """Both adapters, as fast as they can."""
    addresses: Any = server.addresses()
    discord = DiscordAdapter(
        dispatcher, addresses["discord"]["token"], addresses["discord"]["api_base"], data, rate=None
    )
    store = dispatcher.desk.store
    assert isinstance(store, Database)
    access = OAuth("1.2", "a secret of the loopback", Installations(store, Vault(key)))
    slack = SlackAdapter(
        dispatcher,
        access,
        signing_secret="another one",
        api_base=addresses["slack"]["api_base"],
        rates=None,
    )
    for adapter in (discord, slack):
        await adapter.start(listen=False)
        stack.push_async_callback(adapter.stop)
    return {"discord": discord, "slack": slack}
