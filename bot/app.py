"""The composition root: content, dispatcher and adapters; starts, reloads, drains and stops.

Only what is configured is imported.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from pydantic import SecretStr

from bot import logs
from bot.core.content.catalogue import Catalogue, index
from bot.core.content.loader import ContentError, load
from bot.core.dispatch import Dispatcher, Observe
from bot.settings import DISCORD_API, Settings

if TYPE_CHECKING:
    from aiohttp.web import RouteDef

    from bot.web import WebServer

logger = logging.getLogger(__name__)


class StartError(Exception):
    """The bot cannot start; the message is one line for the operator."""


class Adapter(Protocol):
    """A platform that the bot speaks on."""

    name: str

    async def start(self) -> None:
        """Connect. Raises AdapterError with one line if the platform refuses."""

    async def stop(self) -> None:
        """Finish what is under way, then disconnect."""

    def ready(self) -> bool:
        """Whether people can be answered at this moment."""

    async def check(self) -> list[str]:
        """What works and what is missing, a line each."""

    def routes(self) -> list[RouteDef]:
        """What this platform needs to be served over HTTP."""


def make_dispatcher(settings: Settings, observe: Observe | None = None) -> Dispatcher:
    """A dispatcher over the content that the settings name. Raises ContentError."""
    catalogue = _catalogue(settings)
    return Dispatcher(catalogue, observe=observe) if observe else Dispatcher(catalogue)


def _catalogue(settings: Settings) -> Catalogue:
    """The content, kept out of later garbage collections: a large one would delay all answers."""
    gc.unfreeze()
    catalogue = index(load(settings.content_dir))
    gc.collect()
    gc.freeze()
    return catalogue


def not_configured(settings: Settings) -> list[str]:
    """One line for each platform that is off: what to set to turn it on."""
    lines = []
    if settings.discord_token is None:
        lines.append("Discord is not configured: set DISCORD_TOKEN (see docs/discord.md)")
    if settings.slack_bot_token is None:
        lines.append(
            "Slack is not configured: set SLACK_BOT_TOKEN, and SLACK_APP_TOKEN or "
            "SLACK_SIGNING_SECRET (see docs/slack.md)"
        )
    return lines


def make_adapters(settings: Settings, dispatcher: Dispatcher) -> list[Adapter]:
    """The adapters that are configured, not yet started."""
    adapters: list[Adapter] = []
    if settings.discord_token is not None:
        from bot.adapters.discord.adapter import DiscordAdapter

        base = settings.discord_api_base
        adapters.append(
            DiscordAdapter(
                dispatcher,
                token=settings.discord_token.get_secret_value(),
                api_base=None if base == DISCORD_API else base,
                data_dir=settings.rolecall_data,
            )
        )
    if settings.slack_bot_token is not None:
        from bot.adapters.slack.adapter import SlackAdapter

        adapters.append(
            SlackAdapter(
                dispatcher,
                bot_token=settings.slack_bot_token.get_secret_value(),
                app_token=_value(settings.slack_app_token),
                signing_secret=_value(settings.slack_signing_secret),
                api_base=settings.slack_api_base,
                prefix=settings.slack_command_prefix,
            )
        )
    return adapters


def _value(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None


def secrets_of(settings: Settings) -> list[str]:
    """Every secret that the settings hold, for taking them out of logs."""
    values = (getattr(settings, name) for name in type(settings).model_fields)
    return [value.get_secret_value() for value in values if isinstance(value, SecretStr)]


async def serve(settings: Settings, started: Callable[[int], None] = lambda _: None) -> None:
    """Run every configured adapter until SIGINT or SIGTERM; SIGHUP reads the content again.

    `started` is called with the port of the HTTP server once everything is up.

    Raises:
        AdapterError: if a platform refuses us.
        StartError: if the address is taken.
        ContentError: if the content has mistakes.
    """
    from bot.metrics import Metrics
    from bot.web import WebServer

    logs.configure(settings.log_format, settings.log_level, secrets_of(settings))
    metrics = Metrics()
    dispatcher = make_dispatcher(settings, metrics.observe)
    adapters = make_adapters(settings, dispatcher)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, reload, settings, dispatcher)
    routes = [route for adapter in adapters for route in adapter.routes()]
    web = WebServer({adapter.name: adapter.ready for adapter in adapters}, metrics, routes)
    running: list[Adapter] = []
    try:
        port = await _listen(web, settings)
        for adapter in adapters:
            running.append(adapter)
            await adapter.start()
            logger.info("%s is ready", adapter.name)
        started(port)
        await stop.wait()
        logger.info("stopping")
    finally:
        await asyncio.gather(*(adapter.stop() for adapter in running))
        await web.stop()


async def _listen(web: WebServer, settings: Settings) -> int:
    try:
        port = await web.start(settings.host, settings.port)
    except OSError as error:
        raise StartError(
            f"PORT: cannot listen on {settings.host}:{settings.port}: {error.strerror}"
        ) from None
    logger.info("listening on http://%s:%d", settings.host, port)
    return port


def reload(settings: Settings, dispatcher: Dispatcher) -> None:
    """Read the content again; a broken edit keeps the old content and says why."""
    try:
        dispatcher.use(_catalogue(settings))
    except ContentError as error:
        logger.error("the content has mistakes, so the old content stays")
        for problem in error.problems:
            logger.error("%s", problem)
    else:
        logger.info("content read again", extra={"version": dispatcher.catalogue.content.version})


def run(settings: Settings) -> int:
    """Start what is configured, or the chat in this terminal where nothing is; the exit code.

    Raises:
        AdapterError, ContentError, StartError: as `serve` does.
    """
    if settings.discord_token or settings.slack_bot_token:
        asyncio.run(serve(settings))
        return 0
    from bot.adapters.terminal.chat import chat

    for line in not_configured(settings):
        print(line, file=sys.stderr)
    chat(make_dispatcher(settings))
    return 0
