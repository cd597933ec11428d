"""The Web API of the loopback Slack, with the real slack-sdk: tokens, refusals, faults."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack.bolt import web_client
from tests.fakes.slack.samples import section
from tests.fakes.slack.server import SlackServer


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    """A Slack without any app."""
    async with SlackServer() as server:
        yield server


@pytest.fixture
def client(slack: SlackServer) -> AsyncWebClient:
    return web_client(slack)


async def test_a_wrong_token_is_refused(slack: SlackServer) -> None:
    wrong = AsyncWebClient(token="wrong", base_url=slack.api_base)
    with pytest.raises(SlackApiError, match="invalid_auth"):
        await wrong.auth_test()
    with pytest.raises(SlackApiError, match="not_authed"):
        await AsyncWebClient(base_url=slack.api_base).auth_test()
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await wrong.apps_connections_open(app_token=slack.bot_token)


async def test_a_missing_scope_is_named(slack: SlackServer, client: AsyncWebClient) -> None:
    slack.scopes.discard("users:read")
    with pytest.raises(SlackApiError) as refused:
        await client.users_info(user=slack.person("Ada").id)
    assert refused.value.response["needed"] == "users:read"
    assert "users:read" not in (await client.auth_test()).headers["x-oauth-scopes"]


async def test_an_unknown_method_is_recorded(slack: SlackServer, client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="unknown_method"):
        await client.api_call("roles.compare")
    assert slack.unrouted == ["roles.compare"]
    slack.unrouted.clear()


async def test_people_and_conversations_can_be_looked_up(
    slack: SlackServer, client: AsyncWebClient
) -> None:
    ada = slack.person("Ada", tz="Europe/Paris", locale="fr-FR")
    user = (await client.users_info(user=ada.id, include_locale=True))["user"]
    assert (user["tz"], user["locale"]) == ("Europe/Paris", "fr-FR")
    assert (await client.conversations_open(users=ada.id))["channel"]["id"] == ada.dm
    channel = slack.channel("ml", bot_is_member=False)
    info = await client.conversations_info(channel=channel.id)
    assert info["channel"]["is_member"] is False


async def test_a_rate_limit_is_honoured(slack: SlackServer, client: AsyncWebClient) -> None:
    client.retry_handlers = [AsyncRateLimitErrorRetryHandler(max_retry_count=1)]
    slack.fail("chat.postMessage", status=429, retry_after=0.05)

    await client.chat_postMessage(channel=slack.general.id, text="hello")

    refused, accepted = slack.calls
    assert (refused.error, accepted.error) == ("ratelimited", None)
    assert accepted.at - refused.at >= 0.05
    assert len(slack.history(slack.general)) == 1


async def test_faults_happen_as_often_as_planned(
    slack: SlackServer, client: AsyncWebClient
) -> None:
    slack.fail("chat.postMessage", status=503)
    slack.fail("chat.postMessage", error="restricted_action")
    for error in ("internal_error", "restricted_action"):
        with pytest.raises(SlackApiError, match=error):
            await client.chat_postMessage(channel=slack.general.id, text="hello")
    await client.chat_postMessage(channel=slack.general.id, text="hello")
    assert len(slack.history(slack.general)) == 1


async def test_what_stands_before_slack_answers_in_plain_text(
    slack: SlackServer, client: AsyncWebClient
) -> None:
    slack.fail("chat.postMessage", status=502, by_proxy=True)
    with pytest.raises(SlackApiError, match="no healthy upstream"):
        await client.chat_postMessage(channel=slack.general.id, text="hello")
    assert slack.history(slack.general) == []


async def test_a_call_waits_for_the_event_that_holds_it(
    slack: SlackServer, client: AsyncWebClient
) -> None:
    hold = asyncio.Event()
    slack.fail("chat.postMessage", hold=hold)
    call = asyncio.create_task(client.chat_postMessage(channel=slack.general.id, text="hello"))
    await client.auth_test()
    assert not call.done()
    hold.set()
    assert (await call)["ok"]


async def test_a_cut_connection_hides_that_the_message_was_posted(
    slack: SlackServer, client: AsyncWebClient
) -> None:
    client.retry_handlers = []
    slack.fail("chat.postMessage", cut=True)
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=slack.general.id, text="hello")
    assert (await slack.next_message(slack.general)).text == "hello"


async def test_ephemeral_messages_have_slacks_restrictions(
    slack: SlackServer, client: AsyncWebClient
) -> None:
    ada, grace = slack.person("Ada"), slack.person("Grace")
    room = slack.channel("room", members=[grace])
    with pytest.raises(SlackApiError, match="user_not_in_channel"):
        await client.chat_postEphemeral(channel=room.id, user=ada.id, text="psst")
    sent = await client.chat_postEphemeral(channel=room.id, user=grace.id, text="psst")
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.chat_update(channel=room.id, ts=sent["message_ts"], text="changed")


async def test_an_outdated_hash_is_a_conflict(slack: SlackServer, client: AsyncWebClient) -> None:
    ada = slack.person("Ada")
    view = {"type": "home", "blocks": [section("one")]}
    first = await client.views_publish(user_id=ada.id, view=view)
    await client.views_publish(user_id=ada.id, view=view)
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_publish(user_id=ada.id, view=view, hash=first["view"]["hash"])


async def test_a_file_is_announced_sent_and_put_into_a_conversation(
    slack: SlackServer, client: AsyncWebClient
) -> None:
    ada = slack.person("Ada")
    await client.files_upload_v2(channel=ada.dm, filename="data.json", content="Zoë", title="Data")
    (message,) = slack.history(ada)
    assert [(file.name, file.text) for file in message.files] == [("data.json", "Zoë")]
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await client.files_upload_v2(channel=ada.id, filename="data.json", content="Zoë")
    slack.scopes.discard("files:write")
    with pytest.raises(SlackApiError, match="missing_scope"):
        await client.files_upload_v2(channel=ada.dm, filename="data.json", content="Zoë")
    assert len(slack.history(ada)) == 1


async def test_a_file_that_was_never_sent_cannot_be_shown(
    slack: SlackServer, client: AsyncWebClient
) -> None:
    ada = slack.person("Ada")
    announced = await client.files_getUploadURLExternal(filename="data.json", length=3)
    async with (
        aiohttp.ClientSession() as session,
        session.post(announced["upload_url"], data=b"too long") as answer,
    ):
        assert answer.status == 400
    with pytest.raises(SlackApiError, match="file_not_found"):
        await client.files_completeUploadExternal(
            files=[{"id": announced["file_id"], "title": "Data"}], channel_id=ada.dm
        )


async def test_somebody_who_closes_their_messages_gets_none(
    slack: SlackServer, client: AsyncWebClient
) -> None:
    ada, bob = slack.person("Ada"), slack.person("Bob")
    slack.close_dms(ada)
    with pytest.raises(SlackApiError, match="messages_tab_disabled"):
        await client.chat_postMessage(channel=ada.id, text="Hello")
    await client.chat_postMessage(channel=bob.id, text="Hello")
    assert slack.history(ada) == []
    assert len(slack.history(bob)) == 1
