"""People bring the bot into their workspaces by its two pages."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.adapters.slack.adapter import SlackAdapter
from bot.adapters.slack.manifest import SCOPES
from bot.adapters.slack.oauth import OAuth
from bot.core.dispatch import Dispatcher
from tests.adapters.slack.many import Many, fresh_url, running
from tests.adapters.slack.running import serve
from tests.fakes.slack.browser import Browser
from tests.fakes.slack.limits import Json
from tests.fakes.slack.server import SlackServer


@pytest.fixture
async def many(slack: SlackServer, dispatcher: Dispatcher, tmp_path: Path) -> AsyncIterator[Many]:
    async with running(slack, dispatcher, fresh_url(tmp_path)) as made:
        yield made


async def test_two_workspaces_install_it_and_each_gets_its_own_answers(
    slack: SlackServer, many: Many
) -> None:
    acme, boole = slack.another("acme"), slack.another("boole")
    for place in (acme, boole):
        page = await many.install(place)
        assert page.status == 200
        assert "rolecall is now in your workspace" in page.text
    for place in (acme, boole):
        answer = await many.mention(place)
        assert "Retrieval" in (await answer.message()).shown
        slash = await place.slash(place.person("Bob"), "/define", "rag")
        assert "Retrieval" in slash.shown
    assert [call.error for call in slack.calls if call.method == "chat.postMessage"] == [None] * 2


async def test_the_first_page_says_what_is_asked_for_and_leads_to_slack(many: Many) -> None:
    page = await many.browser.get("/slack/install")
    assert page.status == 200
    assert many.browser.cookies == {}
    for what in SCOPES.values():
        assert what.replace("'", "&#x27;") in page.text
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"

    address = urlsplit(await many.browser.to_slack())
    asked = parse_qs(address.query)
    assert f"{address.scheme}://{address.netloc}" == many.slack.base
    assert address.path == "/oauth/v2/authorize"
    assert asked["client_id"] == [many.slack.tokens.client_id]
    assert asked["scope"] == [",".join(SCOPES)]
    assert "user_scope" not in asked
    assert list(many.browser.cookies.values()) == asked["state"]


async def test_the_cookie_is_for_this_host_over_tls_and_for_no_script(many: Many) -> None:
    started = await many.browser.get("/slack/install?start=yes")
    cookie = started.headers["Set-Cookie"]
    assert cookie.startswith("__Host-")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"):
        assert part in cookie
    assert "Domain" not in cookie


INVALID = "This link is not valid any more"


async def test_the_way_back_counts_once(many: Many) -> None:
    acme = many.slack.another("acme")
    back = many.slack.tokens.consent(await many.browser.to_slack(), [acme.workspace])
    cookies = dict(many.browser.cookies)
    assert (await many.browser.get(back)).status == 200
    assert many.browser.cookies == {}
    for kept in ({}, cookies):
        many.browser.cookies = dict(kept)
        page = await many.browser.get(back)
        assert page.status == 400
        assert INVALID in page.text
        assert "Add to Slack" in (await many.browser.get(page.links["Start again"])).text
    assert len(many.slack.tokens.grants) == 2  # the first one is of no matter here


async def test_what_somebody_else_began_or_made_up_is_refused(many: Many) -> None:
    acme = many.slack.another("acme")
    back = many.slack.tokens.consent(await many.browser.to_slack(), [acme.workspace])
    mallory = Browser(many.browser.site)
    await mallory.to_slack()
    code = parse_qs(urlsplit(back).query)["code"][0]
    made_up = "a" * 43
    for browser, address in (
        (mallory, back),
        (Browser(many.browser.site), back),
        (many.browser, f"/slack/oauth_redirect?code={code}&state={made_up}"),
        (many.browser, f"/slack/oauth_redirect?code={code}&state="),
        (many.browser, f"/slack/oauth_redirect?code={code}&state=%00%ff"),
        (many.browser, f"/slack/oauth_redirect?code={code}"),
        (many.browser, "/slack/oauth_redirect"),
    ):
        page = await browser.get(address)
        assert page.status == 400
        assert INVALID in page.text
    browser = Browser(many.browser.site)
    browser.cookies = dict.fromkeys(["__Host-rolecall-slack-state"], made_up)
    page = await browser.get(f"/slack/oauth_redirect?code={code}&state={made_up}")
    assert page.status == 400
    assert await many.installations.find("", acme.workspace.identity.team_id) is None


async def test_whoever_says_no_at_slack_is_told_that_nothing_was_installed(many: Many) -> None:
    state = parse_qs(urlsplit(await many.browser.to_slack()).query)["state"][0]
    page = await many.browser.get(f"/slack/oauth_redirect?error=access_denied&state={state}")
    assert page.status == 200
    assert "Nothing was installed" in page.text
    assert many.slack.calls == []


@pytest.mark.parametrize("extra", ["", "&error=<script>", "&code=no-such-code"])
async def test_what_slack_does_not_confirm_is_not_installed(many: Many, extra: str) -> None:
    state = parse_qs(urlsplit(await many.browser.to_slack()).query)["state"][0]
    page = await many.browser.get(f"/slack/oauth_redirect?state={state}{extra}")
    assert page.status == 400
    assert "Slack did not confirm" in page.text
    assert "<script>" not in page.text


@pytest.mark.parametrize("failure", ["500", "cut"])
async def test_a_slack_that_fails_is_said_and_the_code_is_not_sent_again(
    many: Many, failure: str
) -> None:
    acme = many.slack.another("acme")
    if failure == "500":
        many.slack.fail("oauth.v2.access", status=500)
    else:
        many.slack.fail("oauth.v2.access", cut=True)
    page = await many.install(acme)
    assert page.status == 502
    assert "Slack cannot be reached" in page.text
    assert len(many.slack.calls) == 1
    assert (await many.install(acme)).status == 200


@pytest.mark.parametrize("part", [{"token_type": "user"}, {"bot_user_id": None}, {"team": None}])
async def test_a_token_for_something_else_than_the_bot_is_not_kept(
    many: Many, monkeypatch: pytest.MonkeyPatch, part: Json
) -> None:
    made = many.slack.tokens.access

    def access(args: Json, authorization: str) -> Json:
        return made(args, authorization) | part

    monkeypatch.setattr(many.slack.tokens, "access", access)
    page = await many.install(many.slack.another("acme"))
    assert page.status == 400
    assert "Slack did not confirm" in page.text


async def test_a_database_that_fails_is_said(many: Many) -> None:
    acme = many.slack.another("acme")
    back = many.slack.tokens.consent(await many.browser.to_slack(), [acme.workspace])
    await many.database.close()
    for address in (back, "/slack/install?start=yes"):
        page = await many.browser.get(address)
        assert page.status == 503
        assert "did not work just now" in page.text


async def test_installing_again_takes_the_new_token_at_once(many: Many) -> None:
    acme = many.slack.another("acme")
    await many.install(acme)
    await (await many.mention(acme)).message()
    many.slack.tokens.refuse(acme.workspace, "token_revoked")
    await many.install(acme)
    assert "Retrieval" in (await (await many.mention(acme)).message()).shown
    posts = [call.error for call in many.slack.calls if call.method == "chat.postMessage"]
    assert posts == [None, None]


async def test_no_secret_is_shown_or_logged(many: Many, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    tokens = many.slack.tokens
    tokens.rotates = True
    tokens.lasts = 3600
    acme = many.slack.another("acme")
    many.slack.fail("oauth.v2.access", error="internal_error")
    pages = [await many.install(acme), await many.install(acme)]
    await (await many.mention(acme)).message()
    await acme.uninstall()
    many.slack.fail("oauth.v2.access", cut=True)
    pages.append(await many.install(acme))
    seen = "".join(page.text for page in pages)
    seen += "\n".join(record.getMessage() + str(record.exc_info) for record in caplog.records)
    assert tokens.exchanges > 0
    for secret in (*tokens.secrets, tokens.client_secret):
        assert secret not in seen


async def test_before_the_start_the_pages_are_not_there_yet(
    slack: SlackServer, dispatcher: Dispatcher, many: Many
) -> None:
    access = OAuth("1.2", "secret", many.installations)
    adapter = SlackAdapter(dispatcher, access, signing_secret="x", api_base=slack.api_base)
    runner = await serve(adapter.routes())
    browser = Browser(f"http://127.0.0.1:{runner.addresses[0][1]}")
    assert (await browser.get("/slack/install")).status == 503
    assert (await browser.get("/slack/oauth_redirect")).status == 503
    await runner.cleanup()
    assert "secret" not in repr(access).replace("client_secret", "")


async def test_one_workspace_has_no_pages(slack: SlackServer, dispatcher: Dispatcher) -> None:
    one = SlackAdapter(dispatcher, slack.bot_token, signing_secret="x", api_base=slack.api_base)
    assert [route.path for route in one.routes()] == ["/slack/events"]
