"""Who asks, and where: what the core is told of the person behind a request."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.core.command import Actor, Permission, Say, Spot
from bot.core.content.catalogue import Catalogue
from tests.adapters.effects import SECRET, Told, view
from tests.adapters.slack.running import dispatcher_with, running
from tests.adapters.slack.test_clicks import message_with_button
from tests.fakes.slack.server import SlackServer

TEAM = "T0000000001"
REFUSAL = "those who run the place"


@pytest.fixture
async def told(slack: SlackServer, catalogue: Catalogue) -> AsyncIterator[Told]:
    """A command that remembers who used it."""
    told = Told(Say(view(SECRET)))
    async with running(slack, dispatcher_with(catalogue, told.command)):
        yield told


@pytest.fixture
async def guarded(slack: SlackServer, catalogue: Catalogue) -> AsyncIterator[Told]:
    """The same, for those alone who manage the workspace."""
    told = Told(Say(view(SECRET)), permission=Permission.MANAGERS)
    async with running(slack, dispatcher_with(catalogue, told.command)):
        yield told


def known(actor: Actor) -> tuple[str, str | None, str | None]:
    return actor.name, actor.community, actor.channel


async def test_a_command_a_press_and_a_mention_come_from_a_channel(
    slack: SlackServer, told: Told
) -> None:
    ada = slack.person("Ada")
    await slack.slash(ada, "/tell")
    button = slack.workspace.post(slack.general.id, message_with_button("r:tell"))
    await slack.click(ada, button, "Press")
    await slack.mention(ada, slack.general, "<@BOT> /tell")
    typed, pressed, mentioned = told.actors
    assert typed == pressed == mentioned == Actor("slack", f"/{TEAM}/{ada.id}")
    here = (f"slack:/{TEAM}", slack.general.id)
    assert known(typed) == known(pressed) == ("ada", *here)
    assert known(mentioned) == ("", *here)
    assert typed.reachable


async def test_direct_messages_are_no_channel(slack: SlackServer, told: Told) -> None:
    ada = slack.person("Ada")
    await slack.slash(ada, "/tell", channel=ada)
    await slack.dm(ada, "/tell")
    button = slack.workspace.post(ada.dm, message_with_button("r:tell"))
    await slack.click(ada, button, "Press")
    assert [actor.channel for actor in told.actors] == [None] * 3
    assert [actor.spot for actor in told.actors] == [None] * 3


async def test_a_channel_is_known_by_name_where_slack_tells_it(
    slack: SlackServer, told: Told
) -> None:
    ada = slack.person("Ada")
    secret = slack.channel("secret", [ada], private=True)
    for place in (slack.general, secret):
        await slack.slash(ada, "/tell", channel=place)
        button = slack.workspace.post(place.id, message_with_button("r:tell"))
        await slack.click(ada, button, "Press")
    await slack.mention(ada, slack.general, "<@BOT> /tell")
    general = Spot(slack.general.id, "general")
    unnamed = (Spot(secret.id), Spot(secret.id), Spot(slack.general.id))
    assert [actor.spot for actor in told.actors] == [general, general, *unnamed]


async def test_who_mentions_the_bot_in_a_thread_means_the_thread(
    slack: SlackServer, told: Told
) -> None:
    ada = slack.person("Ada")
    above = slack.workspace.say(ada, slack.general.id, "Look at this.", None)
    (answer,) = (
        await slack.mention(ada, slack.general, "<@BOT> /tell", thread_ts=above.ts)
    ).messages
    assert (answer.thread_ts, answer.only_for) == (above.ts, ada.id)
    (actor,) = told.actors
    assert actor.channel == f"{slack.general.id}/{above.ts}"
    assert actor.spot == Spot(actor.channel)


async def test_a_press_means_the_thread_where_nobody_else_sees_what_is_pressed(
    slack: SlackServer, told: Told
) -> None:
    ada = slack.person("Ada")
    above = slack.workspace.say(ada, slack.general.id, "Look at this.", None)
    button = message_with_button("r:tell") | {"thread_ts": above.ts}
    for only_for in (ada.id, None):
        shown = slack.workspace.post(slack.general.id, button, only_for=only_for)
        await slack.click(ada, shown, "Press")
    alone, with_others = told.actors
    thread = f"{slack.general.id}/{above.ts}"
    assert alone.spot == Spot(thread, "general, in a thread")
    assert with_others.spot == Spot(slack.general.id, "general")
    assert (alone.channel, with_others.channel) == (thread, slack.general.id)


@pytest.mark.usefixtures("told")
async def test_a_mention_in_a_channel_is_answered_in_the_channel(slack: SlackServer) -> None:
    ada = slack.person("Ada")
    (answer,) = (await slack.mention(ada, slack.general, "<@BOT> /tell")).messages
    assert (answer.thread_ts, answer.only_for) == (None, ada.id)


async def test_nobody_is_asked_about_where_it_makes_no_difference(
    slack: SlackServer, told: Told
) -> None:
    boss = slack.person("Boss", is_admin=True)
    await slack.slash(boss, "/tell")
    assert (told.actors[0].manager, told.actors[0].zone) == (False, "")
    assert "users.info" not in [call.method for call in slack.calls]


@pytest.mark.parametrize(("admin", "owner"), [(True, False), (False, True)])
async def test_those_who_manage_the_workspace_are_known_and_asked_about_once(
    slack: SlackServer, guarded: Told, admin: bool, owner: bool
) -> None:
    boss = slack.person("Boss", is_admin=admin, is_owner=owner)
    assert SECRET in (await slack.slash(boss, "/tell")).shown
    button = slack.workspace.post(slack.general.id, message_with_button("r:tell"))
    assert SECRET in (await slack.click(boss, button, "Press")).shown
    assert SECRET in (await slack.dm(boss, "/tell")).shown
    assert [actor.manager for actor in guarded.actors] == [True] * 3
    assert [actor.zone for actor in guarded.actors] == ["Europe/London"] * 3
    assert [call.method for call in slack.calls].count("users.info") == 1


@pytest.mark.usefixtures("guarded")
async def test_others_are_told_whom_to_ask(slack: SlackServer) -> None:
    ada = slack.person("Ada")
    button = slack.workspace.post(slack.general.id, message_with_button("r:tell"))
    for act in (slack.slash(ada, "/tell"), slack.click(ada, button, "Press")):
        assert REFUSAL in (await act).shown
    assert [call.method for call in slack.calls].count("users.info") == 1


@pytest.mark.parametrize(("told", "zone"), [("Asia/Kolkata", "Asia/Kolkata"), ("Mars/Base", "")])
async def test_a_manager_has_the_time_zone_that_slack_tells_if_there_is_one(
    slack: SlackServer, guarded: Told, told: str, zone: str
) -> None:
    boss = slack.person("Boss", is_admin=True, tz=told)
    await slack.slash(boss, "/tell")
    assert guarded.actors[0].zone == zone


async def test_without_the_scope_nobody_manages_and_the_log_says_why(
    slack: SlackServer, guarded: Told, caplog: pytest.LogCaptureFixture
) -> None:
    boss = slack.person("Boss", is_admin=True)
    slack.scopes.discard("users:read")
    assert REFUSAL in (await slack.slash(boss, "/tell")).shown
    assert "cannot tell who manages the workspace: missing_scope" in caplog.text
    slack.scopes.add("users:read")
    assert SECRET in (await slack.slash(boss, "/tell")).shown
    assert guarded.actors[0].manager
