"""What is chosen in the settings of a subscription, besides the times."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.command import Form, Spot, Update
from bot.core.content.newsletter import Topic
from bot.core.manager_intents import Act, ManageSubscription, Purpose, SwitchTopic
from bot.core.subscriptions import SubscriptionState
from tests.core.newsletter.place import (
    IDA,
    MAYA,
    Place,
    at,
    intent,
    labels,
    posted,
    view,
    words,
)

EVERY = frozenset(topic.value for topic in Topic)

# Topics


async def test_topics_are_switched_one_by_one(place: Place) -> None:
    agreed = await place.agreed()
    assert "Topics: Roles, skills, quiz of the week, pay news and the feed." in words(agreed)
    without = await place.press(intent(agreed, "Pay news: switch off"))
    assert "Topics: Roles, skills, quiz of the week and the feed." in words(without)
    assert (await place.here()).topics == EVERY - {"pay"}
    await place.press(intent(without, "Pay news: switch on"))
    assert (await place.here()).topics == EVERY


async def test_one_topic_always_stays(place: Place) -> None:
    mine = await place.subscribed()
    for topic in sorted(EVERY - {"roles"}):
        await place.press(SwitchTopic(mine.id, topic, on=False))
    shown = await place.press(ManageSubscription(mine.id, Act.SETTINGS))
    assert "Roles: switch off" not in labels(shown)
    said = await place.press(SwitchTopic(mine.id, "roles", on=False))
    assert "Topics: Roles." in words(said)
    assert (await place.here()).topics == {"roles"}
    assert "out of date" in words(await place.press(SwitchTopic(mine.id, "gossip", on=True)))


async def test_the_daily_rhythm_is_a_question_alone(place: Place) -> None:
    daily = await place.agreed(rhythm="daily")
    assert "The daily question comes alone" in words(daily)
    assert "Topics: Quiz of the week." in words(daily)
    assert not [label for label in labels(daily) if "switch" in label]
    mine = await place.here()
    assert mine.topics == {"quiz"}
    await place.press(SwitchTopic(mine.id, "pay", on=True))
    assert (await place.here()).topics == {"quiz"}
    await place.agreed(rhythm="weekly")
    assert (await place.here()).topics == EVERY


async def test_new_times_keep_the_topics(place: Place) -> None:
    mine = await place.subscribed()
    await place.press(SwitchTopic(mine.id, "pay", on=False))
    await place.fill(ManageSubscription(mine.id, Act.EDIT), time="10:00")
    assert (await place.here()).topics == EVERY - {"pay"}


# Another channel


async def test_a_draft_goes_to_another_channel(place: Place) -> None:
    agreed = await place.agreed()
    elsewhere = Spot("51", "news", announcement=True, missing=("Send Messages",))
    shown = await place.pick(intent(agreed, "Send it to another channel"), elsewhere)
    assert "Subscribe news?" in words(shown)
    assert "I lack Send Messages" in words(shown)
    hello = posted(await place.press(intent(shown, "Subscribe news")))
    assert hello.place.channel == "51"
    moved = await place.here(at(MAYA, "51"))
    assert (moved.name, moved.announcement, moved.state) == ("news", True, SubscriptionState.ACTIVE)
    assert await place.found() is None


async def test_what_is_active_posts_a_first_word_in_its_new_channel(place: Place) -> None:
    mine = await place.subscribed()
    hello = posted(await place.choose(mine, Purpose.PLACE, Spot("51", "news")))
    assert hello.place.channel == "51"
    assert "Channel: news" in words(hello.posted)
    same = await place.choose(mine, Purpose.PLACE, Spot("51", "news"))
    assert isinstance(same, Update)


async def test_what_is_paused_moves_without_a_word(place: Place) -> None:
    mine = await place.subscribed()
    await place.type("pause")
    assert isinstance(await place.choose(mine, Purpose.PLACE, Spot("51")), Update)


async def test_two_subscriptions_do_not_share_a_channel(place: Place) -> None:
    await place.subscribed(at(MAYA, "51", manager=True))
    mine = await place.subscribed()
    said = await place.choose(mine, Purpose.PLACE, Spot("51"))
    assert "That channel has the newsletter already" in words(said)
    assert await place.here() == mine


async def test_a_draft_that_was_left_there_makes_way(place: Place) -> None:
    await place.agreed(at(MAYA, "51", manager=True))
    mine = await place.subscribed()
    posted(await place.choose(mine, Purpose.PLACE, Spot("51")))
    assert (await place.here(at(MAYA, "51"))).id == mine.id


async def test_a_thread_is_a_place_on_slack(place: Place) -> None:
    thread = at(IDA, "C1/1700000000.1234", manager=True)
    mine = await place.subscribed(thread)
    assert mine.place.channel == "C1/1700000000.1234"


# The mention


async def test_a_role_is_mentioned_only_if_it_is_chosen(place: Place) -> None:
    agreed = await place.agreed()
    assert "Mentioned: Nobody." in words(agreed)
    assert "Mention nobody" not in labels(agreed)
    shown = await place.pick(intent(agreed, "Mention a role"), Spot("900", "data-team"))
    assert "Mentioned: The role data-team." in words(shown)
    assert (await place.here()).place.mention == "900"
    hello = posted(await place.press(intent(shown, "Subscribe this channel")))
    assert hello.place.mention == ""
    nobody = await place.press(intent(shown, "Mention nobody"))
    assert "Mentioned: Nobody." in words(nobody)
    assert (await place.here()).mention == ""


async def test_everyone_is_never_mentioned(place: Place) -> None:
    mine = await place.subscribed()
    said = await place.choose(mine, Purpose.MENTION, Spot("7", "@everyone"))
    assert "I never mention everyone" in words(said)
    assert (await place.here()).mention == ""


async def test_slack_has_no_roles(place: Place) -> None:
    agreed = await place.agreed(IDA)
    assert "Mention a role" not in labels(agreed)
    mine = await place.here(IDA)
    said = await place.choose(mine, Purpose.MENTION, Spot("S1"), IDA)
    assert "out of date" in words(said)


# What is in doubt


async def test_on_slack_it_is_chosen_what_happens_in_doubt(place: Place) -> None:
    agreed = await place.agreed(IDA)
    assert "I ask you" in words(agreed)
    again = await place.press(intent(agreed, "Send it again"), IDA)
    assert "It is sent again" in words(again)
    assert (await place.here(IDA)).again
    await place.press(intent(agreed, "Ask me"), IDA)
    assert not (await place.here(IDA)).again
    assert "Send it again" not in labels(await place.agreed())


# Getting there


async def test_the_settings_open_from_the_status_and_lead_to_the_form(place: Place) -> None:
    await place.subscribed()
    settings = await place.press(intent(await place.type("status"), "Settings"))
    assert "Settings of the newsletter" in view(settings).title
    assert isinstance(await place.press(intent(settings, "Change times")), Form)
    assert "Subscribe this channel" not in labels(settings)


async def test_a_picker_without_a_choice_is_out_of_date(place: Place) -> None:
    agreed = await place.agreed()
    said = await place.press(intent(agreed, "Send it to another channel"))
    assert "out of date" in words(said)


@pytest.mark.parametrize("name", ["<@&900> @everyone", "#" * 300, "\u202e\u0000"])
async def test_names_are_shown_as_words(place: Place, name: str) -> None:
    there = at(MAYA, "50", manager=True, name=name)
    shown = await place.agreed(there)
    assert len(words(shown).split("Channel: ")[1].splitlines()[0]) <= 60
    await place.press(intent(shown, "Subscribe this channel"), there)
    assert "Newsletter" in words(await place.type("list", replace(MAYA, channel="51")))
