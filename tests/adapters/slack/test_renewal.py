"""Tokens that end after some hours: renewed in time, by one process, and never lost."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.slack.admission import LATER, NOT_INSTALLED
from bot.core.dispatch import Dispatcher
from bot.core.messenger import Delivery
from bot.store.installations import Installation
from tests.adapters.slack.many import Many, fresh_url, running
from tests.adapters.slack.running import said
from tests.fakes.slack.elsewhere import Elsewhere
from tests.fakes.slack.server import SlackServer
from tests.store import postgres

RAG = "Retrieval"
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def slack(slack: SlackServer) -> SlackServer:
    slack.tokens.rotates = True
    return slack


@pytest.fixture
async def many(slack: SlackServer, dispatcher: Dispatcher, tmp_path: Path) -> AsyncIterator[Many]:
    async with running(slack, dispatcher, fresh_url(tmp_path)) as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def shared_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database for two processes."""
    if request.param == "sqlite":
        yield fresh_url(tmp_path)
    else:
        postgres.need_server()
        with postgres.fresh_database() as made:
            yield made.replace("postgresql://", "postgresql+psycopg://")


async def kept(many: Many, place: Elsewhere) -> Installation:
    found = await many.installations.find("", place.workspace.identity.team_id)
    assert found is not None
    return found


async def installed(many: Many, left: dt.timedelta) -> Elsewhere:
    """A workspace whose token ends after some time, or has ended; Slack sees it alike."""
    place = many.slack.another("acme")
    await many.install(place)
    found = await kept(many, place)
    ends = dt.datetime.now(dt.UTC) + left
    await many.installations.save(replace(found, expires=ends))
    many.slack.tokens.grants[-1].ends = ends.timestamp()
    return place


async def test_a_token_with_hours_left_is_used_as_it_is(many: Many) -> None:
    acme = await installed(many, 10 * HOUR)
    assert RAG in (await (await many.mention(acme)).message()).shown
    assert many.slack.tokens.exchanges == 0


@pytest.mark.parametrize("left", [HOUR, -HOUR])
async def test_a_token_that_ends_soon_is_renewed_before_it_is_used(
    many: Many, left: dt.timedelta
) -> None:
    acme = await installed(many, left)
    before = await kept(many, acme)
    ada = acme.person("Ada")
    address = f"/{acme.workspace.identity.team_id}/{ada.id}"
    assert (await many.adapter.direct(address, said("Hello"), "k")).delivery is Delivery.SENT
    assert many.slack.tokens.exchanges == 1
    after = await kept(many, acme)
    assert after.token != before.token
    assert after.refresh_token != before.refresh_token
    assert after.expires is not None
    assert after.expires - dt.datetime.now(dt.UTC) > 11 * HOUR
    assert RAG in (await (await many.mention(acme)).message()).shown
    assert many.slack.tokens.exchanges == 1
    assert [call.error for call in many.slack.calls if call.method == "chat.postMessage"] == [
        None,
        None,
    ]


@pytest.mark.parametrize("left", [HOUR, -HOUR])
async def test_two_processes_renew_a_token_once(
    slack: SlackServer, dispatcher: Dispatcher, shared_url: str, left: dt.timedelta
) -> None:
    async with (
        running(slack, dispatcher, shared_url) as first,
        running(slack, dispatcher, shared_url) as second,
    ):
        acme = await installed(second, left)
        ada = acme.person("Ada")
        address = f"/{acme.workspace.identity.team_id}/{ada.id}"
        sent = await asyncio.gather(
            *(bot.adapter.direct(address, said("Hello"), "k") for bot in (first, second) * 3)
        )
        assert [receipt.delivery for receipt in sent] == [Delivery.SENT] * 6
        assert slack.tokens.exchanges == 1
        assert slack.tokens.reused == []
        for bot in (first, second):
            assert RAG in (await (await bot.mention(acme)).message()).shown
        assert (await kept(first, acme)).token == slack.tokens.grants[-1].token


async def test_while_another_process_renews_it_the_old_token_is_good_enough(
    many: Many,
) -> None:
    acme = await installed(many, HOUR)
    assert await many.installations.claim(await kept(many, acme), dt.datetime.now(dt.UTC))
    assert RAG in (await (await many.mention(acme)).message()).shown
    assert many.slack.tokens.exchanges == 0


async def test_a_slack_that_fails_to_renew_costs_nothing_while_the_token_lasts(
    many: Many,
) -> None:
    acme = await installed(many, HOUR)
    many.slack.fail("oauth.v2.access", status=500)
    assert RAG in (await (await many.mention(acme)).message()).shown
    assert many.slack.tokens.exchanges == 0


async def test_an_answer_that_takes_long_is_waited_for_beside_the_request(many: Many) -> None:
    """Given a renewal that outlives Slack's patience, its token is not lost."""
    acme = await installed(many, -HOUR)
    hold = asyncio.Event()
    many.slack.fail("oauth.v2.access", hold=hold)
    typed = await acme.slash(acme.person("Ada"), "/define", "rag")
    assert LATER.title in typed.shown
    hold.set()
    await many.adapter.stop()
    assert many.slack.tokens.exchanges == 1
    assert (await kept(many, acme)).token == many.slack.tokens.grants[-1].token


async def test_a_token_that_cannot_be_renewed_any_more_needs_an_installation(many: Many) -> None:
    acme = await installed(many, -HOUR)
    many.slack.tokens.refuse(acme.workspace)
    typed = await acme.slash(acme.person("Ada"), "/define", "rag")
    assert NOT_INSTALLED.title in typed.shown
    await many.install(acme)
    assert RAG in (await (await many.mention(acme)).message()).shown


async def test_a_token_that_another_process_replaced_is_looked_up_again(
    slack: SlackServer, dispatcher: Dispatcher, shared_url: str
) -> None:
    async with (
        running(slack, dispatcher, shared_url) as first,
        running(slack, dispatcher, shared_url) as second,
    ):
        acme = await installed(second, 10 * HOUR)
        for bot in (first, second):
            await (await bot.mention(acme)).message()
        slack.tokens.refuse(acme.workspace, "token_revoked")
        await second.install(acme)
        assert RAG in (await (await first.mention(acme)).message()).shown
        posts = [call.error for call in slack.calls if call.method == "chat.postMessage"]
        assert posts == [None, None, "token_revoked", None]


async def test_a_dead_token_without_a_newer_one_is_tried_once(many: Many) -> None:
    acme = await installed(many, 10 * HOUR)
    ada = acme.person("Ada")
    address = f"/{acme.workspace.identity.team_id}/{ada.id}"
    assert (await many.adapter.direct(address, said("Hello"), "k")).delivery is Delivery.SENT
    many.slack.tokens.refuse(acme.workspace)
    assert (await many.adapter.direct(address, said("Hello"), "k")).delivery is Delivery.GONE
    posts = [call.error for call in many.slack.calls if call.method == "chat.postMessage"]
    assert posts == [None, "account_inactive"]
