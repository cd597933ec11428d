"""Plain words in a direct message are answered in place."""

from __future__ import annotations

import logging

import pytest

from bot.adapters.discord.adapter import DiscordAdapter
from tests.adapters.discord.conftest import Start
from tests.adapters.discord.slow import Slow
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import User

MESSAGES = "/channels/*/messages"
QUESTION = "what is the difference between an AI engineer and an ML engineer?"


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    "words",
    [
        QUESTION,
        "ai engineer vs mle",
        "<@1> ai engineer vs mle <:hm:123>",
        "/compare ai engineer and mle",
    ],
)
async def test_a_question_is_answered_where_it_was_asked(
    server: FakeDiscord, ada: User, words: str
) -> None:
    answer = await server.dm(ada, words)
    assert answer.text.startswith("## AI engineer and ML engineer")
    reply = await server.click(ada, answer, answer.labelled("Pay"))
    assert reply.text.startswith("## Pay")


@pytest.mark.usefixtures("bot")
async def test_a_long_answer_comes_in_order(server: FakeDiscord, ada: User) -> None:
    await server.write(ada, "what is an ML engineer?")
    first, second = await server.posted(server.dm_with(ada), 2)
    assert first.text.startswith("## ML engineer")
    assert second.labels[0] == "Skills"
    sent = await server.asked("POST", MESSAGES, times=2)
    nonces = {request.body["nonce"] for request in sent}
    assert len(nonces) == 2
    assert all(request.body["enforce_nonce"] for request in sent)


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("words", ["/", "?!", "@everyone", "🤖", "<@1>"])
async def test_words_that_mean_nothing_are_answered(
    server: FakeDiscord, ada: User, words: str
) -> None:
    answer = await server.dm(ada, words)
    assert "@everyone" not in answer.text
    assert answer.labels


@pytest.mark.usefixtures("bot")
async def test_what_a_form_would_ask_for_is_said(server: FakeDiscord, ada: User) -> None:
    answer = await server.dm(ada, "/compare data analyst")
    assert "Still missing: second" in answer.text
    reply = await server.click(ada, answer, answer.labelled("Fill it in"))
    assert reply.modal is not None


@pytest.mark.usefixtures("bot")
async def test_a_command_typed_by_hand_is_one(server: FakeDiscord, ada: User) -> None:
    assert "£55,000" in (await server.dm(ada, "/pay data scientist in the UK")).text
    assert "What I can do" in (await server.dm(ada, "/")).text


async def test_a_lost_confirmation_makes_no_second_message(
    server: FakeDiscord, ada: User, bot: DiscordAdapter
) -> None:
    server.lose_answer("POST", MESSAGES)
    await server.dm(ada, QUESTION)
    await bot.stop()
    posted = [m for m in server.messages(server.dm_with(ada)) if "AI engineer and" in m.text]
    assert len(posted) == 1


async def test_closed_direct_messages_are_only_noted(
    server: FakeDiscord, ada: User, bot: DiscordAdapter, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    server.close_dms(ada)
    await server.write(ada, QUESTION)
    await server.asked("POST", MESSAGES, status=403)
    await bot.stop()
    assert "closed their direct messages" in caplog.text
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []


@pytest.mark.usefixtures("bot")
async def test_an_answer_that_discord_refuses_becomes_an_apology(
    server: FakeDiscord, ada: User
) -> None:
    server.fail("POST", MESSAGES, status=400, code=50035)
    assert "went wrong on our side" in (await server.dm(ada, QUESTION)).text


async def test_a_slow_answer_shows_typing(
    server: FakeDiscord, ada: User, start: Start, slow: Slow
) -> None:
    command = slow.command()
    ask = type(command)(
        "ask", "Slow", command.options, command.visibility, command.handler, pure=False
    )
    await start(ask, defer_after=0.0)
    await server.write(ada, QUESTION)
    await server.asked("POST", "/channels/*/typing")
    slow.go_on.set()
    (answer,) = await server.posted(server.dm_with(ada))
    assert answer.labels
