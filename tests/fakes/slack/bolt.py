"""A bare Bolt app beside the loopback Slack, reached over HTTP or by Socket Mode."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack.server import SlackServer

Transport = Literal["http", "socket"]


@dataclass(frozen=True, slots=True)
class Bot:
    """A Bolt app without listeners, and the Slack that it lives in."""

    slack: SlackServer
    app: AsyncApp


@asynccontextmanager
async def bot_over(
    transport: Transport, *, signing_secret: str | None = None
) -> AsyncIterator[Bot]:
    """A running app in a Slack of its own, which reaches it by `transport`.

    With `signing_secret` the app believes in that one instead of Slack's.
    """
    async with SlackServer() as slack:
        app = AsyncApp(
            client=web_client(slack),
            signing_secret=signing_secret or slack.signing_secret,
            process_before_response=True,
        )
        serve = _over_http if transport == "http" else _over_socket
        async with serve(slack, app):
            await slack.connected()
            yield Bot(slack, app)


def web_client(slack: SlackServer) -> AsyncWebClient:
    """The Web API with the bot's token."""
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_base)


@asynccontextmanager
async def _over_http(slack: SlackServer, app: AsyncApp) -> AsyncIterator[None]:
    async def handle(request: web.Request) -> web.StreamResponse:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    site = web.Application()
    site.router.add_post("/slack/events", handle)
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.target = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        yield
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _over_socket(slack: SlackServer, app: AsyncApp) -> AsyncIterator[None]:
    handler: Any = AsyncSocketModeHandler(app, slack.app_token)  # its methods have no types
    await handler.connect_async()
    try:
        yield
    finally:
        await handler.close_async()
