"""Buttons, selects and forms, also those from before a restart."""

from __future__ import annotations

import pytest

from bot.adapters.discord.adapter import DiscordAdapter
from bot.core.intents import BrowseRoles, encode
from tests.adapters.discord.conftest import Start
from tests.fakes.discord.replies import Kind, Reply
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import JsonObject, User

PAIR = {"first": "ai-engineer", "second": "ml-engineer"}
SELECT = 3


def select(reply: Reply) -> JsonObject:
    return next(part for part in reply.shown.walk() if part["type"] == SELECT)


async def compared(server: FakeDiscord, ada: User) -> Reply:
    return await server.slash(ada, "compare", PAIR)


@pytest.mark.usefixtures("bot")
async def test_a_button_on_a_public_message_answers_privately(
    server: FakeDiscord, ada: User
) -> None:
    bob = server.user("Bob")
    asked = await compared(server, ada)
    reply = await server.click(bob, asked, asked.shown.labelled("Pay"))
    assert reply.kind is Kind.MESSAGE
    assert reply.ephemeral
    assert reply.text.startswith("## Pay: AI engineer and ML engineer")


@pytest.mark.usefixtures("bot")
async def test_choosing_from_a_select_runs_what_was_chosen(server: FakeDiscord, ada: User) -> None:
    asked = await server.slash(ada, "roles")
    menu = select(asked)
    option = next(one for one in menu["options"] if one["label"] == "Data analyst")
    reply = await server.choose(ada, asked, menu["custom_id"], [option["value"]])
    assert reply.text.startswith("## Data analyst")


async def test_buttons_and_selects_from_before_a_restart_work(
    server: FakeDiscord, ada: User, start: Start
) -> None:
    before = await start()
    asked = await compared(server, ada)
    listed = await server.slash(ada, "roles")
    await before.stop()
    await start()
    reply = await server.click(ada, asked, asked.shown.labelled("Day to day"))
    assert reply.ephemeral
    menu = select(listed)
    chosen = await server.choose(ada, listed, menu["custom_id"], [menu["options"][0]["value"]])
    assert chosen.text.startswith("## AI engineer")


async def test_a_form_from_before_a_restart_works(
    server: FakeDiscord, ada: User, start: Start
) -> None:
    before = await start()
    listed = await server.slash(ada, "roles")
    form = await server.click(ada, listed, listed.shown.labelled("Compare two"))
    await before.stop()
    await start()
    assert (await server.submit(ada, form, PAIR)).text.startswith("## AI engineer and ML engineer")


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    "identity", ["", "quiz:7", "r", "x" * 100, "b:99999", "r:gone:1", "c:pay:a:b"]
)
async def test_an_id_that_means_nothing_is_answered(
    server: FakeDiscord, ada: User, identity: str
) -> None:
    asked = await compared(server, ada)
    payload = server.click_payload(ada, asked, identity)
    reply = await server.raw_interaction(payload)
    assert reply.ephemeral
    assert "out of date" in reply.text


@pytest.mark.usefixtures("bot")
async def test_a_form_that_means_nothing_is_answered(server: FakeDiscord, ada: User) -> None:
    listed = await server.slash(ada, "roles")
    form = await server.click(ada, listed, listed.shown.labelled("Compare two"))
    payload = server.submit_payload(ada, form, PAIR)
    payload["data"]["custom_id"] = "survey:1"
    assert "out of date" in (await server.raw_interaction(payload)).text


@pytest.mark.usefixtures("bot")
async def test_turning_a_page_replaces_what_only_the_reader_sees(
    server: FakeDiscord, ada: User
) -> None:
    listed = await server.slash(ada, "roles")
    page = server.click_payload(ada, listed, encode(BrowseRoles(0)))
    assert (await server.raw_interaction(page)).kind is Kind.UPDATE


@pytest.mark.usefixtures("bot")
async def test_turning_a_page_leaves_a_public_message_alone(server: FakeDiscord, ada: User) -> None:
    asked = await compared(server, ada)
    page = server.click_payload(ada, asked, encode(BrowseRoles(0)))
    reply = await server.raw_interaction(page)
    assert reply.kind is Kind.MESSAGE
    assert reply.ephemeral


@pytest.mark.usefixtures("bot")
async def test_turning_a_page_in_direct_messages_replaces_it(
    server: FakeDiscord, ada: User
) -> None:
    written = await server.dm(ada, "what can you do")
    page = server.click_payload(ada, written, encode(BrowseRoles(0)))
    reply = await server.raw_interaction(page)
    assert reply.kind is Kind.UPDATE
    assert reply.text.startswith("## The roles")


@pytest.mark.usefixtures("bot")
async def test_a_form_knows_what_was_given_already(server: FakeDiscord, ada: User) -> None:
    reply = await server.slash(ada, "compare", {"first": "mle", "second": " "})
    assert reply.modal is not None
    first, second = reply.modal.fields()
    chosen = [option["value"] for option in first["options"] if option.get("default")]
    assert chosen == ["ml-engineer"]
    assert len(second["options"]) == 12
    answer = await server.submit(ada, reply, {"second": "data-analyst"})
    assert answer.text.startswith("## ML engineer and data analyst")
    assert not answer.ephemeral


@pytest.mark.usefixtures("bot")
async def test_a_private_question_stays_private_through_its_form(
    server: FakeDiscord, ada: User
) -> None:
    given = {"first": "mle", "second": " ", "private": True}
    form = await server.slash(ada, "compare", given)
    assert (await server.submit(ada, form, {"second": "data-analyst"})).ephemeral


@pytest.mark.usefixtures("bot")
async def test_a_form_with_free_text_and_one_left_blank(server: FakeDiscord, ada: User) -> None:
    help_ = await server.slash(ada, "help", {"command": "ask"})
    form = await server.click(ada, help_, help_.shown.labelled("Try it"))
    assert form.modal is not None
    (field,) = form.modal.fields()
    assert field["type"] == 4
    again = await server.submit(ada, form, {"question": "   "})
    assert again.ephemeral
    assert "needs a little more" in again.text
    answer = await server.submit(ada, form, {"question": "what does a data engineer do?"})
    assert answer.text.startswith("## Data engineer")


async def test_an_optional_field_may_stay_empty(
    server: FakeDiscord, ada: User, bot: DiscordAdapter
) -> None:
    help_ = await server.slash(ada, "help", {"command": "pay"})
    form = await server.click(ada, help_, help_.shown.labelled("Try it"))
    answer = await server.submit(ada, form, {"role": "data-scientist"})
    assert answer.text.lower().startswith("## pay: data scientist")
