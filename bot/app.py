"""The composition root: content, dispatcher and adapters; starts, reloads, drains and stops.

Only what is configured is imported.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import SecretStr

from bot import logs
from bot.adapters.errors import AdapterError
from bot.core.content.catalogue import index
from bot.core.content.loader import ContentError, load
from bot.core.desk import Desk
from bot.core.dispatch import Dispatcher, Observe
from bot.core.messenger import Messenger
from bot.core.ports import Store, StoreError
from bot.settings import DISCORD_API, Settings, SettingsError

if TYPE_CHECKING:
    from aiohttp.web import RouteDef

    from bot.adapters.slack.oauth import OAuth
    from bot.jobs.background import Background
    from bot.jobs.tick import Work
    from bot.metrics import Metrics
    from bot.store.database import Database
    from bot.web import WebServer

logger = logging.getLogger(__name__)


class StartError(Exception):
    """The bot cannot start; the message is one line for the operator."""


class Adapter(Messenger, Protocol):
    """A platform that the bot speaks on."""

    name: str

    async def start(self, *, listen: bool = True) -> None:
        """Connect; without `listen` only to send. Raises AdapterError if the platform refuses."""

    async def ended(self) -> None:
        """Wait for as long as the platform is connected, or connects again by itself.

        Raises AdapterError with one line when the connection has ended for good.
        """

    async def stop(self) -> None:
        """Finish what is under way, then disconnect."""

    def ready(self) -> bool:
        """Whether people can be answered at this moment."""

    async def check(self) -> list[str]:
        """What works and what is missing, a line each."""

    def routes(self) -> list[RouteDef]:
        """What this platform needs to be served over HTTP."""


def make_store(settings: Settings) -> Database:
    """The store that the settings name; it opens by itself when it is first needed.

    Raises:
        SettingsError: if DATABASE_URL names no database that we know.
    """
    from bot.store.database import Database

    return Database(_address(settings))


def _address(settings: Settings) -> str:
    from bot.store.database import database_url

    try:
        return database_url(settings.rolecall_data, _value(settings.database_url))
    except ValueError as error:
        raise SettingsError(str(error)) from None


def make_dispatcher(
    settings: Settings, store: Store | None = None, observe: Observe | None = None
) -> Dispatcher:
    """A dispatcher over the content that the settings name. Raises ContentError."""
    catalogue = index(load(settings.content_dir))
    _settle()
    desk = Desk(store) if store else None
    return (
        Dispatcher(catalogue, desk=desk, observe=observe)
        if observe
        else Dispatcher(catalogue, desk=desk)
    )


def _settle() -> None:
    """Keep what is loaded out of later garbage collections, which would delay all answers."""
    gc.collect()
    gc.freeze()


def not_configured(settings: Settings) -> list[str]:
    """One line for each platform that is off: what to set to turn it on."""
    lines = []
    if settings.discord_token is None:
        lines.append("Discord is not configured: set DISCORD_TOKEN (see docs/discord.md)")
    if not _has_slack(settings):
        lines.append(
            "Slack is not configured: set SLACK_BOT_TOKEN, and SLACK_APP_TOKEN or "
            "SLACK_SIGNING_SECRET; or SLACK_CLIENT_ID for many workspaces (see docs/slack.md)"
        )
    return lines


def _has_slack(settings: Settings) -> bool:
    return settings.slack_bot_token is not None or settings.slack_client_id is not None


def make_adapters(settings: Settings, dispatcher: Dispatcher, store: Database) -> list[Adapter]:
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
    if _has_slack(settings):
        from bot.adapters.slack.adapter import SlackAdapter
        from bot.jobs.housekeeping import forget

        slack = SlackAdapter(
            dispatcher,
            _slack_access(settings, store),
            app_token=_value(settings.slack_app_token),
            signing_secret=_value(settings.slack_signing_secret),
            api_base=settings.slack_api_base,
            prefix=settings.slack_command_prefix,
        )
        slack.uninstalled = lambda community: forget(community, store)
        adapters.append(slack)
    return adapters


def _slack_access(settings: Settings, store: Database) -> str | OAuth:
    """The token of one workspace, or what it takes to be installed by many."""
    from bot.adapters.slack.oauth import OAuth
    from bot.store.installations import Installations
    from bot.store.vault import Vault

    if settings.slack_client_id is None:
        return _value(settings.slack_bot_token) or ""
    vault = Vault(_value(settings.rolecall_secret_key) or "")
    secret = _value(settings.slack_client_secret) or ""
    return OAuth(settings.slack_client_id, secret, Installations(store, vault))


def _value(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None


def secrets_of(settings: Settings) -> list[str]:
    """Every secret that the settings hold, for taking them out of logs."""
    values = (getattr(settings, name) for name in type(settings).model_fields)
    whole = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
    keys = (_value(settings.rolecall_secret_key) or "").split(",")
    return whole + [key.strip() for key in keys if key.strip()]


async def serve(
    settings: Settings,
    started: Callable[[int], None] = lambda _: None,
    *,
    listen: bool = True,
) -> None:
    """Run every configured adapter until SIGINT or SIGTERM; SIGHUP reads the content again.

    Without `listen` the adapters only send, and there is nothing but the work in the background.
    `started` is called with the port of the HTTP server once everything is up.

    Raises:
        AdapterError: if a platform refuses us, at the start or for good later on.
        StartError: if the address is taken.
        ContentError: if the content has mistakes.
    """
    from bot.jobs.background import Background
    from bot.metrics import Metrics

    logs.configure(settings.log_format, settings.log_level, secrets_of(settings))
    metrics = Metrics()
    store = make_store(settings)
    dispatcher = make_dispatcher(settings, store, metrics.observe)
    adapters = make_adapters(settings, dispatcher, store)
    stop, read_again = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, read_again.set)
    background = Background(_address(settings), _work(settings, dispatcher, adapters))
    web = _web(adapters, metrics, None if listen else background)
    beside = asyncio.create_task(_reload_when(read_again, settings, dispatcher))
    try:
        await _open(store)
        port = await _listen(web, settings)
        if await _unless(stop, _start(adapters, listen=listen)):
            started(port)
            background.start()
            await _unless(stop, _ended(adapters))
        logger.info("stopping")
    finally:
        beside.cancel()
        await asyncio.wait({beside})
        await background.stop()
        await _stop(adapters)
        await web.stop()
        await store.close()


async def _open(store: Database) -> None:
    try:
        await store.open()
    except StoreError as error:
        raise StartError(f"the database cannot be used: {error}") from error.__cause__


def _work(settings: Settings, dispatcher: Dispatcher, adapters: list[Adapter]) -> Work:
    from bot.feeds.reader import Reader
    from bot.jobs.tick import Work

    messengers = {adapter.name: adapter for adapter in adapters}
    reader = Reader()
    return Work(dispatcher.desk, dispatcher.context, messengers, settings.reports_channel, reader)


def _web(adapters: list[Adapter], metrics: Metrics, worker: Background | None) -> WebServer:
    """The HTTP server; for a worker without what platforms send us."""
    from bot.web import WebServer

    ready = {adapter.name: adapter.ready for adapter in adapters}
    if worker:
        return WebServer(ready | {"worker": worker.ready}, metrics)
    return WebServer(ready, metrics, [route for adapter in adapters for route in adapter.routes()])


async def _start(adapters: list[Adapter], *, listen: bool) -> None:
    for adapter in adapters:
        await adapter.start(listen=listen)
        logger.info("%s is ready", adapter.name)


async def _ended(adapters: list[Adapter]) -> None:
    await asyncio.gather(*(adapter.ended() for adapter in adapters))


async def _stop(adapters: list[Adapter]) -> None:
    results = await asyncio.gather(*(a.stop() for a in adapters), return_exceptions=True)
    for adapter, result in zip(adapters, results, strict=True):
        if isinstance(result, Exception):
            logger.error("%s did not stop cleanly", adapter.name, exc_info=result)


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Wait for `work`, and raise what it raises; False if a signal to stop came first."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
        return working.done()
    finally:
        for task in (working, stopping):
            task.cancel()
        await asyncio.wait({working, stopping})


async def _listen(web: WebServer, settings: Settings) -> int:
    try:
        port = await web.start(settings.host, settings.port)
    except OSError as error:
        raise StartError(
            f"PORT: cannot listen on {settings.host}:{settings.port}: {error.strerror}"
        ) from None
    logger.info("listening on http://%s:%d", settings.host, port)
    return port


async def _reload_when(asked: asyncio.Event, settings: Settings, dispatcher: Dispatcher) -> None:
    while True:
        await asked.wait()
        asked.clear()
        await reload(settings, dispatcher)


async def reload(settings: Settings, dispatcher: Dispatcher) -> None:
    """Read the content again, beside the answers; a broken edit keeps the old one and says why."""
    try:
        catalogue = await asyncio.to_thread(lambda: index(load(settings.content_dir)))
    except ContentError as error:
        logger.error("the content has mistakes, so the old content stays")
        for problem in error.problems:
            logger.error("%s", problem)
    except Exception:
        logger.exception("the content cannot be read, so the old content stays")
    else:
        gc.unfreeze()
        dispatcher.use(catalogue)
        _settle()
        logger.info("content read again", extra={"version": catalogue.content.version})


def run(settings: Settings) -> int:
    """Start what is configured, or the chat in this terminal where nothing is; the exit code.

    Raises:
        AdapterError, ContentError, StartError: as `serve` does.
    """
    if settings.discord_token or _has_slack(settings):
        return _served(settings, listen=True)
    for line in not_configured(settings):
        print(line, file=sys.stderr)
    talk(settings)
    return 0


def work(settings: Settings) -> int:
    """Do only the work in the background, beside other processes; the exit code.

    Raises:
        SettingsError: if the settings name no PostgreSQL, or no platform to send to.
        AdapterError, ContentError, StartError: as `serve` does.
    """
    from bot.jobs.background import is_shared

    if not is_shared(_address(settings)):
        raise SettingsError(
            "DATABASE_URL: a worker needs postgresql://; on SQLite, `rolecall run` does its work"
        )
    if not (settings.discord_token or _has_slack(settings)):
        raise SettingsError("DISCORD_TOKEN and SLACK_BOT_TOKEN are missing: a worker needs one")
    return _served(settings, listen=False)


def _served(settings: Settings, *, listen: bool) -> int:
    try:
        asyncio.run(serve(settings, listen=listen))
    except (AdapterError, ContentError, StartError):
        raise
    except Exception:
        logger.exception("stopped by a fault of ours")
        raise
    return 0


def talk(settings: Settings) -> None:
    """Chat in this terminal. Raises ContentError."""
    from bot.adapters.terminal.chat import chat

    store = make_store(settings)
    chat(make_dispatcher(settings, store), store.close)
