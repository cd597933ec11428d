"""What became of a post that Slack did not confirm."""

from __future__ import annotations

import asyncio

import pytest

from bot.adapters.slack import adapter as slack_adapter
from bot.adapters.slack.outcome import DELIVERIES, MOST_SECONDS, UNSAID_SECONDS
from bot.core.dispatch import Dispatcher
from bot.core.messenger import Delivery, Receipt
from bot.core.subscriptions import Place
from tests.adapters.effects import CARD, SECRET, view
from tests.adapters.slack.running import Bot, running
from tests.fakes.slack.server import SlackServer

POST = "chat.postMessage"

WORDS = {
    Delivery.MALFORMED: "invalid_blocks msg_too_long msg_blocks_too_long no_text invalid_arguments",
    Delivery.FORBIDDEN: "not_in_channel restricted_action missing_scope cannot_dm_bot"
    " restricted_action_thread_only_channel messages_tab_disabled not_allowed_token_type",
    Delivery.GONE: "channel_not_found is_archived account_inactive token_revoked invalid_auth"
    " team_not_found thread_not_found",
    Delivery.LIMITED: "rate_limited ratelimited",
    Delivery.LATER: "service_unavailable team_added_to_org org_login_required request_timeout",
    Delivery.DOUBT: "internal_error fatal_error",
}


async def post(bot: Bot) -> Receipt:
    here = Place("slack", "slack:/T0000000001", bot.slack.general.id)
    return await bot.adapter.post(here, view(CARD), "1")


@pytest.mark.parametrize("delivery", WORDS)
async def test_every_word_of_slack_means_something(http_bot: Bot, delivery: Delivery) -> None:
    for word in WORDS[delivery].split():
        http_bot.slack.fail(POST, error=word)
        receipt = await post(http_bot)
        assert receipt.delivery is delivery, word
        assert receipt.note.endswith(".")
        assert bool(receipt.wait) is (delivery is Delivery.LIMITED)
    assert http_bot.slack.history(http_bot.slack.general) == []


def test_no_word_means_two_things() -> None:
    listed = [word for words in WORDS.values() for word in words.split()]
    assert len(set(listed)) == len(listed)
    assert set(listed) <= DELIVERIES.keys()
    assert Delivery.SENT not in DELIVERIES.values()


async def test_a_new_word_is_a_refusal_that_names_it(http_bot: Bot) -> None:
    http_bot.slack.fail(POST, error="closed_for_the_holidays")
    assert await post(http_bot) == Receipt(
        Delivery.FORBIDDEN, note="Slack does not let me post there: closed_for_the_holidays."
    )


async def test_what_is_no_word_is_not_repeated(http_bot: Bot) -> None:
    http_bot.slack.fail(POST, error="<!channel> look at xoxb-1")
    receipt = await post(http_bot)
    assert receipt == Receipt(Delivery.DOUBT, note="Slack failed in the middle.")


@pytest.mark.parametrize(
    ("told", "wait"), [(30, 30.0), (0, 0.0), (10**9, MOST_SECONDS), (0.2, 1.0)]
)
async def test_a_limit_says_how_long_to_wait_and_nobody_waits_here(
    http_bot: Bot, told: float, wait: float
) -> None:
    http_bot.slack.fail(POST, status=429, retry_after=told)
    receipt = await post(http_bot)
    assert (receipt.delivery, receipt.wait) == (Delivery.LIMITED, wait)
    assert (await post(http_bot)).delivery is Delivery.SENT
    assert [call.method for call in http_bot.slack.calls].count(POST) == 2


async def test_a_limit_without_a_time_has_one_all_the_same(http_bot: Bot) -> None:
    http_bot.slack.fail(POST, error="rate_limited")
    assert (await post(http_bot)).wait == UNSAID_SECONDS


@pytest.mark.parametrize("by_proxy", [False, True])
@pytest.mark.parametrize(
    ("status", "delivery"),
    [
        (429, Delivery.LIMITED),
        (500, Delivery.DOUBT),
        (502, Delivery.DOUBT),
        (503, Delivery.LATER),
        (504, Delivery.DOUBT),
    ],
)
async def test_who_failed_says_whether_the_message_may_be_there(
    http_bot: Bot, status: int, delivery: Delivery, by_proxy: bool
) -> None:
    word = "service_unavailable" if status == 503 else None
    http_bot.slack.fail(POST, status=status, error=word, by_proxy=by_proxy)
    assert (await post(http_bot)).delivery is delivery


async def test_a_refusal_by_what_stands_before_slack_is_not_slacks(http_bot: Bot) -> None:
    http_bot.slack.fail(POST, status=403, by_proxy=True)
    assert (await post(http_bot)).delivery is Delivery.LATER


async def test_a_message_whose_answer_was_lost_is_in_doubt(
    http_bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    http_bot.slack.fail(POST, cut=True)
    assert await post(http_bot) == Receipt(Delivery.DOUBT, note="Slack's answer was lost.")
    assert len(http_bot.slack.history(http_bot.slack.general)) == 1
    assert "a message was not confirmed: ServerDisconnectedError" in caplog.text


async def test_a_message_that_takes_too_long_is_in_doubt(
    slack: SlackServer, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack_adapter, "CALL_SECONDS", 0.5)
    never = asyncio.Event()
    async with running(slack, dispatcher) as bot:
        slack.fail(POST, hold=never)
        assert (await post(bot)).delivery is Delivery.DOUBT
        never.set()


async def test_without_a_connection_everything_is_for_later(
    slack: SlackServer, dispatcher: Dispatcher
) -> None:
    async with running(slack, dispatcher) as bot:
        slack.fail(POST, cut=True)
        await post(bot)
        await slack.stop()
        assert await post(bot) == Receipt(Delivery.LATER, note="Slack could not be reached.")
    assert (await bot.adapter.direct("/T/U1", view(SECRET), "2")).delivery is Delivery.LATER


async def test_places_that_are_closed_are_told_apart(http_bot: Bot) -> None:
    slack, ada = http_bot.slack, http_bot.slack.person("Ada")
    slack.close_dms(ada)
    out, old = slack.channel("out", bot_is_member=False), slack.channel("old")
    old.is_archived = True
    adapter = http_bot.adapter
    receipts = [
        await adapter.direct(f"/T/{ada.id}", view(SECRET), "1"),
        await adapter.direct("/T/U-nobody", view(SECRET), "2"),
        *[
            await adapter.post(Place("slack", "slack:/T", channel.id), view(CARD), "3")
            for channel in (out, old)
        ],
    ]
    assert [(receipt.delivery, receipt.note) for receipt in receipts] == [
        (
            Delivery.FORBIDDEN,
            "Messages to people are switched off for me in the workspace.",
        ),
        (Delivery.GONE, "The channel is gone, or it is private and I am not in it."),
        (Delivery.FORBIDDEN, "I am not in the channel. Please invite me there."),
        (Delivery.GONE, "The channel is archived."),
    ]
