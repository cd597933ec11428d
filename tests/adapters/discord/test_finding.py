"""Looking for a post that nobody confirmed, and for servers that the bot has left."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator

import discord
import pytest

from bot.adapters.discord import finding
from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.discord.rest import Rest
from bot.core.content.catalogue import Catalogue
from bot.core.desk import Desk
from bot.core.dispatch import Dispatcher
from bot.core.intents import BrowseRoles
from bot.core.messenger import Delivery, Sight
from bot.core.ports import Nowhere
from bot.core.views import Actions, Button, Prose, Text, View
from tests.adapters.discord.conftest import Start
from tests.adapters.discord.places import MESSAGES, nowhere, place
from tests.adapters.effects import CARD, view
from tests.fakes.discord import payloads
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import Channel, Permission, User

LONG = View("Long", tuple(Prose((Text(f"{n} word " * 300),)) for n in range(3)), "Long.")
ROLE = "1000000000000000001"


@pytest.fixture
def there(server: FakeDiscord) -> Channel:
    return server.home.general


@pytest.fixture
async def rest(server: FakeDiscord, bot: DiscordAdapter) -> AsyncIterator[Rest]:
    """Discord's REST without the rest of the bot; the bot has said where Discord is."""
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(server.token)
        yield Rest(client, rate=None)


def ago(**time: float) -> dt.datetime:
    return dt.datetime.now(dt.UTC) - dt.timedelta(**time)


async def posted(bot: DiscordAdapter, there: Channel, words: View, key: str = "1") -> None:
    assert (await bot.post(place(there), words, key)).delivery is Delivery.SENT


def said(server: FakeDiscord, person: User, there: Channel, words: str = "Hello") -> None:
    """Something that a person wrote."""
    world = server.state.world
    world.keep(payloads.message(world.snowflakes.next(), there, person, content=words))


@pytest.mark.parametrize("words", [view(CARD), LONG])
@pytest.mark.parametrize("tells_nonces", [True, False])
@pytest.mark.parametrize("mention", ["", ROLE])
async def test_what_was_posted_is_there(
    server: FakeDiscord,
    bot: DiscordAdapter,
    there: Channel,
    words: View,
    mention: str,
    *,
    tells_nonces: bool,
) -> None:
    server.state.tells_nonces = tells_nonces
    await bot.post(place(there, mention), words, "1")
    assert await bot.find(place(there, mention), words, "1", ago(minutes=3)) is Sight.THERE


async def test_the_role_may_have_been_changed_since(
    server: FakeDiscord, bot: DiscordAdapter, there: Channel
) -> None:
    await bot.post(place(there, ROLE), view(CARD), "1")
    assert await bot.find(place(there), view(CARD), "1", ago(minutes=3)) is Sight.THERE


async def test_the_nonce_tells_posts_of_the_same_words_apart(
    server: FakeDiscord, bot: DiscordAdapter, there: Channel
) -> None:
    server.state.tells_nonces = True
    await posted(bot, there, view(CARD), "1")
    assert await bot.find(place(there), view(CARD), "2", ago(minutes=3)) is Sight.ABSENT


async def test_other_words_and_other_people_are_not_it(
    server: FakeDiscord, ada: User, bot: DiscordAdapter, there: Channel
) -> None:
    await posted(bot, there, view("Something else."), "other")
    said(server, ada, there, "## Title\nAda took a quiz.")
    assert await bot.find(place(there), view(CARD), "1", ago(minutes=3)) is Sight.ABSENT


async def test_a_post_without_words_is_not_taken_for_another(
    server: FakeDiscord, bot: DiscordAdapter, there: Channel
) -> None:
    buttons = View("", (Actions((Button("Press", BrowseRoles(0)),)),), "")
    await posted(bot, there, buttons, "other")
    assert await bot.find(place(there), buttons, "1", ago(minutes=3)) is Sight.UNKNOWN


async def test_only_what_came_since_counts(
    server: FakeDiscord, bot: DiscordAdapter, there: Channel
) -> None:
    await posted(bot, there, view(CARD))
    where, words = place(there), view(CARD)
    assert await bot.find(where, words, "1", ago(minutes=-2)) is Sight.ABSENT
    assert await bot.find(where, words, "1", ago(minutes=-0.5)) is Sight.THERE  # clocks differ


async def test_an_empty_channel_says_something_only_while_a_repeat_is_harmless(
    server: FakeDiscord, bot: DiscordAdapter, there: Channel
) -> None:
    assert await bot.find(place(there), view(CARD), "1", ago(minutes=1)) is Sight.ABSENT
    assert await bot.find(place(there), view(CARD), "1", ago(minutes=3)) is Sight.UNKNOWN


async def test_where_several_attempts_were_made_the_latest_says_whether_a_repeat_is_harmless(
    bot: DiscordAdapter, there: Channel
) -> None:
    where, since = place(there), ago(minutes=9)
    assert await bot.find(where, view(CARD), "1", since, ago(minutes=1)) is Sight.ABSENT
    assert await bot.find(where, view(CARD), "1", since, ago(minutes=3)) is Sight.UNKNOWN
    await posted(bot, there, view(CARD))
    assert await bot.find(where, view(CARD), "1", since, ago(minutes=-3)) is Sight.THERE


