"""Buttons, menus, modals and the home tab of the loopback Slack, with the real slack-bolt."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack.bolt import Bot, bot_over, web_client
from tests.fakes.slack.limits import Json
from tests.fakes.slack.samples import actions, button, modal, option, plain, section, text_field
from tests.fakes.slack.server import SlackServer
from tests.fakes.slack.sights import View


@pytest.fixture(params=["http", "socket"])
async def bot(request: pytest.FixtureRequest) -> AsyncIterator[Bot]:
    """The same bot, once behind signed HTTP requests and once behind Socket Mode."""
    async with bot_over(request.param) as bot:
        yield bot
        assert bot.slack.unrouted == []


@pytest.fixture
async def over_http() -> AsyncIterator[Bot]:
    async with bot_over("http") as bot:
        yield bot


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    """A Slack without any app."""
    async with SlackServer() as server:
        yield server


@pytest.fixture
def client(slack: SlackServer) -> AsyncWebClient:
    return web_client(slack)


async def test_a_button_replaces_its_message(bot: Bot) -> None:
    payloads: list[Json] = []

    @bot.app.command("/quiz")
    async def quiz(ack: Any) -> None:
        blocks = [section("Ready?"), actions(button("start", "Start", value="q1"))]
        await ack(text="Ready?", blocks=blocks)

    @bot.app.action("start")
    async def start(ack: Any, respond: Any, body: Json) -> None:
        payloads.append(body)
        await ack()
        await respond("Question 1", replace_original=True)

    ada = bot.slack.person("Ada")
    asked = (await bot.slack.slash(ada, "/quiz")).messages[0]
    answer = await bot.slack.click(ada, asked, "Start")

    (edited,) = answer.messages
    assert (edited.ts, edited.text, edited.edited) == (asked.ts, "Question 1", True)
    action = payloads[0]["actions"][0]
    assert (action["action_id"], action["value"], action["type"]) == ("start", "q1", "button")
    assert payloads[0]["container"]["is_ephemeral"] is True
    assert "message" not in payloads[0]
    assert payloads[0]["enterprise"] is None


async def test_choices_in_a_posted_message_are_in_the_state_of_the_next_click(bot: Bot) -> None:
    states: list[Json] = []
    menu = {"type": "static_select", "action_id": "role", "options": [option("a"), option("b")]}

    @bot.app.action("role")
    async def role(ack: Any, action: Json) -> None:
        assert action["selected_option"]["value"] == "b"
        await ack()

    @bot.app.action("done")
    async def done(ack: Any, body: Json, client: AsyncWebClient) -> None:
        states.append(body["state"]["values"])
        await ack()
        await client.chat_delete(channel=body["channel"]["id"], ts=body["message"]["ts"])

    ada = bot.slack.person("Ada")
    await bot.app.client.chat_postMessage(
        channel=ada.id, text="Choose", blocks=[actions(menu, button("done", "Done"))]
    )
    message = await bot.slack.next_message(ada)
    await bot.slack.choose(ada, message, "role", "B")
    answer = await bot.slack.click(ada, message, "done")

    assert states[0]["choices"]["role"]["selected_option"]["value"] == "b"
    assert [gone.ts for gone in answer.deleted] == [message.ts]
    with pytest.raises(LookupError, match="'C'"):
        await bot.slack.choose(ada, message, "role", "C")


async def test_a_button_that_is_not_there_cannot_be_pressed(
    slack: SlackServer, client: AsyncWebClient
) -> None:
    ada = slack.person("Ada")
    blocks = [actions(button("start", "Start"))]
    await client.chat_postMessage(channel=ada.dm, text="x", blocks=blocks)
    message = await slack.next_message(ada)

    with pytest.raises(LookupError, match="'start' \\('Start'\\)"):
        await slack.click(ada, message, "stop")


async def test_a_person_cannot_act_in_a_channel_of_others(slack: SlackServer) -> None:
    ada, grace = slack.person("Ada"), slack.person("Grace")
    council = slack.channel("council", members=[grace], private=True)

    with pytest.raises(LookupError, match="Ada is not in council"):
        await slack.slash(ada, "/compare", channel=council)


async def test_an_external_select_asks_the_app_for_its_options(bot: Bot) -> None:
    menu = {"type": "external_select", "action_id": "skill", "min_query_length": 2}

    @bot.app.options("skill")
    async def skills(ack: Any, payload: Json) -> None:
        await ack(options=[option(payload["value"]), option("other")])

    @bot.app.action("skill")
    async def chosen(ack: Any, respond: Any, action: Json) -> None:
        await ack()
        await respond(action["selected_option"]["value"], replace_original=False)

    ada = bot.slack.person("Ada")
    await bot.app.client.chat_postMessage(channel=ada.dm, text="Which?", blocks=[actions(menu)])
    message = await bot.slack.next_message(ada)

    assert await bot.slack.suggest(ada, "skill", "p", message) == ()
    offered = await bot.slack.suggest(ada, "skill", "python", message)
    assert [one["value"] for one in offered] == ["python", "other"]
    answer = await bot.slack.choose(ada, message, "skill", "Python")
    assert answer.messages[0].text == "python"


async def test_too_many_options_are_a_violation_and_nobody_sees_them(over_http: Bot) -> None:
    menu = {"type": "external_select", "action_id": "skill", "min_query_length": 0}

    @over_http.app.options("skill")
    async def skills(ack: Any) -> None:
        await ack(options=[option(f"v{n}") for n in range(101)])

    ada = over_http.slack.person("Ada")
    await over_http.app.client.chat_postMessage(channel=ada.dm, text="x", blocks=[actions(menu)])
    message = await over_http.slack.next_message(ada)

    assert await over_http.slack.suggest(ada, "skill", "", message) == ()
    assert over_http.slack.violations[0].where == "options"


async def test_a_clicked_message_can_be_deleted_through_its_response_url(bot: Bot) -> None:
    @bot.app.action("bye")
    async def bye(ack: Any, respond: Any) -> None:
        await ack()
        await respond(delete_original=True)

    ada = bot.slack.person("Ada")
    blocks = [actions(button("bye", "Bye"))]
    await bot.app.client.chat_postMessage(channel=ada.dm, text="Hello", blocks=blocks)
    message = await bot.slack.next_message(ada)
    answer = await bot.slack.click(ada, message, "bye")

    assert (await answer.gone(message)).ts == message.ts
    assert bot.slack.history(ada) == []


async def open_form(bot: Bot, view: Json) -> View:
    @bot.app.command("/form")
    async def form(ack: Any, client: AsyncWebClient, body: Json) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    ada = bot.slack.person("Ada")
    return await (await bot.slack.slash(ada, "/form")).modal()


async def test_a_modal_is_filled_in_and_submitted(bot: Bot) -> None:
    submitted: list[Json] = []
    menu = {
        "type": "multi_static_select",
        "action_id": "picked",
        "options": [option("one"), option("two")],
    }

    @bot.app.view("form")
    async def form(ack: Any, view: Json) -> None:
        submitted.append(view)
        await ack()

    opened = await open_form(
        bot,
        modal(
            text_field("name", "Your name"),
            {"type": "input", "block_id": "menu", "label": plain("Which"), "element": menu},
            text_field("note", "Note", optional=True),
            private_metadata="m",
        ),
    )
    ada = bot.slack.workspace.people[opened.user]
    answer = await bot.slack.submit(ada, opened, {"Your name": "Ada", "picked": ["one", "Two"]})

    assert (answer.closed, answer.failure, submitted[0]["private_metadata"]) == (True, None, "m")
    values = submitted[0]["state"]["values"]
    assert values["name"]["name_text"] == {"type": "plain_text_input", "value": "Ada"}
    picked = values["menu"]["picked"]["selected_options"]
    assert [one["value"] for one in picked] == ["one", "two"]
    assert values["note"]["note_text"]["value"] is None
    with pytest.raises(LookupError, match="not open"):
        await bot.slack.submit(ada, opened)


async def test_a_modal_complains_first_by_itself_and_then_through_the_app(bot: Bot) -> None:
    @bot.app.view("form")
    async def form(ack: Any, view: Json) -> None:
        if view["state"]["values"]["name"]["name_text"]["value"] == "x":
            await ack(response_action="errors", errors={"name": "Too short."})
        else:
            await ack(response_action="update", view=modal(section("Thank you"), submit=None))

    opened = await open_form(bot, modal(text_field("name", "Your name")))
    ada = bot.slack.workspace.people[opened.user]

    assert (await bot.slack.submit(ada, opened)).errors == {
        "name": "Please complete this required field."
    }
    refused = await bot.slack.submit(ada, opened, {"name": "x"})
    assert (refused.errors, refused.closed) == ({"name": "Too short."}, False)
    accepted = await bot.slack.submit(ada, opened, {"name": "Ada"})
    assert accepted.modals[0].shown == "Thank you"


async def test_errors_under_fields_that_are_not_there_are_a_violation(bot: Bot) -> None:
    @bot.app.view("form")
    async def form(ack: Any) -> None:
        await ack(response_action="errors", errors={"nothing": "Wrong."})

    opened = await open_form(bot, modal(text_field("name", "Your name")))
    ada = bot.slack.workspace.people[opened.user]

    assert (await bot.slack.submit(ada, opened, {"name": "Ada"})).failure == "invalid_response"
    assert "nothing" in bot.slack.violations[0].problems[0]


async def test_a_button_in_a_modal_updates_it_and_typed_text_stays(bot: Bot) -> None:
    @bot.app.action("more")
    async def more(ack: Any, client: AsyncWebClient, body: Json) -> None:
        await ack()
        view = modal(text_field("name", "Name"), section("More"))
        await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)

    opened = await open_form(
        bot, modal(text_field("name", "Name"), actions(button("more", "More")))
    )
    ada = bot.slack.workspace.people[opened.user]
    answer = await bot.slack.click(ada, opened, "More")

    assert answer.modals[0].id == opened.id
    assert answer.modals[0].shown == "Name\nMore"


async def test_a_modal_can_be_pushed_closed_and_is_missed_by_the_app(bot: Bot) -> None:
    closed: list[str] = []

    @bot.app.view("form")
    async def form(ack: Any) -> None:
        details = modal(section("Details"), callback_id="details", notify_on_close=True)
        await ack(response_action="push", view=details)

    @bot.app.view_closed("details")
    async def details(ack: Any, view: Json) -> None:
        closed.append(view["callback_id"])
        await ack()

    first = await open_form(bot, modal(section("First")))
    ada = bot.slack.workspace.people[first.user]
    second = (await bot.slack.submit(ada, first)).modals[0]
    assert second.json["previous_view_id"] == first.id
    with pytest.raises(LookupError, match="not open"):
        await bot.slack.submit(ada, first)

    assert (await bot.slack.dismiss(ada, second)).closed
    assert closed == ["details"]
    assert (await bot.slack.submit(ada, first)).failure is None


async def test_the_home_tab_is_published_when_it_is_opened(bot: Bot) -> None:
    @bot.app.event("app_home_opened")
    async def home(event: Json, client: AsyncWebClient) -> None:
        view = {"type": "home", "blocks": [section("Welcome" if "view" not in event else "Again")]}
        await client.views_publish(user_id=event["user"], view=view)

    ada = bot.slack.person("Ada")

    assert (await bot.slack.open_home(ada)).shown == "Welcome"
    assert (await bot.slack.open_home(ada)).shown == "Again"


async def test_a_trigger_works_once_and_for_three_seconds(bot: Bot) -> None:
    errors: list[str] = []
    view = modal(text_field("name", "Name"))

    @bot.app.command("/form")
    async def form(ack: Any, client: AsyncWebClient, body: Json) -> None:
        await ack()
        for seconds in (0, 0, 4):
            bot.slack.advance(seconds)
            trigger = body["trigger_id"]
            try:
                await client.views_open(trigger_id=trigger, view=view)
            except SlackApiError as error:
                errors.append(error.response["error"])

    @bot.app.command("/late")
    async def late(ack: Any, client: AsyncWebClient, body: Json) -> None:
        await ack()
        bot.slack.advance(3.5)
        with pytest.raises(SlackApiError, match="expired_trigger_id"):
            await client.views_open(trigger_id=body["trigger_id"], view=view)

    ada = bot.slack.person("Ada")
    assert len((await bot.slack.slash(ada, "/form")).modals) == 1
    assert errors == ["exchanged_trigger_id", "exchanged_trigger_id"]
    assert (await bot.slack.slash(ada, "/late")).failure is None
