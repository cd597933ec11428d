"""The Slack adapter as many workspaces install it, with its database and somebody's browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.adapters.slack.adapter import PATH, SlackAdapter
from bot.adapters.slack.install_pages import REDIRECT
from bot.adapters.slack.oauth import OAuth
from bot.core.dispatch import Dispatcher
from bot.store.database import Database, database_url
from bot.store.installations import Installations
from bot.store.vault import Vault, new_key
from tests.adapters.slack.running import serve
from tests.fakes.slack.answers import Answer
from tests.fakes.slack.browser import Browser, Page
from tests.fakes.slack.people import People
from tests.fakes.slack.server import SlackServer

KEY = new_key()


@dataclass(slots=True)
class Many:
    """A running adapter; `removed` has the communities that it told of."""

    slack: SlackServer
    adapter: SlackAdapter
    database: Database
    installations: Installations
    browser: Browser
    target: str
    removed: list[str] = field(default_factory=list)

    async def install(self, *places: People) -> Page:
        """Somebody adds the bot to a workspace, or to an organisation with several."""
        return await self.browser.install(self.slack.tokens, [p.workspace for p in places])

    async def mention(self, place: People) -> Answer:
        """Somebody asks a question, which is answered with the workspace's token."""
        person = place.person("Ada")
        self.slack.target = self.target
        return await place.mention(person, place.general, "<@BOT> /define rag")


@asynccontextmanager
async def running(
    slack: SlackServer, dispatcher: Dispatcher, url: str, keys: str = KEY
) -> AsyncIterator[Many]:
    """The adapter on the database at `url`, started and reachable, as long as the block lasts."""
    database = Database(url)
    installations = Installations(database, Vault(keys))
    tokens = slack.tokens
    adapter = SlackAdapter(
        dispatcher,
        OAuth(tokens.client_id, tokens.client_secret, installations),
        signing_secret=slack.signing_secret,
        api_base=slack.api_base,
    )
    removed: list[str] = []

    async def uninstalled(community: str) -> None:
        removed.append(community)

    adapter.uninstalled = uninstalled
    runner = await serve(adapter.routes())
    site = f"http://127.0.0.1:{runner.addresses[0][1]}"
    tokens.redirect = f"{site}{REDIRECT}"
    slack.target = f"{site}{PATH}"
    await adapter.start()
    made = Many(slack, adapter, database, installations, Browser(site), f"{site}{PATH}", removed)
    try:
        yield made
    finally:
        await adapter.stop()
        await runner.cleanup()
        await database.close()


def fresh_url(directory: Path) -> str:
    """The address of a new SQLite database."""
    return database_url(directory, None)
