"""Messages that nobody asked for at this moment."""

from __future__ import annotations

from pathlib import Path

from bot.adapters.discord.adapter import DiscordAdapter
from bot.core.dispatch import Dispatcher
from bot.core.ports import Delivery
from bot.core.views import Prose, Text, View
from tests.adapters.effects import CARD, SECRET, view
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import Permission, User

MESSAGES, DMS = "/channels/*/messages", "/users/@me/channels"


async def test_a_person_gets_a_message_once_however_often_it_is_sent(
    server: FakeDiscord, ada: User, bot: DiscordAdapter
) -> None:
    for _ in range(2):
        assert await bot.direct(str(ada.id), view(SECRET), "notice 1") is Delivery.SENT
    assert await bot.direct(str(ada.id), view("Another."), "notice 2") is Delivery.SENT
    first, second = server.messages(server.dm_with(ada))
    assert SECRET in first.text
    assert "Another." in second.text


async def test_a_long_message_comes_in_order(
    server: FakeDiscord, ada: User, bot: DiscordAdapter
) -> None:
    long = View("Long", tuple(Prose((Text(f"{n} word " * 300),)) for n in range(3)), "Long.")
    assert await bot.direct(str(ada.id), long, "k" * 200) is Delivery.SENT
    texts = [message.text for message in server.messages(server.dm_with(ada))]
    assert len(texts) > 1
    assert texts[0].startswith("## Long")


async def test_a_channel_gets_a_post(server: FakeDiscord, bot: DiscordAdapter) -> None:
    there = server.home.general
    for _ in range(2):
        assert await bot.post(str(there.id), view(CARD), "notice 1") is Delivery.SENT
    (message,) = server.messages(there)
    assert CARD in message.text


async def test_what_will_not_change_is_refused(
    server: FakeDiscord, ada: User, bot: DiscordAdapter
) -> None:
    there = server.home.general
    server.close_dms(ada)
    server.deny(there, Permission.SEND_MESSAGES)
    assert await bot.direct(str(ada.id), view(SECRET), "1") is Delivery.REFUSED
    assert await bot.direct("1", view(SECRET), "2") is Delivery.REFUSED
    assert await bot.direct("nobody", view(SECRET), "3") is Delivery.REFUSED
    assert await bot.post(str(there.id), view(CARD), "4") is Delivery.REFUSED
    assert await bot.post("nowhere", view(CARD), "5") is Delivery.REFUSED


async def test_what_may_change_is_for_later(
    server: FakeDiscord, ada: User, bot: DiscordAdapter
) -> None:
    server.fail("POST", MESSAGES, status=503)
    assert await bot.direct(str(ada.id), view(SECRET), "1") is Delivery.LATER
    server.fail("POST", MESSAGES, status=429, retry_after=600.0)
    assert await bot.post(str(server.home.general.id), view(CARD), "2") is Delivery.LATER
    server.fail("POST", DMS, status=429, code=40003, retry_after=600.0)
    assert await bot.direct(str(server.user("Bob").id), view(SECRET), "3") is Delivery.LATER
    assert await bot.direct(str(ada.id), view(SECRET), "1") is Delivery.SENT


async def test_without_a_connection_everything_is_for_later(
    server: FakeDiscord, ada: User, bot: DiscordAdapter
) -> None:
    await server.stop()
    assert await bot.direct(str(ada.id), view(SECRET), "1") is Delivery.LATER
    await bot.stop()
    assert await bot.post(str(server.home.general.id), view(CARD), "2") is Delivery.LATER


async def test_a_bot_that_was_never_started_sends_nothing(
    server: FakeDiscord, ada: User, dispatcher: Dispatcher, tmp_path: Path
) -> None:
    idle = DiscordAdapter(dispatcher, server.token, server.api_base, tmp_path)
    assert await idle.direct(str(ada.id), view(SECRET), "1") is Delivery.LATER
    assert server.messages(server.dm_with(ada)) == []
