"""The app manifest: everything that a Slack workspace must know about the bot.

The scopes are the fewest that work. `im:history` is among them although the bot never reads
history: Slack delivers `message.im` events, which are people's direct messages to the bot, only
to apps that hold it.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urljoin

from bot.adapters.slack.wire import Json
from bot.core.command import Command

NAME = "rolecall"

SCOPES: Mapping[str, str] = {
    "commands": "slash commands",
    "chat:write": "answers to mentions and direct messages",
    "im:write": "private answers in direct messages",
    "im:history": "direct messages to the bot",
    "app_mentions:read": "mentions in channels",
    "users:read": "commands for those who manage the workspace",
    "files:write": "files, such as a person's own data",
}
"""The bot's scopes, and what fails without each."""

EVENTS = ("app_home_opened", "app_mention", "message.im", "app_uninstalled", "tokens_revoked")

MOST_COMMANDS = 50
MOST_IN_NAME = 32
MOST_IN_DESCRIPTION = 2000
MOST_IN_HINT = 1000


def manifest(
    url: str | None, prefix: str, commands: Mapping[str, Command], *, org: bool = False
) -> Json:
    """The manifest for HTTP at `url` (its address for Slack), or for Socket Mode without one.

    `prefix` stands before the name of every command, where another app has the same names. With
    `org` organisations can install the app as a whole, for all their workspaces.

    Raises:
        ValueError: if the commands do not fit into Slack's limits.
    """
    if len(commands) > MOST_COMMANDS:
        raise ValueError(f"Slack takes at most {MOST_COMMANDS} commands, not {len(commands)}")
    address = {"request_url": url} if url else {}
    # Where people come back to after they have agreed; it stands beside `url`.
    redirect = {"redirect_urls": [urljoin(url, "oauth_redirect")]} if url else {}
    menus = {"message_menu_options_url": url} if url else {}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": NAME,
            "description": "Which data and AI job is which, and which is yours",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "slash_commands": [
                _slash_command(command, url, prefix) for command in commands.values()
            ],
        },
        "oauth_config": {**redirect, "scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**address, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **address, **menus},
            "org_deploy_enabled": org,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }


def _slash_command(command: Command, url: str | None, prefix: str) -> Json:
    name = f"/{prefix}{command.name}"
    if len(name) > MOST_IN_NAME:
        raise ValueError(f"{name} has more than {MOST_IN_NAME} characters: use a shorter prefix")
    made: Json = {
        "command": name,
        "description": command.description[:MOST_IN_DESCRIPTION],
        "should_escape": True,
    }
    hint = command.usage[:MOST_IN_HINT]
    return made | ({"usage_hint": hint} if hint else {}) | ({"url": url} if url else {})
