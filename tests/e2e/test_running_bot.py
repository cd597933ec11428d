"""`rolecall run` as a process, with the loopback Discord and Slack on the other side."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from tests.e2e.process import Running, running
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.slack.server import SlackServer


@dataclass(frozen=True, slots=True)
class World:
    """Both platforms, and the settings with which a bot lives on them."""

    discord: FakeDiscord
    slack: SlackServer
    settings: dict[str, str]
    content: Path


@pytest.fixture
async def world(tmp_path: Path, content_copy: Path) -> AsyncIterator[World]:
    async with FakeDiscord() as discord, SlackServer() as slack:
        settings = {
            "DISCORD_TOKEN": discord.token,
            "DISCORD_API_BASE": discord.api_base,
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_BASE": slack.api_base,
            "ROLECALL_DATA": str(tmp_path / "data"),
            "CONTENT_DIR": str(content_copy),
        }
        yield World(discord, slack, settings, content_copy)


async def get(port: int, path: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as response,
    ):
        return response.status, await response.text()


async def up(world: World, bot: Running) -> int:
    """Wait until both adapters answer; the port of the HTTP server."""
    port = await bot.port()
    world.slack.target = f"http://127.0.0.1:{port}/slack/events"
    await bot.logged("discord is ready")
    await bot.logged("slack is ready")
    return port


async def test_one_bot_answers_on_both_platforms_and_stops_when_asked(world: World) -> None:
    async with running(world.settings) as bot:
        port = await up(world, bot)
        ada, bob = world.discord.user("Ada"), world.slack.person("Bob")
        options = {"first": "ai-engineer", "second": "ml-engineer"}
        on_discord = await world.discord.slash(ada, "compare", options)
        on_slack = await world.slack.slash(bob, "/compare", "AI engineer vs ML engineer")
        for text in (on_discord.text, on_slack.shown):
            assert "AI engineer and ML engineer" in text
        assert await get(port, "/healthz") == (200, "alive\n")
        assert await get(port, "/readyz") == (200, "discord: ready\nslack: ready\n")
        status, metrics = await get(port, "/metrics")
        assert status == 200
        for platform in ("discord", "slack"):
            labels = f'command="compare",outcome="answered",platform="{platform}"'
            assert f"rolecall_answers_total{{{labels}}} 1.0" in metrics
        bot.signal(signal.SIGTERM)
        assert await bot.ended() == 0
    for secret in (world.discord.token, world.slack.bot_token, world.slack.signing_secret):
        assert secret not in "".join(bot.lines)
    assert world.discord.violations == []
    assert world.slack.violations == []


async def test_an_edit_is_taken_on_sighup_and_a_broken_one_keeps_the_old(world: World) -> None:
    role = world.content / "roles" / "data-analyst.yaml"
    good = role.read_text(encoding="utf-8")
    async with running(world.settings) as bot:
        await up(world, bot)
        bob = world.slack.person("Bob")

        role.write_text(good.replace("  sql: 4", "  sql: 44"), encoding="utf-8")
        bot.signal(signal.SIGHUP)
        await bot.logged(r"roles/data-analyst\.yaml:\d+: .*out of range")
        assert "Data analyst" in (await world.slack.slash(bob, "/role", "data analyst")).shown

        role.write_text(good.replace("name: Data analyst", "name: Number whisperer"), "utf-8")
        bot.signal(signal.SIGHUP)
        await bot.logged("content read again")
        assert "Number whisperer" in (await world.slack.slash(bob, "/role", "data-analyst")).shown


@pytest.mark.parametrize("platform", ["DISCORD", "SLACK"])
async def test_a_refused_token_is_one_line_that_does_not_show_it(
    world: World, platform: str
) -> None:
    other = {"DISCORD": "SLACK", "SLACK": "DISCORD"}[platform]
    settings = {k: v for k, v in world.settings.items() if not k.startswith(other)}
    settings["DISCORD_TOKEN" if platform == "DISCORD" else "SLACK_BOT_TOKEN"] = "not-the-right-one"
    async with running(settings) as bot:
        assert await bot.ended() == 1
    written = "".join(bot.lines)
    assert f"{platform}_" in written
    assert "Traceback" not in written
    assert "not-the-right-one" not in written


async def test_it_can_be_stopped_while_it_is_starting(world: World) -> None:
    never = asyncio.Event()
    world.discord.delay("GET", "/gateway/bot", by=never, times=9)
    async with running(world.settings) as bot:
        await bot.port()
        await world.discord.asked("GET", "/users/@me")
        bot.signal(signal.SIGTERM)
        assert await bot.ended() == 0
    never.set()


async def test_a_connection_that_ends_for_good_ends_the_bot(world: World) -> None:
    async with running(world.settings) as bot:
        await up(world, bot)
        await world.discord.gateway.revoke()
        assert await bot.ended() == 1
    written = "".join(bot.lines)
    assert "Discord ended the connection" in written
    assert "Traceback" not in written


async def test_a_port_that_is_taken_is_one_line(world: World) -> None:
    settings = world.settings | {"PORT": str(world.discord.port)}
    async with running(settings) as bot:
        assert await bot.ended() == 1
    assert "PORT: cannot listen on 127.0.0.1" in "".join(bot.lines)
    assert "Traceback" not in "".join(bot.lines)


async def test_broken_content_stops_the_start_and_says_where(world: World) -> None:
    (world.content / "terms.yaml").write_text("terms: [", encoding="utf-8")
    async with running(world.settings) as bot:
        assert await bot.ended() == 1
        assert bot.process.stdout is not None
        written = "".join(bot.lines) + (await bot.process.stdout.read()).decode()
    assert "terms.yaml:1: not YAML" in written or "terms.yaml:2: not YAML" in written
    assert "Traceback" not in written


async def test_with_nothing_configured_it_says_how_and_chats(tmp_path: Path) -> None:
    lines = b"/compare ai-engineer ml-engineer\nwhat is RAG\n"
    async with running({"ROLECALL_DATA": str(tmp_path)}, stdin=lines) as bot:
        assert bot.process.stdout is not None
        written = (await bot.process.stdout.read()).decode()
        assert await bot.ended() == 0
    notes = "".join(bot.lines) + written
    assert "Discord is not configured: set DISCORD_TOKEN" in notes
    assert "Slack is not configured: set SLACK_BOT_TOKEN" in notes
    assert "AI engineer and ML engineer" in written
    assert "Retrieval-augmented generation" in written
