"""Who may look after which subscriptions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.command import Actor, Call, Form, Spot
from bot.core.intents import Intent, Run
from bot.core.manager_intents import (
    Act,
    ChooseFor,
    Dismiss,
    ManageSubscription,
    Purpose,
    Repost,
    Retype,
    SwitchTopic,
)
from bot.core.subscriptions import SubscriptionState
from tests.core.newsletter.place import (
    IDA,
    MAYA,
    Place,
    at,
    intent,
    labels,
    posted,
    words,
)

BEN = Actor("discord", "2", community="discord:7", channel="50")
"""He manages nothing."""

OLA = at(replace(BEN, user="3"), "50", manages=True)
"""She manages one channel."""

SAM = replace(IDA, user="E1/T1/U2", manager=False)
"""He is a member of the workspace."""


def pressed_about(identity: int) -> list[Intent]:
    """All that can be pressed about a subscription."""
    return [
        *(ManageSubscription(identity, act) for act in Act),
        SwitchTopic(identity, "pay", on=False),
        ChooseFor(identity, Purpose.PLACE),
        ChooseFor(identity, Purpose.MENTION),
    ]


@pytest.mark.parametrize("action", ["", "subscribe", "unsubscribe", "send-now", "status"])
async def test_only_managers_look_after_it(place: Place, action: str) -> None:
    before = await place.subscribed()
    assert "Please ask one of them" in words(await place.type(action, BEN))
    for pressed in [*pressed_about(before.id), Repost(1), Retype(0, "0" * 16), Dismiss("x")]:
        said = await place.pick(pressed, Spot("50"), BEN)
        assert "Please ask one of them" in words(said), pressed
    said = await place.fill(ManageSubscription(0, Act.EDIT), BEN)
    assert "Please ask one of them" in words(said)
    said = await place.fill(ManageSubscription(0, Act.EDIT), BEN, time="soon")
    assert "Please ask one of them" in words(said)
    assert await place.here() == before


async def test_a_subscription_of_another_server_cannot_be_touched(place: Place) -> None:
    theirs = await place.subscribed()
    other = Actor("discord", "9", community="discord:8", channel="60", manager=True)
    for pressed in pressed_about(theirs.id):
        said = await place.pick(pressed, Spot("60", manages=True), other)
        assert "out of date" in words(said), pressed
    filled_in = await place.fill(ManageSubscription(theirs.id, Act.EDIT), other, time="23:00")
    assert "out of date" in words(filled_in)
    assert await place.here() == theirs


# Who manages a channel


async def test_who_manages_a_channel_looks_after_that_one(place: Place) -> None:
    mine = await place.subscribed(OLA)
    assert mine.state is SubscriptionState.ACTIVE
    assert "Paused" in words(await place.type("pause", OLA))
    assert "This channel" in words(await place.type("list", OLA))


async def test_who_manages_a_channel_sees_and_touches_no_other(place: Place) -> None:
    theirs = await place.subscribed(at(MAYA, "51", manager=True, name="secret"))
    assert "secret" not in words(await place.type("list", OLA))
    for pressed in pressed_about(theirs.id):
        said = await place.pick(pressed, Spot("50", manages=True), OLA)
        assert "Please ask one of them" in words(said), pressed
    assert await place.here(at(MAYA, "51")) == theirs


async def test_it_goes_only_to_channels_that_the_person_manages(place: Place) -> None:
    mine = await place.subscribed(OLA)
    said = await place.choose(mine, Purpose.PLACE, Spot("51"), OLA)
    assert "Please ask one of them" in words(said)
    assert await place.here() == mine
    posted(await place.choose(mine, Purpose.PLACE, Spot("51", manages=True), OLA))
    assert (await place.here(at(MAYA, "51"))).id == mine.id


# A channel that two communities share


async def test_what_another_workspace_has_subscribed_is_told_and_kept(place: Place) -> None:
    theirs = await place.subscribed(IDA)
    guest = Actor("slack", "E2/T2/U1", community="slack:E2/T2", channel="C1", manager=True)
    for said in (
        await place.type("subscribe", guest),
        await place.type("pause", guest),
        await place.fill(ManageSubscription(0, Act.EDIT), guest),
    ):
        assert "another workspace has subscribed it already" in words(said)
    assert await place.here(IDA) == theirs
    assert "No channel gets the newsletter yet" in words(await place.type("list", guest))
    own = await place.subscribed(replace(guest, channel="C2"))
    said = await place.choose(own, Purpose.PLACE, Spot("C1"), guest)
    assert "another workspace has subscribed it already" in words(said)


async def test_a_draft_of_another_workspace_is_in_nobodys_way(place: Place) -> None:
    await place.agreed(IDA)
    guest = Actor("slack", "E2/T2/U1", community="slack:E2/T2", channel="C1", manager=True)
    assert isinstance(await place.type("subscribe", guest), Form)
    assert (await place.subscribed(guest)).community == "slack:E2/T2"


# Whom an admin lets


async def test_an_admin_lets_somebody_and_dismisses_them(place: Place) -> None:
    assert "Please ask one of them" in words(await place.type("subscribe", SAM))
    listed = await place.type("list", IDA)
    let = intent(listed, "Let somebody manage the newsletter")
    said = await place.pick(let, Spot("E1/T1/U2", "sam"), IDA)
    assert "sam may manage the newsletter" in words(said)
    await place.subscribed(SAM)
    assert "This channel" in words(await place.type("list", SAM))
    dismiss = intent(await place.type("list", IDA), "U2")
    assert "may not manage the newsletter of this workspace any more" in words(
        await place.press(dismiss, IDA)
    )
    assert "Please ask one of them" in words(await place.type("status", SAM))
    assert "out of date" in words(await place.press(dismiss, IDA))


async def test_whom_an_admin_let_lets_nobody_else(place: Place) -> None:
    let = ChooseFor(0, Purpose.HELPER)
    await place.pick(let, Spot("E1/T1/U2"), IDA)
    assert "Let somebody manage the newsletter" not in labels(await place.type("list", SAM))
    said = await place.pick(let, Spot("E1/T1/U3"), SAM)
    assert "Please ask one of them" in words(said)
    said = await place.press(Dismiss("slack:E1/T1/U2"), SAM)
    assert "Please ask one of them" in words(said)
    assert [m.person for m in await place.managers("slack:E1/T1") if m.allowed] == [
        "slack:E1/T1/U2"
    ]


async def test_discord_has_channel_managers_instead(place: Place) -> None:
    assert "Let somebody manage the newsletter" not in labels(await place.type("list"))
    said = await place.pick(ChooseFor(0, Purpose.HELPER), Spot("2"), MAYA)
    assert "out of date" in words(said)


# Who is remembered


async def test_who_does_something_is_remembered_to_be_told_later(place: Place) -> None:
    mine = await place.subscribed()
    assert [m.person for m in await place.managers()] == ["discord:1"]
    await place.press(ManageSubscription(mine.id, Act.STATUS), OLA)
    assert len(await place.managers()) == 1
    place.now = place.now.replace(hour=13)
    await place.press(ManageSubscription(mine.id, Act.PAUSE), OLA)
    assert [(m.person, m.allowed) for m in await place.managers()] == [
        ("discord:3", False),
        ("discord:1", False),
    ]


async def test_the_newsletter_outlives_who_set_it_up(place: Place) -> None:
    await place.subscribed()
    await place.store.write(lambda unit: unit.privacy.delete("discord:1"))
    assert (await place.here()).person == ""
    assert await place.managers() == ()
    assert "Paused" in words(await place.type("pause"))


# What adapters ask


@pytest.mark.parametrize(
    "asked",
    [
        Call("newsletter", {}, BEN),
        Run("newsletter", ("list",)),
        *pressed_about(1),
        Repost(1),
        Retype(0, "0" * 16),
        Dismiss("slack:E1/T1/U2"),
    ],
)
def test_rights_make_a_difference_to_it(place: Place, asked: Call | Intent) -> None:
    assert place.dispatcher.needs_manager(asked)


def test_rights_make_no_difference_to_the_rest(place: Place) -> None:
    assert not place.dispatcher.needs_manager(Run("roles"))
