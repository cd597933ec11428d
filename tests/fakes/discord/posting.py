"""Messages of the bot: created, edited and told to those who listen."""

from typing import Final

from tests.fakes.discord import limits, payloads, stored
from tests.fakes.discord.errors import ApiError
from tests.fakes.discord.http import Call
from tests.fakes.discord.payloads import COMPONENTS_V2, EPHEMERAL, LOADING
from tests.fakes.discord.sessions import Intent
from tests.fakes.discord.state import State
from tests.fakes.discord.world import Channel, ChannelType, JsonObject

SETTABLE: Final = COMPONENTS_V2 | EPHEMERAL | (1 << 2) | (1 << 12)
SHOWN: Final = ("content", "embeds", "components")


def create(
    state: State,
    call: Call,
    channel: Channel,
    body: JsonObject,
    *,
    path: tuple[str, ...] = (),
    kind: int = 0,
    extra: JsonObject | None = None,
) -> JsonObject:
    """Check and store a new message of the bot; raises ApiError 50006 or 50035."""
    flags = int(body.get("flags") or 0) & SETTABLE
    _check(state, call, body, flags, [], path=path, creating=True)
    message_id = state.world.snowflakes.next()
    content = body.get("content") or ""
    message = payloads.message(
        message_id, channel, state.world.bot, content=content, flags=flags, kind=kind
    )
    message["attachments"] = stored.attachments(body, call.files, [], message_id)
    message["embeds"] = body.get("embeds") or []
    message["mention_roles"] = payloads.mentioned_roles(body)
    sent = body.get("components") or []
    message["components"] = stored.components(sent, message["attachments"])
    message.update(extra or {})
    _keep_files(state, call, message)
    return store(state, message)


def store(state: State, message: JsonObject) -> JsonObject:
    if message["flags"] & EPHEMERAL:
        state.world.ephemeral.add(int(message["id"]))
    state.world.keep(message)
    return message


def edit(
    state: State, call: Call, message: JsonObject, body: JsonObject, path: tuple[str, ...] = ()
) -> JsonObject:
    """Check and store a new version of a message; Components V2 stay on for ever."""
    before = message["flags"]
    flags = (before | (int(body.get("flags") or 0) & SETTABLE & ~EPHEMERAL)) & ~LOADING
    _check(state, call, body, flags, message["attachments"], path=path, creating=False)
    edited = {**message, "flags": flags}
    edited["edited_timestamp"] = payloads.now() if not before & LOADING else None
    edited["attachments"] = stored.attachments(
        body, call.files, message["attachments"], state.world.snowflakes.next()
    )
    if "content" in body:
        edited["content"] = body["content"] or ""
    if "embeds" in body:
        edited["embeds"] = body["embeds"] or []
    if "components" in body:
        sent = body["components"] or []
        edited["components"] = stored.components(sent, edited["attachments"])
    _keep_files(state, call, edited)
    return store(state, edited)


def _keep_files(state: State, call: Call, message: JsonObject) -> None:
    uploaded = {name: call.contents[key] for key, (name, _) in call.files.items()}
    for item in message["attachments"]:
        if item["filename"] in uploaded:
            state.world.files[item["url"]] = uploaded[item["filename"]]


def _check(
    state: State,
    call: Call,
    body: JsonObject,
    flags: int,
    kept: list[JsonObject],
    *,
    path: tuple[str, ...],
    creating: bool,
) -> None:
    if not state.validate:
        return
    files = [name for name, _ in call.files.values()] + [item["filename"] for item in kept]
    if creating and limits.is_empty(body, files):
        state.violations.append(f"{call.method} {call.template}: an empty message (50006)")
        raise ApiError(400, 50006)
    shows = any(body.get(key) for key in SHOWN)
    found = limits.message(
        body,
        flags=flags,
        creating=creating,
        files=files,
        no_mentions=state.require_no_mentions and shows,
        path=path,
    )
    state.check(call, found)


async def announce(state: State, event: str, message: JsonObject, channel: Channel) -> None:
    """Send MESSAGE_CREATE or MESSAGE_UPDATE to a bot that may see it and asked for it."""
    if message["flags"] & EPHEMERAL:
        return
    data: JsonObject = {**message, "channel_type": int(channel.type)}
    intent = Intent.DIRECT_MESSAGES
    guild = state.world.guilds.get(channel.guild_id or 0)
    if guild is not None:
        data["guild_id"] = str(guild.id)
        intent = Intent.GUILD_MESSAGES
    if channel.type is not ChannelType.GROUP_DM and (guild is None or guild.installed):
        await state.gateway.dispatch(event, data, guild_id=channel.guild_id, intent=intent)
