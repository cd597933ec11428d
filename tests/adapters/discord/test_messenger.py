"""Messages that nobody asked for at this moment."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.discord.sending import nonce_of
from bot.core.dispatch import Dispatcher
from bot.core.messenger import Delivery, Receipt
from bot.core.views import Image, Prose, Text, View
from tests.adapters.discord.conftest import Start
from tests.adapters.discord.places import DMS, MESSAGES, place
from tests.adapters.effects import CARD, SECRET, view
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import User

SENT, LATER = Receipt(Delivery.SENT), Receipt(Delivery.LATER)
LONG = View("Long", tuple(Prose((Text(f"{n} word " * 300),)) for n in range(3)), "Long.")


async def test_a_person_gets_a_message_once_however_often_it_is_sent(
    server: FakeDiscord, ada: User, bot: DiscordAdapter
) -> None:
    for _ in range(2):
        assert await bot.direct(str(ada.id), view(SECRET), "notice 1") == SENT
    assert await bot.direct(str(ada.id), view("Another."), "notice 2") == SENT
    first, second = server.messages(server.dm_with(ada))
    assert SECRET in first.text
    assert "Another." in second.text


async def test_a_long_message_comes_in_order(
    server: FakeDiscord, ada: User, bot: DiscordAdapter
) -> None:
    assert await bot.direct(str(ada.id), LONG, "k" * 200) == SENT
    texts = [message.text for message in server.messages(server.dm_with(ada))]
    assert len(texts) > 1
    assert texts[0].startswith("## Long")


async def test_a_channel_gets_a_post(server: FakeDiscord, bot: DiscordAdapter) -> None:
    there = server.home.general
    for _ in range(2):
        assert await bot.post(place(there), view(CARD), "notice 1") == SENT
    (message,) = server.messages(there)
    assert CARD in message.text


async def test_a_picture_arrives_with_what_it_shows(
    server: FakeDiscord, bot: DiscordAdapter
) -> None:
    there, picture = server.home.general, Image("https://example.org/a.png", "A chart of pay")
    assert await bot.post(place(there), View("T", (picture,), "T."), "1") == SENT
    (message,) = server.messages(there)
    (item,) = message.components[1]["items"]
    assert item["media"]["url"] == "https://example.org/a.png"
    assert item["description"] == "A chart of pay"


async def test_a_thread_gets_a_post_and_wakes_up(server: FakeDiscord, bot: DiscordAdapter) -> None:
    thread = server.thread("Jobs", server.home.general)
    server.archive(thread)
    assert await bot.post(place(thread), view(CARD), "1") == SENT
    assert len(server.messages(thread)) == 1


@pytest.mark.parametrize("key", ["", "issue 1", "k" * 1_000])
def test_a_nonce_has_at_most_25_characters(key: str) -> None:
    assert len(nonce_of(key, 9_999)) == 25
    assert nonce_of(key, 1) != nonce_of(key, 2)


async def test_what_has_begun_to_arrive_is_not_sent_again_and_somebody_hears_of_it(
    server: FakeDiscord, bot: DiscordAdapter
) -> None:
    there, go_on = server.home.general, asyncio.Event()
    server.delay("POST", MESSAGES, go_on)
    server.fail("POST", MESSAGES, status=403, code=50013)
    posting = asyncio.create_task(bot.post(place(there), LONG, "1"))
    go_on.set()
    receipt = await posting
    assert receipt.delivery is Delivery.SENT
    assert receipt.note.startswith("Only the beginning of it was posted")
    assert len(server.messages(there)) == 1


async def test_a_lost_answer_is_asked_for_again(server: FakeDiscord, bot: DiscordAdapter) -> None:
    there = server.home.general
    server.lose_answer("POST", MESSAGES)
    assert await bot.post(place(there), view(CARD), "1") == SENT
    assert len(server.messages(there)) == 1


async def test_an_answer_that_does_not_come_leaves_doubt_and_is_not_waited_for(
    server: FakeDiscord, start: Start
) -> None:
    bot, never = await start(listen=False, answer_within=0.5), asyncio.Event()
    server.delay("POST", MESSAGES, never)
    async with asyncio.timeout(30):
        receipt = await bot.post(place(server.home.general), view(CARD), "1")
    assert receipt == Receipt(Delivery.DOUBT)


async def test_an_answer_that_is_lost_twice_leaves_doubt(
    server: FakeDiscord, bot: DiscordAdapter, caplog: pytest.LogCaptureFixture
) -> None:
    server.lose_answer("POST", MESSAGES, times=2)
    receipt = await bot.post(place(server.home.general), view(CARD), "1")
    assert receipt == Receipt(Delivery.DOUBT)
    assert "may be lost" in caplog.text


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [(429, 0, Delivery.DOUBT), (503, 0, Delivery.DOUBT), (403, 50013, Delivery.FORBIDDEN)],
)
async def test_after_a_lost_answer_only_a_refusal_is_certain(
    server: FakeDiscord, bot: DiscordAdapter, status: int, code: int, expected: Delivery
) -> None:
    server.lose_answer("POST", MESSAGES)
    server.fail("POST", MESSAGES, status=status, code=code, retry_after=600.0)
    receipt = await bot.post(place(server.home.general), view(CARD), "1")
    assert receipt == Receipt(expected)


async def test_a_conversation_that_may_have_opened_is_no_doubt(
    server: FakeDiscord, ada: User, bot: DiscordAdapter
) -> None:
    server.lose_answer("POST", DMS, times=2)
    assert await bot.direct(str(ada.id), view(SECRET), "1") == LATER
    assert server.messages(server.dm_with(ada)) == []


async def test_without_a_connection_everything_is_for_later(
    server: FakeDiscord, ada: User, bot: DiscordAdapter
) -> None:
    await server.stop()
    assert await bot.direct(str(ada.id), view(SECRET), "1") == LATER
    assert await bot.post(place(server.home.general), view(CARD), "2") == LATER
    await bot.stop()
    assert await bot.post(place(server.home.general), view(CARD), "2") == LATER


async def test_a_bot_that_was_never_started_sends_nothing(
    server: FakeDiscord, ada: User, dispatcher: Dispatcher, tmp_path: Path
) -> None:
    idle = DiscordAdapter(dispatcher, server.token, server.api_base, tmp_path)
    assert await idle.direct(str(ada.id), view(SECRET), "1") == LATER
    assert await idle.post(place(server.home.general), view(CARD), "2") == LATER
    assert server.messages(server.dm_with(ada)) == []


async def test_stopping_lets_a_post_under_way_arrive(
    server: FakeDiscord, bot: DiscordAdapter
) -> None:
    there, go_on = server.home.general, asyncio.Event()
    server.delay("POST", MESSAGES, go_on)
    posting = asyncio.create_task(bot.post(place(there), LONG, "1"))
    await asyncio.sleep(0)
    stopping = asyncio.create_task(bot.stop())
    await asyncio.sleep(0)
    go_on.set()
    await stopping
    assert await posting == SENT
    assert len(server.messages(there)) > 1


async def test_nobody_who_gives_up_holds_up_the_others(
    server: FakeDiscord, bot: DiscordAdapter
) -> None:
    there = place(server.home.general)
    server.fail("POST", MESSAGES, status=429, retry_after=0.3, whole_bot=True)
    hasty = asyncio.create_task(bot.post(there, view(CARD), "1"))
    await server.asked("POST", MESSAGES, status=429)
    hasty.cancel()
    assert await asyncio.wait_for(bot.post(there, view(CARD), "2"), 5) == SENT
    await server.posted(server.home, 2)
