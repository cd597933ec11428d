"""Which handler answers which path, with the names that Discord's OpenAPI gives its paths."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from tests.fakes.discord import rest, rest_interactions, rest_messages
from tests.fakes.discord.http import Call
from tests.fakes.discord.state import State

Serve = Callable[[State, Call], Awaitable[Any]]

WEBHOOK: Final = "/webhooks/{webhook_id}/{webhook_token}"
COMMANDS: Final = "/applications/{application_id}/commands"
MESSAGES: Final = "/channels/{channel_id}/messages"

WITH_TOKEN_IN_PATH: Final[tuple[tuple[str, str, Serve], ...]] = (
    (
        "POST",
        "/interactions/{interaction_id}/{interaction_token}/callback",
        rest_interactions.respond,
    ),
    ("POST", WEBHOOK, rest_interactions.follow_up),
    ("GET", WEBHOOK + "/messages/@original", rest_interactions.get_reply),
    ("PATCH", WEBHOOK + "/messages/@original", rest_interactions.patch_reply),
    ("DELETE", WEBHOOK + "/messages/@original", rest_interactions.delete_reply),
    ("GET", WEBHOOK + "/messages/{message_id}", rest_interactions.get_reply),
    ("PATCH", WEBHOOK + "/messages/{message_id}", rest_interactions.patch_reply),
    ("DELETE", WEBHOOK + "/messages/{message_id}", rest_interactions.delete_reply),
)
FOR_THE_BOT: Final[tuple[tuple[str, str, Serve], ...]] = (
    ("GET", "/gateway", rest.get_gateway),
    ("GET", "/gateway/bot", rest.get_gateway_bot),
    ("GET", "/users/@me", rest.get_me),
    ("GET", "/users/@me/guilds", rest.get_my_guilds),
    ("POST", "/users/@me/channels", rest.open_dm),
    ("GET", "/users/{user_id}", rest.get_user),
    ("GET", "/guilds/{guild_id}", rest.get_guild),
    ("GET", "/guilds/{guild_id}/roles", rest.get_roles),
    ("GET", "/oauth2/applications/@me", rest.get_application),
    ("GET", "/applications/@me", rest.get_application),
    ("GET", COMMANDS, rest.get_commands),
    ("PUT", COMMANDS, rest.put_commands),
    ("POST", COMMANDS, rest.post_command),
    ("GET", COMMANDS + "/{command_id}", rest.get_command),
    ("PATCH", COMMANDS + "/{command_id}", rest.patch_command),
    ("DELETE", COMMANDS + "/{command_id}", rest.delete_command),
    ("GET", "/channels/{channel_id}", rest_messages.get_channel),
    ("POST", "/channels/{channel_id}/typing", rest_messages.type_in),
    ("GET", MESSAGES, rest_messages.get_messages),
    ("POST", MESSAGES, rest_messages.post_message),
    ("GET", MESSAGES + "/{message_id}", rest_messages.get_message),
    ("PATCH", MESSAGES + "/{message_id}", rest_messages.patch_message),
    ("DELETE", MESSAGES + "/{message_id}", rest_messages.delete_message),
    ("POST", MESSAGES + "/{message_id}/crosspost", rest_messages.crosspost),
)
