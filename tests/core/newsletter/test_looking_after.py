"""Looking after subscriptions: the list, the status, and what is done with one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.core.command import Form, Update
from bot.core.intents import Run
from bot.core.manager_intents import Act, ManageSubscription
from bot.core.subscribing.notices import doubt_view, paused_view
from bot.core.subscriptions import DeliveryState, SubscriptionState
from bot.core.views import Actions, Select
from tests.core.newsletter.place import (
    DAY,
    IDA,
    MAYA,
    WEDNESDAY,
    Place,
    at,
    filled,
    intent,
    labels,
    view,
    words,
)

THERE = at(MAYA, "51", manager=True)

# The list


async def test_the_list_names_every_channel_and_opens_it(place: Place) -> None:
    await place.subscribed()
    await place.subscribed(THERE, rhythm="daily")
    await place.subscribed(at(MAYA, "52", manager=True, name="data-guild"), rhythm="monthly")
    listed = await place.type("list")
    assert "This channel: Every week on Monday at 09:30" in words(listed)
    assert "Channel 51: A question every day at 09:30" in words(listed)
    assert "data-guild: Once a month" in words(listed)
    status = await place.press(intent(listed, "data-guild"))
    assert "Newsletter in data-guild" in words(status)
    assert intent(listed, "Subscribe this channel") == Run("newsletter", ("subscribe",))


async def test_many_channels_are_opened_from_several_lists(place: Place) -> None:
    for number in range(30):
        await place.subscribed(at(MAYA, f"c{number}", manager=True))
    listed = view(await place.type("list"))
    selects = [
        item
        for block in listed.blocks
        for item in (block.items if isinstance(block, Actions) else ())
        if isinstance(item, Select)
    ]
    assert [len(select.choices) for select in selects] == [25, 5]


@pytest.mark.parametrize("action", ["status", "pause", "preview", "edit", "send-now"])
async def test_where_nothing_is_subscribed_it_says_so(place: Place, action: str) -> None:
    assert "This channel has no subscription" in words(await place.type(action))


# Pausing and changing


async def test_it_is_paused_and_goes_on(place: Place) -> None:
    await place.subscribed()
    paused = await place.type("pause")
    assert "Paused: by a manager" in words(paused)
    assert "paused by a manager" in words(await place.type("list"))
    place.now += 21 * DAY
    resumed = await place.press(intent(paused, "Resume"))
    assert "Paused" not in words(resumed)
    kept = await place.here()
    assert kept.state is SubscriptionState.ACTIVE
    assert kept.next_at is not None
    assert kept.next_at > place.now


async def test_a_channel_is_changed_from_another_one(place: Place) -> None:
    mine = await place.subscribed()
    status = await place.press(ManageSubscription(mine.id, Act.STATUS), THERE)
    form = await place.press(intent(status, "Change times"), THERE)
    assert filled(form)["time_zone"] == "Europe/Berlin"
    assert isinstance(form, Form)
    changed = await place.fill(form.intent, THERE, weekday="4", intro="For the guild")
    assert "Changed." in words(changed)
    assert "Friday" in words(changed)
    kept = await place.here()
    assert (kept.channel, kept.weekday, kept.intro) == ("50", 4, "For the guild")
    assert kept.next_at == dt.datetime(2026, 11, 27, 8, 30, tzinfo=dt.UTC)
    assert len(await place.store.read(lambda unit: unit.newsletters.of("discord:7"))) == 1


async def test_a_new_line_above_keeps_the_weeks_of_every_second_week(place: Place) -> None:
    before = await place.subscribed(rhythm="fortnightly")
    place.now += 7 * DAY
    await place.fill(ManageSubscription(before.id, Act.EDIT), rhythm="fortnightly", intro="Hello")
    after = await place.here()
    assert after.intro == "Hello"
    assert (after.anchor, after.next_at, after.since) == (
        before.anchor,
        before.next_at,
        before.since,
    )


async def test_what_is_paused_stays_paused_when_it_is_changed(place: Place) -> None:
    mine = await place.subscribed()
    await place.type("pause")
    await place.fill(ManageSubscription(mine.id, Act.EDIT), time="10:00")
    kept = await place.here()
    assert (kept.state, kept.reason) == (SubscriptionState.PAUSED, "by a manager")


@pytest.mark.parametrize("action", ["status", "resume", "edit", "preview", "send-now"])
async def test_where_its_time_zone_is_gone_it_asks_for_another_one(
    place: Place, action: str
) -> None:
    mine = replace(await place.subscribed(), zone="Europe/Atlantis")
    await place.store.write(lambda unit: unit.newsletters.save(mine))
    assert "Europe/Atlantis is no time zone any more" in words(await place.type("list"))
    form = await place.type(action)
    assert filled(form)["time_zone"] == "Europe/London"
    assert isinstance(form, Form)
    await place.fill(form.intent, time_zone="tokyo")
    kept = await place.here()
    assert (kept.zone, kept.time) == ("Asia/Tokyo", dt.time(9, 30))
    assert kept.next_at == dt.datetime(2026, 11, 30, 0, 30, tzinfo=dt.UTC)


# Issues


async def test_a_preview_shows_the_next_issue_with_the_line_above(place: Place) -> None:
    await place.subscribed(intro="For the guild")
    assert "For the guild" in words(await place.type("preview"))
    assert "Newsletter of 30 November 2026" in words(await place.type("preview"))
    assert await place.history() == ()


async def test_an_issue_is_sent_at_once_and_only_once_a_day(place: Place) -> None:
    await place.subscribed()
    assert "On its way" in words(await place.type("send-now"))
    assert "Not twice" in words(await place.type("send-now"))
    [delivery] = await place.history()
    assert (delivery.date, delivery.state) == (WEDNESDAY.date(), DeliveryState.WAITING)
    assert delivery.destination == "discord"
    place.now += DAY
    assert "On its way" in words(await place.type("send-now"))
    assert len({delivery.issue for delivery in await place.history()}) == 2


async def test_the_next_issue_is_told_what_the_content_was(place: Place) -> None:
    await place.subscribed()
    await place.type("send-now")
    version = (await place.here()).content
    assert await place.store.read(lambda unit: unit.sessions.kept(version)) is not None
    place.now += DAY
    await place.type("send-now")
    second, first = await place.history()
    assert (first.before, second.before) == ("", version)


async def test_a_day_is_a_day_where_the_channel_is(place: Place) -> None:
    await place.subscribed(time_zone="Pacific/Auckland")
    place.now = dt.datetime(2026, 11, 25, 23, tzinfo=dt.UTC)
    await place.type("send-now")
    [delivery] = await place.history()
    assert delivery.date == dt.date(2026, 11, 26)


async def test_nothing_is_sent_while_it_is_paused(place: Place) -> None:
    await place.subscribed()
    await place.type("pause")
    assert "Please resume the subscription first" in words(await place.type("send-now"))
    assert await place.history() == ()


async def test_ending_it_asks_first(place: Place) -> None:
    mine = await place.subscribed()
    asked = await place.type("unsubscribe")
    assert "Unsubscribe?" in words(asked)
    kept = await place.press(intent(asked, "Keep it"))
    assert "Newsletter in this channel" in words(kept)
    ended = await place.press(intent(asked, "Unsubscribe"))
    assert "no newsletter any more" in words(ended)
    assert "No channel gets the newsletter yet" in words(await place.type("list"))
    said = await place.press(ManageSubscription(mine.id, Act.STATUS))
    assert "out of date" in words(said)


async def test_the_status_tells_of_issues_and_offers_to_send_again(place: Place) -> None:
    mine = await place.subscribed()
    await place.type("send-now")
    assert "25 November 2026, waits to be sent" in words(await place.type("status"))
    await place.settled(DeliveryState.DOUBT, "nobody knows whether it arrived")
    status = await place.press(ManageSubscription(mine.id, Act.STATUS))
    assert "25 November 2026, in doubt: nobody knows whether it arrived" in words(status)
    again = intent(status, "Repost 25 November 2026")
    await place.type("pause")
    assert "Please resume the subscription first" in words(await place.press(again))
    await place.type("resume")
    assert "Sent again" in words(await place.press(again))
    assert "out of date" in words(await place.press(again))
    [delivery] = await place.history()
    assert delivery.state is DeliveryState.WAITING


async def test_the_status_lists_the_last_five_and_says_why_one_failed(place: Place) -> None:
    await place.subscribed()
    for _ in range(6):
        await place.type("send-now")
        await place.settled(DeliveryState.FAILED, "the channel is full")
        place.now += DAY
    status = words(await place.type("status"))
    assert status.count("failed: the channel is full") == 5
    assert "25 November 2026" not in status
    assert "Repost" not in " ".join(labels(await place.type("status")))


# What managers hear


async def test_a_pause_says_where_why_and_what_to_do() -> None:
    said = words(paused_view("data-guild", "the bot may not post in this channel", "discord"))
    assert "The newsletter in data-guild is paused: the bot may not post" in said
    assert "View Channel and Send Messages" in said
    assert "/newsletter resume" in said
    said = words(paused_view("C1", "I am not in the channel. Please invite me.", "slack"))
    assert "/invite" in said
    assert ".." not in said


async def test_a_doubt_says_which_issue_and_what_to_do() -> None:
    said = words(doubt_view("data-guild", "2026-11-25"))
    assert "the issue of 25 November 2026 arrived in data-guild" in said
    assert "press Repost" in said


async def test_on_slack_it_is_the_same(place: Place) -> None:
    mine = await place.subscribed(IDA)
    assert mine.place.destination == "slack:E1/T1"
    status = await place.type("status", IDA)
    assert isinstance(status, Update)
    assert "Newsletter in this channel" in words(status)
