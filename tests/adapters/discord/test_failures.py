"""What becomes of a message that Discord does not take: decided once, by its answer."""

from __future__ import annotations

import pytest

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.discord.failures import USUAL_WAIT
from bot.core.messenger import Delivery, Receipt
from tests.adapters.discord.places import DMS, MESSAGES, nowhere, place
from tests.adapters.effects import CARD, SECRET, view
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import Permission, User

FORBIDDEN, GONE = Receipt(Delivery.FORBIDDEN), Receipt(Delivery.GONE)
LATER, MALFORMED = Receipt(Delivery.LATER), Receipt(Delivery.MALFORMED)


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, 0, MALFORMED),
        (400, 50006, MALFORMED),
        (400, 50035, MALFORMED),
        (400, 200000, MALFORMED),
        (413, 40005, MALFORMED),
        (403, 20009, MALFORMED),
        (403, 50001, FORBIDDEN),
        (403, 50013, FORBIDDEN),
        (403, 60003, FORBIDDEN),
        (400, 50008, FORBIDDEN),
        (400, 40058, FORBIDDEN),
        (403, 0, LATER),
        (403, 40333, LATER),
        (404, 10003, GONE),
        (404, 10004, GONE),
        (400, 50083, GONE),
        (403, 160005, GONE),
        (404, 0, LATER),
        (401, 40001, LATER),
        (400, 40003, LATER),
        (403, 40004, LATER),
        (400, 160006, LATER),
        (503, 0, LATER),
        (503, 130000, LATER),
        (520, 0, LATER),
        (400, 20028, Receipt(Delivery.LIMITED, USUAL_WAIT)),
    ],
)
async def test_every_answer_has_one_meaning(
    server: FakeDiscord, bot: DiscordAdapter, status: int, code: int, expected: Receipt
) -> None:
    server.fail("POST", MESSAGES, status=status, code=code)
    assert await bot.post(place(server.home.general), view(CARD), "1") == expected
    assert server.messages(server.home) == []


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, 40003, LATER),
        (403, 50007, FORBIDDEN),
        (403, 50278, FORBIDDEN),
        (404, 10013, GONE),
        (429, 40003, Receipt(Delivery.LIMITED, 600.0)),
    ],
)
async def test_so_it_is_with_new_conversations(
    server: FakeDiscord,
    ada: User,
    bot: DiscordAdapter,
    status: int,
    code: int,
    expected: Receipt,
) -> None:
    server.fail("POST", DMS, status=status, code=code, retry_after=600.0)
    assert await bot.direct(str(ada.id), view(SECRET), "1") == expected


async def test_a_long_rate_limit_says_how_long(server: FakeDiscord, bot: DiscordAdapter) -> None:
    server.fail("POST", MESSAGES, status=429, retry_after=90.5)
    limited = await bot.post(place(server.home.general), view(CARD), "1")
    assert limited == Receipt(Delivery.LIMITED, wait=90.5)


async def test_a_refused_token_is_an_error_for_the_operator(
    server: FakeDiscord, bot: DiscordAdapter, caplog: pytest.LogCaptureFixture
) -> None:
    server.fail("POST", MESSAGES, status=401, code=40001)
    assert await bot.post(place(server.home.general), view(CARD), "1") == LATER
    (line,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert line.getMessage() == "Discord refuses DISCORD_TOKEN: nothing can be sent"
    assert server.token not in caplog.text


@pytest.mark.parametrize("permission", [Permission.SEND_MESSAGES, Permission.VIEW_CHANNEL])
async def test_a_channel_that_is_closed_to_the_bot(
    server: FakeDiscord, bot: DiscordAdapter, permission: Permission
) -> None:
    there = server.home.general
    server.deny(there, permission)
    assert await bot.post(place(there), view(CARD), "1") == FORBIDDEN


@pytest.mark.parametrize("archived", [True, False])
async def test_a_thread_that_is_locked(
    server: FakeDiscord, bot: DiscordAdapter, *, archived: bool
) -> None:
    thread = server.thread("Jobs", server.home.general)
    server.lock(thread)
    if archived:
        server.archive(thread)
    assert await bot.post(place(thread), view(CARD), "1") == GONE


@pytest.mark.parametrize("channel", ["1", "nowhere", "", "²", "C1/1700000000.1234"])
async def test_a_channel_that_is_not_there(bot: DiscordAdapter, channel: str) -> None:
    assert await bot.post(nowhere(channel), view(CARD), "1") == GONE


async def test_people_who_cannot_be_written_to(
    server: FakeDiscord, ada: User, bot: DiscordAdapter
) -> None:
    server.close_dms(ada)
    assert await bot.direct(str(ada.id), view(SECRET), "1") == FORBIDDEN
    assert await bot.direct("1", view(SECRET), "2") == GONE
    assert await bot.direct("nobody", view(SECRET), "3") == GONE
