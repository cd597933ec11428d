"""Subscribing a channel: the form, its mistakes, and what is confirmed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.core.command import Actor, Form, Kind, Update
from bot.core.manager_intents import Act, ManageSubscription, Retype
from bot.core.subscriptions import SubscriptionState
from tests.core.newsletter.place import (
    IDA,
    MAYA,
    Place,
    at,
    filled,
    intent,
    labels,
    posted,
    view,
    words,
)

NEW = ManageSubscription(0, Act.EDIT)

# Where


async def test_outside_a_channel_it_says_where_to_ask(place: Place) -> None:
    nowhere = replace(IDA, channel=None)
    assert "type this in the channel" in words(await place.type("subscribe", nowhere))
    said = await place.fill(NEW, nowhere)
    assert "type this in the channel" in words(said)
    assert await place.store.read(lambda unit: unit.newsletters.of("slack:E1/T1")) == ()


async def test_in_messages_it_says_where_to_ask(place: Place) -> None:
    alone = Actor("discord", "1")
    assert "type this in the channel" in words(await place.type("subscribe", alone))


# The form


async def test_a_form_opens_with_what_is_usual(place: Place) -> None:
    form = await place.type("subscribe")
    assert filled(form) == {
        "rhythm": "weekly",
        "weekday": "0",
        "time": "09:00",
        "time_zone": "Europe/London",
    }
    assert isinstance(form, Form)
    assert [f.option.name for f in form.fields if f.option.kind is Kind.ZONE] == ["time_zone"]


async def test_the_zone_is_the_likeliest_one(place: Place) -> None:
    """Asked for, else there already, else the person's own, else the community's."""
    assert filled(await place.type("subscribe", time_zone="tokyo"))["time_zone"] == "Asia/Tokyo"
    at_home = replace(MAYA, zone="America/New_York")
    assert filled(await place.type("subscribe", at_home))["time_zone"] == "America/New_York"
    odd = replace(MAYA, zone="Middle/Earth")
    assert filled(await place.type("subscribe", odd))["time_zone"] == "Europe/London"
    await place.subscribed()
    there = at(MAYA, "51", manager=True)
    assert filled(await place.type("subscribe", there))["time_zone"] == "Europe/Berlin"
    assert filled(await place.type("edit", at_home))["time_zone"] == "Europe/Berlin"
    assert filled(await place.type("edit", time_zone="tokyo"))["time_zone"] == "Asia/Tokyo"


async def test_a_zone_that_means_nothing_is_told_before_the_form(place: Place) -> None:
    said = await place.type("subscribe", time_zone="IST")
    assert "can mean more than one time zone" in words(said)
    chosen = await place.press(intent(said, "Asia/Kolkata"))
    assert filled(chosen)["time_zone"] == "Asia/Kolkata"


# Mistakes


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
async def test_what_means_nothing_gets_a_friendly_word_and_nothing_typed_is_lost(
    place: Place, field: str, given: str, said: str
) -> None:
    typed = {"intro": "For the guild", "rhythm": "monthly", "weekday": "3", field: given}
    answer = await place.fill(NEW, MAYA, **typed)
    assert said in words(answer)
    again = await place.press(intent(answer, "Change it"))
    wanted = {"time": "9:30", "time_zone": "berlin"} | typed
    gone = {"weekday", "rhythm"} & {field}  # what cannot be chosen cannot be shown as chosen
    assert filled(again) == {k: v for k, v in wanted.items() if v and k not in gone}
    assert await place.found() is None


async def test_all_mistakes_are_told_at_once(place: Place) -> None:
    answer = await place.fill(NEW, time="soon", time_zone="IST", rhythm="hourly")
    for part in ("is not a time of day", "I need a time zone", "Please choose how often"):
        assert part in words(answer)


async def test_a_zone_that_is_near_is_one_press_away(place: Place) -> None:
    answer = await place.fill(NEW, time_zone="IST", intro="For the guild")
    shown = await place.press(intent(answer, "Asia/Kolkata"))
    assert isinstance(shown, Update)
    assert "at 09:30, Asia/Kolkata time" in words(shown)
    kept = await place.here()
    assert (kept.zone, kept.intro, kept.state) == (
        "Asia/Kolkata",
        "For the guild",
        SubscriptionState.DRAFT,
    )


async def test_a_mistake_in_a_change_leaves_the_subscription_as_it_was(place: Place) -> None:
    before = await place.subscribed()
    answer = await place.fill(ManageSubscription(before.id, Act.EDIT), time="soon", weekday="4")
    assert await place.here() == before
    form = await place.press(intent(answer, "Change it"))
    assert isinstance(form, Form)
    assert form.intent == ManageSubscription(before.id, Act.EDIT)
    assert filled(form)["weekday"] == "4"


async def test_what_was_never_typed_is_out_of_date(place: Place) -> None:
    said = await place.press(Retype(0, "0" * 16))
    assert "out of date" in words(said)
    answer = await place.fill(NEW, time_zone="IST")
    forged = intent(answer, "Asia/Kolkata")
    assert isinstance(forged, Retype)
    said = await place.press(replace(forged, zone="Middle/Earth"))
    assert "out of date" in words(said)


# Confirming


async def test_the_dates_are_shown_in_the_zone_before_anything_is_subscribed(place: Place) -> None:
    agreed = await place.agreed()
    assert "Every week on Monday at 09:30, Europe/Berlin time" in words(agreed)
    for date in ("Monday 30 November 2026", "Monday 7 December 2026", "Monday 14 December 2026"):
        assert f"{date}, 09:30" in words(agreed)
    assert (await place.here()).state is SubscriptionState.DRAFT
    assert "No channel gets the newsletter yet" in words(await place.type("list"))


async def test_the_next_issue_is_shown_before_anything_is_subscribed(place: Place) -> None:
    agreed = await place.agreed(intro="For the guild")
    whole = view(await place.press(intent(agreed, "Preview")))
    assert f"The next issue: {whole.title}" in words(agreed)
    assert "For the guild" in words(agreed)
    assert "Preview shows all of it" in words(agreed)
    assert "Newsletter of 30 November 2026" in words(whole)


async def test_confirming_posts_a_first_word_once(place: Place) -> None:
    confirm = intent(await place.agreed(), "Subscribe this channel")
    effect = posted(await place.press(confirm))
    assert effect.place == (await place.here()).place
    assert "The newsletter comes here" in effect.view.title
    kept = await place.here()
    assert kept.state is SubscriptionState.ACTIVE
    assert kept.next_at == dt.datetime(2026, 11, 30, 8, 30, tzinfo=dt.UTC)
    assert kept.person == "discord:1"
    again = await place.press(confirm)
    assert isinstance(again, Update)
    assert "Newsletter in this channel" in again.view.title


async def test_the_channel_is_kept_as_the_platform_tells_it(place: Place) -> None:
    news = at(MAYA, "50", manager=True, name="news", announcement=True)
    agreed = await place.agreed(news)
    assert "Channel: news" in words(agreed)
    assert "Servers that follow this channel get each issue too" in words(agreed)
    hello = posted(await place.press(intent(agreed, "Subscribe this channel"), news))
    assert not hello.place.announcement
    kept = await place.here(news)
    assert (kept.name, kept.announcement) == ("news", True)


async def test_what_the_bot_lacks_is_told_at_once_and_how_to_give_it(place: Place) -> None:
    shut = at(MAYA, "50", manager=True, missing=("Send Messages",))
    agreed = words(await place.agreed(shut))
    assert "I cannot post there yet. I lack Send Messages." in agreed
    assert "give me Send Messages" in agreed
    assert "cannot post" not in words(await place.agreed())
    shut = at(IDA, "C1", manager=True, missing=("membership",))
    agreed = words(await place.agreed(shut))
    assert "I cannot post there yet. Invite me to the channel: type /invite" in agreed


@pytest.mark.parametrize(
    ("actor", "how"), [(MAYA, "View Channel and Send Messages"), (IDA, "/invite")]
)
async def test_where_it_may_not_post_it_says_how_to_allow_it(
    place: Place, actor: Actor, how: str
) -> None:
    confirm = intent(await place.agreed(actor), "Subscribe this channel")
    effect = posted(await place.press(confirm, actor))
    assert how in words(effect.refused)
    tried = posted(await place.press(intent(effect.refused, "Try again"), actor))
    assert tried.place.channel == actor.channel


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
    assert "Subscribe this channel" in labels(said)
    assert await place.history() == ()
