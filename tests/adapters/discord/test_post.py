"""Posting to a channel, with a word to the person who asked for it."""

from __future__ import annotations

import asyncio

import pytest

from tests.adapters.discord.conftest import Start
from tests.adapters.effects import CARD, POSTED, REFUSED, post
from tests.fakes.discord.replies import Kind
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import Permission, User

MESSAGES = "/channels/*/messages"


async def test_a_card_is_posted_and_the_asker_hears_of_it_alone(
    server: FakeDiscord, ada: User, start: Start
) -> None:
    there = server.home.general
    await start(post(there.id, "discord").command)
    reply = await server.slash(ada, "tell", where=server.dm_with(ada))
    assert reply.ephemeral
    assert POSTED in reply.text
    (card,) = server.messages(there)
    assert CARD in card.text
    (sent,) = await server.asked("POST", MESSAGES)
    assert sent.body["enforce_nonce"]
    assert sent.body["allowed_mentions"] == {"parse": []}


@pytest.mark.parametrize("permission", [Permission.SEND_MESSAGES, Permission.VIEW_CHANNEL])
async def test_a_channel_that_is_closed_to_the_bot_is_told_of(
    server: FakeDiscord, ada: User, start: Start, permission: Permission
) -> None:
    there = server.home.general
    await start(post(there.id, "discord").command)
    server.deny(there, permission)
    reply = await server.slash(ada, "tell", where=server.dm_with(ada))
    assert reply.ephemeral
    assert REFUSED in reply.text


@pytest.mark.parametrize("channel", ["1", "no channel at all", "", "²"])
async def test_a_channel_that_is_not_there_is_told_of(
    server: FakeDiscord, ada: User, start: Start, channel: str
) -> None:
    await start(post(channel, "discord").command)
    assert REFUSED in (await server.slash(ada, "tell")).text


async def test_a_lost_confirmation_makes_no_second_post(
    server: FakeDiscord, ada: User, start: Start
) -> None:
    there = server.home.general
    await start(post(there.id, "discord").command)
    server.lose_answer("POST", MESSAGES)
    assert POSTED in (await server.slash(ada, "tell")).text
    assert len(server.messages(there)) == 1


async def test_a_post_that_takes_long_is_waited_for(
    server: FakeDiscord, ada: User, start: Start
) -> None:
    await start(post(server.home.general.id, "discord").command, defer_after=0.05)
    go_on = asyncio.Event()
    server.delay("POST", MESSAGES, go_on)
    reply = await server.slash(ada, "tell")
    assert reply.kind is Kind.DEFERRED
    go_on.set()
    assert POSTED in (await reply.finished()).text


async def test_words_in_a_direct_message_can_post_too(
    server: FakeDiscord, ada: User, start: Start
) -> None:
    there = server.home.general
    await start(post(there.id, "discord").command)
    assert POSTED in (await server.dm(ada, "/tell")).text
    server.deny(there, Permission.SEND_MESSAGES)
    assert REFUSED in (await server.dm(ada, "/tell")).text
    assert len(server.messages(there)) == 1
