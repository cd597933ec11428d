"""The Discord adapter as the app sees it: start, stop, ready, check."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.adapters.discord import finding, sending
from bot.adapters.discord.client import ANSWER_WITHIN, Client
from bot.adapters.discord.interactions import DEFER_AFTER, Interactions
from bot.adapters.discord.rest import PUBLISH_WITHIN, RATE, Rest
from bot.adapters.discord.sync import is_synced, sync
from bot.adapters.errors import AdapterError
from bot.core.dispatch import Dispatcher
from bot.core.messenger import Delivery, Receipt, Sight
from bot.core.subscriptions import Place
from bot.core.views import View

if TYPE_CHECKING:
    from aiohttp.web import RouteDef

logger = logging.getLogger(__name__)

DISCORD_API, DISCORD_GATEWAY = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY

DRAIN_WITHIN = 5.0
"""Seconds that answers and posts under way get when the bot stops."""

UNREACHABLE = (aiohttp.ClientError, OSError, discord.DiscordException)


class DiscordAdapter:
    """Connects a dispatcher to Discord.

    `api_base` is the REST base where it is not Discord's own; `data_dir` remembers which commands
    are registered; `defer_after` is in seconds. `rate` is how many requests a second the bot makes
    by itself (None: as many as it can), `publish_within` how many seconds Discord has to publish,
    and `answer_within` how many it has to answer any request.
    """

    name = "discord"

    def __init__(  # noqa: PLR0913 - most are limits of time, by name
        self,
        dispatcher: Dispatcher,
        token: str,
        api_base: str | None,
        data_dir: Path,
        *,
        defer_after: float = DEFER_AFTER,
        rate: float | None = RATE,
        publish_within: float = PUBLISH_WITHIN,
        answer_within: float = ANSWER_WITHIN,
    ) -> None:
        self._dispatcher = dispatcher
        self._token = token
        self._api_base = api_base
        self._data_dir = data_dir
        self._defer_after = defer_after
        self._rate = rate
        self._publish_within = publish_within
        self._answer_within = answer_within
        self._client: Client | None = None
        self._interactions: Interactions | None = None
        self._listens = True
        self._connection: asyncio.Task[None] | None = None
        self._stopped = asyncio.Event()

    async def start(self, *, listen: bool = True) -> None:
        """Log in, register the commands if they have changed, and connect.

        Without `listen` it only logs in: it can send then, and hears of nothing.

        Raises:
            AdapterError: if Discord refuses the token, or cannot be reached to log in.
        """
        self._listens = listen
        self._interactions = Interactions(self._dispatcher, self._defer_after)
        self._client = client = await self._logged_in(self._interactions, listen=listen)
        self._stopped.clear()
        if not listen:
            return
        await self._sync(client)
        self._connection = asyncio.create_task(client.connect(), name="discord")
        connected = asyncio.create_task(client.connected.wait())
        await asyncio.wait({self._connection, connected}, return_when=asyncio.FIRST_COMPLETED)
        connected.cancel()
        if self._connection.done():
            error = self._connection.exception()
            raise AdapterError(f"Discord ended the connection: {error or 'without a reason'}")

    async def ended(self) -> None:
        """Wait for as long as the connection lasts; discord.py repairs it by itself.

        Where the bot only sends, there is none, and it lasts until the bot is stopped.

        Raises:
            AdapterError: when it has ended for good.
        """
        if not self._listens:
            await self._stopped.wait()
        if self._connection:
            await asyncio.wait({self._connection})
            error = None if self._connection.cancelled() else self._connection.exception()
            raise AdapterError(f"Discord ended the connection: {error or 'without a reason'}")

    async def stop(self) -> None:
        """Give answers and posts under way some seconds, then disconnect."""
        if self._interactions and self._client:
            busy = (self._interactions.under_way, self._client.rest.under_way)
            in_time = await asyncio.gather(*(one.ended(DRAIN_WITHIN) for one in busy))
            if not all(in_time):
                logger.warning("some answers or posts were not finished in time")
        if self._client:
            await self._client.close()
            await self._client.rest.close()
        if self._connection:
            await asyncio.wait({self._connection})
        self._stopped.set()

    def ready(self) -> bool:
        """Whether people can be answered at this moment; where the bot only sends, if it can."""
        if self._client is None or self._client.is_closed():
            return False
        if not self._listens:
            return True
        running = self._connection is not None and not self._connection.done()
        return running and self._client.is_live()

    async def direct(self, user: str, view: View, key: str) -> Receipt:
        """Send to a person's direct messages; `key` is the same for a repeat."""
        rest = self._rest()
        if rest is None:
            return Receipt(Delivery.LATER)
        if not user.isdecimal():
            return Receipt(Delivery.GONE)
        return await sending.direct(rest, int(user), view, key)

    async def post(self, place: Place, view: View, key: str) -> Receipt:
        """Post to a channel or thread; `key` is the same for a repeat."""
        rest = self._rest()
        return await sending.post(rest, place, view, key) if rest else Receipt(Delivery.LATER)

    def pause(self, destination: str) -> float:
        """None: what waits here when the bot dies can be looked up, as if it were under way."""
        return 0.0

    async def find(
        self,
        place: Place,
        view: View,
        key: str,
        since: dt.datetime,
        latest: dt.datetime | None = None,
    ) -> Sight:
        """Whether what was posted under this key, at that time or later, is in the channel."""
        rest = self._rest()
        if rest is None:
            return Sight.UNKNOWN
        ago = self._dispatcher.desk.clock() - (latest or since)
        return await finding.find(rest, place, view, key, since, ago)

    async def has_left(self, community: str) -> bool:
        """Whether the bot was removed from a server; False where nobody can tell now."""
        rest = self._rest()
        return rest is not None and await finding.has_left(rest, community)

    def _rest(self) -> Rest | None:
        """The way to send, from the start until the bot is stopped."""
        client = self._client
        return None if client is None or client.is_closed() else client.rest

    def routes(self) -> list[RouteDef]:
        """Discord connects by its gateway and needs nothing served."""
        return []

    async def check(self) -> list[str]:
        """What works and what is missing, a line each.

        Raises:
            AdapterError: if Discord refuses the token or cannot be reached.
        """
        async with self._visitor() as client:
            try:
                application = await client.application_info()
                known = {command.name for command in await client.commands.fetch_commands()}
            except UNREACHABLE as error:
                raise AdapterError(f"Discord cannot be asked: {_reason(error)}") from None
            return [
                f"Discord accepts DISCORD_TOKEN: the application is {application.name}",
                _state_of_commands(client, known, self._data_dir),
                f"To add the bot to a server: {_install_link(application.id)}",
            ]

    @contextlib.asynccontextmanager
    async def _visitor(self) -> AsyncIterator[Client]:
        client = await self._logged_in(Interactions(self._dispatcher), listen=False)
        try:
            yield client
        finally:
            await client.close()

    async def _logged_in(self, interactions: Interactions, *, listen: bool) -> Client:
        Route.BASE = (self._api_base or DISCORD_API).rstrip("/")
        client = Client(
            interactions,
            rate=self._rate,
            publish_within=self._publish_within,
            answer_within=self._answer_within,
        )
        try:
            await client.login(self._token)
            if listen:
                await self._point_to_gateway(client)
        except BaseException as error:
            await client.close()
            if not isinstance(error, UNREACHABLE):
                raise
            if isinstance(error, discord.LoginFailure):
                raise AdapterError("DISCORD_TOKEN: Discord refused the token") from None
            raise AdapterError(f"Discord cannot be reached: {_reason(error)}") from None
        return client

    async def _point_to_gateway(self, client: Client) -> None:
        """After a lost session discord.py goes to this address, and not where it was sent."""
        DiscordWebSocket.DEFAULT_GATEWAY = DISCORD_GATEWAY
        if self._api_base is not None:
            _, address, _ = await client.http.get_bot_gateway()
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(address)

    async def _sync(self, client: Client) -> None:
        """Commands that cannot be registered do not keep those from working that are."""
        try:
            if await sync(client.commands, self._data_dir):
                logger.info("registered the commands with Discord")
        except UNREACHABLE as error:
            logger.error("could not register the commands: %s", _reason(error))


def _state_of_commands(client: Client, known: set[str], data_dir: Path) -> str:
    missing = sorted(set(client.commands.names()) - known)
    if missing:
        return f"Commands not registered yet: {', '.join(missing)} (the next start does it)"
    if not is_synced(client.commands, data_dir):
        return "The commands are registered; the next start registers them again"
    return "The commands are registered and up to date"


def _install_link(application_id: int) -> str:
    return discord.utils.oauth_url(
        application_id,
        permissions=discord.Permissions.none(),
        scopes=("bot", "applications.commands"),
    )


def _reason(error: Exception) -> str:
    """One line for the operator; no address and no header, which might hold a secret."""
    match error:
        case discord.HTTPException(status=status, text=text):
            return f"HTTP {status} {text}".strip()
        case OSError(strerror=str() as reason):
            return reason
        case _:
            return type(error).__name__
