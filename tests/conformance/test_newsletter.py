"""The newsletter of a channel, from the form to the issue, on every platform."""

from __future__ import annotations

import pytest

from bot.core.intents import Intent, Run, encode
from bot.core.manager_intents import Act, ManageSubscription, Repost
from tests.conformance.on_discord import OnDiscord
from tests.conformance.on_slack import OnSlack
from tests.conformance.seen import Chat, Platform, Seen

FORM = ("rhythm", "weekday", "time", "time_zone", "intro")


@pytest.fixture
def maya(chat: Chat) -> Chat:
    """Somebody who manages the place."""
    return chat.somebody("Maya", manager=True)


async def agreed(maya: Chat, **values: str) -> Seen:
    """What is shown after the form was sent in with other values than the usual ones."""
    form = await maya.command("newsletter", {"action": "subscribe"})
    assert form.form == FORM
    return await maya.fill(form, values)


async def subscribed(maya: Chat) -> Seen:
    return await maya.press(await agreed(maya), "Subscribe this channel")


@pytest.mark.parametrize(
    "intent", [Run("newsletter", ("subscribe",)), ManageSubscription(0, Act.EDIT), Repost(1)]
)
async def test_only_managers_may_and_others_are_told_kindly(chat: Chat, intent: Intent) -> None:
    said = await chat.forge(await chat.command("help"), encode(intent))
    assert said.private
    assert "please ask one of them" in said.words


async def test_a_channel_is_subscribed_and_gets_its_issue_when_it_is_due(
    chat: Chat, maya: Chat
) -> None:
    shown = await agreed(maya, intro="For the data guild")
    assert shown.private
    assert "every week on monday at 09 00 europe london time" in shown.words
    assert "monday 9 march 2026 09 00" in shown.words
    said = await maya.press(shown, "Subscribe this channel")
    assert "i have just posted a word about it" in said.words
    (hello,) = chat.posted()
    assert "the newsletter comes here" in hello.words

    chat.behind.passes(days=6, hours=23)
    await chat.tick()
    assert chat.posted() == []
    chat.behind.passes(hours=1)
    await chat.tick()
    await chat.tick()
    issue = "\n".join(part.words for part in chat.posted())
    assert issue.count("for the data guild") == 1
    assert "newsletter of 9 march 2026" in issue
    status = await maya.command("newsletter", {"action": "status"})
    assert "9 march 2026 sent" in status.words


async def test_a_wrong_time_is_told_and_the_form_opens_again(chat: Chat, maya: Chat) -> None:
    said = await agreed(maya, time="25 o'clock")
    assert "is not a time of day" in said.words
    assert (await maya.press(said, "Change it")).form == FORM
    if isinstance(chat, OnSlack):
        return  # there the zone is chosen from a list
    said = await agreed(maya, time_zone="the far side of the moon")
    assert "i need a time zone such as europe london" in said.words


async def test_a_zone_that_is_near_is_one_press_away(chat: Chat, maya: Chat) -> None:
    if isinstance(chat, OnSlack):
        return  # there the zone is chosen from a list
    said = await agreed(maya, time_zone="IST", intro="For the data guild")
    shown = await maya.press(said, "Asia/Kolkata")
    assert "at 09 00 asia kolkata time" in shown.words
    assert "for the data guild" in shown.words


async def test_topics_are_switched_before_anything_is_subscribed(maya: Chat) -> None:
    shown = await agreed(maya)
    assert "roles skills quiz of the week pay news and the feed" in shown.words
    fewer = await maya.press(shown, "Pay news: switch off")
    assert "roles skills quiz of the week and the feed" in fewer.words
    assert "Pay news: switch on" in fewer.labels


async def test_the_daily_question_comes_alone(chat: Chat, maya: Chat) -> None:
    shown = await agreed(maya, rhythm="A question every day")
    assert "the daily question comes alone" in shown.words
    await maya.press(shown, "Subscribe this channel")
    chat.posted()
    chat.behind.passes(days=1)
    await chat.tick()
    issue = "\n".join(part.words for part in chat.posted())
    assert "a question" in issue
    assert "a skill" not in issue


async def test_where_it_may_not_post_it_says_how_to_allow_it(chat: Chat, maya: Chat) -> None:
    shown = await agreed(maya)
    chat.refuses_posts()
    said = await maya.press(shown, "Subscribe this channel")
    assert "i may not post in this channel yet" in said.words
    assert "view channel and send messages" in said.words or "type invite" in said.words
    assert "Try again" in said.labels
    assert chat.posted() == []


async def test_a_channel_that_shuts_the_bot_out_is_paused_and_maya_hears_of_it(
    chat: Chat, maya: Chat
) -> None:
    await subscribed(maya)
    chat.refuses_posts()
    chat.behind.passes(days=7)
    for _ in range(3):
        await chat.tick()
    (told,) = maya.direct()
    assert "a newsletter is paused" in told.words
    status = await maya.command("newsletter", {"action": "status"})
    assert any(f"paused {why}" in status.words for why in ("the bot may not", "i am not in the"))


async def test_it_is_looked_after_with_buttons(chat: Chat, maya: Chat) -> None:
    await subscribed(maya)
    chat.posted()
    listed = await maya.command("newsletter")
    assert "this channel every week on monday" in listed.words
    status = await maya.press(listed, "This channel")
    paused = await maya.press(status, "Pause")
    assert "paused by a manager" in paused.words
    resumed = await maya.press(paused, "Resume")
    assert "monday 9 march 2026" in resumed.words
    assert "newsletter of 9 march 2026" in (await maya.press(resumed, "Preview")).words
    assert "on its way" in (await maya.press(resumed, "Send now")).words
    assert "not twice" in (await maya.press(resumed, "Send now")).words
    await chat.tick()
    assert "newsletter of 2 march 2026" in "\n".join(part.words for part in chat.posted())
    changed = await maya.fill(await maya.press(resumed, "Change times"), {"time": "18:30"})
    assert "at 18 30" in changed.words
    asked = await maya.press(resumed, "Unsubscribe")
    assert "unsubscribe" in asked.words
    assert "no newsletter any more" in (await maya.press(asked, "Unsubscribe")).words
    assert "no channel gets the newsletter yet" in (await maya.command("newsletter")).words


async def test_in_the_messages_it_says_where_to_ask(maya: Chat) -> None:
    said = await maya.in_messages().write("/newsletter subscribe")
    assert "in the channel that wants it" in said.words or "only from inside it" in said.words


async def test_a_terminal_has_no_channel(platform: Platform) -> None:
    if platform.public:
        return
    said = await platform.write("/newsletter subscribe")
    assert "in the channel that wants it" in said.words


async def test_a_subscription_of_another_server_cannot_be_touched(discord: OnDiscord) -> None:
    maya = discord.somebody("Maya", manager=True)
    await subscribed(maya)
    status = await maya.command("newsletter", {"action": "status"})
    eve = discord.somebody("Eve", manager=True).in_another_server()
    listed = await eve.command("newsletter")
    assert "no channel gets the newsletter yet" in listed.words
    said = await eve.forge(listed, maya.identity(status, "Pause"))
    assert "out of date" in said.words or "please ask one of them" in said.words
    assert "paused" not in (await maya.command("newsletter", {"action": "status"})).words
