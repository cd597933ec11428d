"""Buttons and selects: who sees the answer, and where it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.core.command import Actor, Click, Effect, Say, Spot, Visibility
from bot.core.commands import COMMANDS
from bot.core.content.catalogue import Catalogue, index
from bot.core.dispatch import Dispatcher
from bot.core.intents import Run
from bot.core.views import Actions, Button, Pick, Picker, View
from tests.adapters.effects import Told
from tests.adapters.slack.running import Bot, Waiting, command, dispatcher_with, running, said
from tests.fakes.slack.server import SlackServer

COMPARE = "ai engineer ml engineer"


async def test_a_click_on_a_public_message_answers_only_the_clicker(bot: Bot) -> None:
    ada, bob = bot.slack.person("Ada"), bot.slack.person("Bob")
    comparison = (await bot.slack.slash(ada, "/compare", COMPARE)).messages[0]
    answer = await bot.slack.click(bob, comparison, "Pay")
    (message,) = answer.messages
    assert message.only_for == bob.id
    assert message.shown.startswith("Pay: ")
    assert comparison in bot.slack.history(bot.slack.general)


async def test_an_entry_of_a_select_opens_a_role(bot: Bot) -> None:
    ada = bot.slack.person("Ada")
    roles = (await bot.slack.slash(ada, "/roles")).messages[0]
    select = next(e for e in roles.elements if e.type == "static_select")
    answer = await bot.slack.choose(ada, roles, select.action_id, "ML engineer")
    assert "ML engineer" in answer.messages[0].shown


async def test_turning_a_page_replaces_a_message_that_only_the_reader_sees(
    slack: SlackServer, catalogue: Catalogue
) -> None:
    ada = slack.person("Ada")
    async with running(slack, Dispatcher(many_roles(catalogue))):
        first = (await slack.slash(ada, "/roles")).messages[0]
        (second,) = (await slack.click(ada, first, "Next page")).messages
        assert second.edited
        assert second.ts == first.ts
        assert "Page 2 of" in second.shown

        in_dm = await slack.dm(ada, "xyzzy")
        roles = (await slack.click(ada, in_dm.messages[0], "All roles")).messages[0]
        (turned,) = (await slack.click(ada, roles, "Next page")).messages
        assert turned.edited
        assert turned.visibility == "in_channel"


async def test_turning_a_page_of_a_message_that_others_see_answers_privately(
    slack: SlackServer, catalogue: Catalogue
) -> None:
    ada, bob = slack.person("Ada"), slack.person("Bob")
    aloud = replace(COMMANDS["roles"], visibility=Visibility.PUBLIC)
    many = Dispatcher(many_roles(catalogue), {**COMMANDS, "roles": aloud})
    async with running(slack, many):
        first = (await slack.slash(ada, "/roles")).messages[0]
        (second,) = (await slack.click(bob, first, "Next page")).messages
    assert not second.edited
    assert second.only_for == bob.id


async def test_in_the_bots_own_conversation_answers_stay_visible(bot: Bot) -> None:
    ada = bot.slack.person("Ada")
    comparison = (await bot.slack.dm(ada, "ai engineer vs ml engineer")).messages[0]
    (message,) = (await bot.slack.click(ada, comparison, "Pay")).messages
    assert message.visibility == "in_channel"


async def test_a_conversation_of_two_people_is_not_the_bots_own(http_bot: Bot) -> None:
    slack = http_bot.slack
    ada, bob = slack.person("Ada"), slack.person("Bob")
    place = slack.dm_of(bob)
    assert place.members is not None
    place.members.add(ada.id)
    comparison = (await slack.slash(ada, "/compare", COMPARE, channel=place)).messages[0]
    (message,) = (await slack.click(ada, comparison, "Pay")).messages
    assert message.only_for == ada.id


async def test_a_click_in_a_thread_is_answered_in_it(http_bot: Bot) -> None:
    slack = http_bot.slack
    ada = slack.person("Ada")
    answer = await slack.mention(ada, slack.general, "<@BOT> ai engineer vs ml engineer")
    comparison = answer.messages[0]
    (message,) = (await slack.click(ada, comparison, "Pay")).messages
    assert comparison.thread_ts is not None
    assert message.thread_ts == comparison.thread_ts


@pytest.mark.parametrize(
    "value",
    ["", "x:1", "r:gone:away", "c:pay:no-role:ml-engineer", "b:ten", "c:x:y", "\u2603"],
)
async def test_a_button_from_another_time_gets_a_kind_answer(http_bot: Bot, value: str) -> None:
    slack = http_bot.slack
    ada = slack.person("Ada")
    old = slack.workspace.post(slack.general.id, message_with_button(value))
    answer = await slack.click(ada, old, "Press")
    assert answer.failure is None
    (message,) = answer.messages
    assert message.only_for == ada.id
    assert "out of date" in message.shown


async def test_a_fault_of_ours_is_admitted_to_the_clicker_alone(
    slack: SlackServer, dispatcher: Dispatcher, caplog: pytest.LogCaptureFixture
) -> None:
    class Faulty(Dispatcher):
        async def click(self, click: Click) -> Effect:
            raise RuntimeError("a fault of ours")

    ada = slack.person("Ada")
    async with running(slack, Faulty(dispatcher.catalogue)):
        comparison = (await slack.slash(ada, "/compare", COMPARE)).messages[0]
        (message,) = (await slack.click(ada, comparison, "Pay")).messages
    assert message.only_for == ada.id
    assert "Something went wrong on our side" in message.shown
    reference = message.shown.rsplit(maxsplit=1)[-1]
    assert reference in {getattr(record, "reference", "") for record in caplog.records}


async def test_a_slow_click_is_acknowledged_in_time(
    slack: SlackServer, catalogue: Catalogue
) -> None:
    waiting = Waiting(view=said("Here at last."))
    ada = slack.person("Ada")
    button = message_with_button("r:slow")
    async with running(
        slack, dispatcher_with(catalogue, command("slow", waiting)), defer_after=0.05
    ):
        old = slack.workspace.post(slack.general.id, button)
        answer = await slack.click(ada, old, "Press")
        assert answer.failure is None
        assert answer.messages == ()
        waiting.go.set()
        message = await answer.message()
    assert "Here at last." in message.shown


class Choosing(Dispatcher):
    """Remembers what was pressed and picked."""

    clicks: list[Click]

    def __init__(self, catalogue: Catalogue) -> None:
        self.clicks = []
        picking = Actions(
            (
                Picker(Pick.CHANNEL, "Where", Run("help", ("role",))),
                Picker(Pick.PERSON, "Who", Run("help", ("quiz",))),
                Picker(Pick.ROLE, "Which role", Run("help")),
                Button("Nobody", Run("help", ("pay",))),
            )
        )
        asking = Told(Say(View("Pick", (picking,), "Pick one.")))
        super().__init__(catalogue, {**COMMANDS, "tell": asking.command})

    async def click(self, click: Click) -> Effect:
        self.clicks.append(click)
        return await super().click(click)


@pytest.mark.parametrize("prefix", ["", "rc-"])
async def test_a_channel_and_a_person_can_be_picked(
    slack: SlackServer, catalogue: Catalogue, prefix: str
) -> None:
    choosing, ada, bob = Choosing(catalogue), slack.person("Ada"), slack.person("Bob")
    news = slack.channel("news")
    async with running(slack, choosing, prefix=prefix):
        (asked,) = (await slack.slash(ada, f"/{prefix}tell")).messages
        channel, person, button = asked.elements
        assert [channel.type, person.type] == ["conversations_select", "users_select"]
        await slack.choose(ada, asked, channel.action_id, news.id)
        await slack.choose(ada, asked, person.action_id, bob.id)
        await slack.click(ada, asked, button.action_id)
    assert [(click.intent, click.picked) for click in choosing.clicks] == [
        (Run("help", ("role",)), Spot(news.id)),
        (Run("help", ("quiz",)), Spot(f"/T0000000001/{bob.id}")),
        (Run("help", ("pay",)), None),
    ]
    assert Actor("slack", f"/T0000000001/{ada.id}") == choosing.clicks[0].actor


@pytest.mark.parametrize("made", ["i0", "i0:", "i0:gone", "a picker of another app"])
async def test_a_picker_that_another_version_made_gets_a_kind_answer(
    slack: SlackServer, catalogue: Catalogue, made: str
) -> None:
    ada = slack.person("Ada")
    picker = {"type": "users_select", "action_id": made}
    old = {"text": "Old", "blocks": [{"type": "actions", "elements": [picker]}]}
    async with running(slack, Choosing(catalogue)):
        shown = slack.workspace.post(slack.general.id, old)
        assert "out of date" in (await slack.choose(ada, shown, made, ada.id)).shown


def message_with_button(value: str) -> dict[str, Any]:
    text = {"type": "plain_text", "text": "Press"}
    button = {"type": "button", "action_id": "i0", "text": text, "value": value}
    return {"text": "Old", "blocks": [{"type": "actions", "elements": [button]}]}


def many_roles(catalogue: Catalogue) -> Catalogue:
    """The shipped content with so many roles that they need several pages."""
    content = catalogue.content
    original = content.roles["ml-engineer"]
    more = {
        f"role-{n}": original.model_copy(
            update={"id": f"role-{n}", "name": f"role number {n}", "aliases": ()}
        )
        for n in range(40)
    }
    return index(replace(content, roles={**content.roles, **more}))
