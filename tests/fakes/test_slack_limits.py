"""What the loopback Slack refuses, and that a bot's tests can see it."""

import os
from collections.abc import AsyncIterator

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack.bolt import web_client
from tests.fakes.slack.limits import LIMITS_VARIABLE, Json
from tests.fakes.slack.samples import actions, button, modal, option, plain, section, text_field
from tests.fakes.slack.server import SlackServer


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer() as server:
        yield server


@pytest.fixture
def client(slack: SlackServer) -> AsyncWebClient:
    return web_client(slack)


async def post(client: AsyncWebClient, slack: SlackServer, body: Json) -> None:
    """Post `body`, as it is, in #general; its text is "x" if it has none."""
    message = {"channel": slack.general.id, "text": "x"} | body
    await client.api_call("chat.postMessage", json=message)


def menu(type_: str, options: list[Json]) -> Json:
    return actions({"type": type_, "action_id": "menu", "options": options})


def options(number: int) -> list[Json]:
    return [option(f"v{place}") for place in range(number)]


def table(type_: str, rows: int, columns: int, cell: str = "x") -> Json:
    return {"type": type_, "rows": [[{"type": "raw_text", "text": cell}] * columns] * rows}


EMPTY_SECTION = {"type": "rich_text_section", "elements": [{"type": "text", "text": ""}]}
BROADCAST = {"type": "rich_text_section", "elements": [{"type": "broadcast", "range": "here"}]}
RICH_TEXT_BUTTON = {"type": "rich_text_section", "elements": [button("a", "A")]}

REFUSED: dict[str, tuple[Json, str]] = {
    "51 blocks": ({"blocks": [{"type": "divider"}] * 51}, "no more than 50 items"),
    "no text": ({"text": "", "blocks": [section("x")]}, "screen readers"),
    "section of 3,001": ({"blocks": [section("x" * 3001)]}, "less than 3001"),
    "empty section": ({"blocks": [section("")]}, "more than 0"),
    "11 fields": (
        {"blocks": [{"type": "section", "fields": [plain("x")] * 11}]},
        "no more than 10 items",
    ),
    "long field": (
        {"blocks": [{"type": "section", "fields": [plain("x" * 2001)]}]},
        "less than 2001",
    ),
    "header of 151": ({"blocks": [{"type": "header", "text": plain("x" * 151)}]}, "less than 151"),
    "formatted header": (
        {"blocks": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]},
        "plain_text",
    ),
    "26 buttons": (
        {"blocks": [actions(*(button(f"b{n}", "B") for n in range(26)))]},
        "no more than 25 items",
    ),
    "button text of 76": ({"blocks": [actions(button("a", "x" * 76))]}, "less than 76"),
    "button value of 2,001": (
        {"blocks": [actions(button("a", "A", value="x" * 2001))]},
        "less than 2001",
    ),
    "same action twice": (
        {"blocks": [actions(button("a", "A"), button("a", "B"))]},
        'action_id "a" already exists',
    ),
    "same block twice": (
        {"blocks": [section("x") | {"block_id": "s"}, section("y") | {"block_id": "s"}]},
        'block_id "s" already exists',
    ),
    "option value of 76": (
        {"blocks": [menu("static_select", [{"text": plain("A"), "value": "x" * 76}])]},
        "/options/0/value",
    ),
    "101 options": ({"blocks": [menu("static_select", options(101))]}, "no more than 100 items"),
    "11 radio buttons": ({"blocks": [menu("radio_buttons", options(11))]}, "no more than 10 items"),
    "11 checkboxes": ({"blocks": [menu("checkboxes", options(11))]}, "no more than 10 items"),
    "6 in an overflow": ({"blocks": [menu("overflow", options(6))]}, "no more than 5 items"),
    "image without alt text": (
        {"blocks": [{"type": "image", "image_url": "https://example.com/a.png", "alt_text": " "}]},
        "alt_text",
    ),
    "unknown block": ({"blocks": [{"type": "banner"}]}, "unsupported type: banner"),
    "unknown element": ({"blocks": [actions({"type": "slider"})]}, "unsupported element"),
    "button in rich text": (
        {"blocks": [{"type": "rich_text", "elements": [RICH_TEXT_BUTTON]}]},
        "unsupported element in rich_text_section",
    ),
    "empty rich text": (
        {"blocks": [{"type": "rich_text", "elements": [EMPTY_SECTION]}]},
        "more than 0 characters",
    ),
    "101 rows": ({"blocks": [table("table", 101, 1)]}, "no more than 100 items"),
    "21 columns": ({"blocks": [table("table", 1, 21)]}, "no more than 20 items"),
    "three charts": (
        {"blocks": [{"type": "data_visualization", "title": "Pay", "chart": {}}] * 3},
        "no more than 2 charts",
    ),
    "blocks of an attachment": (
        {"attachments": [{"color": "#36a64f", "blocks": [section("")]}]},
        "more than 0",
    ),
    "alert in a message": ({"blocks": [{"type": "alert", "text": plain("x")}]}, "modals only"),
    "broadcast in rich text": (
        {"blocks": [{"type": "rich_text", "elements": [BROADCAST]}]},
        "calls people",
    ),
    "mention in blocks": ({"blocks": [section("<!here> look")]}, "calls people"),
    "mention in text": ({"text": "<@U0000000001> look"}, "calls people"),
    "channel in text": ({"text": "see <#C0000000001|general>"}, "calls people"),
}

