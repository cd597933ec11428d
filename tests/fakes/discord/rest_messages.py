"""REST for channels and threads, and the messages in them."""

import math

from tests.fakes.discord import payloads, posting
from tests.fakes.discord.errors import ApiError, RateLimitedError
from tests.fakes.discord.http import Call
from tests.fakes.discord.state import State, json_object
from tests.fakes.discord.world import (
    Channel,
    ChannelType,
    JsonObject,
    Permission,
)

MOST_PUBLISHED = 10
"""Messages of one channel that may be published in `HOUR`."""

HOUR = 3600.0
PUBLISHED = 1


async def get_channel(state: State, call: Call) -> JsonObject:
    channel = _channel(state, call)
    shown = payloads.channel(channel)
    if channel.type is ChannelType.PUBLIC_THREAD:
        world = state.world
        shown["thread_metadata"] |= {
            "archived": channel.id in world.archived,
            "locked": channel.id in world.locked,
        }
    return shown


async def type_in(state: State, call: Call) -> None:
    _open_channel(state, call)


async def get_messages(state: State, call: Call) -> list[JsonObject]:
    """The latest messages, newest first, as ``limit``, ``before`` and ``after`` say.

    Without READ_MESSAGE_HISTORY there are none, and no error either.
    """
    channel = _channel(state, call)
    if Permission.READ_MESSAGE_HISTORY in _denied(state, channel):
        return []
    messages = state.world.messages_in(channel.id)
    before, after = int(call.query.get("before", 0)), int(call.query.get("after", 0))
    if before:
        messages = [message for message in messages if int(message["id"]) < before]
    if after:
        messages = [message for message in messages if int(message["id"]) > after]
    limit = int(call.query.get("limit", 50))
    chosen = messages[:limit] if after else messages[-limit:]
    return [_as_told(state, message) for message in reversed(chosen)]


async def get_message(state: State, call: Call) -> JsonObject:
    return _as_told(state, _message(state, call, _channel(state, call)))


async def post_message(state: State, call: Call) -> JsonObject:
    """Post to a channel; with ``enforce_nonce`` the same nonce gives the same message.

    That holds for a few minutes. A message wakes an archived thread up.
    """
    channel = _open_channel(state, call)
    body = json_object(call)
    nonce = body.get("nonce")
    enforced = bool(body.get("enforce_nonce")) and nonce is not None
    if enforced:
        known = state.world.message_with(channel.id, str(nonce))
        if known is not None:
            return known
    extra = {} if nonce is None else {"nonce": nonce}
    with state.world.changing():
        state.world.archived.discard(channel.id)
        message = posting.create(state, call, channel, body, extra=extra)
        if enforced:
            state.world.remember_nonce(channel.id, str(nonce), int(message["id"]))
    await posting.announce(state, "MESSAGE_CREATE", message, channel)
    return message


async def patch_message(state: State, call: Call) -> JsonObject:
    channel = _open_channel(state, call)
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
    """Publish an own message of an announcement channel, ten times an hour at most."""
    channel = _open_channel(state, call)
    if channel.type is not ChannelType.ANNOUNCEMENT:
        raise ApiError(400, 50024)
    message = _own_message(state, call, channel)
    if message["flags"] & PUBLISHED:
        raise ApiError(400, 40033)
    now = state.world.now()
    latest = [at for at in state.world.published.get(channel.id, ()) if at > now - HOUR]
    if len(latest) >= MOST_PUBLISHED:
        raise RateLimitedError(math.ceil(latest[0] + HOUR - now))
    with state.world.changing():
        state.world.published[channel.id] = [*latest, now]
        return posting.store(state, {**message, "flags": message["flags"] | PUBLISHED})


def _denied(state: State, channel: Channel) -> Permission:
    """What the bot may not do here; a thread takes that from its channel."""
    denied = state.world.denied
    above = denied.get(channel.parent_id or 0, Permission(0))
    return denied.get(channel.id, Permission(0)) | above


def _channel(state: State, call: Call) -> Channel:
    """The channel of the path, if the bot may see it."""
    channel = state.world.channels.get(call.id("channel_id"))
    if channel is None:
        raise ApiError(404, 10003)
    guild = state.world.guilds.get(channel.guild_id or 0)
    if channel.type is ChannelType.GROUP_DM or (guild is not None and not guild.installed):
        raise ApiError(403, 50001)
    if Permission.VIEW_CHANNEL in _denied(state, channel):
        raise ApiError(403, 50001)
    return channel


def _open_channel(state: State, call: Call) -> Channel:
    """The channel of the path, if the bot may write there."""
    channel = _channel(state, call)
    needed = Permission.SEND_MESSAGES
    if channel.type is ChannelType.PUBLIC_THREAD:
        needed = Permission.SEND_MESSAGES_IN_THREADS
    if needed in _denied(state, channel):
        raise ApiError(403, 50013)
    if any(person.id in state.world.closed_dms for person in channel.recipients):
        raise ApiError(403, 50007)
    if channel.id in state.world.locked:
        archived = channel.id in state.world.archived
        raise ApiError(400, 50083) if archived else ApiError(403, 160005)
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


def _as_told(state: State, message: JsonObject) -> JsonObject:
    """Discord keeps no nonces with its messages: only the answer to a new one is sure to have it.

    The description of its API allows one in the history too, hence ``tells_nonces``.
    """
    if state.tells_nonces:
        return message
    return {key: value for key, value in message.items() if key != "nonce"}
