"""The question of an issue: posted to all, answered by each in private, told in the next issue."""

from __future__ import annotations

from dataclasses import replace
from string import ascii_uppercase

import pytest

from bot.core.commands import COMMANDS
from bot.core.content.catalogue import Catalogue, index
from bot.core.content.newsletter import fits
from bot.core.content.quizzes import ChoiceItem
from bot.core.intents import encode
from bot.core.newsletter.question import order_of
from bot.core.reader_intents import OpenQuestion, Vote
from tests.conformance.on_discord import OnDiscord
from tests.conformance.seen import Chat, Seen, words
from tests.conformance.small import ITEMS, small
from tests.conformance.test_newsletter import subscribed


@pytest.fixture
def catalogue(catalogue: Catalogue) -> Catalogue:
    """Questions whose answers a test knows."""
    return small(catalogue)


async def issue(chat: Chat) -> Seen:
    """A week later: the one issue that is posted, its last message with the question's button."""
    chat.posted()
    chat.behind.passes(days=7)
    await chat.tick()
    messages = chat.posted()
    text = "\n".join(message.text for message in messages)
    labels = tuple(label for message in messages for label in message.labels)
    handle = [one for message in messages for one in message.handle]
    return Seen(text, labels, private=False, handle=handle)


def asked_in(seen: Seen) -> ChoiceItem:
    """The question of an issue."""
    _, _, question = seen.text.rpartition("A question")
    [found] = [item for item in filter(fits, ITEMS.values()) if words(item.stem) in words(question)]
    return found


def button(item: ChoiceItem, index: int) -> str:
    """What the button of an option says."""
    return f"{ascii_uppercase[order_of(item).index(index)]}: {item.options[index].text}"


async def test_it_is_answered_in_private_and_told_in_the_next_issue(chat: Chat) -> None:
    maya = chat.somebody("Maya", manager=True)
    await subscribed(maya)
    posted = await issue(chat)
    assert posted.labels.count("Answer it") == 1
    item = asked_in(posted)
    right, wrong = button(item, 0), button(item, 1)

    asked = await chat.press(posted, "Answer it")
    assert asked.private
    assert words(item.stem) in asked.words
    kept = await chat.press(asked, wrong)
    assert kept.private
    assert "your answer is kept" in kept.words
    assert "the answer comes with the next issue" in kept.words
    again = await chat.press(posted, "Answer it")
    assert f"you chose {wrong[0].casefold()} until the next issue you can change it" in again.words
    await chat.press(again, right)
    await chat.press(again, right)
    theirs = await maya.press(posted, "Answer it")
    assert "you chose" not in theirs.words
    await maya.press(theirs, wrong)
    await chat.tick()
    assert chat.posted() == []

    following = await issue(chat)
    before, _, after = following.words.partition("last time s question")
    assert len(before.split()) < 40
    assert words(f"The right answer is {right}") in after
    assert "2 people answered" in after
    assert after.count("1 of 2") == 2
    assert "%" not in after.partition("asked on")[0]
    told = await chat.press(posted, "Answer it")
    assert told.private
    assert told.words.startswith("right")
    assert words(f"{right[0]}, right, your answer") in told.words
    late = await maya.press(theirs, right)
    assert late.words.startswith("not right")
    assert "2 people answered" in late.words
    assert "practise this skill" in words(" ".join(late.labels))


async def test_a_restart_and_other_content_change_nothing_of_it(
    chat: Chat, catalogue: Catalogue
) -> None:
    await subscribed(chat.somebody("Maya", manager=True))
    posted = await issue(chat)
    item = asked_in(posted)
    asked = await chat.press(posted, "Answer it")
    others = {key: one for key, one in catalogue.content.items.items() if key != item.id}
    await chat.restart(index(replace(catalogue.content, version="later", items=others)), COMMANDS)
    assert "your answer is kept" in (await chat.press(asked, button(item, 0))).words
    following = await issue(chat)
    assert words(f"The right answer is {button(item, 0)}") in following.words
    assert "1 person answered" in following.words


async def test_a_preview_cannot_be_answered(chat: Chat) -> None:
    maya = chat.somebody("Maya", manager=True)
    await subscribed(maya)
    preview = await maya.command("newsletter", {"action": "preview"})
    said = await maya.press(preview, "Answer it")
    assert said.private
    assert "this is a preview" in said.words


@pytest.mark.parametrize(
    "intent", [OpenQuestion("0123456789abcdef"), Vote(99, 0), Vote(1, 5)], ids=repr
)
async def test_made_up_ids_get_a_friendly_answer(chat: Chat, intent: OpenQuestion | Vote) -> None:
    await subscribed(chat.somebody("Maya", manager=True))
    posted = await issue(chat)
    said = await chat.forge(posted, encode(intent))
    assert said.private
    assert "this button is out of date" in said.words


async def test_nobody_from_another_server_can_answer(discord: OnDiscord) -> None:
    await subscribed(discord.somebody("Maya", manager=True))
    posted = await issue(discord)
    identity = discord.identity(posted, "Answer it")
    eve = discord.somebody("Eve").in_another_server()
    theirs = await eve.command("help")
    for forged in (identity, encode(Vote(1, 0))):
        said = await eve.forge(theirs, forged)
        assert said.private
        assert "this button is out of date" in said.words
    assert "nobody answered it" in (await issue(discord)).words
