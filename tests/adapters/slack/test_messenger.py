"""Messages that nobody asked for at this moment."""

from __future__ import annotations

import asyncio
import datetime as dt
from contextlib import suppress

import pytest

from bot.adapters.slack.messenger import RATES, Rates
from bot.core.command import Post
from bot.core.content.catalogue import Catalogue
from bot.core.dispatch import Dispatcher
from bot.core.messenger import Delivery, Receipt, Sight
from bot.core.subscriptions import Place
from bot.core.views import Image, Prose, Text, View
from tests.adapters.effects import CARD, POSTED, SECRET, Told, direct, view
from tests.adapters.slack.running import Bot, dispatcher_with, running
from tests.fakes.slack.server import SlackServer

POST = "chat.postMessage"
HOME = "slack:/T0000000001"
LONG = View("Long", tuple(Prose((Text(f"{n} word " * 600),)) for n in range(6)), "Long.")
ONE_AND_NO_MORE = 0.0001
"""Posts a second: after the first one, nobody lives to see the next."""


def place(channel: str, community: str = HOME) -> Place:
    return Place("slack", community, channel)


async def test_a_person_gets_a_message(bot: Bot) -> None:
    slack, ada = bot.slack, bot.slack.person("Ada")
    sent = await bot.adapter.direct(f"/T0000000001/{ada.id}", view(SECRET), "1")
    assert sent == Receipt(Delivery.SENT)
    (message,) = slack.history(ada)
    assert SECRET in message.shown


async def test_a_long_message_comes_in_order(http_bot: Bot) -> None:
    slack, ada = http_bot.slack, http_bot.slack.person("Ada")
    assert await http_bot.adapter.direct(f"/T/{ada.id}", LONG, "1") == Receipt(Delivery.SENT)
    first, *others = slack.history(ada)
    assert first.shown.startswith("Long")
    assert others
    assert all(message.payload["unfurl_links"] is False for message in (first, *others))


async def test_a_channel_gets_a_post(http_bot: Bot) -> None:
    slack = http_bot.slack
    sent = await http_bot.adapter.post(place(slack.general.id), view(CARD), "1")
    assert sent == Receipt(Delivery.SENT)
    (message,) = slack.history(slack.general)
    assert CARD in message.shown
    assert message.thread_ts is None


async def test_a_picture_arrives_with_what_it_shows(http_bot: Bot) -> None:
    slack, picture = http_bot.slack, Image("https://example.org/a.png", "A chart of pay")
    shown = View("T", (picture,), "T.")
    sent = await http_bot.adapter.post(place(slack.general.id), shown, "1")
    assert sent == Receipt(Delivery.SENT)
    (message,) = slack.history(slack.general)
    assert "A chart of pay" in message.shown
    assert message.blocks[-1]["image_url"] == "https://example.org/a.png"


async def test_a_picture_that_slack_cannot_fetch_arrives_in_words(http_bot: Bot) -> None:
    slack, address = http_bot.slack, "https://example.org/a.png"
    shown = View("T", (Image(address, "A chart of pay"),), "T.")
    slack.fail(POST, error="invalid_blocks")
    sent = await http_bot.adapter.post(place(slack.general.id), shown, "1")
    assert sent == Receipt(Delivery.SENT)
    (message,) = slack.history(slack.general)
    assert f"[Picture: A chart of pay] {address}" in message.shown
    slack.fail(POST, error="invalid_blocks", times=2)
    refused = await http_bot.adapter.post(place(slack.general.id), shown, "2")
    assert refused.delivery is Delivery.MALFORMED


async def test_a_message_without_pictures_is_not_tried_again(http_bot: Bot) -> None:
    slack = http_bot.slack
    slack.fail(POST, error="invalid_blocks")
    refused = await http_bot.adapter.post(place(slack.general.id), view(CARD), "1")
    assert refused.delivery is Delivery.MALFORMED
    assert slack.history(slack.general) == []


async def test_a_thread_gets_every_part_of_a_post(http_bot: Bot) -> None:
    slack, ada = http_bot.slack, http_bot.slack.person("Ada")
    above = slack.workspace.say(ada, slack.general.id, "News go here.", None)
    thread = place(f"{slack.general.id}/{above.ts}")
    assert await http_bot.adapter.post(thread, LONG, "1") == Receipt(Delivery.SENT)
    _, *posted = slack.history(slack.general)
    assert len(posted) > 1
    assert {message.thread_ts for message in posted} == {above.ts}


async def test_a_thread_that_was_deleted_is_gone(http_bot: Bot) -> None:
    slack = http_bot.slack
    sent = await http_bot.adapter.post(place(f"{slack.general.id}/1.1"), view(CARD), "1")
    assert sent == Receipt(Delivery.GONE, note="The thread is gone.")


async def test_commands_are_called_what_they_are_called_there(
    slack: SlackServer, dispatcher: Dispatcher
) -> None:
    async with running(slack, dispatcher, prefix="rc-") as bot:
        await bot.adapter.post(place(slack.general.id), view("Type /quiz to begin."), "1")
    assert "Type /rc-quiz to begin." in slack.history(slack.general)[0].shown


async def test_nobody_can_say_whether_a_message_is_there(http_bot: Bot) -> None:
    here, now = place(http_bot.slack.general.id), dt.datetime.now(dt.UTC)
    await http_bot.adapter.post(here, view(CARD), "1")
    assert await http_bot.adapter.find(here, view(CARD), "1", now) is Sight.UNKNOWN
    assert [call.method for call in http_bot.slack.calls] == ["auth.test", POST]


# What arrived in part


