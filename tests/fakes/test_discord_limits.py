"""What the loopback Discord refuses, as Discord does."""

import asyncio
import os
from typing import Any

import aiohttp
import pytest

from tests.fakes.discord import command_limits, limits
from tests.fakes.discord.payloads import COMPONENTS_V2
from tests.fakes.discord.replies import Kind
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord_bot import NO_MENTIONS, Bot, clean


def _text_display(text: str = "x") -> dict[str, Any]:
    return {"type": 10, "content": text}


def _row(*children: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(children)}


def _button(**changed: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": "go", **changed}


def _option(value: str = "a", **changed: Any) -> dict[str, Any]:
    return {"label": value, "value": value, **changed}


def _select(*options: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {"type": 3, "custom_id": "menu", "options": list(options), **changed}


def _v2(*components: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {"components": list(components), "flags": COMPONENTS_V2, **NO_MENTIONS, **changed}


BAD_MESSAGES: dict[str, dict[str, Any]] = {
    "content with V2": _v2(_text_display(), content="hi"),
    "embeds with V2": _v2(_text_display(), embeds=[{"title": "hi"}]),
    "V2 component without the flag": {"components": [_text_display()], **NO_MENTIONS},
    "nothing at all": {**NO_MENTIONS},
    "long content": {"content": "x" * 2001, **NO_MENTIONS},
    "41 components": _v2(*(_text_display() for _ in range(41))),
    "41 nested components": _v2(
        *({"type": 17, "components": [_text_display() for _ in range(19)]} for _ in range(2)),
        _text_display(),
    ),
    "4,001 characters": _v2(_text_display("x" * 2000), _text_display("x" * 2001)),
    "empty text": _v2(_text_display("")),
    "no custom_id": _v2(_row(_button(custom_id=None))),
    "long custom_id": _v2(_row(_button(custom_id="x" * 101))),
    "same custom_id twice": _v2(_row(_button(), _button())),
    "long button label": _v2(_row(_button(label="x" * 81))),
    "button without label": _v2(_row(_button(label=None))),
    "link without url": _v2(_row(_button(style=5, custom_id=None))),
    "link with custom_id": _v2(_row(_button(style=5, url="https://example.org"))),
    "link to nowhere": _v2(_row(_button(style=5, custom_id=None, url="javascript:alert(1)"))),
    "url on a button": _v2(_row(_button(url="https://example.org"))),
    "six buttons": _v2(_row(*(_button(custom_id=str(n)) for n in range(6)))),
    "two selects": _v2(_row(_select(_option()), _select(_option(), custom_id="other"))),
    "select beside a button": _v2(_row(_button(), _select(_option()))),
    "no options": _v2(_row(_select())),
    "26 options": _v2(_row(_select(*(_option(str(n)) for n in range(26))))),
    "same option twice": _v2(_row(_select(_option(), _option()))),
    "long option label": _v2(_row(_select(_option(label="x" * 101)))),
    "long option value": _v2(_row(_select(_option(value="x" * 101)))),
    "long option description": _v2(_row(_select(_option(description="x" * 101)))),
    "more values than options": _v2(_row(_select(_option(), max_values=2))),
    "long placeholder": _v2(_row(_select(_option(), placeholder="x" * 151))),
    "section without accessory": _v2({"type": 9, "components": [_text_display()]}),
    "section with four texts": _v2(
        {"type": 9, "components": [_text_display()] * 4, "accessory": _button()}
    ),
    "container in a container": _v2(
        {"type": 17, "components": [{"type": 17, "components": [_text_display()]}]}
    ),
    "empty gallery": _v2({"type": 12, "items": []}),
    "unknown upload": _v2({"type": 12, "items": [{"media": {"url": "attachment://no.png"}}]}),
    "unknown component": _v2({"type": 99}),
    "a string for a component": _v2("hello"),  # type: ignore[arg-type]  # that is the point
    "mentions left open": {"content": "hi"},
    "mentions allowed": {"content": "hi", "allowed_mentions": {"parse": ["everyone"]}},
}

GOOD_MESSAGES: dict[str, dict[str, Any]] = {
    "plain": {"content": "x" * 2000, **NO_MENTIONS},
    "40 components": _v2(*(_text_display() for _ in range(40))),
    "4,000 characters": _v2(_text_display("x" * 4000)),
    "link": _v2(_row(_button(style=5, custom_id=None, url="https://example.org"))),
    "five buttons": _v2(_row(*(_button(custom_id=str(n) * 100) for n in range(5)))),
    "25 options": _v2(_row(_select(*(_option(str(n)) for n in range(25)), max_values=25))),
    "section": _v2({"type": 9, "components": [_text_display()] * 3, "accessory": _button()}),
}


def _form(*components: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {"custom_id": "form", "title": "Form", "components": list(components), **changed}


def _label(component: dict[str, Any] | None = None, **changed: Any) -> dict[str, Any]:
    field = component or {"type": 4, "custom_id": "name", "style": 1}
    return {"type": 18, "label": "Name", "component": field, **changed}


BAD_FORMS: dict[str, dict[str, Any]] = {
    "long title": _form(_label(), title="x" * 46),
    "no title": _form(_label(), title=""),
    "long label": _form(_label(label="x" * 46)),
    "long description": _form(_label(description="x" * 101)),
    "six fields": _form(*(_label({"type": 4, "custom_id": str(n), "style": 1}) for n in range(6))),
    "no fields": _form(),
    "same id twice": _form(_label(), _label()),
    "long input": _form(_label({"type": 4, "custom_id": "a", "style": 1, "max_length": 4001})),
    "one radio button": _form(_label({"type": 21, "custom_id": "a", "options": [_option()]})),
    "button in a form": _form(_label(_button())),
}


def _command(**changed: Any) -> dict[str, Any]:
    return {"name": "compare", "description": "Compare", "type": 1, **changed}


def _argument(name: str = "first", **changed: Any) -> dict[str, Any]:
    return {"type": 3, "name": name, "description": "A role", **changed}


BAD_COMMANDS: dict[str, list[dict[str, Any]]] = {
    "long name": [_command(name="x" * 33)],
    "upper-case name": [_command(name="Compare")],
    "name with a space": [_command(name="com pare")],
    "long description": [_command(description="x" * 101)],
    "no description": [_command(description="")],
    "26 options": [_command(options=[_argument(f"o{n}") for n in range(26)])],
    "26 choices": [
        _command(
            options=[_argument(choices=[{"name": str(n), "value": str(n)} for n in range(26)])]
        )
    ],
    "long choice": [_command(options=[_argument(choices=[{"name": "x" * 101, "value": "x"}])])],
    "choices and autocomplete": [
        _command(options=[_argument(choices=[{"name": "a", "value": "a"}], autocomplete=True)])
    ],
    "same option twice": [_command(options=[_argument(), _argument()])],
    "required after optional": [_command(options=[_argument(), _argument("b", required=True)])],
    "same name twice": [_command(), _command()],
    "101 commands": [_command(name=f"c{n}") for n in range(101)],
    "over 8,000 characters": [
        _command(
            options=[
                _argument(
                    f"o{n}", choices=[{"name": f"{c:090}", "value": f"{c:090}"} for c in range(25)]
                )
                for n in range(2)
            ]
        )
    ],
}


class TestLimits:
    """Every broken rule is refused with Discord's error tree, and recorded in words."""

    @pytest.mark.usefixtures("unchecked")
    @pytest.mark.parametrize("body", BAD_MESSAGES.values(), ids=BAD_MESSAGES)
    async def test_of_messages(
        self, server: FakeDiscord, rest: aiohttp.ClientSession, body: dict[str, Any]
    ) -> None:
        url = f"channels/{server.home.general.id}/messages"
        async with rest.post(url, json=body) as response:
            answer = await response.json()
        assert response.status == 400
        assert answer["code"] == (50035 if "errors" in answer else 50006)
        assert server.violations
        assert server.messages(server.home) == []

    @pytest.mark.parametrize("body", GOOD_MESSAGES.values(), ids=GOOD_MESSAGES)
    async def test_messages_may_go_up_to_them(
        self, server: FakeDiscord, bot: Bot, rest: aiohttp.ClientSession, body: dict[str, Any]
    ) -> None:
        url = f"channels/{server.home.general.id}/messages"
        async with rest.post(url, json=body) as response:
            assert response.status == 200, await response.text()
        clean(server)

    @pytest.mark.usefixtures("unchecked")
    @pytest.mark.parametrize("data", BAD_FORMS.values(), ids=BAD_FORMS)
    async def test_of_forms(
        self,
        server: FakeDiscord,
        bot: Bot,
        rest: aiohttp.ClientSession,
        data: dict[str, Any],
    ) -> None:
        payload = server.slash_payload(server.user("Ada"), "quiet")
        using = asyncio.create_task(server.raw_interaction(payload))
        await bot.wait_for("interaction", timeout=2)
        url = f"interactions/{payload['id']}/{payload['token']}/callback"
        async with rest.post(url, json={"type": 9, "data": data}) as response:
            answer = await response.json()
        assert (response.status, answer["code"]) == (400, 50035)
        assert "data" in answer["errors"]
        assert server.violations
        async with rest.post(url, json={"type": 9, "data": _form(_label())}) as response:
            assert response.status == 204
        assert (await using).kind is Kind.MODAL

    @pytest.mark.usefixtures("unchecked")
    @pytest.mark.parametrize("body", BAD_COMMANDS.values(), ids=BAD_COMMANDS)
    async def test_of_commands(
        self, server: FakeDiscord, rest: aiohttp.ClientSession, body: list[dict[str, Any]]
    ) -> None:
        url = f"applications/{server.state.world.bot.id}/commands"
        async with rest.put(url, json=body) as response:
            answer = await response.json()
        assert (response.status, answer["code"]) == (400, 50035)
        assert answer["errors"]
        assert server.violations
        assert server.state.commands.syncs == 0

    @pytest.mark.parametrize(
        "choices",
        [
            [{"name": str(n), "value": str(n)} for n in range(26)],
            [{"name": "x" * 101, "value": "x"}],
            [{"name": "", "value": "x"}],
        ],
    )
    def test_of_autocomplete(self, choices: list[dict[str, Any]]) -> None:
        assert limits.choices({"choices": choices})
        assert limits.choices({"choices": choices[:1]}) == [] or len(choices) == 1

    def test_the_longest_localisation_counts(self) -> None:
        command = _command(description_localizations={"de": "x" * 90})
        assert command_limits.size(command) == len("compare") + 90

    async def test_the_errors_are_nested_as_discord_nests_them(
        self, server: FakeDiscord, rest: aiohttp.ClientSession
    ) -> None:
        url = f"channels/{server.home.general.id}/messages"
        async with rest.post(url, json=_v2(_row(_button(label="x" * 81)))) as response:
            errors = (await response.json())["errors"]
        (error,) = errors["components"]["0"]["components"]["0"]["label"]["_errors"]
        assert set(error) == {"code", "message"}

    async def test_mentions_may_be_left_open_where_that_is_allowed(
        self, server: FakeDiscord, rest: aiohttp.ClientSession
    ) -> None:
        server.state.require_no_mentions = False
        url = f"channels/{server.home.general.id}/messages"
        async with rest.post(url, json={"content": "hi"}) as response:
            assert response.status == 200


class TestOpenApi:
    @pytest.fixture(autouse=True)
    def described(self) -> None:
        if not os.environ.get("DISCORD_OPENAPI"):
            if os.environ.get("CI") == "true":
                pytest.fail("CI has to set DISCORD_OPENAPI")
            pytest.skip("DISCORD_OPENAPI is not set")

    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("POST", "channels/{channel}/messages", {"content": 5, **NO_MENTIONS}),
            ("POST", "channels/{channel}/messages", _v2({"type": 17, "accent_color": -1})),
            ("POST", "users/@me/channels", {"recipient_id": "somebody"}),
            ("PUT", "applications/{application}/commands", [{"description": "nameless"}]),
        ],
    )
    async def test_a_body_that_does_not_fit_is_refused_and_recorded(
        self,
        server: FakeDiscord,
        rest: aiohttp.ClientSession,
        method: str,
        path: str,
        body: Any,
    ) -> None:
        url = path.format(channel=server.home.general.id, application=server.state.world.bot.id)
        async with rest.request(method, url, json=body) as response:
            assert (response.status, (await response.json())["code"]) == (400, 50035)
        assert "OPENAPI" in server.violations[0]

    async def test_ids_may_be_integers(
        self, server: FakeDiscord, rest: aiohttp.ClientSession
    ) -> None:
        body = {"recipient_id": server.user("Ada").id}
        async with rest.post("users/@me/channels", json=body) as response:
            assert response.status == 200
        clean(server)
