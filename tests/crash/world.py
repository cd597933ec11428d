"""Both platforms with people on them, and the bot as a process between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bot.core.content.catalogue import index
from bot.core.content.loader import load
from bot.core.quiz.library import Library
from bot.settings import shipped_content
from tests.crash.ledger import Fault, Ledger, Problem
from tests.crash.line import Line
from tests.crash.on_discord import LATER, OnDiscord
from tests.crash.on_slack import OnSlack
from tests.crash.player import Player
from tests.crash.screens import Person
from tests.e2e.process import Running, running
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.slack.server import SlackServer

TRACEBACK = "Traceback (most recent call last)"


@dataclass(frozen=True, slots=True)
class World:
    """Both platforms, and the settings with which a bot lives on them."""

    discord: FakeDiscord
    slack: SlackServer
    settings: dict[str, str]

    def rules_broken(self) -> list[str]:
        """What the platforms would not have taken from the bot."""
        discord, slack = self.discord, self.slack
        return [
            *discord.violations,
            *discord.unrouted,
            *map(str, slack.violations),
            *slack.unrouted,
        ]


@asynccontextmanager
async def two_platforms(data: Path, database: str | None = None) -> AsyncIterator[World]:
    """Discord and Slack on the loopback; without a database the bot has SQLite in `data`."""
    # What a message may look like is for other tests; here it would cost half of the load.
    async with FakeDiscord(validate=False) as discord, SlackServer(check=False) as slack:
        slack.patience = LATER
        settings = {
            "DISCORD_TOKEN": discord.token,
            "DISCORD_API_BASE": discord.api_base,
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_BASE": slack.api_base,
            "ROLECALL_DATA": str(data),
        }
        yield World(discord, slack, settings | ({"DATABASE_URL": database} if database else {}))


async def ready(world: World, bot: Running) -> None:
    """Return once the bot answers on both platforms."""
    world.slack.target = f"http://127.0.0.1:{await bot.port()}/slack/events"
    await bot.logged("discord is ready")
    await bot.logged("slack is ready")


@asynccontextmanager
async def living(world: World, line: Line, through: Sequence[str] = ()) -> AsyncIterator[Running]:
    """The bot, answering; whatever ends it, the line is cut afterwards. See `running`."""
    async with running(world.settings, through=through) as bot:
        try:
            await ready(world, bot)
            line.opens()
            yield bot
        finally:
            bot.kill()
            await bot.ended()
            line.is_cut()


def crowd(world: World, line: Line, ledger: Ledger, chance: Random, number: int) -> list[Player]:
    """So many people, half of them on each platform, and each with a mind of their own."""
    topics = topics_of()
    people: list[Person] = [
        OnSlack(world.slack, f"Slack {n}") if n % 2 else OnDiscord(world.discord, f"Discord {n}")
        for n in range(number)
    ]
    return [Player(one, line, ledger, Random(chance.random()), topics) for one in people]


def topics_of() -> Sequence[str]:
    """What quizzes are asked for: role fit as often as all groups of skills together."""
    content = index(load(shipped_content())).content
    library = Library(content)
    groups = [group.id for group in content.skill_groups if library.about(group.id)]
    roles = [role for role in content.roles if library.about(role)]
    return [*groups, *roles, *["fit"] * len(groups)]


async def played(players: Sequence[Player], enough: asyncio.Event) -> None:
    """Let everybody play until it is enough and all they began is finished."""
    async with asyncio.TaskGroup() as group:
        for player in players:
            group.create_task(player.play(enough))


def faults_in(lines: Sequence[str]) -> list[Problem]:
    """Every traceback in the log of a bot, with the lines around it."""
    return [
        Problem(Fault.LOGGED, "".join(lines[max(0, n - 1) : n + 40]))
        for n, line in enumerate(lines)
        if TRACEBACK in line
    ]
