"""The Slack adapter beside the loopback Slack, over either transport."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web

from bot.adapters.slack.adapter import PATH, SlackAdapter
from bot.adapters.slack.messenger import Rates
from bot.core.command import Arguments, Command, Context, Outcome, Visibility
from bot.core.commands import COMMANDS
from bot.core.content.catalogue import Catalogue
from bot.core.dispatch import Dispatcher
from bot.core.views import Prose, Text, View
from tests.fakes.slack.server import SlackServer

Transport = Literal["http", "socket"]


@dataclass(frozen=True, slots=True)
class Bot:
    """A running adapter, and the Slack that it lives in."""

    slack: SlackServer
    adapter: SlackAdapter
    dispatcher: Dispatcher


@asynccontextmanager
async def running(
    slack: SlackServer,
    dispatcher: Dispatcher,
    transport: Transport = "http",
    *,
    prefix: str = "",
    defer_after: float = 2.0,
    rates: Rates | None = None,
) -> AsyncIterator[Bot]:
    """The adapter, started and reachable, as long as the block lasts."""
    adapter = SlackAdapter(
        dispatcher,
        slack.bot_token,
        app_token=slack.app_token if transport == "socket" else None,
        signing_secret=slack.signing_secret if transport == "http" else None,
        api_base=slack.api_base,
        prefix=prefix,
        defer_after=defer_after,
        rates=rates,
    )
    runner = await serve(adapter.routes())
    if transport == "http":
        slack.target = f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
    await adapter.start()
    await slack.connected()
    try:
        yield Bot(slack, adapter, dispatcher)
    finally:
        await adapter.stop()
        await runner.cleanup()


async def serve(routes: Iterable[web.RouteDef]) -> web.AppRunner:
    """An HTTP server on a free port."""
    site = web.Application()
    site.add_routes(routes)
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner


@dataclass(slots=True)
class Waiting:
    """A command that answers when `go` is set; `asked` is set once somebody has called it."""

    view: View = field(default_factory=lambda: said("It took a while."))
    go: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def handler(self, _: Arguments, __: Context) -> Outcome:
        self.asked.set()
        await self.go.wait()
        return self.view


async def failing(_: Arguments, __: Context) -> Outcome:
    """A command's handler with a fault in it."""
    raise RuntimeError("a fault of ours")


def said(text: str, title: str = "Here it is") -> View:
    return View(title, (Prose((Text(text),)),), fallback=title)


def command(name: str, waiting: Waiting, visibility: Visibility = Visibility.PUBLIC) -> Command:
    """A command without options that is handled by `waiting`."""
    return Command(name, "For a test", (), visibility, waiting.handler, pure=False)


def dispatcher_with(catalogue: Catalogue, *more: Command) -> Dispatcher:
    """A dispatcher with further commands."""
    commands: Mapping[str, Command] = {**COMMANDS, **{made.name: made for made in more}}
    return Dispatcher(catalogue, commands)
