"""`rolecall run` as many workspaces install it: pages, tokens at rest, keys, and two processes."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.store.vault import new_key
from tests.e2e.process import Running, running
from tests.fakes.slack.browser import Browser
from tests.fakes.slack.elsewhere import Elsewhere
from tests.fakes.slack.server import SlackServer
from tests.store import postgres

RAG = "Retrieval"

pytestmark = pytest.mark.timeout(180)  # each test starts several processes


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer() as server:
        yield server
        assert server.violations == []
        assert server.unrouted == []


@pytest.fixture
def settings(slack: SlackServer, tmp_path: Path) -> dict[str, str]:
    return {
        "SLACK_CLIENT_ID": slack.tokens.client_id,
        "SLACK_CLIENT_SECRET": slack.tokens.client_secret,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_BASE": slack.api_base,
        "ROLECALL_SECRET_KEY": new_key(),
        "ROLECALL_DATA": str(tmp_path / "data"),
        "HOME": str(tmp_path / "home"),
    }


async def up(slack: SlackServer, bot: Running) -> Browser:
    """Wait until the bot answers; a browser for its pages."""
    site = f"http://127.0.0.1:{await bot.port()}"
    await bot.logged("slack is ready")
    slack.target = f"{site}/slack/events"
    slack.tokens.redirect = f"{site}/slack/oauth_redirect"
    return Browser(site)


async def asked(place: Elsewhere) -> str:
    """What a mention is answered with, which takes the workspace's token."""
    answer = await place.mention(place.person("Ada"), place.general, "<@BOT> /define rag")
    return (await answer.message()).shown


def dump(data: Path) -> str:
    """Everything in the database, and whatever its files still hold."""
    with sqlite3.connect(data / "rolecall.db") as connection:
        lines = "\n".join(connection.iterdump())
    connection.close()
    return lines + "".join(path.read_bytes().decode("latin-1") for path in data.glob("rolecall*"))


def at_home(settings: dict[str, str]) -> bool:
    """Whether anything was written there: Bolt by itself would keep installations at home."""
    return Path(settings["HOME"]).exists()


async def stopped(bot: Running) -> None:
    bot.signal(signal.SIGTERM)
    assert await bot.ended() == 0


async def test_two_workspaces_install_it_one_leaves_and_no_token_is_written_anywhere(
    slack: SlackServer, settings: dict[str, str]
) -> None:
    acme, boole = slack.another("acme"), slack.another("boole")
    slack.tokens.rotates = True
    async with running(settings) as bot:
        browser = await up(slack, bot)
        for place in (acme, boole):
            page = await browser.install(slack.tokens, [place.workspace])
            assert "rolecall is now in your workspace" in page.text
        for place in (acme, boole):
            assert RAG in await asked(place)
        await stopped(bot)
    async with running(settings) as again:
        await up(slack, again)
        for place in (acme, boole):
            assert RAG in await asked(place)
        written = dump(Path(settings["ROLECALL_DATA"]))
        assert acme.workspace.identity.team_id in written
        await acme.uninstall()
        gone = await acme.slash(acme.person("Bob"), "/define", "rag")
        assert "not installed" in gone.shown
        assert RAG in await asked(boole)
        await stopped(again)
    with sqlite3.connect(Path(settings["ROLECALL_DATA"]) / "rolecall.db") as connection:
        left = connection.execute("SELECT team FROM slack_installations").fetchall()
    connection.close()
    assert left == [(boole.workspace.identity.team_id,)]
    seen = written + "".join(bot.lines + again.lines)
    values = (settings[name] for name in ("SLACK_CLIENT_SECRET", "ROLECALL_SECRET_KEY"))
    for secret in (*slack.tokens.secrets, *values, slack.signing_secret):
        assert secret not in seen
    assert "Traceback" not in seen
    assert not at_home(settings)


async def test_the_way_back_counts_once_also_after_a_restart(
    slack: SlackServer, settings: dict[str, str]
) -> None:
    acme = slack.another("acme")
    async with running(settings) as bot:
        browser = await up(slack, bot)
        back = slack.tokens.consent(await browser.to_slack(), [acme.workspace])
        cookies = dict(browser.cookies)
        assert (await browser.get(back)).status == 200
        await stopped(bot)
    async with running(settings) as again:
        browser = await up(slack, again)
        browser.cookies = cookies
        address = back.replace(back.partition("/slack/")[0], browser.site)
        page = await browser.get(address)
        assert page.status == 400
        assert "not valid any more" in page.text


async def test_the_key_is_changed_without_installing_again(
    slack: SlackServer, settings: dict[str, str]
) -> None:
    acme = slack.another("acme")
    old, new = settings["ROLECALL_SECRET_KEY"], new_key()
    async with running(settings) as bot:
        await (await up(slack, bot)).install(slack.tokens, [acme.workspace])
        await stopped(bot)
    for keys in (f"{new},{old}", new):
        async with running(settings | {"ROLECALL_SECRET_KEY": keys}) as bot:
            await up(slack, bot)
            assert RAG in await asked(acme)
            await stopped(bot)
        assert new not in "".join(bot.lines)


async def test_two_processes_share_the_installations_and_renew_a_token_once(
    slack: SlackServer, settings: dict[str, str]
) -> None:
    postgres.need_server()
    acme = slack.another("acme")
    slack.tokens.rotates = True
    slack.tokens.lasts = 3600  # so that it ends soon from the beginning
    with postgres.fresh_database() as url:
        shared = settings | {"DATABASE_URL": url}
        async with AsyncExitStack() as stack:
            first = await stack.enter_async_context(running(shared))
            await (await up(slack, first)).install(slack.tokens, [acme.workspace])
            targets = [slack.target]
            second = await stack.enter_async_context(running(shared))
            await up(slack, second)
            targets.append(slack.target)
            slack.tokens.lasts = 12 * 3600
            asking = []
            for target in targets * 2:
                slack.target = target
                asking.append(asyncio.create_task(asked(acme)))
                await asyncio.sleep(0)  # it has looked where to go
            assert all(RAG in shown for shown in await asyncio.gather(*asking))
            assert slack.tokens.exchanges == 1
            assert slack.tokens.reused == []
            for target in targets:
                slack.target = target
                assert RAG in await asked(acme)
            for bot in (first, second):
                await stopped(bot)


@pytest.mark.parametrize("missing", ["SLACK_SIGNING_SECRET", "ROLECALL_SECRET_KEY"])
async def test_what_is_missing_is_one_line(settings: dict[str, str], missing: str) -> None:
    async with running({k: v for k, v in settings.items() if k != missing}) as bot:
        assert await bot.ended() == 2
    assert "".join(bot.lines).startswith(f"{missing} is missing: SLACK_CLIENT_ID is set")
    assert len(bot.lines) == 1


async def test_the_command_line_makes_a_key_that_works(settings: dict[str, str]) -> None:
    async with running({}, "slack", "key") as making:
        assert making.process.stdout is not None
        key = (await making.process.stdout.read()).decode().strip()
        assert await making.ended() == 0
    async with running(settings | {"ROLECALL_SECRET_KEY": key}, "check") as checking:
        assert checking.process.stdout is not None
        said = (await checking.process.stdout.read()).decode()
        assert await checking.ended() == 0
    assert "the app's id and secret are right" in said
    assert "Slack is not configured" not in said
