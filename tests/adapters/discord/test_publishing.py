"""What is posted in an announcement channel is published too, and if not, somebody hears of it."""

from __future__ import annotations

import asyncio

import pytest

from bot.adapters.discord.adapter import DiscordAdapter
from bot.core.messenger import Delivery, Receipt
from bot.core.views import Prose, Text, View
from tests.adapters.discord.conftest import Start
from tests.adapters.discord.places import MESSAGES, place
from tests.adapters.effects import CARD, view
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import Channel

SENT = Receipt(Delivery.SENT)
CROSSPOST = "/channels/*/messages/*/crosspost"
LONG = View("Long", tuple(Prose((Text(f"{n} word " * 300),)) for n in range(3)), "Long.")
PUBLISHED = 1


@pytest.fixture
def news(server: FakeDiscord) -> Channel:
    return server.guild("Readers", announcements=("news",)).channel("news")


def published(server: FakeDiscord, news: Channel) -> list[bool]:
    return [bool(message.payload["flags"] & PUBLISHED) for message in server.messages(news)]


async def test_every_message_of_it_is_published(
    server: FakeDiscord, bot: DiscordAdapter, news: Channel
) -> None:
    assert await bot.post(place(news), LONG, "1") == SENT
    assert set(published(server, news)) == {True}
    assert len(published(server, news)) > 1


async def test_elsewhere_nothing_is_published(server: FakeDiscord, bot: DiscordAdapter) -> None:
    assert await bot.post(place(server.home.general), view(CARD), "1") == SENT
    assert published(server, server.home.general) == [False]


async def test_a_repeat_is_not_published_again(
    server: FakeDiscord, bot: DiscordAdapter, news: Channel
) -> None:
    for _ in range(2):
        assert await bot.post(place(news), view(CARD), "1") == SENT
    assert len(await server.asked("POST", CROSSPOST)) == 1
    assert published(server, news) == [True]


async def test_what_was_published_already_is_no_failure(
    server: FakeDiscord, bot: DiscordAdapter, news: Channel
) -> None:
    server.fail("POST", CROSSPOST, status=400, code=40033)
    assert await bot.post(place(news), view(CARD), "1") == SENT


async def test_the_eleventh_in_an_hour_is_posted_and_left_to_people(
    server: FakeDiscord, bot: DiscordAdapter, news: Channel
) -> None:
    for number in range(10):
        assert await bot.post(place(news), view(CARD), str(number)) == SENT
    receipt = await bot.post(place(news), view(CARD), "eleventh")
    assert receipt.delivery is Delivery.SENT
    assert "about 10 messages an hour" in receipt.note
    assert "can press Publish" in receipt.note
    assert published(server, news) == [True] * 10 + [False]


async def test_a_request_that_hangs_is_not_waited_for(
    server: FakeDiscord, start: Start, news: Channel
) -> None:
    bot = await start(publish_within=0.05)
    go_on = asyncio.Event()
    server.delay("POST", CROSSPOST, go_on)
    receipt = await bot.post(place(news), view(CARD), "1")
    assert receipt.delivery is Delivery.SENT
    assert "can press Publish" in receipt.note
    go_on.set()
    await server.asked("POST", CROSSPOST)


async def test_a_limit_of_the_whole_bot_does_not_stop_it_for_good(
    server: FakeDiscord, start: Start, news: Channel
) -> None:
    bot = await start(publish_within=0.05)
    server.fail("POST", CROSSPOST, status=429, retry_after=0.3, whole_bot=True)
    receipt = await bot.post(place(news), view(CARD), "1")
    assert "can press Publish" in receipt.note
    assert await asyncio.wait_for(bot.post(place(server.home.general), view(CARD), "2"), 5) == SENT


async def test_stopping_does_not_wait_for_a_request_that_hangs(
    server: FakeDiscord, start: Start, news: Channel
) -> None:
    bot = await start(publish_within=0.05)
    never = asyncio.Event()
    server.delay("POST", CROSSPOST, never)
    await bot.post(place(news), view(CARD), "1")
    await asyncio.wait_for(bot.stop(), 3)
    never.set()


@pytest.mark.parametrize(("status", "code"), [(403, 50013), (400, 50024), (503, 0), (404, 10008)])
async def test_a_refusal_is_no_failure_of_the_post(
    server: FakeDiscord, bot: DiscordAdapter, news: Channel, status: int, code: int
) -> None:
    server.fail("POST", CROSSPOST, status=status, code=code)
    receipt = await bot.post(place(news), view(CARD), "1")
    assert receipt.delivery is Delivery.SENT
    assert receipt.note.startswith("It was posted, but Discord did not publish it")
    assert published(server, news) == [False]


async def test_what_was_posted_of_a_message_is_published(
    server: FakeDiscord, bot: DiscordAdapter, news: Channel
) -> None:
    go_on = asyncio.Event()
    go_on.set()
    server.delay("POST", MESSAGES, go_on)
    server.fail("POST", MESSAGES, status=400, code=50035)
    receipt = await bot.post(place(news), LONG, "1")
    assert receipt.delivery is Delivery.SENT
    assert receipt.note.startswith("Only the beginning of it was posted")
    assert published(server, news) == [True]


async def test_nothing_is_published_where_nothing_was_posted(
    server: FakeDiscord, bot: DiscordAdapter, news: Channel
) -> None:
    server.fail("POST", MESSAGES, status=503)
    assert await bot.post(place(news), view(CARD), "1") == Receipt(Delivery.LATER)
    assert [r for r in server.requests if r.path.endswith("crosspost")] == []