async def test_a_clock_that_was_put_back_makes_no_difference(
    start: Start, catalogue: Catalogue, there: Channel
) -> None:
    desk = Desk(Nowhere(), lambda: ago(hours=1))
    bot = await start(dispatcher=Dispatcher(catalogue, desk=desk), listen=False)
    assert await bot.find(place(there), view(CARD), "1", ago(minutes=61)) is Sight.ABSENT
    assert await bot.find(place(there), view(CARD), "1", ago(minutes=63)) is Sight.UNKNOWN
    assert await bot.find(place(there), view(CARD), "1", ago(minutes=0)) is Sight.ABSENT


async def test_a_history_that_is_closed_looks_empty(
    server: FakeDiscord, bot: DiscordAdapter, there: Channel
) -> None:
    server.deny(there, Permission.READ_MESSAGE_HISTORY)
    await posted(bot, there, view(CARD))
    assert await bot.find(place(there), view(CARD), "1", ago(minutes=3)) is Sight.UNKNOWN
    assert await bot.find(place(there), view(CARD), "1", ago(minutes=1)) is Sight.ABSENT
    await posted(bot, there, view(CARD))
    assert len(server.messages(there)) == 1


async def test_a_busy_channel_hides_what_came_before(
    server: FakeDiscord, ada: User, bot: DiscordAdapter, there: Channel
) -> None:
    await posted(bot, there, view(CARD))
    for _ in range(finding.LATEST):
        said(server, ada, there)
    where, words = place(there), view(CARD)
    assert await bot.find(where, words, "1", ago(minutes=3)) is Sight.UNKNOWN
    assert await bot.find(where, words, "1", ago(minutes=-2)) is Sight.ABSENT


@pytest.mark.parametrize(("failures", "sight"), [(3, Sight.THERE), (4, Sight.UNKNOWN)])
async def test_a_failure_that_passes_is_asked_about_again(
    server: FakeDiscord,
    bot: DiscordAdapter,
    rest: Rest,
    there: Channel,
    failures: int,
    sight: Sight,
) -> None:
    await posted(bot, there, view(CARD))
    server.fail("GET", MESSAGES, status=503, times=failures)
    three = dt.timedelta(minutes=3)
    found = await finding.find(
        rest, place(there), view(CARD), "1", ago(minutes=3), three, pause=0.0
    )
    assert found is sight


async def test_a_limit_that_lasts_leaves_it_unknown(
    server: FakeDiscord, bot: DiscordAdapter, there: Channel
) -> None:
    server.fail("GET", MESSAGES, status=429, code=0, retry_after=600.0)
    assert await bot.find(place(there), view(CARD), "1", ago(minutes=1)) is Sight.UNKNOWN


@pytest.mark.parametrize(("status", "code"), [(403, 50001), (403, 50013), (404, 10003)])
async def test_a_channel_that_refuses_to_be_read_is_posted_to_while_a_repeat_is_harmless(
    server: FakeDiscord, bot: DiscordAdapter, there: Channel, status: int, code: int
) -> None:
    server.fail("GET", MESSAGES, status=status, code=code, times=2)
    assert await bot.find(place(there), view(CARD), "1", ago(minutes=1)) is Sight.ABSENT
    assert await bot.find(place(there), view(CARD), "1", ago(minutes=3)) is Sight.UNKNOWN


async def test_where_nothing_can_be_looked_at_it_is_unknown(
    server: FakeDiscord, bot: DiscordAdapter, there: Channel
) -> None:
    assert await bot.find(nowhere("no channel"), view(CARD), "1", ago(minutes=1)) is Sight.UNKNOWN
    await bot.stop()
    assert await bot.find(place(there), view(CARD), "1", ago(minutes=1)) is Sight.UNKNOWN


async def test_a_server_that_the_bot_was_removed_from_is_left(
    server: FakeDiscord, bot: DiscordAdapter
) -> None:
    elsewhere = server.guild("Elsewhere")
    assert not await bot.has_left(f"discord:{elsewhere.id}")
    await server.leave(elsewhere)
    assert await bot.has_left(f"discord:{elsewhere.id}")
    assert await bot.has_left("discord:1")
    assert not await bot.has_left(f"discord:{server.home.id}")


@pytest.mark.parametrize(
    ("status", "code"), [(503, 0), (403, 0), (404, 0), (401, 40001), (429, 0), (403, 50013)]
)
async def test_a_server_that_cannot_be_asked_about_is_not_left(
    server: FakeDiscord, bot: DiscordAdapter, status: int, code: int
) -> None:
    server.fail("GET", "/guilds/*", status=status, code=code, retry_after=600.0)
    assert not await bot.has_left(f"discord:{server.home.id}")


async def test_what_is_no_server_is_not_left(server: FakeDiscord, bot: DiscordAdapter) -> None:
    assert not await bot.has_left("discord:nowhere")
    await server.stop()
    assert not await bot.has_left(f"discord:{server.home.id}")
    await bot.stop()
    assert not await bot.has_left("discord:1")