TOO_LONG: dict[str, tuple[Json, str]] = {
    "text": ({"text": "x" * 13_001}, "msg_too_long"),
    "blocks": ({"blocks": [section("x" * 2900)] * 5}, "msg_blocks_too_long"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_slack_would_not_take_is_refused_and_recorded(
    slack: SlackServer, client: AsyncWebClient, name: str
) -> None:
    body, problem = REFUSED[name]
    with pytest.raises(SlackApiError) as refused:
        await post(client, slack, body)

    assert refused.value.response["error"] == "invalid_blocks"
    (violation,) = slack.violations
    assert any(problem in found for found in violation.problems), violation.problems
    assert refused.value.response["response_metadata"]["messages"] == list(violation.problems)
    assert slack.history(slack.general) == []


@pytest.mark.parametrize("name", TOO_LONG)
async def test_a_message_that_is_too_long_as_a_whole_is_refused(
    slack: SlackServer, client: AsyncWebClient, name: str
) -> None:
    body, error = TOO_LONG[name]
    with pytest.raises(SlackApiError, match=error):
        await post(client, slack, body)
    assert len(slack.violations) == 1


VIEWS: dict[str, tuple[Json, str]] = {
    "101 blocks": (modal(*[{"type": "divider"}] * 101), "no more than 100 items"),
    "title of 25": (modal(section("x"), title=plain("x" * 25)), "less than 25"),
    "long metadata": (modal(section("x"), private_metadata="x" * 3001), "less than 3001"),
    "no submit": (modal(text_field("name", "Name"), submit=None), "submit"),
    "mention": (modal(section("<!channel>")), "calls people"),
}


@pytest.mark.parametrize("name", VIEWS)
async def test_a_view_that_slack_would_not_take_is_refused_and_recorded(
    slack: SlackServer, client: AsyncWebClient, name: str
) -> None:
    view, problem = VIEWS[name]
    sent = {key: value for key, value in view.items() if value is not None}
    trigger = slack.workspace.issue_trigger(slack.person("Ada"))
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await client.views_open(trigger_id=trigger, view=sent)
    assert any(problem in found for found in slack.violations[0].problems)


async def test_calling_people_can_be_allowed(slack: SlackServer, client: AsyncWebClient) -> None:
    slack.inspector.mentions = True
    await client.chat_postMessage(channel=slack.general.id, text="<!here> the newsletter is out")
    assert slack.violations == []


async def test_a_good_message_with_everything_passes(
    slack: SlackServer, client: AsyncWebClient
) -> None:
    parts = [
        {"type": "text", "text": "Both ", "style": {"bold": True}},
        {"type": "link", "url": "https://example.com", "text": "train models"},
    ]
    item = {"type": "rich_text_section", "elements": parts}
    items = {"type": "rich_text_list", "style": "bullet", "elements": [item]}
    chart = {"type": "pie", "segments": [{"label": "Python", "value": 3}]}
    blocks = [
        {"type": "header", "text": plain("ML engineer")},
        section("A & B"),
        {"type": "rich_text", "elements": [items]},
        {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A chart"},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "cell"}]]},
        {"type": "data_visualization", "title": "Skills", "chart": chart},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "source"}]},
        actions(button("a", "A"), button("b", "B", style="primary")),
    ]
    await client.chat_postMessage(channel=slack.general.id, text="ML engineer", blocks=blocks)

    message = await slack.next_message(slack.general)
    assert slack.violations == []
    assert "Both train models" in message.shown
    assert [element.label for element in message.elements] == ["A", "B"]


@pytest.fixture
def limits_file() -> None:
    if not os.environ.get(LIMITS_VARIABLE):
        if os.environ.get("CI") == "true":
            pytest.fail(f"{LIMITS_VARIABLE} must be set in CI")
        pytest.skip(f"{LIMITS_VARIABLE} names no file")


LONG_LABEL = {
    "type": "data_visualization",
    "title": "Skills",
    "chart": {"type": "pie", "segments": [{"label": "x" * 21, "value": 1}]},
}

FILE_ONLY: dict[str, tuple[Json, str]] = {
    "block id of 256": ({"blocks": [section("x") | {"block_id": "b" * 256}]}, "block_id"),
    "11 in a context": (
        {"blocks": [{"type": "context", "elements": [plain("x")] * 11}]},
        "no more than 10 items",
    ),
    "chart label of 21": (
        {"blocks": [LONG_LABEL]},
        "/chart/segments/0/label",
    ),
    "empty cell": ({"blocks": [table("data_table", 2, 1, cell="")]}, "more than 0 characters"),
}


@pytest.mark.usefixtures("limits_file")
@pytest.mark.parametrize("name", FILE_ONLY)
async def test_the_limits_file_is_obeyed_where_it_is_given(
    slack: SlackServer, client: AsyncWebClient, name: str
) -> None:
    body, problem = FILE_ONLY[name]
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        await post(client, slack, body)
    assert any(problem in found for found in slack.violations[0].problems)
