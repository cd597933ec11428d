"""The loopback Slack as the real slack-bolt sees it: commands, events and the wires."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack.bolt import Bot, bot_over
from tests.fakes.slack.limits import Json
from tests.fakes.slack.load import Load, run_load
from tests.fakes.slack.samples import section
from tests.fakes.slack.server import SlackServer


@pytest.fixture(params=["http", "socket"])
async def bot(request: pytest.FixtureRequest) -> AsyncIterator[Bot]:
    """The same bot, once behind signed HTTP requests and once behind Socket Mode."""
    async with bot_over(request.param) as bot:
        yield bot
        assert bot.slack.unrouted == []


@pytest.fixture
async def over_http() -> AsyncIterator[Bot]:
    async with bot_over("http") as bot:
        yield bot


@pytest.fixture
async def over_socket() -> AsyncIterator[Bot]:
    async with bot_over("socket") as bot:
        yield bot


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    """A Slack without any app."""
    async with SlackServer() as server:
        yield server


async def test_a_slash_command_is_answered_by_the_acknowledgement(bot: Bot) -> None:
    @bot.app.command("/compare")
    async def compare(ack: Any, body: Json) -> None:
        await ack(text=f"{body['text']} for {body['user_name']}", blocks=[section("*the* answer")])

    ada = bot.slack.person("Ada Lovelace")
    answer = await bot.slack.slash(ada, "/compare", "ai engineer vs ml engineer")

    (message,) = answer.messages
    assert message.text == "ai engineer vs ml engineer for ada.lovelace"
    assert message.shown == "*the* answer"
    assert (message.visibility, message.only_for) == ("ephemeral", ada.id)
    assert answer.failure is None
    assert bot.slack.violations == []


async def test_a_slash_command_has_all_the_fields_of_a_real_one(bot: Bot) -> None:
    bodies: list[Json] = []

    @bot.app.command("/compare")
    async def compare(ack: Any, body: Json) -> None:
        bodies.append(body)
        await ack()

    answer = await bot.slack.slash(bot.slack.person("Ada"), "/compare", "a & b")

    assert answer.messages == ()
    assert bodies[0].keys() == {
        "token",
        "team_id",
        "team_domain",
        "channel_id",
        "channel_name",
        "user_id",
        "user_name",
        "command",
        "text",
        "api_app_id",
        "is_enterprise_install",
        "response_url",
        "trigger_id",
    }
    assert bodies[0]["text"] == "a & b"


async def test_names_in_a_slash_command_arrive_as_ids_when_the_manifest_asks(bot: Bot) -> None:
    @bot.app.command("/compare")
    async def compare(ack: Any, body: Json) -> None:
        await ack({"response_type": "in_channel", "text": body["text"].replace("<", "(")})

    bot.slack.should_escape = True
    ada = bot.slack.person("Ada")
    answer = await bot.slack.slash(ada, "/compare", "@Ada <b>")

    assert answer.messages[0].text == f"(@{ada.id}|Ada> &lt;b&gt;"


async def test_later_answers_come_through_the_response_url_and_can_be_awaited(bot: Bot) -> None:
    background: set[asyncio.Task[None]] = set()
    may_go_on = asyncio.Event()

    @bot.app.command("/slow")
    async def slow(ack: Any, respond: Any) -> None:
        async def later() -> None:
            await may_go_on.wait()
            await respond("here for all", response_type="in_channel")

        background.add(asyncio.create_task(later()))
        await ack("one moment")

    ada = bot.slack.person("Ada")
    answer = await bot.slack.slash(ada, "/slow")
    assert [message.text for message in answer.messages] == ["one moment"]
    may_go_on.set()

    assert (await answer.message(1)).text == "here for all"
    assert (await answer.message(1)).visibility == "in_channel"
    await asyncio.gather(*background)


async def test_posts_are_seen_in_the_channel_and_ephemeral_ones_by_one_person(bot: Bot) -> None:
    ada, grace = bot.slack.person("Ada"), bot.slack.person("Grace")

    @bot.app.command("/tell")
    async def tell(ack: Any, client: AsyncWebClient, body: Json) -> None:
        await ack()
        await client.chat_postEphemeral(channel=body["channel_id"], user=grace.id, text="psst")
        await client.chat_postMessage(channel=body["channel_id"], text="for all")

    answer = await bot.slack.slash(ada, "/tell")

    assert [message.text for message in answer.messages] == ["for all"]
    assert (await bot.slack.next_message(bot.slack.general)).text == "psst"


async def test_a_person_is_told_when_the_app_is_too_slow(bot: Bot) -> None:
    release = asyncio.Event()

    @bot.app.command("/slow")
    async def slow(ack: Any) -> None:
        await release.wait()
        await ack("too late")

    bot.slack.ack_timeout = 0.1
    answer = await bot.slack.slash(bot.slack.person("Ada"), "/slow")
    release.set()

    assert answer.failure == "operation_timeout"
    assert answer.messages == ()


async def test_a_broken_acknowledgement_is_recorded_and_the_person_sees_the_failure(
    bot: Bot,
) -> None:
    @bot.app.command("/shout")
    async def shout(ack: Any) -> None:
        await ack("hello <!channel>")

    answer = await bot.slack.slash(bot.slack.person("Ada"), "/shout")

    assert answer.failure == "invalid_command_response"
    (violation,) = bot.slack.violations
    assert violation.where == "ack"
    assert "calls people" in violation.problems[0]


async def test_a_mention_is_answered_in_its_thread(bot: Bot) -> None:
    events: list[Json] = []

    @bot.app.event("app_mention")
    async def mentioned(event: Json, body: Json, say: Any) -> None:
        events.append(body)
        await say(text="Retrieval", thread_ts=event.get("thread_ts") or event["ts"])

    ada, channel = bot.slack.person("Ada"), bot.slack.channel("ml")
    answer = await bot.slack.mention(ada, channel, "<@BOT> what is R&D <!channel>?")

    event = events[0]["event"]
    assert event["text"] == f"<@{bot.slack.bot_user_id}> what is R&amp;D &lt;!channel&gt;?"
    assert (await answer.message()).thread_ts == event["ts"]
    assert events[0]["authorizations"][0]["is_bot"] is True
    assert events[0]["event_context"]


async def test_a_bot_outside_the_channel_hears_no_mention_and_may_not_post(bot: Bot) -> None:
    ada = bot.slack.person("Ada")
    public = bot.slack.channel("random", bot_is_member=False)
    private = bot.slack.channel("council", bot_is_member=False, private=True)

    assert (await bot.slack.mention(ada, public, "<@BOT> hi")).failure == "not_in_channel"
    for channel, error in ((public, "not_in_channel"), (private, "channel_not_found")):
        with pytest.raises(SlackApiError, match=error):
            await bot.app.client.chat_postMessage(channel=channel.id, text="hi")


async def test_a_direct_message_is_answered(bot: Bot) -> None:
    @bot.app.event("message")
    async def message(event: Json, say: Any) -> None:
        assert event["channel_type"] == "im"
        await say(event["text"].upper())

    ada = bot.slack.person("Ada")
    answer = await bot.slack.dm(ada, "hello")

    assert answer.messages[0].text == "HELLO"
    assert [said.text for said in bot.slack.history(ada)] == ["hello", "HELLO"]


async def test_an_event_comes_again_until_it_is_acknowledged(bot: Bot) -> None:
    attempts: list[tuple[str, str]] = []

    @bot.app.event("app_mention")
    async def mentioned(body: Json, request: Any) -> None:
        number = request.headers.get("x-slack-retry-num", ["0"])[0]
        attempts.append((body["event_id"], number))
        if len(attempts) < 3:
            raise ValueError("not yet")

    bot.slack.ack_timeout = 0.3
    ada = bot.slack.person("Ada")
    answer = await bot.slack.mention(ada, bot.slack.general, "<@BOT> hi")

    assert [number for _, number in attempts] == ["0", "1", "2"]
    assert len({event_id for event_id, _ in attempts}) == 1
    assert answer.failure is None
    assert answer.receipts[1].retry is not None


async def test_an_answered_event_can_come_twice(bot: Bot) -> None:
    headers: list[dict[str, list[str]]] = []

    @bot.app.event("app_mention")
    async def mentioned(request: Any) -> None:
        headers.append(request.headers)

    ada = bot.slack.person("Ada")
    await bot.slack.mention(ada, bot.slack.general, "<@BOT> hi")
    (receipt,) = await bot.slack.retry()

    assert receipt.failure is None
    assert headers[1]["x-slack-retry-num"] == ["1"]
    assert headers[1]["x-slack-retry-reason"] == ["http_timeout"]


async def test_uninstalling_kills_the_token_and_tells_the_app(bot: Bot) -> None:
    heard: list[str] = []

    @bot.app.event("app_uninstalled")
    async def uninstalled() -> None:
        heard.append("app_uninstalled")

    @bot.app.event("tokens_revoked")
    async def revoked() -> None:
        heard.append("tokens_revoked")

    await bot.app.client.auth_test()
    receipts = await bot.slack.uninstall()

    assert sorted(heard) == ["app_uninstalled", "tokens_revoked"]
    assert all(receipt.failure is None for receipt in receipts)
    with pytest.raises(SlackApiError, match="account_inactive"):
        await bot.app.client.auth_test()


async def test_bolt_refuses_a_wrong_signature() -> None:
    async with bot_over("http", signing_secret="another") as bot:
        answer = await bot.slack.slash(bot.slack.person("Ada"), "/compare")

    assert answer.failure == "dispatch_failed"
    assert answer.receipts[0].status == 401


async def test_nobody_listening_is_a_failed_dispatch(slack: SlackServer) -> None:
    ada = slack.person("Ada")
    assert (await slack.slash(ada, "/compare")).failure == "dispatch_failed"
    slack.target = "http://127.0.0.1:9/slack/events"
    answer = await slack.dm(ada, "hello")
    assert [receipt.reason for receipt in answer.receipts] == ["connection_failed"] * 4


async def test_a_response_url_serves_five_times_and_half_an_hour(over_http: Bot) -> None:
    urls: list[str] = []

    @over_http.app.command("/compare")
    async def compare(ack: Any, body: Json) -> None:
        urls.append(body["response_url"])
        await ack()

    ada = over_http.slack.person("Ada")
    await over_http.slack.slash(ada, "/compare")
    await over_http.slack.slash(ada, "/compare")
    async with aiohttp.ClientSession() as session:
        answers = [await session.post(urls[0], json={"text": "hello"}) for _ in range(6)]
        assert [answer.status for answer in answers] == [200] * 5 + [404]
        assert await answers[-1].text() == "used_url"
        over_http.slack.advance(30 * 60 + 1)
        late = await session.post(urls[1], json={"text": "hello"})
        assert (late.status, await late.text()) == (404, "expired_url")


async def test_the_socket_answers_pings_and_moves_on_when_told_to(over_socket: Bot) -> None:
    @over_socket.app.command("/compare")
    async def compare(ack: Any) -> None:
        await ack("still here")

    slack = over_socket.slack
    await slack.ping()
    await slack.disconnect("warning")
    await slack.disconnect("refresh_requested")

    answer = await slack.slash(slack.person("Ada"), "/compare")
    assert answer.messages[0].text == "still here"
    assert len([call for call in slack.calls if call.method == "apps.connections.open"]) == 3


async def test_a_dropped_socket_leaves_nobody_to_answer(over_socket: Bot) -> None:
    slack = over_socket.slack
    await slack.drop()
    answer = await slack.slash(slack.person("Ada"), "/compare")
    assert answer.failure == "dispatch_failed"


async def test_a_load_of_commands_is_timed(over_http: Bot) -> None:
    @over_http.app.command("/compare")
    async def compare(ack: Any, body: Json) -> None:
        await ack(body["text"])

    target = over_http.slack.target or ""
    load = Load(target=target, number=20, concurrency=4, text="ai engineer vs ml engineer")
    result = await run_load(over_http.slack, load)

    assert result["statuses"] == {"200": 20}
    assert len(result["latencies_ms"]) == 20
    assert all(latency > 0 for latency in result["latencies_ms"])


async def test_the_stand_alone_server_measures_a_bot_in_another_process(over_http: Bot) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.fakes.slack", "--port", "0"),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    known = json.loads(await process.stdout.readline())
    load = {"target": over_http.slack.target, "number": 5, "concurrency": 2, "text": "x"}
    async with aiohttp.ClientSession() as session:
        answer = await session.post(known["load"], json=load)
        result = await answer.json()
    process.terminate()
    await process.wait()

    # The bot knows another signing secret, which it says five times.
    assert result["statuses"] == {"401": 5}
