"""Starting, stopping, health, and requests that are not what they seem."""

from __future__ import annotations

import logging
import subprocess
import sys
import time

import aiohttp
import pytest

from bot.adapters.errors import AdapterError
from bot.adapters.slack.adapter import SlackAdapter
from bot.adapters.slack.manifest import SCOPES
from bot.core.dispatch import Dispatcher
from bot.core.messenger import Delivery
from bot.core.subscriptions import Place
from tests.adapters.effects import CARD, view
from tests.adapters.slack.running import Bot, running, serve
from tests.fakes.slack.sending import sign
from tests.fakes.slack.server import SlackServer


def adapter_for(slack: SlackServer, dispatcher: Dispatcher, **changed: str | None) -> SlackAdapter:
    tokens: dict[str, str | None] = {"app_token": None, "signing_secret": None, **changed}
    return SlackAdapter(
        dispatcher,
        tokens.get("bot_token") or slack.bot_token,
        app_token=tokens["app_token"],
        signing_secret=tokens["signing_secret"],
        api_base=tokens.get("api_base") or slack.api_base,
    )


@pytest.mark.parametrize("variable", ["bot_token", "app_token"])
async def test_a_token_that_slack_refuses_is_named_and_never_shown(
    slack: SlackServer, dispatcher: Dispatcher, caplog: pytest.LogCaptureFixture, variable: str
) -> None:
    caplog.set_level(logging.DEBUG)
    adapter = adapter_for(slack, dispatcher, **{variable: "xoxb-wrong-secret"})
    with pytest.raises(AdapterError) as refusal:
        await adapter.start()
    assert str(refusal.value) == f"SLACK_{variable.upper()}: Slack refused it: invalid_auth"
    assert "wrong-secret" not in caplog.text
    assert not adapter.ready()


async def test_a_slack_that_cannot_be_reached_is_said_in_one_line(
    slack: SlackServer, dispatcher: Dispatcher
) -> None:
    adapter = adapter_for(slack, dispatcher, api_base="http://127.0.0.1:1/api/")
    with pytest.raises(AdapterError, match=r"^Slack cannot be reached: \w+$"):
        await adapter.start()


async def test_who_does_not_listen_only_signs_in_and_posts(
    slack: SlackServer, dispatcher: Dispatcher
) -> None:
    adapter = adapter_for(slack, dispatcher, app_token=slack.app_token)
    assert not adapter.ready()
    await adapter.start(listen=False)
    assert adapter.ready()
    here = Place("slack", "slack:/T0000000001", slack.general.id)
    assert (await adapter.post(here, view(CARD), "1")).delivery is Delivery.SENT
    assert [call.method for call in slack.calls] == ["auth.test", "chat.postMessage"]
    await adapter.stop()
    assert not adapter.ready()


FORM = "application/x-www-form-urlencoded"


async def post(bot: Bot, body: bytes, headers: dict[str, str], content_type: str = FORM) -> int:
    """The status of the answer to a request from anywhere."""
    target = str(bot.slack.target)
    headers = headers | {"Content-Type": content_type}
    async with (
        aiohttp.ClientSession() as session,
        session.post(target, data=body, headers=headers) as response,
    ):
        return response.status


