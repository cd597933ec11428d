"""Subscribing as those who manage a community see it, with a store behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.core.command import Actor, Call, Click, Effect, Form, Post, Say, Submission, Update
from bot.core.content.catalogue import Catalogue
from bot.core.desk import Desk
from bot.core.dispatch import Dispatcher
from bot.core.intents import Act, Intent, ManageSubscription, Run
from bot.core.subscriptions import DeliveryState, IssueDelivery, Subscription, SubscriptionState
from bot.core.views import Actions, Bullets, Button, Notice, Prose, Select, View, plain
from bot.store.database import Database, database_url

WEDNESDAY = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)

MAYA = Actor("discord", "1", community="discord:7", channel="50", manager=True)
FILLED = {"rhythm": "weekly", "weekday": "0", "time": "9:30", "time_zone": "berlin"}


class Place:
    """A server with a manager in one of its channels."""

    def __init__(self, catalogue: Catalogue, store: Database) -> None:
        self.now = WEDNESDAY
        self.store = store
        self.dispatcher = Dispatcher(catalogue, desk=Desk(store, lambda: self.now))

    async def type(self, action: str = "", actor: Actor = MAYA) -> Effect:
        given = {"action": action} if action else {}
        return await self.dispatcher.call(Call("newsletter", given, actor))

    async def press(self, intent: Intent, actor: Actor = MAYA) -> Effect:
        return await self.dispatcher.click(Click(intent, actor))

    async def fill(self, intent: Intent, actor: Actor = MAYA, **values: str) -> Effect:
        return await self.dispatcher.submit(Submission(intent, FILLED | values, actor))

    async def agreed(self, actor: Actor = MAYA, **values: str) -> View:
        """The view after the form for a new subscription was sent in."""
        return view(await self.fill(ManageSubscription(0, Act.EDIT), actor, **values))

    async def subscribed(self, actor: Actor = MAYA, **values: str) -> Subscription:
        agreed = await self.agreed(actor, **values)
        await self.press(intent(agreed, "Subscribe this channel"), actor)
        return await self.here(actor)

    async def here(self, actor: Actor = MAYA) -> Subscription:
        channel = actor.channel or ""
        found = await self.store.read(lambda unit: unit.newsletters.in_channel("discord", channel))
        assert found is not None
        return found

    async def history(self) -> tuple[IssueDelivery, ...]:
        identity = (await self.here()).id
        return await self.store.read(lambda unit: unit.newsletters.history(identity, 9))


@pytest_asyncio.fixture
async def place(catalogue: Catalogue, tmp_path: Path) -> AsyncIterator[Place]:
    store = Database(database_url(tmp_path, None))
    yield Place(catalogue, store)
    await store.close()


def view(effect: Effect) -> View:
    assert isinstance(effect, Say | Update), effect
    return effect.view


def words(effect: Effect | View) -> str:
    shown = effect if isinstance(effect, View) else view(effect)
    lines = [shown.title]
    for block in shown.blocks:
        match block:
            case Prose(spans) | Notice(spans):
                lines.append(plain(spans))
            case Bullets(items):
                lines += map(plain, items)
            case _:
                pass
    return "\n".join(lines)


def _pressable(shown: View) -> Iterator[tuple[str, Intent]]:
    for block in shown.blocks:
        for item in block.items if isinstance(block, Actions) else ():
            match item:
                case Button(label, meant):
                    yield label, meant
                case Select(_, choices):
                    yield from ((choice.label, choice.intent) for choice in choices)


def intent(shown: View | Effect, label: str) -> Intent:
    found = dict(_pressable(shown if isinstance(shown, View) else view(shown)))
    assert label in found, f"nothing is called {label}; there are {list(found)}"
    return found[label]


def filled(form: Effect) -> dict[str, str]:
    assert isinstance(form, Form)
    return {field.option.name: field.value.value for field in form.fields if field.value}


# Who, and where


@pytest.mark.parametrize("action", ["", "subscribe", "unsubscribe", "send-now", "status"])
async def test_only_managers_look_after_it(place: Place, action: str) -> None:
    await place.subscribed()
    ben = Actor("discord", "2", community="discord:7", channel="50")
    assert "Only people who may manage" in words(await place.type(action, ben))
    for act in Act:
        intent = ManageSubscription((await place.here()).id, act)
        assert "Only people who may manage" in words(await place.press(intent, ben))
    said = await place.fill(ManageSubscription(0, Act.EDIT), ben)
    assert "Only people who may manage" in words(said)
    assert (await place.here()).state is SubscriptionState.ACTIVE


async def test_outside_a_channel_it_says_where_to_ask(place: Place) -> None:
    nowhere = Actor("slack", "1", community="slack:/T1", channel=None, manager=True)
    assert "type this in the channel" in words(await place.type("subscribe", nowhere))
    said = await place.fill(ManageSubscription(0, Act.EDIT), nowhere)
    assert "type this in the channel" in words(said)
    assert await place.store.read(lambda unit: unit.newsletters.of("slack:/T1")) == ()


@pytest.mark.parametrize("act", Act)
async def test_a_subscription_of_another_server_cannot_be_touched(place: Place, act: Act) -> None:
    theirs = await place.subscribed()
    other = Actor("discord", "9", community="discord:8", channel="60", manager=True)
    said = await place.press(ManageSubscription(theirs.id, act), other)
    assert "out of date" in words(said)
    filled_in = await place.fill(ManageSubscription(theirs.id, Act.EDIT), other, time="23:00")
    assert "out of date" in words(filled_in)
    assert await place.here() == theirs


# Subscribing


async def test_a_form_opens_with_what_is_usual(place: Place) -> None:
    assert filled(await place.type("subscribe")) == {
        "rhythm": "weekly",
        "weekday": "0",
        "time": "09:00",
        "time_zone": "Europe/London",
    }


async def test_the_dates_are_shown_in_the_zone_before_anything_is_subscribed(place: Place) -> None:
    agreed = await place.agreed()
    assert "Every week on Monday at 09:30, Europe/Berlin time" in words(agreed)
    for date in ("Monday 30 November 2026", "Monday 7 December 2026", "Monday 14 December 2026"):
        assert f"{date}, 09:30" in words(agreed)
    assert (await place.here()).state is SubscriptionState.DRAFT
    assert "No channel gets the newsletter yet" in words(await place.type("list"))


async def test_confirming_posts_a_first_word_once(place: Place) -> None:
    confirm = intent(await place.agreed(), "Subscribe this channel")
    effect = await place.press(confirm)
    assert isinstance(effect, Post)
    assert effect.channel == "50"
    assert "The newsletter comes here" in effect.view.title
    kept = await place.here()
    assert kept.state is SubscriptionState.ACTIVE
    assert kept.next_at == dt.datetime(2026, 11, 30, 8, 30, tzinfo=dt.UTC)
    assert kept.person == "discord:1"
    again = await place.press(confirm)
    assert isinstance(again, Update)
    assert "Newsletter in this channel" in again.view.title


@pytest.mark.parametrize(
    ("platform", "how"), [("discord", "View Channel and Send Messages"), ("slack", "/invite")]
)
async def test_where_it_may_not_post_it_says_how_to_allow_it(
    place: Place, platform: str, how: str
) -> None:
    actor = Actor(platform, "1", community=f"{platform}:7", channel="C5", manager=True)
    confirm = intent(await place.agreed(actor), "Subscribe this channel")
    effect = await place.press(confirm, actor)
    assert isinstance(effect, Post)
    assert how in words(effect.refused)
    tried = await place.press(intent(effect.refused, "Try again"), actor)
    assert isinstance(tried, Post)
    assert tried.channel == "C5"


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        ("time", "25:00", "is not a time of day"),
        ("time", "soon", "is not a time of day"),
        ("time", "", "is not a time of day"),
        ("time_zone", "the far side of the moon", "I need a time zone such as Europe/London"),
        ("time_zone", "IST", "Did you mean Asia/Kolkata"),
        ("weekday", "9", "Please choose how often"),
        ("rhythm", "hourly", "Please choose how often"),
    ],
)
async def test_what_means_nothing_gets_a_friendly_word_and_a_way_back(
    place: Place, field: str, given: str, said: str
) -> None:
    answer = await place.fill(ManageSubscription(0, Act.EDIT), MAYA, **{field: given})
    assert said in words(answer)
    assert isinstance(await place.press(intent(answer, "Change it")), Form)
    here = await place.store.read(lambda unit: unit.newsletters.in_channel("discord", "50"))
    assert here is None


async def test_a_draft_is_changed_in_place_and_an_old_button_still_works(place: Place) -> None:
    first = await place.agreed()
    await place.agreed(time="18:00")
    await place.press(intent(first, "Subscribe this channel"))
    kept = await place.here()
    assert (kept.state, kept.time) == (SubscriptionState.ACTIVE, dt.time(18))


@pytest.mark.parametrize("action", ["status", "pause", "send-now", "resume", "unsubscribe"])
async def test_what_is_not_confirmed_is_shown_to_be_confirmed(place: Place, action: str) -> None:
    await place.agreed()
    said = await place.type(action)
    assert "Subscribe this channel?" in words(said)
    assert await place.history() == ()


# Looking after it


async def test_the_list_names_every_channel_and_opens_it(place: Place) -> None:
    await place.subscribed()
    there = Actor("discord", "1", community="discord:7", channel="51", manager=True)
    await place.subscribed(there, rhythm="daily")
    listed = await place.type("list")
    assert "This channel: Every week on Monday at 09:30" in words(listed)
    assert "Channel 51: Every day at 09:30" in words(listed)
    status = await place.press(intent(listed, "Channel 51"))
    assert "Every day at 09:30" in words(status)
    assert intent(listed, "Subscribe this channel") == Run("newsletter", ("subscribe",))


@pytest.mark.parametrize("action", ["status", "pause", "preview", "edit", "send-now"])
async def test_where_nothing_is_subscribed_it_says_so(place: Place, action: str) -> None:
    assert "This channel has no subscription" in words(await place.type(action))


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
    there = Actor("discord", "1", community="discord:7", channel="51", manager=True)
    status = await place.press(ManageSubscription(mine.id, Act.STATUS), there)
    change = intent(status, "Change it")
    form = await place.press(change, there)
    assert filled(form)["time_zone"] == "Europe/Berlin"
    assert isinstance(form, Form)
    changed = await place.fill(form.intent, there, weekday="4", intro="For the guild")
    assert "Changed" in words(changed)
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
    place.now += DAY
    assert "On its way" in words(await place.type("send-now"))
    assert len({delivery.issue for delivery in await place.history()}) == 2


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
    now = place.now
    await place.type("send-now")
    await place.store.write(lambda unit: unit.newsletters.claim(now, 9))
    await place.store.write(lambda unit: unit.newsletters.doubt(now + DAY, now + DAY))
    status = await place.press(ManageSubscription(mine.id, Act.STATUS))
    assert "2026-11-25, in doubt" in words(status)
    again = intent(status, "Repost 2026-11-25")
    assert "Sent again" in words(await place.press(again))
    assert "out of date" in words(await place.press(again))
    [delivery] = await place.history()
    assert delivery.state is DeliveryState.WAITING
