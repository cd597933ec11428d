"""The app manifest, against what Slack documents."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from bot.adapters.slack.manifest import manifest
from bot.core.commands import COMMANDS

URL = "https://bot.example/slack/events"


@pytest.mark.parametrize("url", [None, URL])
@pytest.mark.parametrize("prefix", ["", "rc-"])
def test_every_command_is_there_within_slacks_limits(url: str | None, prefix: str) -> None:
    made = manifest(url, prefix, COMMANDS)
    commands = made["features"]["slash_commands"]
    assert [c["command"] for c in commands] == [f"/{prefix}{name}" for name in COMMANDS]
    assert len(commands) <= 50
    for command in commands:
        assert re.fullmatch(r"/[a-z0-9_-]{1,31}", command["command"])
        assert 1 <= len(command["description"]) <= 2000
        assert len(command.get("usage_hint", "x")) in range(1, 1001)
        assert command["should_escape"] is True
        assert command.get("url") == url
    assert json.loads(json.dumps(made)) == made


def test_over_http_slack_is_told_where_to_call() -> None:
    settings = manifest(URL, "", COMMANDS)["settings"]
    assert settings["event_subscriptions"]["request_url"] == URL
    assert settings["interactivity"]["request_url"] == URL
    assert settings["interactivity"]["message_menu_options_url"] == URL
    assert settings["socket_mode_enabled"] is False


@pytest.mark.parametrize(
    ("url", "back"),
    [
        (URL, "https://bot.example/slack/oauth_redirect"),
        ("https://host.example/bot/slack/events", "https://host.example/bot/slack/oauth_redirect"),
    ],
)
def test_people_who_install_it_come_back_to_the_bot(url: str, back: str) -> None:
    assert manifest(url, "", COMMANDS)["oauth_config"]["redirect_urls"] == [back]
    assert "redirect_urls" not in manifest(None, "", COMMANDS)["oauth_config"]


def test_organisations_can_install_it_where_that_is_wanted() -> None:
    assert manifest(URL, "", COMMANDS, org=True)["settings"]["org_deploy_enabled"] is True
    assert manifest(URL, "", COMMANDS)["settings"]["org_deploy_enabled"] is False


def test_without_an_address_socket_mode_is_on() -> None:
    settings = manifest(None, "", COMMANDS)["settings"]
    assert settings["socket_mode_enabled"] is True
    assert "request_url" not in json.dumps(settings)
    assert settings["org_deploy_enabled"] is settings["token_rotation_enabled"] is False


def test_people_can_write_to_the_bot_and_it_asks_for_no_more_than_it_needs() -> None:
    made = manifest(None, "", COMMANDS)
    home = made["features"]["app_home"]
    assert home["home_tab_enabled"] is home["messages_tab_enabled"] is True
    assert home["messages_tab_read_only_enabled"] is False
    assert sorted(made["oauth_config"]["scopes"]["bot"]) == [
        "app_mentions:read",
        "chat:write",
        "commands",
        "files:write",
        "im:history",
        "im:write",
        "users:read",
    ]
    assert sorted(made["settings"]["event_subscriptions"]["bot_events"]) == [
        "app_home_opened",
        "app_mention",
        "app_uninstalled",
        "message.im",
        "tokens_revoked",
    ]
    assert len(made["display_information"]["name"]) <= 35
    assert len(made["display_information"]["description"]) <= 140


def test_a_command_shows_how_it_is_used() -> None:
    hints = {
        c["command"]: c.get("usage_hint")
        for c in manifest(None, "", COMMANDS)["features"]["slash_commands"]
    }
    assert hints["/pay"] == "role [country]"
    assert hints["/roles"] is None


def test_what_slack_would_refuse_is_refused_before() -> None:
    with pytest.raises(ValueError, match="shorter prefix"):
        manifest(None, "a-very-long-prefix-for-commands-", COMMANDS)
    many = {f"c{n}": replace(COMMANDS["help"], name=f"c{n}") for n in range(51)}
    with pytest.raises(ValueError, match="at most 50"):
        manifest(None, "", many)
