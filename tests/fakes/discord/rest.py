"""REST for everything but interactions: the bot itself, its commands, channels, messages."""

from tests.fakes.discord import command_limits, payloads, posting
from tests.fakes.discord.errors import ApiError, Violation
from tests.fakes.discord.http import Call
from tests.fakes.discord.state import State, as_object, json_object
from tests.fakes.discord.world import (
    EVERYONE,
    Channel,
    ChannelType,
    JsonObject,
    Permission,
)


async def get_gateway(state: State, call: Call) -> JsonObject:
    return {"url": state.gateway.url}


async def get_gateway_bot(state: State, call: Call) -> JsonObject:
    used = len(state.gateway.identifies)
    return {
        "url": state.gateway.url,
        "shards": state.shards,
        "session_start_limit": {
            "total": 1000,
            "remaining": max(0, 1000 - used),
            "reset_after": 86_400_000,
            "max_concurrency": 1,
        },
    }


async def get_me(state: State, call: Call) -> JsonObject:
    return payloads.bot_user(state.world.bot)


async def get_user(state: State, call: Call) -> JsonObject:
    person = state.world.users.get(call.id("user_id"))
    if person is None:
        raise ApiError(404, 10013)
    return payloads.user(person)


async def get_my_guilds(state: State, call: Call) -> list[JsonObject]:
    return [
        {
            "id": str(guild.id),
            "name": guild.name,
            "icon": None,
            "banner": None,
            "owner": False,
            "permissions": str(int(EVERYONE)),
            "features": [],
        }
        for guild in state.world.guilds.values()
        if guild.installed
    ][: int(call.query.get("limit", 200))]


async def get_application(state: State, call: Call) -> JsonObject:
    return payloads.application(state.world.bot)


async def get_commands(state: State, call: Call) -> list[JsonObject]:
    _own_application(state, call)
    return list(state.commands.all.values())


async def put_commands(state: State, call: Call) -> list[JsonObject]:
    _own_application(state, call)
    if not isinstance(call.body, list):
        wrong = Violation((), "LIST_TYPE_CONVERT", "Only iterables may be used")
        raise ApiError(400, 50035, violations=(wrong,))
    declared = [as_object(item) for item in call.body]
    state.check(call, command_limits.commands(declared))
    with state.world.changing():
        return state.commands.replace(declared)


async def post_command(state: State, call: Call) -> JsonObject:
    _own_application(state, call)
    declared = json_object(call)
    state.check(call, list(command_limits.command(declared, ())))
    with state.world.changing():
        return state.commands.upsert(declared)


async def get_command(state: State, call: Call) -> JsonObject:
    _own_application(state, call)
    command = state.commands.all.get(call.id("command_id"))
    if command is None:
        raise ApiError(404, 10063)
    return command


async def patch_command(state: State, call: Call) -> JsonObject:
    changed = {**await get_command(state, call), **json_object(call)}
    state.check(call, list(command_limits.command(changed, ())))
    with state.world.changing():
        return state.commands.upsert(changed)


async def delete_command(state: State, call: Call) -> None:
    command = await get_command(state, call)
    with state.world.changing():
        del state.commands.all[int(command["id"])]


async def open_dm(state: State, call: Call) -> JsonObject:
    recipient = state.world.users.get(int(json_object(call).get("recipient_id") or 0))
    if recipient is None or recipient.bot:
        raise ApiError(400, 50033)
    return payloads.channel(state.world.dm_with(recipient))


async def get_channel(state: State, call: Call) -> JsonObject:
    return payloads.channel(_channel(state, call))


async def type_in(state: State, call: Call) -> None:
    _channel(state, call, sending=True)


