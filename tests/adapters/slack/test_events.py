"""Mentions, direct messages and the home tab, each answered once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.adapters.slack.bounded import MOST, Seen
from bot.core.commands import COMMANDS
from bot.core.content.catalogue import Catalogue
from bot.core.dispatch import Dispatcher
from tests.adapters.slack.running import Bot, Waiting, failing, running
from tests.fakes.slack.server import SlackServer

QUESTION = "what is the difference between an AI engineer and an ML engineer?"


async def test_a_mention_is_answered_in_a_thread_below_it(bot: Bot) -> None:
    slack, ada = bot.slack, bot.slack.person("Ada")
    answer = await slack.mention(ada, slack.general, f"<@BOT> {QUESTION}")
    (message,) = answer.messages
    asked = slack.history(slack.general)[0]
    assert message.shown.startswith("AI engineer and ML engineer")
    assert message.thread_ts == asked.ts
    assert message.visibility == "in_channel"


async def test_a_mention_in_a_thread_is_answered_in_it(http_bot: Bot) -> None:
    slack, ada = http_bot.slack, http_bot.slack.person("Ada")
    start = await slack.mention(ada, slack.general, f"<@BOT>, {QUESTION}")
    thread = start.messages[0].thread_ts
    answer = await slack.mention(ada, slack.general, "and <@BOT> mle?", thread_ts=thread)
    assert answer.messages[0].thread_ts == thread


async def test_what_is_not_understood_is_said_to_the_asker_alone(http_bot: Bot) -> None:
    slack, ada = http_bot.slack, http_bot.slack.person("Ada")
    answer = await slack.mention(ada, slack.general, "<@BOT> <!channel> xyzzy & co")
    (message,) = answer.messages
    assert message.only_for == ada.id
    assert "xyzzy & co" in message.shown


async def test_a_bare_mention_gets_help_and_its_buttons_open_forms(http_bot: Bot) -> None:
    slack, ada = http_bot.slack, http_bot.slack.person("Ada")
    (message,) = (await slack.mention(ada, slack.general, "<@BOT>")).messages
    assert message.shown.startswith("What I can do")
    form = await (await slack.click(ada, message, "Compare two")).modal()
    assert form.title == "/compare"


async def test_a_mention_with_too_few_words_gets_a_button_for_the_rest(http_bot: Bot) -> None:
    slack, ada = http_bot.slack, http_bot.slack.person("Ada")
    (message,) = (await slack.mention(ada, slack.general, "<@BOT> /compare mle")).messages
    form = await (await slack.click(ada, message, "Fill it in")).modal()
    assert form.title == "/compare"


async def test_a_direct_message_is_answered_there(bot: Bot) -> None:
    slack, ada = bot.slack, bot.slack.person("Ada")
    (message,) = (await slack.dm(ada, QUESTION)).messages
    assert message.shown.startswith("AI engineer and ML engineer")
    assert message.channel == ada.dm
    assert message.thread_ts is None
    (puzzled,) = (await slack.dm(ada, "xyzzy")).messages
    assert puzzled.visibility == "in_channel"


@pytest.mark.parametrize(
    "change",
    [
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "bot_message", "bot_id": "B9"},
        {"bot_id": "B9"},
        {"user": "U0000000001"},
        {"channel_type": "channel"},
        {"edited": {"user": "U1", "ts": "1.1"}},
        {"type": "reaction_added"},
    ],
)
async def test_bots_edits_and_other_messages_get_no_answer(
    http_bot: Bot, change: dict[str, Any]
) -> None:
    slack, ada = http_bot.slack, http_bot.slack.person("Ada")
    await slack.dm(ada, QUESTION)
    before = len(slack.history(ada))
    assert slack.last_event is not None
    event = {**slack.last_event, "event_id": "Ev-another"}
    event["event"] = {**event["event"], **change}
    (receipt,) = await slack.retry(event)
    assert receipt.failure is None
    assert len(slack.history(ada)) == before


async def test_an_event_that_slack_sends_again_is_answered_once(bot: Bot) -> None:
    slack, ada = bot.slack, bot.slack.person("Ada")
    await slack.dm(ada, QUESTION)
    receipts = [*await slack.retry(number=1), *await slack.retry(number=2)]
    assert [receipt.failure for receipt in receipts] == [None, None]
    assert len(slack.history(ada)) == 2


async def test_an_event_that_never_arrived_is_answered_when_it_comes_again(http_bot: Bot) -> None:
    slack, ada = http_bot.slack, http_bot.slack.person("Ada")
    target, slack.target = slack.target, "http://127.0.0.1:1/nobody"
    slack.retry_delays = ()
    await slack.dm(ada, QUESTION)
    slack.target = target
    await slack.retry()
    assert len(slack.history(ada)) == 2


async def test_a_slow_answer_to_an_event_is_not_repeated(
    slack: SlackServer, catalogue: Catalogue
) -> None:
    waiting = Waiting()
    ada = slack.person("Ada")
    async with running(slack, slow_to_ask(catalogue, waiting), defer_after=0.05):
        answer = await slack.dm(ada, QUESTION)
        (again,) = await slack.retry()
        assert again.failure is None
        waiting.go.set()
        message = await answer.message()
    assert answer.failure is None
    assert "It took a while." in message.shown
    assert len(slack.history(ada)) == 2


async def test_a_rate_limit_of_posts_is_waited_for(http_bot: Bot) -> None:
    slack, ada = http_bot.slack, http_bot.slack.person("Ada")
    slack.fail("chat.postMessage", status=429, retry_after=0)
    await slack.dm(ada, QUESTION)
    posts = [call.error for call in slack.calls if call.method == "chat.postMessage"]
    assert posts == ["ratelimited", None]


async def test_a_post_that_may_have_arrived_is_not_repeated(http_bot: Bot) -> None:
    slack, ada = http_bot.slack, http_bot.slack.person("Ada")
    slack.fail("chat.postMessage", cut=True)
    answer = await slack.dm(ada, QUESTION)
    texts = [m.shown for m in slack.history(ada)]
    assert answer.failure is None
    assert sum(text.startswith("AI engineer and ML engineer") for text in texts) == 1


async def test_a_channel_that_refuses_gets_its_answer_directly(http_bot: Bot) -> None:
    slack, ada = http_bot.slack, http_bot.slack.person("Ada")
    slack.fail("chat.postMessage", error="restricted_action")
    await slack.mention(ada, slack.general, f"<@BOT> {QUESTION}")
    assert slack.history(ada)[-1].shown.startswith("AI engineer and ML engineer")


async def test_the_home_tab_shows_what_was_looked_up(bot: Bot) -> None:
    slack, ada = bot.slack, bot.slack.person("Ada")
    first = await slack.open_home(ada)
    assert "You looked up" not in first.shown
    await slack.slash(ada, "/compare", "ai engineer ml engineer")
    second = await slack.open_home(ada)
    assert "You looked up" in second.shown
    answer = await slack.click(ada, second, "Compare: AI engineer, ML engineer")
    message = await answer.message()
    assert message.channel == ada.dm
    assert message.shown.startswith("AI engineer and ML engineer")


async def test_the_home_tab_of_somebody_else_is_their_own(http_bot: Bot) -> None:
    slack = http_bot.slack
    ada, bob = slack.person("Ada"), slack.person("Bob")
    await slack.slash(ada, "/role", "mle")
    assert "You looked up" not in (await slack.open_home(bob)).shown


async def test_looking_at_the_messages_tab_publishes_nothing(http_bot: Bot) -> None:
    slack, ada = http_bot.slack, http_bot.slack.person("Ada")
    await slack.open_home(ada)
    assert slack.last_event is not None
    event = {**slack.last_event, "event_id": "Ev-another"}
    event["event"] = {**event["event"], "tab": "messages"}
    await slack.retry(event)
    assert [call.method for call in slack.calls].count("views.publish") == 1


async def test_a_home_tab_that_fails_says_so_in_the_tab(
    slack: SlackServer, catalogue: Catalogue
) -> None:
    class Homeless(Dispatcher):
        def home(self, actor: object) -> Any:
            raise RuntimeError("a fault of ours")

    ada = slack.person("Ada")
    async with running(slack, Homeless(catalogue)):
        assert "Something went wrong on our side" in (await slack.open_home(ada)).shown


async def test_a_handler_that_fails_is_answered(slack: SlackServer, catalogue: Catalogue) -> None:
    broken = {**COMMANDS, "ask": replace(COMMANDS["ask"], handler=failing)}
    ada = slack.person("Ada")
    async with running(slack, Dispatcher(catalogue, broken)):
        direct = await slack.dm(ada, QUESTION)
        mention = await slack.mention(ada, slack.general, f"<@BOT> {QUESTION}")
        typed = await slack.slash(ada, "/ask", QUESTION)
    for answer in (direct, mention, typed):
        assert "Something went wrong on our side" in answer.shown
    assert mention.messages[0].only_for == ada.id
    assert typed.messages[0].only_for == ada.id


async def test_slack_being_down_costs_one_answer_and_nothing_else(http_bot: Bot) -> None:
    slack, ada = http_bot.slack, http_bot.slack.person("Ada")
    slack.fail("chat.postMessage", status=500, times=2)
    assert (await slack.dm(ada, QUESTION)).failure is None
    assert (await slack.dm(ada, QUESTION)).messages
    assert len(slack.history(ada)) == 3


def test_the_memory_of_events_does_not_grow() -> None:
    seen = Seen()
    assert all(seen.first_time(f"Ev{n}") for n in range(MOST + 1))
    assert not seen.first_time(f"Ev{MOST}")
    assert seen.first_time("Ev0")


def slow_to_ask(catalogue: Catalogue, waiting: Waiting) -> Dispatcher:
    """A dispatcher that answers questions only when it is told to."""
    return Dispatcher(
        catalogue, {**COMMANDS, "ask": replace(COMMANDS["ask"], handler=waiting.handler)}
    )
