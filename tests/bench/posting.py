"""Our messengers for the loopback platforms of the fan-out, and the work over them."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientTimeout

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.discord.rest import RATE
from bot.adapters.slack.actors import Managers
from bot.adapters.slack.adapter import CALL_SECONDS
from bot.adapters.slack.bolt import WebClient
from bot.adapters.slack.messenger import RATES, Messenger, Rates
from bot.adapters.slack.naming import Naming
from bot.adapters.slack.respond import Responder
from bot.adapters.slack.workspaces import Workspace, Workspaces
from bot.app import make_dispatcher
from bot.core.desk import Desk, utc_now
from bot.core.dispatch import Dispatcher
from bot.core.messenger import Messenger as MessengerPort
from bot.core.messenger import Receipt, Sight
from bot.core.ports import Clock
from bot.core.subscriptions import Place
from bot.core.views import View
from bot.jobs.tick import Work
from bot.settings import read_settings
from bot.store.database import Database
from tests.fanout.places import token

ISSUE = "mlops-on-a-tuesday"
"""The issue that goes out: as shipped, with a question."""

DUE = dt.datetime(2026, 12, 14, 9, 0, tzinfo=dt.UTC)
"""When everybody gets it."""


def clock() -> Clock:
    """A clock that shows the time at which the issue is due, and goes on from there."""
    ahead = DUE - utc_now()
    return lambda: utc_now() + ahead


class Tokens(Workspaces):
    """Workspaces that have tokens of their own, each with a client of its own."""

    def __init__(self, session: ClientSession, api_base: str) -> None:
        self._session = session
        self._api_base = api_base
        self._known: dict[str, Workspace] = {}

    async def of(self, enterprise: str, team: str) -> Workspace | None:
        known = self._known.get(team)
        if known is None:
            bearer = token(int(team.removeprefix("T")))
            client = WebClient(self._session, bearer, self._api_base)
            responder, managers = Responder(client, Naming()), Managers(client)
            known = self._known[team] = Workspace(client, "", responder, managers)
        return known

    def only(self) -> Workspace | None:
        return None

    async def forget(self, enterprise: str, team: str, before: dt.datetime) -> bool:
        return True

    async def finished(self) -> None:
        return


class Sending:
    """Slack for many workspaces, and no events."""

    name = "slack"

    def __init__(self, workspaces: Workspaces, rates: Rates) -> None:
        self._messenger = Messenger(workspaces, Naming(), rates)

    async def direct(self, user: str, view: View, key: str) -> Receipt:
        return await self._messenger.direct(user, view)

    async def post(self, place: Place, view: View, key: str) -> Receipt:
        return await self._messenger.post(place, view)

    def pause(self, destination: str) -> float:
        return self._messenger.pause(destination)

    async def find(
        self,
        place: Place,
        view: View,
        key: str,
        since: dt.datetime,
        latest: dt.datetime | None = None,
    ) -> Sight:
        return Sight.UNKNOWN

    async def has_left(self, community: str) -> bool:
        return False


@contextlib.asynccontextmanager
async def slack(api_base: str, *, at_the_rates: bool) -> AsyncIterator[Sending]:
    """Slack, at its own rates or as fast as it goes."""
    async with ClientSession(timeout=ClientTimeout(total=CALL_SECONDS)) as session:
        rates = RATES if at_the_rates else Rates(None, None)
        yield Sending(Tokens(session, api_base), rates)


@contextlib.asynccontextmanager
async def discord(
    dispatcher: Dispatcher,
    known: Mapping[str, Any],
    data: Path,
    *,
    at_the_rates: bool,
    listen: bool = False,
) -> AsyncIterator[DiscordAdapter]:
    """Discord, at its own rate or as fast as it goes; `known` is where it is and its token."""
    adapter = DiscordAdapter(
        dispatcher,
        known["token"],
        known["api_base"],
        data,
        rate=RATE if at_the_rates else None,
    )
    await adapter.start(listen=listen)
    try:
        yield adapter
    finally:
        await adapter.stop()


@contextlib.asynccontextmanager
async def work(
    url: str,
    discord_at: Mapping[str, Any],
    slack_at: Mapping[str, Any],
    *,
    at_the_rates: bool,
    listen: bool = False,
) -> AsyncIterator[Work]:
    """The work of the bot on a database at `url`, when the issue is due, over both platforms."""
    async with contextlib.AsyncExitStack() as stack:
        store = Database(url)
        stack.push_async_callback(store.close)
        await store.open()
        dispatcher = make_dispatcher(read_settings(), store)
        data = Path(url.removeprefix("sqlite:///")).parent
        enter = stack.enter_async_context
        at_discord = discord(dispatcher, discord_at, data, at_the_rates=at_the_rates, listen=listen)
        at_slack = slack(slack_at["api_base"], at_the_rates=at_the_rates)
        messengers: dict[str, MessengerPort] = {
            "discord": await enter(at_discord),
            "slack": await enter(at_slack),
        }
        yield Work(Desk(store, clock()), dispatcher.context, messengers)
