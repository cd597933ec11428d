"""The Slack adapter as the bot runs it: one workspace, by signed HTTP or by Socket Mode."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable

from aiohttp import ClientError, ClientSession, ClientTimeout, web
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.adapters.errors import AdapterError
from bot.adapters.slack.acknowledge import HttpAcknowledgement, http_response
from bot.adapters.slack.actors import Managers
from bot.adapters.slack.bolt import bolt_app, reason, web_client
from bot.adapters.slack.listeners import ACKNOWLEDGEMENT, DEFER_AFTER, Listeners
from bot.adapters.slack.manifest import SCOPES
from bot.adapters.slack.naming import Naming
from bot.adapters.slack.respond import Responder
from bot.adapters.slack.socket_mode import Socket
from bot.core.dispatch import Dispatcher
from bot.core.ports import Delivery
from bot.core.views import View

logger = logging.getLogger(__name__)

PATH = "/slack/events"

SLACK_API = "https://slack.com/api/"

CALL_SECONDS = 10.0
"""How long a call of the Web API may take."""

CONNECT_SECONDS = 30.0
"""How long Socket Mode may take to connect at the start; later it tries for ever."""

DRAIN_SECONDS = 10.0
"""How long answers under way may take when the bot stops."""


class SlackAdapter:
    """Answers one workspace: over HTTP with `signing_secret`, by Socket Mode with `app_token`.

    `api_base` ends in a slash; `prefix` stands before the name of each command; `defer_after` is in
    seconds.
    """

    name = "slack"

    def __init__(
        self,
        dispatcher: Dispatcher,
        *,
        bot_token: str,
        app_token: str | None = None,
        signing_secret: str | None = None,
        api_base: str | None = None,
        prefix: str = "",
        defer_after: float = DEFER_AFTER,
    ) -> None:
        self._dispatcher = dispatcher
        self._bot_token = bot_token
        self._app_token = app_token
        self._signing_secret = signing_secret
        self._api_base = api_base or SLACK_API
        self._prefix = prefix
        self._defer_after = defer_after
        self._session: ClientSession | None = None
        self._responder: Responder | None = None
        self._listeners: Listeners | None = None
        self._app: AsyncApp | None = None
        self._socket: Socket | None = None

    def routes(self) -> list[web.RouteDef]:
        """The address for Slack's signed requests, where there is a signing secret."""
        return [web.post(PATH, self._serve)] if self._signing_secret else []

    async def start(self) -> None:
        """Sign in, and connect where Socket Mode is used.

        Raises:
            AdapterError: if Slack refuses a token or cannot be reached.
        """
        self._session = ClientSession(timeout=ClientTimeout(total=CALL_SECONDS))
        try:
            client = web_client(self._session, self._bot_token, self._api_base)
            identity = await _ask(client.auth_test(), "SLACK_BOT_TOKEN")
            naming = Naming(self._prefix, self._dispatcher.commands)
            responder = self._responder = Responder(client, naming)
            self._listeners = Listeners(
                self._dispatcher, responder, Managers(client), self._prefix, self._defer_after
            )
            self._app = bolt_app(client, identity, self._signing_secret)
            self._listeners.register(self._app)
            if self._app_token:
                opened = await _ask(
                    client.apps_connections_open(app_token=self._app_token), "SLACK_APP_TOKEN"
                )
                self._socket = Socket(self._app, self._app_token)
                await _connect(self._socket, opened["url"])
        except AdapterError:
            await self.stop()
            raise

    async def ended(self) -> None:
        """Wait for ever: requests come when they come, and Socket Mode connects again by itself."""
        await asyncio.Event().wait()

    async def stop(self) -> None:
        """Finish the answers under way, then disconnect."""
        if self._listeners is not None:
            try:
                await asyncio.wait_for(self._listeners.finished(), DRAIN_SECONDS)
            except TimeoutError:
                logger.warning("some answers were not finished in time")
        self._app = self._responder = None
        if self._socket is not None:
            await self._socket.close()
            self._socket = None
        if self._session is not None:
            await self._session.close()
            self._session = None

    def ready(self) -> bool:
        """Whether Slack can reach the bot: signed in, and in Socket Mode neither cut nor deaf."""
        if self._app is None:
            return False
        return not self._app_token or (self._socket is not None and self._socket.hears())

    async def check(self) -> list[str]:
        """What works and what is missing, a line each; nothing is connected for good.

        Raises:
            AdapterError: if Slack refuses a token or cannot be reached.
        """
        async with ClientSession(timeout=ClientTimeout(total=CALL_SECONDS)) as session:
            client = web_client(session, self._bot_token, self._api_base)
            identity = await _ask(client.auth_test(), "SLACK_BOT_TOKEN")
            found = [f"Slack: signed in to {identity.get('team')} as {identity.get('user')}"]
            found += _scopes(identity)
            if self._app_token:
                opening = client.apps_connections_open(app_token=self._app_token)
                await _ask(opening, "SLACK_APP_TOKEN")
                found.append("Slack: Socket Mode can connect")
        if self._signing_secret:
            found.append(f"Slack: signed requests are taken at {PATH}")
        return found

    async def direct(self, user: str, view: View, key: str) -> Delivery:
        """Send to a person's conversation with the bot; Slack does not know a repeat by its key."""
        return await self._send(user.rpartition("/")[2], view)

    async def post(self, channel: str, view: View, key: str) -> Delivery:
        """Post to a channel by its id; Slack does not know a repeat by its key."""
        return await self._send(channel, view)

    async def _send(self, channel: str, view: View) -> Delivery:
        if self._responder is None:
            return Delivery.LATER
        return await self._responder.send(channel, view)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        app = self._app
        if app is None:
            return web.Response(status=503)
        acknowledgement = HttpAcknowledgement(request)
        try:
            received = AsyncBoltRequest(
                body=(await request.read()).decode(errors="replace"),
                headers=dict(request.headers),
                context={ACKNOWLEDGEMENT: acknowledgement},
            )
        except (ValueError, TypeError, AttributeError, RecursionError):
            # Bolt reads a request before it looks at the signature; Slack's can be read.
            return web.Response(status=400)
        answered = await app.async_dispatch(received)
        await acknowledgement.sent()
        return acknowledgement.response or http_response(answered.status, answered.body)


async def _ask(call: Awaitable[AsyncSlackResponse], variable: str) -> AsyncSlackResponse:
    """The answer to a call. Raises AdapterError where Slack refuses the token of `variable`."""
    try:
        return await call
    except SlackApiError as error:
        raise AdapterError(f"{variable}: Slack refused it: {reason(error)}") from None
    except (ClientError, TimeoutError) as error:
        raise AdapterError(f"Slack cannot be reached: {reason(error)}") from None


async def _connect(socket: Socket, url: str) -> None:
    try:
        await asyncio.wait_for(socket.connect(url), CONNECT_SECONDS)
    except TimeoutError:
        raise AdapterError("Slack cannot be reached by Socket Mode") from None


def _scopes(identity: AsyncSlackResponse) -> list[str]:
    """A line for every scope that the token lacks."""
    granted = identity.headers.get("x-oauth-scopes", "").replace(" ", "").split(",")
    return [
        f"Slack: the scope {scope} is missing, so no {what}"
        for scope, what in SCOPES.items()
        if scope not in granted
    ]