async def test_requests_that_slack_did_not_sign_are_refused(http_bot: Bot) -> None:
    secret, body = http_bot.slack.signing_secret, b"command=/help&text="
    assert await post(http_bot, body, {}) == 401
    assert await post(http_bot, body, sign("another secret", body)) == 401
    assert await post(http_bot, body, sign(secret, body, int(time.time()) - 6 * 60)) == 401
    assert await post(http_bot, body, sign(secret, b"another body")) == 401
    assert await post(http_bot, b"\xff\xfe\x00", {}) == 401


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"7", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"event": 7, "team": []}', "application/json"),
        (b'{"type": "event_callback", "event": "x", "authorizations": {}}', "application/json"),
        (b"payload={", FORM),
        (b"payload=[]", FORM),
    ],
)
async def test_requests_that_cannot_be_read_are_refused(
    http_bot: Bot, body: bytes, content_type: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert await post(http_bot, body, {}, content_type) in (400, 401)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_slack_can_verify_the_address(http_bot: Bot) -> None:
    body = b'{"type": "url_verification", "challenge": "a-challenge"}'
    signed = sign(http_bot.slack.signing_secret, body)
    assert await post(http_bot, body, signed, "application/json") == 200


async def test_before_the_start_and_after_the_stop_nobody_is_served(
    slack: SlackServer, dispatcher: Dispatcher
) -> None:
    adapter = adapter_for(slack, dispatcher, signing_secret=slack.signing_secret)
    runner = await serve(adapter.routes())
    slack.target = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    ada = slack.person("Ada")
    assert not adapter.ready()
    assert (await slack.slash(ada, "/help")).receipts[0].status == 503
    await adapter.start()
    assert adapter.ready()
    assert (await slack.slash(ada, "/help")).failure is None
    await adapter.stop()
    assert not adapter.ready()
    assert (await slack.slash(ada, "/help")).receipts[0].status == 503
    await runner.cleanup()


async def test_without_a_signing_secret_nothing_is_served_over_http(
    slack: SlackServer, dispatcher: Dispatcher
) -> None:
    assert adapter_for(slack, dispatcher, app_token=slack.app_token).routes() == []


async def test_a_socket_that_slack_renews_goes_on_working(
    slack: SlackServer, dispatcher: Dispatcher
) -> None:
    ada = slack.person("Ada")
    async with running(slack, dispatcher, "socket") as bot:
        assert bot.adapter.ready()
        await slack.disconnect()
        assert "ML engineer" in (await slack.slash(ada, "/role", "mle")).shown
        assert bot.adapter.ready()


async def test_a_socket_that_is_cut_comes_back(slack: SlackServer, dispatcher: Dispatcher) -> None:
    slack.patience = 30
    ada = slack.person("Ada")
    async with running(slack, dispatcher, "socket") as bot:
        await slack.drop()
        await slack.connected(1)
        assert "ML engineer" in (await slack.slash(ada, "/role", "mle")).shown
        assert bot.adapter.ready()


async def test_a_socket_that_hears_nothing_any_more_is_not_ready(
    slack: SlackServer, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(slack, dispatcher, "socket") as bot:
        await slack.ping()
        assert bot.adapter.ready()
        now = time.time()
        monkeypatch.setattr(time, "time", lambda: now + 60)
        heard = bot.adapter.ready()
        monkeypatch.undo()
    assert not heard


async def test_the_check_says_what_works_and_what_is_missing(
    slack: SlackServer, dispatcher: Dispatcher
) -> None:
    both = adapter_for(
        slack, dispatcher, app_token=slack.app_token, signing_secret=slack.signing_secret
    )
    assert await both.check() == [
        "Slack: signed in to loopback as rolecall",
        "Slack: Socket Mode can connect",
        "Slack: signed requests are taken at /slack/events",
    ]
    assert set(SCOPES) <= slack.scopes
    slack.scopes.discard("im:history")
    lacking = await adapter_for(slack, dispatcher).check()
    assert lacking[1:] == [
        "Slack: the scope im:history is missing, so no direct messages to the bot"
    ]
    wrong = adapter_for(slack, dispatcher, bot_token="xoxb-wrong")
    with pytest.raises(AdapterError, match=r"^SLACK_BOT_TOKEN: Slack refused it: invalid_auth$"):
        await wrong.check()


async def test_what_people_type_and_the_secrets_stay_out_of_the_log(
    slack: SlackServer, dispatcher: Dispatcher, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ada = slack.person("Ada")
    async with running(slack, dispatcher):
        await slack.slash(ada, "/role", "my private words")
        await slack.dm(ada, "my private words")
        slack.fail("response_url", status=500)
    log = "\n".join(record.getMessage() for record in caplog.records)
    for hidden in ("private words", slack.bot_token, slack.signing_secret, slack.app_token):
        assert hidden not in log


def test_the_package_alone_loads_nothing_heavy() -> None:
    program = (
        "import sys, bot.adapters.slack; "
        "sys.exit(any(n.split('.')[0] in {'slack_bolt', 'slack_sdk', 'aiohttp'} "
        "for n in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
