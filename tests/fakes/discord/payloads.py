"""The JSON that Discord sends, built from the world by pure functions."""

import re
from datetime import UTC, datetime
from typing import Final

from tests.fakes.discord.stored import walk
from tests.fakes.discord.world import (
    EVERYONE,
    Channel,
    ChannelType,
    Guild,
    JsonObject,
    Permission,
    User,
)

JOINED: Final = "2024-01-01T00:00:00.000000+00:00"
EPHEMERAL: Final = 1 << 6
LOADING: Final = 1 << 7
COMPONENTS_V2: Final = 1 << 15
ROLE: Final = re.compile(r"<@&(\d+)>")


def now() -> str:
    return datetime.now(UTC).isoformat()


def user(person: User) -> JsonObject:
    return {
        "id": str(person.id),
        "username": person.name.lower().replace(" ", "_"),
        "global_name": person.name,
        "discriminator": "0",
        "avatar": None,
        "avatar_decoration_data": None,
        "bot": person.bot,
        "public_flags": 0,
    }


def member(person: User, permissions: Permission | None = None) -> JsonObject:
    """A member as an interaction carries it: with its permissions in the channel."""
    return {
        "user": user(person),
        "nick": None,
        "avatar": None,
        "roles": [],
        "joined_at": JOINED,
        "premium_since": None,
        "communication_disabled_until": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        "permissions": str(int(person.permissions if permissions is None else permissions)),
    }


def resolved_member(person: User) -> JsonObject:
    """A member who was chosen: the user is told beside it."""
    partial = member(person)
    for key in ("user", "deaf", "mute"):
        del partial[key]
    return partial


def bot_user(bot: User) -> JsonObject:
    return {**user(bot), "verified": True, "mfa_enabled": False, "email": None, "flags": 0}


def application(bot: User) -> JsonObject:
    return {
        "id": str(bot.id),
        "name": bot.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": user(bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "integration_types_config": {"0": {}, "1": {}},
        "verify_key": "0" * 64,
        "flags": 0,
        "owner": {**user(bot), "id": "1", "bot": False, "username": "owner"},
        "team": None,
        "tags": [],
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "approximate_guild_count": 1,
        "approximate_user_install_count": 1,
    }


def channel(place: Channel, position: int = 0) -> JsonObject:
    """A channel as REST and GUILD_CREATE carry it."""
    body: JsonObject = {
        "id": str(place.id),
        "type": int(place.type),
        "flags": 0,
        "last_message_id": None,
    }
    match place.type:
        case ChannelType.DM:
            return body | {"recipients": [user(person) for person in place.recipients]}
        case ChannelType.GROUP_DM:
            recipients = [user(person) for person in place.recipients]
            owner = recipients[0]["id"]
            return body | {
                "recipients": recipients,
                "name": place.name,
                "icon": None,
                "owner_id": owner,
            }
        case ChannelType.PUBLIC_THREAD:
            return body | {
                "guild_id": str(place.guild_id),
                "parent_id": str(place.parent_id),
                "owner_id": "1",
                "name": place.name,
                "rate_limit_per_user": 0,
                "message_count": 0,
                "member_count": 1,
                "total_message_sent": 0,
                "thread_metadata": {
                    "archived": False,
                    "locked": False,
                    "archive_timestamp": JOINED,
                    "auto_archive_duration": 10080,
                },
            }
        case ChannelType.TEXT | ChannelType.ANNOUNCEMENT:
            return body | {
                "guild_id": str(place.guild_id),
                "name": place.name,
                "position": position,
                "parent_id": None,
                "topic": None,
                "nsfw": False,
                "rate_limit_per_user": 0,
                "permission_overwrites": [
                    {"id": str(place.guild_id), "type": 0, "allow": "0", "deny": "0"}
                ],
            }


def mentioned_roles(body: JsonObject) -> list[str]:
    """The roles that a message calls: those it names and is allowed to call."""
    allowed = body.get("allowed_mentions") or {"parse": ["roles"]}
    texts = [body.get("content") or ""]
    texts += [part.get("content") or "" for _, part in walk(body.get("components"))]
    named = dict.fromkeys(found for text in texts for found in ROLE.findall(text))
    if "roles" in (allowed.get("parse") or ()):
        return list(named)
    listed = {str(role) for role in allowed.get("roles") or ()}
    return [role for role in named if role in listed]


def interaction_channel(place: Channel, permissions: Permission) -> JsonObject:
    """The partial channel of an interaction: no overwrites, but the person's permissions."""
    body = channel(place)
    body.pop("permission_overwrites", None)
    return body | {"permissions": str(int(permissions))}


def role(guild: Guild, index: int) -> JsonObject:
    everyone = index == 0
    return {
        "id": str(guild.id + index),
        "name": "@everyone" if everyone else f"role-{index}",
        "permissions": str(int(EVERYONE)),
        "position": index,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def guild_create(guild: Guild, bot: User) -> JsonObject:
    """A whole server, as the gateway sends it to those who asked for the ``guilds`` intent."""
    bot_member = member(bot)
    del bot_member["permissions"]
    return rest_guild(guild) | {
        "joined_at": JOINED,
        "large": False,
        "unavailable": False,
        "member_count": 2,
        "members": [bot_member],
        "channels": [channel(place, at) for at, place in enumerate(guild.channels)],
        "threads": [],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def rest_guild(guild: Guild) -> JsonObject:
    """A server as REST tells of it: without its channels and members."""
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "description": None,
        "owner_id": "1",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "features": [],
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": guild.locale,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "safety_alerts_channel_id": None,
        "vanity_url_code": None,
        "max_members": 500000,
        "roles": [role(guild, index) for index in range(guild.roles)],
        "emojis": [],
        "stickers": [],
    }


def message(
    message_id: int,
    place: Channel,
    author: User,
    *,
    content: str = "",
    flags: int = 0,
    kind: int = 0,
) -> JsonObject:
    """A message without attachments or components; callers add those."""
    return {
        "id": str(message_id),
        "channel_id": str(place.id),
        "author": user(author),
        "type": kind,
        "content": content,
        "timestamp": now(),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "components": [],
        "pinned": False,
        "flags": flags,
    }
