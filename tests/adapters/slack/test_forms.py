"""Forms: what is asked when words are missing, what can be chosen, and what comes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.adapters.slack.modal import MOST_SUGGESTED, as_options, modal
from bot.core.command import Actor, Call, Form, Kind, Suggestion
from bot.core.commands import COMMANDS
from bot.core.content.catalogue import Catalogue, index
from bot.core.dispatch import Dispatcher
from tests.adapters.slack.running import Bot, Waiting, dispatcher_with, running
from tests.fakes.slack.server import SlackServer


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


async def test_a_select_of_a_form_that_is_gone_offers_nothing(http_bot: Bot) -> None:
    slack, ada = http_bot.slack, http_bot.slack.person("Ada")
    form = await (await slack.slash(ada, "/role")).modal()
    form.json["callback_id"] = "gone"
    assert await slack.suggest(ada, "role", "mle", form) == ()


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
