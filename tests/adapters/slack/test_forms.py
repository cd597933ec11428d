"""Forms: what is asked when words are missing, what can be chosen, and what comes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.adapters.slack.modal import MOST_SUGGESTED, as_options, modal
from bot.adapters.slack.origin import MOST_METADATA, Origin, from_metadata, to_metadata
from bot.core.command import (
    Actor,
    Call,
    Form,
    Kind,
    Suggestion,
)
from bot.core.commands import COMMANDS
from bot.core.content.catalogue import Catalogue, index
from bot.core.dispatch import Dispatcher
from tests.adapters.effects import TYPE, Asking
from tests.adapters.slack.running import Bot, Waiting, dispatcher_with, running
from tests.fakes.slack.acting import Place
from tests.fakes.slack.server import SlackServer
from tests.fakes.slack.sights import Message, View
from tests.fakes.slack.workspace import Person

VALUES = {"answer": "42", "reason": "It is out of date"}


async def test_a_command_without_its_words_opens_a_form_that_answers(bot: Bot) -> None:
    slack, ada = bot.slack, bot.slack.person("Ada")
    opened = await slack.slash(ada, "/compare")
    form = await opened.modal()
    assert [e.type for e in form.elements] == ["external_select", "external_select"]
    assert await slack.suggest(ada, "first", "", form)
    await slack.suggest(ada, "first", "ai eng", form)
    await slack.suggest(ada, "second", "mle", form)
    done = await slack.submit(ada, form, {"first": "AI engineer", "second": "ML engineer"})
    assert done.closed
    message = await opened.message()
    assert message.visibility == "in_channel"
    assert message.shown.startswith("AI engineer and ML engineer")


async def test_what_was_understood_is_filled_in_already(bot: Bot) -> None:
    slack, ada = bot.slack, bot.slack.person("Ada")
    opened = await slack.slash(ada, "/compare", "mle --private")
    form = await opened.modal()
    assert form.elements[0].json["initial_option"]["value"] == "ml-engineer"
    await slack.suggest(ada, "second", "data sci", form)
    await slack.submit(ada, form, {"second": "Data scientist"})
    message = await opened.message()
    assert message.visibility == "ephemeral"
    assert message.shown.startswith("ML engineer and data scientist")


async def test_a_form_of_a_private_channel_is_answered_there(http_bot: Bot) -> None:
    slack, ada = http_bot.slack, http_bot.slack.person("Ada")
    secret = slack.channel("secret", [ada], bot_is_member=False, private=True)
    form = await (await slack.slash(ada, "/role", channel=secret)).modal()
    await slack.suggest(ada, "role", "mle", form)
    await slack.submit(ada, form, {"role": "ML engineer"})
    assert "ML engineer" in slack.history(secret)[-1].shown


async def test_levels_and_countries_are_listed_and_questions_are_typed(http_bot: Bot) -> None:
    slack, ada = http_bot.slack, http_bot.slack.person("Ada")
    opened = await slack.slash(ada, "/skills")
    levels = await opened.modal()
    assert [e.type for e in levels.elements] == ["external_select", "static_select"]
    await slack.suggest(ada, "role", "mle", levels)
    await slack.submit(ada, levels, {"role": "ML engineer", "level": "Strong"})
    assert "ML engineer" in (await opened.message()).shown

    countries = await (await slack.slash(ada, "/pay")).modal()
    assert countries.elements[1].type == "static_select"

    opened = await slack.slash(ada, "/ask")
    question = await opened.modal()
    await slack.submit(ada, question, {"question": "ai engineer vs ml engineer?"})
    assert (await opened.message()).shown.startswith("AI engineer and ML engineer")


async def test_a_button_opens_a_form_too(bot: Bot) -> None:
    slack, ada = bot.slack, bot.slack.person("Ada")
    roles = (await slack.slash(ada, "/roles")).messages[0]
    form = await (await slack.click(ada, roles, "Compare two")).modal()
    assert form.title == "/compare"


async def test_a_form_of_the_home_tab_is_answered_in_a_direct_message(http_bot: Bot) -> None:
    slack, ada = http_bot.slack, http_bot.slack.person("Ada")
    home = await slack.open_home(ada)
    form = await (await slack.click(ada, home, "Compare two roles")).modal()
    await slack.suggest(ada, "first", "ai eng", form)
    await slack.suggest(ada, "second", "mle", form)
    done = await slack.submit(ada, form, {"first": "AI engineer", "second": "ML engineer"})
    message = await done.message()
    assert message.channel == ada.dm
    assert message.shown.startswith("AI engineer and ML engineer")


async def test_what_means_nothing_any_more_is_said_beside_its_field(http_bot: Bot) -> None:
    slack, ada = http_bot.slack, http_bot.slack.person("Ada")
    form = await (await slack.slash(ada, "/compare", "mle")).modal()
    gone = {"text": {"type": "plain_text", "text": "Gone"}, "value": "xyzzy-engineer"}
    answer = await slack.submit(ada, form, {"second": gone})
    assert not answer.closed
    assert answer.messages == ()
    assert list(answer.errors) == ["second"]
    assert "xyzzy-engineer" in answer.errors["second"]
    await slack.suggest(ada, "second", "data sci", form)
    assert (await slack.submit(ada, form, {"second": "Data scientist"})).closed


async def test_an_empty_question_is_said_beside_its_field(http_bot: Bot) -> None:
    slack, ada = http_bot.slack, http_bot.slack.person("Ada")
    form = await (await slack.slash(ada, "/ask")).modal()
    answer = await slack.submit(ada, form, {"question": " \u200b "})
    assert list(answer.errors) == ["question"]


async def test_a_form_that_takes_long_closes_in_time_and_its_answer_follows(
    slack: SlackServer, catalogue: Catalogue
) -> None:
    waiting = Waiting()
    slow = replace(COMMANDS["ask"], handler=waiting.handler)
    ada = slack.person("Ada")
    async with running(slack, dispatcher_with(catalogue, slow), defer_after=0.05):
        opened = await slack.slash(ada, "/ask")
        form = await opened.modal()
        assert (await slack.submit(ada, form, {"question": "anything"})).closed
        waiting.go.set()
        message = await opened.message()
    assert "It took a while." in message.shown


async def test_a_form_that_cannot_open_becomes_a_message_with_a_button(bot: Bot) -> None:
    slack, ada = bot.slack, bot.slack.person("Ada")
    slack.fail("views.open", error="expired_trigger_id")
    (message,) = (await slack.slash(ada, "/compare", "mle")).messages
    assert message.visibility == "ephemeral"
    form = await (await slack.click(ada, message, "Fill it in")).modal()
    assert form.elements[0].json["initial_option"]["value"] == "ml-engineer"


async def test_a_form_whose_response_url_has_expired_is_answered_directly(http_bot: Bot) -> None:
    slack, ada = http_bot.slack, http_bot.slack.person("Ada")
    form = await (await slack.slash(ada, "/role")).modal()
    slack.advance(31 * 60)
    await slack.suggest(ada, "role", "mle", form)
    done = await slack.submit(ada, form, {"role": "ML engineer"})
    message = await done.message()
    assert done.closed
    assert message.channel == ada.dm
    assert "ML engineer" in message.shown


async def test_type_ahead_finds_one_role_of_ten_thousand(
    slack: SlackServer, catalogue: Catalogue
) -> None:
    original = catalogue.content.roles["ml-engineer"]
    roles = {
        f"role-{n}": original.model_copy(
            update={"id": f"role-{n}", "name": f"occupation {n:05}", "aliases": ()}
        )
        for n in range(10_000)
    }
    many = index(replace(catalogue.content, roles={**catalogue.content.roles, **roles}))
    ada = slack.person("Ada")
    async with running(slack, Dispatcher(many)):
        form = await (await slack.slash(ada, "/role")).modal()
        assert len(await slack.suggest(ada, "role", "", form)) == MOST_SUGGESTED
        (found,) = await slack.suggest(ada, "role", "occupation 07777", form)
    assert found["value"] == "role-7777"


@pytest.mark.parametrize("made", ["role", "role:GONE", "", "role:TEXT", "role:LISTED"])
async def test_a_select_that_another_version_made_offers_nothing(http_bot: Bot, made: str) -> None:
    slack, ada = http_bot.slack, http_bot.slack.person("Ada")
    form = await (await slack.slash(ada, "/role")).modal()
    form.blocks[0]["element"]["action_id"] = made
    assert await slack.suggest(ada, "role", "mle", form) == ()


async def test_a_form_of_another_version_gets_a_kind_answer(http_bot: Bot) -> None:
    slack, ada = http_bot.slack, http_bot.slack.person("Ada")
    opened = await slack.slash(ada, "/role")
    form = await opened.modal()
    await slack.suggest(ada, "role", "mle", form)
    form.json["callback_id"] = "role"
    done = await slack.submit(ada, form, {"role": "ML engineer"})
    assert done.closed
    assert "out of date" in (await opened.message()).shown


async def asked(
    slack: SlackServer, ada: Person, command: str, place: Place
) -> tuple[Message, View]:
    """A question, and the form that it opens."""
    (question,) = (await slack.slash(ada, command, channel=place)).messages
    return question, await (await slack.click(ada, question, "Type the answer")).modal()


async def test_an_answer_takes_the_place_of_its_question(
    slack: SlackServer, catalogue: Catalogue
) -> None:
    asking, ada = Asking(catalogue), slack.person("Ada")
    async with running(slack, asking):
        for place in (slack.general, ada):
            question, form = await asked(slack, ada, "/quietly", place)
            assert (await slack.submit(ada, form, VALUES)).closed
            (now,) = [m for m in slack.history(place) if m.ts == question.ts]
            assert now.edited
            assert now.shown.startswith("Title\nRight.")
    for sent, channel in zip(asking.sent, (slack.general.id, None), strict=True):
        assert sent.intent == TYPE
        assert sent.values == {"answer": "42", "reason": "old"}
        assert sent.actor.channel == channel


async def test_an_answer_below_a_question_that_others_see_is_seen_by_nobody_else(
    slack: SlackServer, catalogue: Catalogue
) -> None:
    ada = slack.person("Ada")
    async with running(slack, Asking(catalogue)):
        question, form = await asked(slack, ada, "/loudly", slack.general)
        await slack.submit(ada, form, VALUES)
    before, after = slack.history(slack.general)
    assert before == question
    assert after.only_for == ada.id
    assert "Right." in after.shown


async def test_a_question_in_the_own_conversation_is_replaced_for_good(
    slack: SlackServer, catalogue: Catalogue
) -> None:
    ada = slack.person("Ada")
    async with running(slack, Asking(catalogue)):
        await asked(slack, ada, "/loudly", ada)
        question, form = await asked(slack, ada, "/loudly", ada)
        await slack.submit(ada, form, VALUES)
    now = slack.history(ada)[-1]
    assert (now.ts, now.edited, now.visibility) == (question.ts, True, "in_channel")


async def test_one_of_a_few_is_chosen_from_a_list_and_the_rest_may_stay_empty(
    slack: SlackServer, catalogue: Catalogue
) -> None:
    asking, ada = Asking(catalogue), slack.person("Ada")
    async with running(slack, asking):
        _, form = await asked(slack, ada, "/quietly", slack.general)
        assert form.title == "Question 4"
        assert [e.type for e in form.elements] == [
            "plain_text_input",
            "static_select",
            "plain_text_input",
        ]
        assert list((await slack.submit(ada, form, {"answer": "42"})).errors) == ["reason"]
        await slack.submit(ada, form, VALUES | {"details": "Words"})
    assert asking.values == {"answer": "42", "reason": "old", "details": "Words"}


def test_a_form_remembers_where_it_was_opened() -> None:
    origin = Origin(
        "U1",
        channel="C1",
        thread="1.1",
        response_url="https://hooks.example/1",
        alone=True,
        replaceable=True,
        name="general",
    )
    for private in (True, False):
        assert from_metadata(to_metadata(origin, private=private), "U1") == (origin, private)
    endless = replace(origin, response_url="https://hooks.example/" + "1" * MOST_METADATA)
    assert from_metadata(to_metadata(endless, private=False), "U1") == (Origin("U1"), True)


@pytest.mark.parametrize(
    "name", [n for n, c in COMMANDS.items() if any(o.required for o in c.options)]
)
async def test_every_form_can_be_filled_in(dispatcher: Dispatcher, name: str) -> None:
    form = await dispatcher.call(Call(name, {}, Actor("slack", "/T/U")))
    assert isinstance(form, Form)
    made = modal(form, "")
    assert [b["block_id"] for b in made["blocks"]] == [o.name for o in COMMANDS[name].options]


def test_an_id_that_slack_cannot_carry_is_not_offered() -> None:
    assert as_options([Suggestion("x" * 76, "Long"), Suggestion("y", "Short")]) == [
        {"text": {"type": "plain_text", "text": "Short", "emoji": False}, "value": "y"}
    ]
    assert Kind.TEXT not in {o.kind for o in COMMANDS["compare"].options}
