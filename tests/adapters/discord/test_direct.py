"""What is for one person's eyes goes into their direct messages, or stays private in place."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.command import Attachment
from bot.core.intents import Run, encode
from tests.adapters.discord.conftest import Start
from tests.adapters.effects import FILE, SECRET, SENT, direct
from tests.fakes.discord.errors import InteractionFailedError
from tests.fakes.discord.replies import Kind, Message
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import User

MESSAGES, DMS = "/channels/*/messages", "/users/@me/channels"
AT_ONCE = 0.0
FILES = {FILE.name: FILE.text}


async def test_it_arrives_as_a_direct_message_and_a_note_says_so(
    server: FakeDiscord, ada: User, start: Start
) -> None:
    await start(direct().command)
    reply = await server.slash(ada, "tell")
    assert reply.ephemeral
    assert SENT in reply.text
    assert SECRET not in reply.text
    (message,) = server.messages(server.dm_with(ada))
    assert SECRET in message.text
    (sent,) = await server.asked("POST", MESSAGES)
    assert sent.body["enforce_nonce"]


async def closed(server: FakeDiscord, ada: User, how: str) -> None:
    match how:
        case "closed":
            server.close_dms(ada)
        case "no server in common":
            server.fail("POST", MESSAGES, status=403, code=50278)
        case "too many at once":
            server.fail("POST", DMS, status=400, code=40003)
        case "a rate limit that is too long":
            server.fail("POST", MESSAGES, status=429, retry_after=600.0)
        case "a fault of Discord":
            server.fail("POST", MESSAGES, status=503)


CLOSED = (
    "closed",
    "no server in common",
    "too many at once",
    "a rate limit that is too long",
    "a fault of Discord",
)


@pytest.mark.parametrize("how", CLOSED)
@pytest.mark.parametrize("attachment", [None, FILE])
async def test_where_no_message_can_arrive_it_is_said_privately_in_place(
    server: FakeDiscord, ada: User, start: Start, how: str, attachment: Attachment | None
) -> None:
    await start(direct(attachment).command)
    await closed(server, ada, how)
    reply = await server.slash(ada, "tell")
    assert reply.ephemeral
    assert SECRET in reply.text
    assert SENT not in reply.text
    assert server.messages(server.dm_with(ada)) == []
    assert server.files(reply.shown) == (FILES if attachment else {})


async def test_a_press_on_a_public_message_answers_in_direct_messages(
    server: FakeDiscord, ada: User, start: Start
) -> None:
    await start(direct().command)
    asked = await server.slash(server.user("Bob"), "compare", {"first": "mle", "second": "da"})
    press = server.click_payload(ada, asked, encode(Run("tell")))
    reply = await server.raw_interaction(press)
    assert reply.ephemeral
    assert SENT in reply.text
    assert [SECRET in m.text for m in server.messages(server.dm_with(ada))] == [True]


async def test_a_message_that_takes_long_to_send_does_not_let_the_interaction_fail(
    server: FakeDiscord, ada: User, start: Start
) -> None:
    await start(direct().command, defer_after=0.05)
    go_on = asyncio.Event()
    server.delay("POST", MESSAGES, go_on)
    reply = await server.slash(ada, "tell")
    assert reply.kind is Kind.DEFERRED
    go_on.set()
    assert SENT in (await reply.finished()).text
    assert len(server.messages(server.dm_with(ada))) == 1


async def test_a_file_is_said_in_place_also_after_a_deferral(
    server: FakeDiscord, ada: User, start: Start
) -> None:
    await start(direct(FILE).command, defer_after=AT_ONCE)
    server.close_dms(ada)
    go_on = asyncio.Event()
    server.delay("POST", DMS, go_on)
    reply = await server.slash(ada, "tell")
    go_on.set()
    message = await reply.finished()
    assert message.ephemeral
    assert SECRET in message.text
    assert server.files(message) == FILES


async def test_a_lost_confirmation_makes_no_second_message(
    server: FakeDiscord, ada: User, start: Start
) -> None:
    await start(direct().command)
    server.lose_answer("POST", MESSAGES)
    reply = await server.slash(ada, "tell")
    assert SENT in reply.text
    assert len(server.messages(server.dm_with(ada))) == 1


async def test_what_may_have_arrived_is_not_said_twice(
    server: FakeDiscord, ada: User, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    await start(direct().command)
    server.lose_answer("POST", MESSAGES, times=2)
    reply = await server.slash(ada, "tell")
    assert SENT in reply.text
    assert "may be lost" in caplog.text


@pytest.mark.parametrize("defer_after", [AT_ONCE, 1.5])
@pytest.mark.parametrize("attachment", [None, FILE])
async def test_in_direct_messages_it_is_simply_the_answer_and_stays(
    server: FakeDiscord, ada: User, start: Start, attachment: Attachment | None, defer_after: float
) -> None:
    await start(direct(attachment).command, defer_after=defer_after)
    await server.slash(ada, "tell", where=server.dm_with(ada))
    (message,) = await lasting(server, ada)
    assert SECRET in message.text
    assert server.files(message) == (FILES if attachment else {})


async def lasting(server: FakeDiscord, ada: User) -> list[Message]:
    """The messages in the direct messages, once one of them says the secret."""

    def told() -> list[Message]:
        return server.messages(server.dm_with(ada))

    changes = server.state.world.changes
    await changes.wait_for(lambda: any(SECRET in m.text for m in told()), "the secret", 3.0)
    return told()


async def test_plain_words_in_a_direct_message_are_answered_there(
    server: FakeDiscord, ada: User, start: Start
) -> None:
    await start(direct(FILE).command)
    message = await server.dm(ada, "/tell")
    assert SECRET in message.text
    assert server.files(message) == FILES


async def test_a_file_comes_with_the_message(server: FakeDiscord, ada: User, start: Start) -> None:
    await start(direct(FILE).command)
    assert SENT in (await server.slash(ada, "tell")).text
    (message,) = server.messages(server.dm_with(ada))
    assert SECRET in message.text
    assert server.files(message) == FILES


async def test_somebody_who_waits_too_long_still_gets_their_message(
    server: FakeDiscord, ada: User, start: Start
) -> None:
    await start(direct().command)
    with pytest.raises(InteractionFailedError):
        await server.slash(ada, "tell", patience=0)
    (message,) = await server.posted(server.dm_with(ada))
    assert SECRET in message.text
