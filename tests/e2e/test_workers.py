"""`rolecall worker` as a process among others, with the loopback Discord and Slack to send to."""

from __future__ import annotations

import datetime as dt
import signal
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest

from bot.core.ports import Unit
from bot.store.database import Database, database_url
from tests.e2e.process import Running, running
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.slack.server import SlackServer
from tests.jobs.seen import until_found
from tests.store import postgres
from tests.store.samples import a_delivery, a_subscription

CHANNELS = 12

ALL_SENT = "SELECT count(*) FROM deliveries WHERE state <> 'sent' HAVING count(*) = 0"


@pytest.fixture
def address() -> Iterator[str]:
    """The address of a PostgreSQL database of one's own."""
    postgres.need_server()
    with postgres.fresh_database() as made:
        yield made


def settings_of(
    discord: FakeDiscord, slack: SlackServer, address: str, data: Path
) -> dict[str, str]:
    return {
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_BASE": discord.api_base,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_BASE": slack.api_base,
        "DATABASE_URL": address,
        "ROLECALL_DATA": str(data),
    }


async def let_wait(url: str, discord: FakeDiscord, slack: SlackServer) -> None:
    """An issue waits for every channel of both platforms."""
    guild, now = discord.home, dt.datetime.now(dt.UTC)
    community = f"discord:guild:{guild.id}"
    made = [
        a_subscription(community=community, channel=str(channel.id), next_at=now)
        for channel in guild.channels
    ]
    made.append(
        a_subscription(
            platform="slack",
            community=f"slack:/{slack.workspace.identity.team_id}",
            channel=slack.general.id,
        )
    )

    def plan(unit: Unit) -> None:
        for subscription in made:
            kept = unit.newsletters.add(subscription)
            waiting = a_delivery(kept, date=now.date(), due=now, updated=now)
            assert unit.newsletters.plan([waiting])

    store = Database(url)
    await store.write(plan)
    await store.close()


def once(parts: list[str]) -> bool:
    """Whether an issue came, and nothing of it twice."""
    return len(parts) > 0 and len(set(parts)) == len(parts)


async def get(port: int, path: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as response,
    ):
        return response.status, await response.text()


async def up(bot: Running) -> int:
    """Wait until it works; the port of its HTTP server."""
    await bot.logged("takes its share of the work")
    return await bot.port()


@pytest.mark.timeout(120)
async def test_workers_send_each_issue_once_and_answer_nobody(address: str, tmp_path: Path) -> None:
    url = database_url(tmp_path, address)
    async with FakeDiscord(channels=CHANNELS) as discord, SlackServer() as slack:
        settings = settings_of(discord, slack, address, tmp_path)
        async with AsyncExitStack() as stack:
            one = await stack.enter_async_context(running(settings, "worker"))
            port = await up(one)
            two = await stack.enter_async_context(running(settings, "worker"))
            await up(two)
            await let_wait(url, discord, slack)
            ready = "discord: ready\nslack: ready\nworker: ready\n"
            assert await get(port, "/readyz") == (200, ready)
            assert await get(port, "/healthz") == (200, "alive\n")
            assert (await get(port, "/metrics"))[0] == 200
            assert (await get(port, "/slack/events"))[0] == 404
            await until_found(url, ALL_SENT)
            for worker in (one, two):
                worker.signal(signal.SIGTERM)
                assert await worker.ended() == 0
        for channel in discord.home.channels:
            assert once([message.text for message in discord.messages(channel)])
        assert once([message.shown for message in slack.history(slack.general)])
        assert discord.violations == []
        assert slack.violations == []
        assert not any(request.path.endswith("/gateway/bot") for request in discord.requests)
        written = "".join(one.lines + two.lines)
        assert "Traceback" not in written
        assert settings["DISCORD_TOKEN"] not in written


async def test_a_running_bot_on_postgresql_does_the_same_work(address: str, tmp_path: Path) -> None:
    url = database_url(tmp_path, address)
    async with FakeDiscord(channels=2) as discord, SlackServer() as slack:
        await let_wait(url, discord, slack)
        async with running(settings_of(discord, slack, address, tmp_path)) as bot:
            await up(bot)
            await until_found(url, ALL_SENT)
            bot.signal(signal.SIGTERM)
            assert await bot.ended() == 0


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"DISCORD_TOKEN": "hush-hush"},
            "DATABASE_URL: a worker needs postgresql://; on SQLite, `rolecall run` does its work",
        ),
        (
            {"DATABASE_URL": "postgresql://ann:hush-hush@127.0.0.1:1/rolecall"},
            "DISCORD_TOKEN and SLACK_BOT_TOKEN are missing: a worker needs one",
        ),
    ],
)
async def test_a_worker_without_what_it_needs_says_so_in_a_line(
    settings: dict[str, str], message: str
) -> None:
    async with running(settings, "worker") as worker:
        assert await worker.ended() == 2
    assert "".join(worker.lines) == f"{message}\n"


async def test_a_worker_whose_database_is_not_there_says_so_in_a_line() -> None:
    address = "postgresql://ann:hush-hush@127.0.0.1:1/rolecall"
    settings = {"DISCORD_TOKEN": "a-token", "DATABASE_URL": address}
    async with running(settings, "worker") as worker:
        assert await worker.ended() == 1
    assert worker.lines[-1].startswith(
        "the database cannot be used: the database cannot be reached"
    )
    assert "hush-hush" not in "".join(worker.lines)
