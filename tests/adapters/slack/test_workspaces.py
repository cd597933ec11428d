"""Many workspaces: whose token is used, what strangers hear, and what a removal leaves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.errors import AdapterError
from bot.adapters.slack.adapter import SlackAdapter
from bot.adapters.slack.admission import LATER, NOT_INSTALLED
from bot.adapters.slack.oauth import OAuth
from bot.core.dispatch import Dispatcher
from bot.core.messenger import Delivery
from bot.core.ports import StoreError
from bot.core.subscriptions import Place
from tests.adapters.slack.many import Many, fresh_url, running
from tests.adapters.slack.running import running as one_running
from tests.adapters.slack.running import said
from tests.adapters.slack.test_clicks import message_with_button
from tests.fakes.slack.people import People
from tests.fakes.slack.server import SlackServer

RAG = "Retrieval"


@pytest.fixture
async def many(slack: SlackServer, dispatcher: Dispatcher, tmp_path: Path) -> AsyncIterator[Many]:
    async with running(slack, dispatcher, fresh_url(tmp_path)) as made:
        yield made


def team(place: People) -> str:
    return place.workspace.identity.team_id


# Strangers


async def test_a_workspace_that_did_not_install_it_is_told_so_in_our_words(
    slack: SlackServer, many: Many
) -> None:
    acme = slack.another("acme")
    ada = acme.person("Ada")
    typed = await acme.slash(ada, "/define", "rag")
    assert NOT_INSTALLED.title in typed.shown
    assert typed.messages[0].only_for == ada.id
    button = acme.workspace.post(acme.general.id, message_with_button("r:help"))
    pressed = await acme.click(ada, button, "Press")
    assert NOT_INSTALLED.title in (await pressed.message()).shown
    for answer in (await acme.dm(ada, "hello"), await many.mention(acme)):
        assert answer.failure is None
        assert answer.messages == ()
    assert slack.calls[0].method == "response_url"
    assert len(slack.calls) == 1


async def test_a_form_that_was_left_open_says_that_the_bot_is_gone(
    slack: SlackServer, many: Many
) -> None:
    acme = slack.another("acme")
    await many.install(acme)
    ada = acme.person("Ada")
    form = await (await acme.slash(ada, "/compare")).modal()
    await acme.uninstall()
    assert await acme.suggest(ada, form.elements[0].action_id, "eng", form) == ()
    values = {element.action_id: "ml-engineer" for element in form.elements}
    for element in form.elements:
        acme.workspace.suggested[element.action_id] = [
            {"text": {"type": "plain_text", "text": "ML"}, "value": "ml-engineer"}
        ]
    sent = await acme.submit(ada, form, values)
    assert sent.failure is None
    assert NOT_INSTALLED.title in str((await sent.modal()).json["blocks"])


async def test_a_database_that_fails_is_no_removal(slack: SlackServer, many: Many) -> None:
    acme = slack.another("acme")
    await many.install(acme)
    await many.database.close()
    typed = await acme.slash(acme.person("Ada"), "/define", "rag")
    assert LATER.title in typed.shown
    assert not typed.failure
    assert (
        await many.adapter.direct(f"/{team(acme)}/U1", said("Hello"), "k")
    ).delivery is Delivery.LATER


async def test_a_workspace_that_is_known_is_not_looked_up_again(
    slack: SlackServer, many: Many
) -> None:
    acme = slack.another("acme")
    await many.install(acme)
    await (await many.mention(acme)).message()
    await many.database.close()
    assert RAG in (await (await many.mention(acme)).message()).shown


# Organisations


async def test_an_organisation_installs_it_for_all_its_workspaces(
    slack: SlackServer, many: Many
) -> None:
    acme = slack.another("acme", "E1", whole=True)
    boole = slack.another("boole", "E1", whole=True)
    other = slack.another("other", "E2", whole=True)
    await many.install(acme, boole)
    for place in (acme, boole):
        assert RAG in (await (await many.mention(place)).message()).shown
        ada = place.person("Ada")
        button = place.workspace.post(place.general.id, message_with_button("r:help"))
        assert (await (await place.click(ada, button, "Press")).message()).shown
    assert (await many.mention(other)).messages == ()
    await boole.uninstall()
    assert many.removed == ["slack:E1/", "slack:E1/"]
    assert (await many.mention(acme)).messages == ()


async def test_in_a_form_the_organisation_does_not_stand_for_the_workspace(
    slack: SlackServer, dispatcher: Dispatcher, many: Many, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme = slack.another("acme", "E1", whole=True)
    await many.install(acme)
    ada = acme.person("Ada")
    form = await (await acme.slash(ada, "/ask")).modal()
    submitted: list[Any] = []
    submit = dispatcher.submit

    async def listening(sent: Any) -> Any:
        submitted.append(sent)
        return await submit(sent)

    monkeypatch.setattr(dispatcher, "submit", listening)
    values = {element.action_id: "what is RAG" for element in form.elements}
    assert (await acme.submit(ada, form, values)).failure is None
    assert submitted[0].actor.key == f"slack:E1/{team(acme)}/{ada.id}"
    assert submitted[0].actor.community == f"slack:E1/{team(acme)}"


async def test_the_installation_of_the_workspace_itself_comes_first(
    slack: SlackServer, many: Many
) -> None:
    acme = slack.another("acme", "E1", whole=True)
    await many.install(acme)
    found = await many.installations.find("E1", "")
    assert found is not None
    own = slack.tokens.grant(acme.workspace).token
    await many.installations.save(
        type(found)("E1", team(acme), found.bot_user, own, found.installed)
    )
    slack.tokens.grants[1].refused = "invalid_auth"
    assert RAG in (await (await many.mention(acme)).message()).shown


# What the bot sends by itself


async def test_messages_go_to_the_workspace_that_they_are_for(
    slack: SlackServer, many: Many
) -> None:
    acme, boole = slack.another("acme"), slack.another("boole", "E1")
    for place in (acme, boole):
        await many.install(place)
    ada, bob = acme.person("Ada"), boole.person("Bob")
    hello = said("Hello")
    adapter = many.adapter
    there = Place("slack", f"slack:E1/{team(boole)}", boole.general.id)
    assert (await adapter.direct(f"/{team(acme)}/{ada.id}", hello, "k1")).delivery is Delivery.SENT
    assert (
        await adapter.direct(f"E1/{team(boole)}/{bob.id}", hello, "k2")
    ).delivery is Delivery.SENT
    assert (await adapter.post(there, hello, "k3")).delivery is Delivery.SENT
    assert len(acme.history(ada)) == len(boole.history(bob)) == len(boole.history(boole.general))
    for nowhere in (f"/{team(boole)}/{bob.id}", "/T404/U1", ada.id):
        assert (await adapter.direct(nowhere, hello, "k4")).delivery is Delivery.GONE
    await adapter.stop()
    assert (await adapter.direct(f"/{team(acme)}/{ada.id}", hello, "k5")).delivery is Delivery.LATER


# Removal


async def test_a_removal_leaves_no_token_and_nobody_else_is_touched(
    slack: SlackServer, many: Many
) -> None:
    acme, boole = slack.another("acme"), slack.another("boole")
    for place in (acme, boole):
        await many.install(place)
        await (await many.mention(place)).message()
    receipts = await acme.uninstall()
    assert [receipt.status for receipt in receipts] == [200, 200]
    assert set(many.removed) == {f"slack:/{team(acme)}"}
    assert await many.installations.find("", team(acme)) is None
    assert NOT_INSTALLED.title in (await acme.slash(acme.person("Bob"), "/help")).shown
    assert RAG in (await (await many.mention(boole)).message()).shown


async def test_a_late_word_of_an_old_removal_removes_nothing(
    slack: SlackServer, many: Many
) -> None:
    acme = slack.another("acme")
    await many.install(acme)
    acme.workspace.time_passed -= 300
    await acme.uninstall()
    acme.workspace.time_passed = 0
    assert many.removed == []
    assert await many.installations.find("", team(acme)) is not None


async def test_a_removal_that_cannot_be_carried_out_is_told_again(
    slack: SlackServer, many: Many
) -> None:
    acme = slack.another("acme")
    await many.install(acme)
    fails = [StoreError("the database is busy")]
    told: list[str] = []

    async def uninstalled(community: str) -> None:
        if fails:
            raise fails.pop()
        told.append(community)

    await many.adapter.stop()
    many.adapter.uninstalled = uninstalled
    await many.adapter.start()
    receipts = await acme.uninstall()
    assert [receipt.status for receipt in receipts] == [503, 200, 200]
    assert told == [f"slack:/{team(acme)}"] * 2


async def test_a_persons_revoked_token_is_no_removal(slack: SlackServer, many: Many) -> None:
    acme = slack.another("acme")
    await many.install(acme)
    tokens = {"oauth": ["U00INSTALLER"], "bot": []}
    await acme.retry(acme._event({"type": "tokens_revoked", "tokens": tokens}))
    assert many.removed == []
    assert RAG in (await (await many.mention(acme)).message()).shown


async def test_one_workspace_tells_of_its_removal_too(
    slack: SlackServer, dispatcher: Dispatcher
) -> None:
    async with one_running(slack, dispatcher) as bot:
        told: list[str] = []

        async def uninstalled(community: str) -> None:
            told.append(community)

        await bot.adapter.stop()
        bot.adapter.uninstalled = uninstalled
        await bot.adapter.start()
        await slack.uninstall()
    assert set(told) == {"slack:/T0000000001"}


# Checking


async def test_the_check_asks_slack_whether_it_knows_the_app(
    slack: SlackServer, dispatcher: Dispatcher, many: Many
) -> None:
    assert await many.adapter.check() == [
        "Slack: the app's id and secret are right",
        "Slack: signed requests are taken at /slack/events",
        "Slack: workspaces install the bot at /slack/install",
    ]
    access = OAuth(slack.tokens.client_id, "wrong-secret", many.installations)
    wrong = SlackAdapter(dispatcher, access, signing_secret="x", api_base=slack.api_base)
    with pytest.raises(AdapterError) as refusal:
        await wrong.check()
    assert str(refusal.value) == (
        "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET: Slack refused it: bad_client_secret"
    )