async def get_messages(state: State, call: Call) -> list[JsonObject]:
    """The latest messages, newest first, as ``limit``, ``before`` and ``after`` say."""
    messages = state.world.messages_in(_channel(state, call).id)
    before, after = int(call.query.get("before", 0)), int(call.query.get("after", 0))
    if before:
        messages = [message for message in messages if int(message["id"]) < before]
    if after:
        messages = [message for message in messages if int(message["id"]) > after]
    limit = int(call.query.get("limit", 50))
    chosen = messages[:limit] if after else messages[-limit:]
    return [_without_nonce(message) for message in reversed(chosen)]


async def get_message(state: State, call: Call) -> JsonObject:
    return _without_nonce(_message(state, call, _channel(state, call)))


async def post_message(state: State, call: Call) -> JsonObject:
    """Post to a channel; with ``enforce_nonce`` the same nonce gives the same message."""
    channel = _channel(state, call, sending=True)
    body = json_object(call)
    nonce = body.get("nonce")
    key = (channel.id, str(nonce))
    if body.get("enforce_nonce"):
        known = state.world.messages.get(state.world.nonces.get(key, 0))
        if known is not None:
            return known
    extra = {} if nonce is None else {"nonce": nonce}
    with state.world.changing():
        message = posting.create(state, call, channel, body, extra=extra)
    if body.get("enforce_nonce"):
        state.world.nonces[key] = int(message["id"])
    await posting.announce(state, "MESSAGE_CREATE", message, channel)
    return message


async def patch_message(state: State, call: Call) -> JsonObject:
    channel = _channel(state, call, sending=True)
    message = _own_message(state, call, channel)
    with state.world.changing():
        edited = posting.edit(state, call, message, json_object(call))
    await posting.announce(state, "MESSAGE_UPDATE", edited, channel)
    return edited


async def delete_message(state: State, call: Call) -> None:
    channel = _channel(state, call)
    message = _own_message(state, call, channel)
    with state.world.changing():
        state.world.forget(int(message["id"]))


async def crosspost(state: State, call: Call) -> JsonObject:
    """Publish an own message of an announcement channel."""
    channel = _channel(state, call, sending=True)
    if channel.type is not ChannelType.ANNOUNCEMENT:
        raise ApiError(400, 50024)
    message = _own_message(state, call, channel)
    with state.world.changing():
        return posting.store(state, {**message, "flags": message["flags"] | 1})


def _own_application(state: State, call: Call) -> None:
    if call.id("application_id") != state.world.bot.id:
        raise ApiError(403, 50001)


def _channel(state: State, call: Call, *, sending: bool = False) -> Channel:
    """The channel of the path, if the bot may see it (and send there)."""
    channel = state.world.channels.get(call.id("channel_id"))
    if channel is None:
        raise ApiError(404, 10003)
    guild = state.world.guilds.get(channel.guild_id or 0)
    if channel.type is ChannelType.GROUP_DM or (guild is not None and not guild.installed):
        raise ApiError(403, 50001)
    denied = state.world.denied.get(channel.id, Permission(0))
    if Permission.VIEW_CHANNEL in denied:
        raise ApiError(403, 50001)
    if sending and Permission.SEND_MESSAGES in denied:
        raise ApiError(403, 50013)
    closed = any(person.id in state.world.closed_dms for person in channel.recipients)
    if sending and closed:
        raise ApiError(403, 50007)
    return channel


def _message(state: State, call: Call, channel: Channel) -> JsonObject:
    message_id = call.id("message_id")
    message = state.world.messages.get(message_id)
    hidden = message_id in state.world.ephemeral
    if message is None or hidden or message["channel_id"] != str(channel.id):
        raise ApiError(404, 10008)
    return message


def _own_message(state: State, call: Call, channel: Channel) -> JsonObject:
    message = _message(state, call, channel)
    if message["author"]["id"] != str(state.world.bot.id):
        raise ApiError(403, 50005)
    return message


def _without_nonce(message: JsonObject) -> JsonObject:
    """Discord tells the nonce only when a message is created."""
    return {key: value for key, value in message.items() if key != "nonce"}