async def test_what_has_begun_to_arrive_counts_as_sent(http_bot: Bot) -> None:
    slack = http_bot.slack
    slack.fail(POST, delay=0)  # the first part arrives
    slack.fail(POST, error="restricted_action_read_only_channel")
    sent = await http_bot.adapter.post(place(slack.general.id), LONG, "1")
    assert sent.delivery is Delivery.SENT
    assert sent.note.startswith("Only 1 of ")
    assert sent.note.endswith(" The channel is read-only.")
    assert len(slack.history(slack.general)) == 1


async def test_a_limit_between_two_parts_is_waited_for(http_bot: Bot) -> None:
    slack = http_bot.slack
    slack.fail(POST, delay=0)
    slack.fail(POST, status=429, retry_after=0)
    sent = await http_bot.adapter.post(place(slack.general.id), LONG, "1")
    assert sent == Receipt(Delivery.SENT)
    assert len(slack.history(slack.general)) > 1


# Being removed


async def test_a_workspace_that_removed_the_bot_is_left(http_bot: Bot) -> None:
    slack = http_bot.slack
    assert not await http_bot.adapter.has_left(HOME)
    slack.token_revoked()
    assert await http_bot.adapter.has_left(HOME)
    sent = await http_bot.adapter.post(place(slack.general.id), view(CARD), "1")
    assert sent == Receipt(Delivery.GONE, note="I was removed from the workspace.")


@pytest.mark.parametrize("word", ["token_revoked", "invalid_auth", "token_expired"])
async def test_a_token_that_will_never_do_again_means_that_the_bot_was_removed(
    http_bot: Bot, word: str
) -> None:
    http_bot.slack.fail("auth.test", error=word)
    assert await http_bot.adapter.has_left(HOME)


async def test_where_nobody_can_tell_the_bot_has_not_left(
    slack: SlackServer, dispatcher: Dispatcher
) -> None:
    async with running(slack, dispatcher) as bot:
        slack.fail("auth.test", error="internal_error")
        slack.fail("auth.test", status=503, by_proxy=True)
        slack.fail("auth.test", cut=True)
        assert [await bot.adapter.has_left(HOME) for _ in range(3)] == [False] * 3
        await slack.stop()
        assert not await bot.adapter.has_left(HOME)
    assert not await bot.adapter.has_left(HOME)


# Pace


def test_slack_is_not_asked_for_more_than_it_grants() -> None:
    assert Rates(channel=1.0, workspace=100 / 60) == RATES


async def waits(post: asyncio.Task[Receipt]) -> None:
    """Make sure that a post is not done, and give it up."""
    assert not post.done()
    post.cancel()
    with suppress(asyncio.CancelledError):
        await post


async def test_a_channel_waits_for_itself_alone(slack: SlackServer, dispatcher: Dispatcher) -> None:
    other = slack.channel("other")
    async with running(slack, dispatcher, rates=Rates(ONE_AND_NO_MORE, None)) as bot:
        here, there = place(slack.general.id), place(other.id)
        assert (await bot.adapter.post(here, view(CARD), "1")).delivery is Delivery.SENT
        thread = place(f"{slack.general.id}/1.1")
        second = asyncio.create_task(bot.adapter.post(thread, view(CARD), "2"))
        assert (await bot.adapter.post(there, view(CARD), "3")).delivery is Delivery.SENT
        await waits(second)
    assert len(slack.history(slack.general)) == len(slack.history(other)) == 1


async def test_the_parts_of_a_long_view_wait_for_one_another(
    slack: SlackServer, dispatcher: Dispatcher
) -> None:
    async with running(slack, dispatcher, rates=Rates(ONE_AND_NO_MORE, None)) as bot:
        post = asyncio.create_task(bot.adapter.post(place(slack.general.id), LONG, "1"))
        await slack.next_message(slack.general)
        await bot.adapter.has_left(HOME)
        await waits(post)
    assert len(slack.history(slack.general)) == 1


async def test_a_workspace_waits_for_itself_alone(
    slack: SlackServer, dispatcher: Dispatcher
) -> None:
    other = slack.channel("other")
    async with running(slack, dispatcher, rates=Rates(None, ONE_AND_NO_MORE)) as bot:
        await bot.adapter.post(place(slack.general.id), view(CARD), "1")
        second = asyncio.create_task(bot.adapter.post(place(other.id), view(CARD), "2"))
        elsewhere = place(other.id, "slack:/T0000000002")
        assert (await bot.adapter.post(elsewhere, view(CARD), "3")).delivery is Delivery.SENT
        await waits(second)
    assert len(slack.history(other)) == 1


async def test_a_workspace_says_when_the_next_turn_comes(
    slack: SlackServer, dispatcher: Dispatcher
) -> None:
    async with running(slack, dispatcher, rates=Rates(None, ONE_AND_NO_MORE)) as bot:
        assert bot.adapter.pause(HOME) == 0.0
        await bot.adapter.post(place(slack.general.id), view(CARD), "1")
        assert bot.adapter.pause(HOME) > 0.0
        assert bot.adapter.pause("slack:/T0000000002") == 0.0


async def test_who_waits_for_an_answer_does_not_wait_for_a_turn(
    slack: SlackServer, catalogue: Catalogue
) -> None:
    ada = slack.person("Ada")
    card = Told(Post(place(slack.general.id), view(CARD), view(POSTED), view("No")), "card")
    dispatcher = dispatcher_with(catalogue, card.command, direct().command)
    async with running(slack, dispatcher, rates=Rates(ONE_AND_NO_MORE, ONE_AND_NO_MORE)):
        for _ in range(2):
            assert POSTED in (await slack.slash(ada, "/card")).shown
            await slack.slash(ada, "/tell")
    assert [SECRET in message.shown for message in slack.history(ada)] == [True, True]
