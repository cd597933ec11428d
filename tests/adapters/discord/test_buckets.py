"""What discord.py remembers of rate limits does not grow with the channels."""

from __future__ import annotations

import gc

from discord.http import Ratelimit

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.discord.buckets import MOST, Buckets
from tests.adapters.discord.places import place
from tests.adapters.effects import view
from tests.fakes.discord.server import FakeDiscord

MANY = 3 * MOST


def limits() -> int:
    gc.collect()
    return sum(isinstance(one, Ratelimit) for one in gc.get_objects())


async def test_limits_of_channels_are_forgotten_when_there_are_many(
    server: FakeDiscord, bot: DiscordAdapter
) -> None:
    guild = server.guild("News", channels=tuple(f"news-{number}" for number in range(MANY)))
    before = limits()
    for channel in guild.channels:
        receipt = await bot.post(place(channel), view("An issue."), str(channel.id))
        assert receipt.delivery == "sent"
    assert limits() - before <= MOST + 1


async def test_a_limit_that_somebody_waits_for_is_kept() -> None:
    buckets = Buckets()
    exhausted, used = Ratelimit(None), Ratelimit(None)
    exhausted.remaining = 0
    buckets["exhausted"], buckets["used"] = exhausted, used
    async with used:
        for number in range(MANY):
            buckets[str(number)] = Ratelimit(None)
    assert buckets["exhausted"] is exhausted
    assert buckets["used"] is used
    assert len(buckets) == MOST
    assert str(MANY - 1) in buckets


async def test_a_limit_that_is_over_is_forgotten() -> None:
    buckets = Buckets()
    over = buckets["over"] = Ratelimit(None)
    over.remaining, over.expires = 0, 0.0
    for number in range(MOST):
        buckets[str(number)] = Ratelimit(None)
    assert "over" not in buckets
