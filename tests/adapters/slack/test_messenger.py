"""Messages that nobody asked for at this moment."""

from __future__ import annotations

import pytest

from bot.core.dispatch import Dispatcher
from bot.core.ports import Delivery
from bot.core.views import Prose, Text, View
from tests.adapters.effects import CARD, SECRET, view
from tests.adapters.slack.running import Bot, running
from tests.fakes.slack.server import SlackServer

POST = "chat.postMessage"


async def test_a_person_gets_a_message(bot: Bot) -> None:
    slack, ada = bot.slack, bot.slack.person("Ada")
    assert await bot.adapter.direct(f"/T0000000001/{ada.id}", view(SECRET), "1") is Delivery.SENT
    (message,) = slack.history(ada)
    assert SECRET in message.shown


async def test_a_long_message_comes_in_order(http_bot: Bot) -> None:
    slack, ada = http_bot.slack, http_bot.slack.person("Ada")
    long = View("Long", tuple(Prose((Text(f"{n} word " * 600),)) for n in range(6)), "Long.")
    assert await http_bot.adapter.direct(f"/T/{ada.id}", long, "1") is Delivery.SENT
    first, *others = slack.history(ada)
    assert first.shown.startswith("Long")
    assert others
    assert all(message.payload["unfurl_links"] is False for message in (first, *others))


async def test_a_channel_gets_a_post(http_bot: Bot) -> None:
    slack = http_bot.slack
    assert await http_bot.adapter.post(slack.general.id, view(CARD), "1") is Delivery.SENT
    assert CARD in slack.history(slack.general)[0].shown


async def test_commands_are_called_what_they_are_called_there(
    slack: SlackServer, dispatcher: Dispatcher
) -> None:
    async with running(slack, dispatcher, prefix="rc-") as bot:
        await bot.adapter.post(slack.general.id, view("Type /quiz to begin."), "1")
    assert "Type /rc-quiz to begin." in slack.history(slack.general)[0].shown


async def test_what_will_not_change_is_refused(http_bot: Bot) -> None:
    slack, ada = http_bot.slack, http_bot.slack.person("Ada")
    slack.close_dms(ada)
    out = slack.channel("out", bot_is_member=False)
    adapter = http_bot.adapter
    assert await adapter.direct(f"/T/{ada.id}", view(SECRET), "1") is Delivery.REFUSED
    assert await adapter.direct("/T/U-nobody", view(SECRET), "2") is Delivery.REFUSED
    assert await adapter.post(out.id, view(CARD), "3") is Delivery.REFUSED


@pytest.mark.parametrize(
    ("status", "error"),
    [(500, None), (None, "internal_error"), (None, "fatal_error"), (None, "service_unavailable")],
)
async def test_what_may_change_is_for_later(
    http_bot: Bot, status: int | None, error: str | None
) -> None:
    slack, ada = http_bot.slack, http_bot.slack.person("Ada")
    slack.fail(POST, status=status, error=error)
    user = f"/T/{ada.id}"
    assert await http_bot.adapter.direct(user, view(SECRET), "1") is Delivery.LATER
    assert await http_bot.adapter.direct(user, view(SECRET), "1") is Delivery.SENT


async def test_a_rate_limit_is_waited_for_but_not_for_ever(http_bot: Bot) -> None:
    slack = http_bot.slack
    slack.fail(POST, status=429, retry_after=0)
    assert await http_bot.adapter.post(slack.general.id, view(CARD), "1") is Delivery.SENT
    slack.fail(POST, status=429, retry_after=0, times=4)
    assert await http_bot.adapter.post(slack.general.id, view(CARD), "2") is Delivery.LATER


async def test_a_message_that_may_have_arrived_does_not_come_twice(http_bot: Bot) -> None:
    slack = http_bot.slack
    slack.fail(POST, cut=True)
    assert await http_bot.adapter.post(slack.general.id, view(CARD), "1") is Delivery.SENT
    assert len(slack.history(slack.general)) == 1


async def test_without_a_connection_everything_is_for_later(
    slack: SlackServer, dispatcher: Dispatcher
) -> None:
    async with running(slack, dispatcher) as bot:
        slack.fail(POST, cut=True)
        await bot.adapter.post(slack.general.id, view(CARD), "0")
        await slack.stop()
        assert await bot.adapter.post(slack.general.id, view(CARD), "1") is Delivery.LATER
    assert await bot.adapter.direct("/T/U1", view(SECRET), "2") is Delivery.LATER
