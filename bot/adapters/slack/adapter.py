"""The Slack adapter as the bot runs it: one workspace or many, by signed HTTP or Socket Mode."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable
from typing import TypeVar

from aiohttp import ClientError, ClientSession, ClientTimeout, web
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.adapters.errors import AdapterError
from bot.adapters.slack.acknowledge import HttpAcknowledgement, http_response
from bot.adapters.slack.actors import Managers
from bot.adapters.slack.admission import Admission, Authorize
from bot.adapters.slack.bolt import Renew, WebClient, bolt_app, reason
from bot.adapters.slack.departures import Departures, Uninstalled, nobody
from bot.adapters.slack.install_pages import INSTALL, REDIRECT, InstallPages
from bot.adapters.slack.installed import Installed
from bot.adapters.slack.listeners import ACKNOWLEDGEMENT, DEFER_AFTER, Listeners
from bot.adapters.slack.manifest import SCOPES
from bot.adapters.slack.messenger import RATES, Messenger, Rates
from bot.adapters.slack.naming import Naming
from bot.adapters.slack.oauth import Exchange, OAuth
from bot.adapters.slack.respond import Responder
from bot.adapters.slack.socket_mode import Socket
from bot.adapters.slack.workspaces import (
    Furnish,
    OneWorkspace,
    Workspace,
    Workspaces,
)
from bot.core.dispatch import Dispatcher
from bot.core.messenger import Delivery, Receipt, Sight
from bot.core.ports import StoreError
from bot.core.subscriptions import Place
from bot.core.views import View

T = TypeVar("T")

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
    """Answers over HTTP with `signing_secret`, by Socket Mode with `app_token`.

    `access` is the token of one workspace, or what it takes to be installed by many. `api_base`
    ends in a slash; `prefix` stands before the name of each command; `defer_after` is in seconds.
    `rates` are those of messages that nobody asked for; None lets them go at once.
    """

    name = "slack"

    def __init__(  # noqa: PLR0913 - all but one are settings, by name
        self,
        dispatcher: Dispatcher,
        access: str | OAuth,
        *,
        app_token: str | None = None,
        signing_secret: str | None = None,
        api_base: str | None = None,
        prefix: str = "",
        defer_after: float = DEFER_AFTER,
        rates: Rates | None = RATES,
    ) -> None:
        self._dispatcher = dispatcher
        self._access = access
        self._app_token = app_token
        self._signing_secret = signing_secret
        self._api_base = api_base or SLACK_API
        self._prefix = prefix
        self._defer_after = defer_after
        self._rates = rates or Rates(None, None)
        self._listens = False
        self.uninstalled: Uninstalled = nobody
        """Is told when the bot was removed from a workspace; to be set before the start."""
        self._session: ClientSession | None = None
        self._messenger: Messenger | None = None
        self._workspaces: Workspaces | None = None
        self._pages: InstallPages | None = None
        self._listeners: Listeners | None = None
        self._app: AsyncApp | None = None
        self._socket: Socket | None = None

    def routes(self) -> list[web.RouteDef]:
        """Where Slack's signed requests come in, if there is a signing secret; pages to install."""
        found = [web.post(PATH, self._serve)] if self._signing_secret else []
        if isinstance(self._access, OAuth):
            found.append(web.get(INSTALL, self._serve_page, allow_head=False))
            found.append(web.get(REDIRECT, self._serve_page, allow_head=False))
        return found

    async def start(self, *, listen: bool = True) -> None:
        """Sign in, and connect where Socket Mode is used; without `listen` only sign in.

        Raises:
            AdapterError: if Slack refuses a token or cannot be reached.
            StoreError: if the database fails.
        """
        self._session = ClientSession(timeout=ClientTimeout(total=CALL_SECONDS))
        try:
            workspaces = self._workspaces = await self._admitted(self._session)
            naming = Naming(self._prefix, self._dispatcher.commands)
            self._messenger = Messenger(workspaces, naming, self._rates)
            self._listeners = Listeners(self._dispatcher, self._prefix, self._defer_after)
            client = WebClient(self._session, None, self._api_base)
            admission = Admission(workspaces, self._session)
            authorize = Authorize()  # type: ignore[no-untyped-call]  # slack_bolt has no types here
            self._app = bolt_app(client, self._signing_secret, admission, authorize)
            Departures(workspaces, self.uninstalled).register(self._app)
            self._listeners.register(self._app)
            self._listens = listen and self._app_token is not None
            if self._app_token and listen:
                opened = await _ask(
                    client.apps_connections_open(app_token=self._app_token), "SLACK_APP_TOKEN"
                )
                self._socket = Socket(self._app, self._app_token)
                await _connect(self._socket, opened["url"])
        except (AdapterError, StoreError):
            await self.stop()
            raise

    async def _admitted(self, session: ClientSession) -> Workspaces:
        """The one workspace that the token belongs to, or all that have installed the bot."""
        naming = Naming(self._prefix, self._dispatcher.commands)

        def furnish(token: str, bot_user: str, renew: Renew | None) -> Workspace:
            client = WebClient(session, token, self._api_base, renew)
            return Workspace(client, bot_user, Responder(client, naming), Managers(client))

        if isinstance(self._access, OAuth):
            return await self._many(session, self._access, furnish)
        asked = WebClient(session, self._access, self._api_base).auth_test()
        identity = await _ask(asked, "SLACK_BOT_TOKEN")
        return OneWorkspace(furnish(self._access, identity["user_id"], None))

    async def _many(self, session: ClientSession, oauth: OAuth, furnish: Furnish) -> Workspaces:
        kept, clock = oauth.installations, self._dispatcher.desk.clock
        lost = await kept.reseal()
        if lost:
            logger.error(
                "ROLECALL_SECRET_KEY: none of its keys opens the tokens of %d workspaces; "
                "add the missing key, or install the bot there again",
                lost,
            )
        exchange = Exchange(session, oauth, self._api_base, clock)
        workspaces = Installed(kept, exchange, furnish, clock)
        self._pages = InstallPages(kept, exchange, workspaces, clock, self._prefix)
        return workspaces

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
        self._app = self._messenger = self._pages = None
        if self._workspaces is not None:
            try:
                await asyncio.wait_for(self._workspaces.finished(), DRAIN_SECONDS)
            except TimeoutError:
                logger.warning("a token may not have been renewed in time")
            self._workspaces = None
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
        return not self._listens or (self._socket is not None and self._socket.hears())

    async def check(self) -> list[str]:
        """What works and what is missing, a line each; nothing is connected for good.

        Raises:
            AdapterError: if Slack refuses a token or cannot be reached.
        """
        async with ClientSession(timeout=ClientTimeout(total=CALL_SECONDS)) as session:
            found = await self._checked(session)
            if self._app_token:
                client = WebClient(session, None, self._api_base)
                opening = client.apps_connections_open(app_token=self._app_token)
                await _ask(opening, "SLACK_APP_TOKEN")
                found.append("Slack: Socket Mode can connect")
        if self._signing_secret:
            found.append(f"Slack: signed requests are taken at {PATH}")
        if isinstance(self._access, OAuth):
            found.append(f"Slack: workspaces install the bot at {INSTALL}")
        return found

    async def _checked(self, session: ClientSession) -> list[str]:
        if isinstance(self._access, OAuth):
            clock = self._dispatcher.desk.clock
            exchange = Exchange(session, self._access, self._api_base, clock)
            await _ask(exchange.check(), "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET")
            return ["Slack: the app's id and secret are right"]
        client = WebClient(session, self._access, self._api_base)
        identity = await _ask(client.auth_test(), "SLACK_BOT_TOKEN")
        signed_in = f"Slack: signed in to {identity.get('team')} as {identity.get('user')}"
        return [signed_in, *_scopes(identity)]

    async def direct(self, user: str, view: View, key: str) -> Receipt:
        """Send to a person's conversation with the bot; Slack does not know a repeat by its key."""
        messenger = self._messenger
        return await messenger.direct(user, view) if messenger else Receipt(Delivery.LATER)

    async def post(self, place: Place, view: View, key: str) -> Receipt:
        """Post to a channel or thread; Slack does not know a repeat by its key."""
        messenger = self._messenger
        return await messenger.post(place, view) if messenger else Receipt(Delivery.LATER)

    def pause(self, destination: str) -> float:
        """Seconds until a post to a workspace would begin, as others wait for their turn there."""
        return self._messenger.pause(destination) if self._messenger else 0.0

    async def find(
        self,
        place: Place,
        view: View,
        key: str,
        since: dt.datetime,
        latest: dt.datetime | None = None,
    ) -> Sight:
        """Nobody knows: the bot has no scope to read history, which would let it read everything.

        Nor has Slack another way to look a message up by what the bot knows of it.
        """
        return Sight.UNKNOWN

    async def has_left(self, community: str) -> bool:
        """Whether Slack does not take the workspace's token any more; False if it is not known."""
        return self._messenger is not None and await self._messenger.has_left(community)

    async def _serve_page(self, request: web.Request) -> web.StreamResponse:
        if self._pages is None:
            return web.Response(status=503)
        if request.path == INSTALL:
            return await self._pages.install(request)
        return await self._pages.redirect(request)

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


async def _ask(call: Awaitable[T], variable: str) -> T:
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
