"""Posting to a channel, with a word to the person who asked for it."""

from __future__ import annotations

import pytest

from bot.core.content.catalogue import Catalogue
from tests.adapters.effects import CARD, POSTED, REFUSED, post
from tests.adapters.slack.running import dispatcher_with, running
from tests.fakes.slack.server import SlackServer

POST = "chat.postMessage"


async def test_a_card_is_posted_and_the_asker_hears_of_it_alone(
    slack: SlackServer, catalogue: Catalogue
) -> None:
    ada, there = slack.person("Ada"), slack.channel("quizzes")
    async with running(slack, dispatcher_with(catalogue, post(there.id).command)):
        answer = await slack.slash(ada, "/tell")
    assert POSTED in answer.shown
    (card,) = slack.history(there)
    assert CARD in card.shown
    assert card.visibility == "in_channel"
    told = [m for m in slack.history(slack.general) if POSTED in m.shown]
    assert [m.only_for for m in told] == [ada.id]


@pytest.mark.parametrize("why", ["not a member", "archived", "restricted_action", "missing_scope"])
async def test_a_channel_that_is_closed_to_the_bot_is_told_of(
    slack: SlackServer, catalogue: Catalogue, why: str
) -> None:
    ada, there = slack.person("Ada"), slack.channel("quizzes", bot_is_member=why != "not a member")
    there.is_archived = why == "archived"
    if "_" in why:
        slack.fail(POST, error=why)
    async with running(slack, dispatcher_with(catalogue, post(there.id).command)):
        (message,) = (await slack.slash(ada, "/tell")).messages
    assert message.only_for == ada.id
    assert REFUSED in message.shown
    assert slack.history(there) == []


async def test_a_channel_that_is_not_there_is_told_of(
    slack: SlackServer, catalogue: Catalogue
) -> None:
    ada = slack.person("Ada")
    async with running(slack, dispatcher_with(catalogue, post("C-nowhere").command)):
        assert REFUSED in (await slack.slash(ada, "/tell")).shown


async def test_what_may_have_been_posted_is_not_posted_again(
    slack: SlackServer, catalogue: Catalogue
) -> None:
    ada, there = slack.person("Ada"), slack.channel("quizzes")
    slack.fail(POST, cut=True)
    async with running(slack, dispatcher_with(catalogue, post(there.id).command)):
        assert POSTED in (await slack.slash(ada, "/tell")).shown
    assert len(slack.history(there)) == 1


async def test_words_in_the_own_conversation_can_post_too(
    slack: SlackServer, catalogue: Catalogue
) -> None:
    ada, there = slack.person("Ada"), slack.channel("quizzes")
    async with running(slack, dispatcher_with(catalogue, post(there.id).command)):
        assert POSTED in (await slack.dm(ada, "/tell")).shown
    assert len(slack.history(there)) == 1
