"""Answers that come late, fail, or find the interaction gone: somebody is always told."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.adapters.discord.adapter import DiscordAdapter
from bot.core.command import Visibility
from bot.core.intents import Fill, Run, encode
from tests.adapters.discord.conftest import Start
from tests.adapters.discord.slow import DONE, Slow
from tests.fakes.discord.errors import InteractionFailedError
from tests.fakes.discord.replies import Kind, Reply
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import User

AT_ONCE = 0.0
PAIR = {"first": "ai-engineer", "second": "ml-engineer"}
CALLBACK = "/interactions/*/*/callback"
FAULT = "Something went wrong on our side"


@pytest.mark.parametrize("visibility", Visibility)
async def test_a_slow_command_is_deferred_and_then_answered(
    server: FakeDiscord, ada: User, start: Start, slow: Slow, visibility: Visibility
) -> None:
    await start(slow.command(visibility), defer_after=AT_ONCE)
    reply = await server.slash(ada, "slow")
    assert reply.kind is Kind.DEFERRED
    assert reply.ephemeral == (visibility is Visibility.PRIVATE)
    slow.go_on.set()
    message = await reply.finished()
    assert DONE in message.text
    assert message.ephemeral == reply.ephemeral
    assert reply.followups == ()


async def test_a_quick_command_is_not_deferred(
    server: FakeDiscord, ada: User, start: Start, slow: Slow
) -> None:
    await start(slow.command())
    slow.go_on.set()
    reply = await server.slash(ada, "slow")
    assert reply.kind is Kind.MESSAGE
    assert len(await server.asked("POST", CALLBACK)) == 1


async def test_a_late_failure_in_public_is_told_privately(
    server: FakeDiscord,
    ada: User,
    start: Start,
    slow: Slow,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await start(slow.command(fails=True), defer_after=AT_ONCE)
    reply = await server.slash(ada, "slow")
    slow.go_on.set()
    apology = await reply.followup()
    assert apology.ephemeral
    assert FAULT in apology.text
    assert server.messages(server.home) == []
    assert "nobody's business" in caplog.text
    assert "nobody's business" not in apology.text


async def test_a_failing_command_is_answered_privately(
    server: FakeDiscord, ada: User, start: Start, slow: Slow
) -> None:
    await start(slow.command(fails=True))
    slow.go_on.set()
    reply = await server.slash(ada, "slow")
    assert reply.ephemeral
    assert FAULT in reply.text


async def clicked_slowly(
    server: FakeDiscord, ada: User, start: Start, slow: Slow, label: str
) -> Reply:
    """A deferred click on a public message, whose answer is on its way."""
    slow.go_on.set()
    await start(slow.command(), defer_after=AT_ONCE)
    asked = await server.slash(ada, "slow")
    await asked.finished()
    slow.go_on.clear()
    reply = await server.click(ada, asked, asked.now().labelled(label))
    assert reply.kind is Kind.DEFERRED_UPDATE
    slow.go_on.set()
    return reply


@pytest.mark.parametrize(("label", "private"), [("Again", True), ("Again for all", False)])
async def test_a_slow_click_leaves_the_message_and_answers_below(
    server: FakeDiscord, ada: User, start: Start, slow: Slow, label: str, private: bool
) -> None:
    reply = await clicked_slowly(server, ada, start, slow, label)
    answer = await reply.followup()
    assert answer.ephemeral is private
    assert DONE in answer.text


async def test_a_form_opens_also_where_everything_is_deferred_at_once(
    server: FakeDiscord, ada: User, start: Start
) -> None:
    await start(defer_after=AT_ONCE)
    asked = await server.slash(ada, "roles")
    payload = server.click_payload(ada, asked, encode(Fill("compare")))
    assert (await server.raw_interaction(payload)).kind is Kind.MODAL


async def test_stopping_waits_for_answers_under_way(
    server: FakeDiscord, ada: User, start: Start, slow: Slow
) -> None:
    bot = await start(slow.command(), defer_after=AT_ONCE)
    reply = await server.slash(ada, "slow")
    stopping = asyncio.create_task(bot.stop())
    await slow.begun.wait()
    slow.go_on.set()
    await stopping
    assert DONE in (await reply.finished()).text


@pytest.mark.usefixtures("bot")
async def test_a_rate_limit_only_delays(server: FakeDiscord, ada: User) -> None:
    server.fail("POST", CALLBACK, status=429, retry_after=0.05)
    assert (await server.slash(ada, "compare", PAIR)).text.startswith("## AI engineer")


@pytest.mark.usefixtures("bot")
async def test_a_fault_of_discord_is_tried_again(server: FakeDiscord, ada: User) -> None:
    server.fail("POST", CALLBACK, status=502)
    assert (await server.slash(ada, "compare", PAIR)).text.startswith("## AI engineer")


@pytest.mark.usefixtures("bot")
async def test_a_confirmation_that_is_lost_does_not_lose_the_rest(
    server: FakeDiscord, ada: User
) -> None:
    server.lose_answer("POST", CALLBACK)
    reply = await server.slash(ada, "role", {"role": "mle"})
    assert reply.text.startswith("## ML engineer")
    assert (await reply.followup()).labels[0] == "Skills"


@pytest.mark.usefixtures("bot")
async def test_an_answer_that_discord_refuses_becomes_an_apology(
    server: FakeDiscord, ada: User, caplog: pytest.LogCaptureFixture
) -> None:
    server.fail("POST", CALLBACK, status=400, code=50035)
    reply = await server.slash(ada, "compare", PAIR)
    assert reply.ephemeral
    assert FAULT in reply.text
    reference = reply.text.rsplit("`", 2)[1]
    assert reference in [getattr(record, "reference", "") for record in caplog.records]


@pytest.mark.usefixtures("bot")
async def test_a_follow_up_that_discord_refuses_becomes_an_apology(
    server: FakeDiscord, ada: User
) -> None:
    server.fail("POST", "/webhooks/*/*", status=400, code=50035)
    reply = await server.slash(ada, "role", {"role": "mle"})
    apology = await reply.followup()
    assert apology.ephemeral
    assert FAULT in apology.text


async def test_an_expired_interaction_is_only_noted(
    server: FakeDiscord, ada: User, bot: DiscordAdapter, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with pytest.raises(InteractionFailedError):
        await server.slash(ada, "compare", PAIR, patience=0)
    await server.asked("POST", CALLBACK, status=404)
    await bot.stop()
    assert "had expired" in caplog.text
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []


async def test_a_token_that_ends_before_the_answer_is_only_noted(
    server: FakeDiscord,
    ada: User,
    start: Start,
    slow: Slow,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    bot = await start(slow.command(), defer_after=AT_ONCE)
    reply = await server.slash(ada, "slow")
    server.expire(reply)
    slow.go_on.set()
    await bot.stop()
    assert "had expired" in caplog.text
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []


async def test_one_slow_answer_holds_up_nobody_else(
    server: FakeDiscord, ada: User, start: Start, slow: Slow
) -> None:
    await start(slow.command(), defer_after=AT_ONCE)
    waiting = await server.slash(ada, "slow")
    asked = await server.slash(server.user("Bob"), "compare", PAIR)
    assert "AI engineer" in (await asked.finished()).text
    slow.go_on.set()
    assert DONE in (await waiting.finished()).text
    assert encode(Run("slow")) in waiting.now().custom_ids
