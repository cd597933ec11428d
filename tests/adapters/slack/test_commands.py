"""Slash commands, as people in a workspace type them and read the answers."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.commands import COMMANDS
from bot.core.content.catalogue import Catalogue
from bot.core.dispatch import Dispatcher
from bot.core.views import Prose, Text, View
from tests.adapters.slack.running import Bot, Transport, Waiting, command, dispatcher_with, running
from tests.fakes.slack.server import SlackServer
from tests.fakes.slack.workspace import Interaction


@pytest.mark.parametrize("name", list(COMMANDS))
async def test_every_command_is_answered_by_the_acknowledgement(bot: Bot, name: str) -> None:
    ada = bot.slack.person("Ada")
    answer = await bot.slack.slash(ada, f"/{name}", COMMANDS[name].example)
    (message,) = answer.messages
    assert answer.failure is None
    assert message.source == "ack"
    assert message.shown
    assert message.text


async def test_a_public_answer_is_seen_by_everybody_and_a_private_one_is_not(bot: Bot) -> None:
    ada = bot.slack.person("Ada")
    public = await bot.slack.slash(ada, "/compare", "ai engineer ml engineer")
    private = await bot.slack.slash(ada, "/compare", "ai engineer vs ml engineer --private")
    assert public.messages[0].visibility == "in_channel"
    assert private.messages[0].visibility == "ephemeral"
    assert public.messages[0].shown == private.messages[0].shown


async def test_a_private_channel_without_the_bot_and_a_direct_message_work_too(bot: Bot) -> None:
    ada, bob = bot.slack.person("Ada"), bot.slack.person("Bob")
    secret = bot.slack.channel("secret", [ada, bob], bot_is_member=False, private=True)
    for place in (secret, ada):
        answer = await bot.slack.slash(ada, "/role", "mle", channel=place)
        assert "ML engineer" in answer.shown


async def test_escaped_text_means_the_same_and_calls_nobody(bot: Bot) -> None:
    ada = bot.slack.person("Ada")
    bot.slack.should_escape = True
    answer = await bot.slack.slash(ada, "/compare", "ai engineer & ml engineer")
    assert answer.shown.startswith("AI engineer and ML engineer")
    hostile = await bot.slack.slash(ada, "/role", "<!channel> & <@U0000000001> wizard of #general")
    assert "& wizard of general" in hostile.shown
    assert "<" not in hostile.messages[0].text


async def test_a_name_that_is_nearly_right_gets_buttons_that_put_it_right(bot: Bot) -> None:
    ada = bot.slack.person("Ada")
    answer = await bot.slack.slash(ada, "/compare", "ai engineer mlx engineer")
    (message,) = answer.messages
    assert message.visibility == "ephemeral"
    assert "mlx engineer" in message.shown
    right = await bot.slack.click(ada, message, "ML engineer")
    assert right.messages[0].visibility == "in_channel"
    assert right.messages[0].shown.startswith("AI engineer and ML engineer")


async def test_a_command_that_does_not_exist_is_answered(http_bot: Bot) -> None:
    ada = http_bot.slack.person("Ada")
    answer = await http_bot.slack.slash(ada, "/compar", "a b")
    assert "/compare" in [element.label for element in answer.messages[0].elements]


async def test_commands_may_have_a_prefix(slack: SlackServer, dispatcher: Dispatcher) -> None:
    ada = slack.person("Ada")
    async with running(slack, dispatcher, prefix="rc-"):
        answer = await slack.slash(ada, "/rc-role", "mle")
        assert "ML engineer" in answer.shown
        help_ = await slack.slash(ada, "/rc-help")
        assert "/rc-compare first second" in help_.shown
        assert "/compare" not in help_.shown
        assert "/rc-compare first second" in (await slack.open_home(ada)).shown
        form = await slack.slash(ada, "/rc-compare")
        assert (await form.modal()).title == "/rc-compare"


@pytest.mark.parametrize("transport", ["http", "socket"])
async def test_a_slow_answer_is_acknowledged_in_time_and_follows(
    slack: SlackServer, catalogue: Catalogue, transport: Transport
) -> None:
    waiting = Waiting()
    ada = slack.person("Ada")
    dispatcher = dispatcher_with(catalogue, command("slow", waiting))
    async with running(slack, dispatcher, transport, defer_after=0.05):
        answer = await slack.slash(ada, "/slow")
        assert answer.failure is None
        assert answer.messages == ()
        waiting.go.set()
        message = await answer.message()
    assert message.source == "response_url"
    assert message.visibility == "in_channel"
    assert "It took a while." in message.shown


@pytest.mark.parametrize("transport", ["http", "socket"])
async def test_stopping_waits_for_the_answer_that_is_being_made(
    slack: SlackServer, catalogue: Catalogue, transport: Transport
) -> None:
    waiting = Waiting()
    ada = slack.person("Ada")
    dispatcher = dispatcher_with(catalogue, command("slow", waiting))
    async with running(slack, dispatcher, transport) as bot:
        asking = asyncio.create_task(slack.slash(ada, "/slow"))
        await waiting.asked.wait()
        stopping = asyncio.create_task(bot.adapter.stop())
        waiting.go.set()
        answer = await asking
        await stopping
    assert "It took a while." in answer.shown


async def test_a_long_answer_comes_in_several_messages(
    slack: SlackServer, catalogue: Catalogue
) -> None:
    sentence = "This sentence is one of very many. "
    view = View("Long", (Prose((Text(sentence * 900),)),), fallback="Long")
    waiting = Waiting(view=view)
    waiting.go.set()
    ada = slack.person("Ada")
    async with running(slack, dispatcher_with(catalogue, command("long", waiting))):
        answer = await slack.slash(ada, "/long")
        first, second, third = [await answer.message(number) for number in range(3)]
    assert [m.source for m in (first, second, third)] == ["ack", "response_url", "response_url"]
    shown = "".join(m.shown for m in (first, second, third))
    assert shown.count("one of very many.") == 900


async def test_a_response_url_that_has_expired_gives_way_to_a_direct_message(
    slack: SlackServer, catalogue: Catalogue
) -> None:
    waiting = Waiting()
    ada = slack.person("Ada")
    async with running(
        slack, dispatcher_with(catalogue, command("slow", waiting)), defer_after=0.05
    ):
        await slack.slash(ada, "/slow")
        slack.advance(31 * 60)
        waiting.go.set()
        message = await slack.next_message(ada)
    assert "It took a while." in message.shown


async def test_a_response_url_that_cannot_be_reached_gives_way_too(catalogue: Catalogue) -> None:
    class Cut(SlackServer):
        def response_url(self, interaction: Interaction) -> str:
            return "http://127.0.0.1:1/response"

    waiting = Waiting()
    async with Cut() as slack:
        ada = slack.person("Ada")
        dispatcher = dispatcher_with(catalogue, command("slow", waiting))
        async with running(slack, dispatcher, defer_after=0.05):
            await slack.slash(ada, "/slow")
            waiting.go.set()
            message = await slack.next_message(ada)
    assert "It took a while." in message.shown


async def test_a_rate_limit_is_waited_for(slack: SlackServer, catalogue: Catalogue) -> None:
    waiting = Waiting()
    ada = slack.person("Ada")
    slack.fail("response_url", status=429, retry_after=0)
    async with running(
        slack, dispatcher_with(catalogue, command("slow", waiting)), defer_after=0.05
    ):
        answer = await slack.slash(ada, "/slow")
        waiting.go.set()
        message = await answer.message()
    assert "It took a while." in message.shown
    assert [call.error for call in slack.calls if call.method == "response_url"] == [
        "ratelimited",
        None,
    ]


async def test_an_answer_that_may_have_arrived_is_not_sent_again(
    slack: SlackServer, catalogue: Catalogue
) -> None:
    waiting = Waiting()
    ada = slack.person("Ada")
    slack.fail("response_url", cut=True)
    async with running(
        slack, dispatcher_with(catalogue, command("slow", waiting)), defer_after=0.05
    ):
        answer = await slack.slash(ada, "/slow")
        waiting.go.set()
        await answer.message()
    assert len(answer.watch.messages()) == 1
    assert len(slack.history(ada)) == 0
