"""REST for interactions: the first response, and what follows through the webhook."""

from typing import Any, Final

from tests.fakes.discord import limits, payloads, posting
from tests.fakes.discord.errors import ApiError, Violation
from tests.fakes.discord.http import Call
from tests.fakes.discord.interactions import Callback, Exchange, InteractionType
from tests.fakes.discord.payloads import EPHEMERAL, LOADING
from tests.fakes.discord.state import State, json_object
from tests.fakes.discord.world import JsonObject

COMMAND_REPLY: Final = 20
REPLY: Final = 19
ORIGINAL: Final = "@original"


async def respond(state: State, call: Call) -> JsonObject | None:
    """The first response (the callback) to an interaction."""
    exchange = state.exchanges.to_answer(call.id("interaction_id"), call.ids["interaction_token"])
    body = json_object(call)
    kind = _callback(state, call, exchange, body.get("type"))
    data = body.get("data") or {}
    message: JsonObject | None = None
    match kind:
        case Callback.MESSAGE:
            message = _new_message(state, call, exchange, data, ("data",))
        case Callback.DEFERRED:
            message = _loading(state, exchange, data)
        case Callback.UPDATE:
            message = posting.edit(state, call, _pressed(state, exchange), data, ("data",))
        case Callback.DEFERRED_UPDATE:
            exchange.original = exchange.message_id
        case Callback.CHOICES:
            state.check(call, limits.choices(data) if state.validate else [])
        case Callback.MODAL:
            state.check(call, limits.modal(data) if state.validate else [])
    if message is not None:
        exchange.original = int(message["id"])
    with state.world.changing():
        state.exchanges.answered(exchange, kind, body)
    if message is not None:
        event = "MESSAGE_UPDATE" if kind is Callback.UPDATE else "MESSAGE_CREATE"
        await posting.announce(state, event, message, exchange.channel)
    if call.query.get("with_response", "").lower() not in ("1", "true"):
        return None
    return _callback_response(exchange, kind, message)


async def follow_up(state: State, call: Call) -> JsonObject:
    """A message after the first response; the first one after a deferral replaces it."""
    exchange = _exchange(state, call)
    body = json_object(call)
    waiting = state.world.messages.get(exchange.original or 0)
    if exchange.callback is Callback.DEFERRED and waiting and waiting["flags"] & LOADING:
        return await _edit(state, call, exchange, waiting, body)
    state.exchanges.check_followup_limit(exchange)
    with state.world.changing():
        message = _new_message(state, call, exchange, body)
        exchange.followups.append(int(message["id"]))
    await posting.announce(state, "MESSAGE_CREATE", message, exchange.channel)
    return message


async def get_reply(state: State, call: Call) -> JsonObject:
    return _reply(state, call, _exchange(state, call))


async def patch_reply(state: State, call: Call) -> JsonObject:
    exchange = _exchange(state, call)
    message = _reply(state, call, exchange)
    return await _edit(state, call, exchange, message, json_object(call))


async def delete_reply(state: State, call: Call) -> None:
    exchange = _exchange(state, call)
    message = _reply(state, call, exchange)
    with state.world.changing():
        state.world.forget(int(message["id"]))


async def _edit(
    state: State, call: Call, exchange: Exchange, message: JsonObject, body: JsonObject
) -> JsonObject:
    with state.world.changing():
        edited = posting.edit(state, call, message, body)
        exchange.edits += int(message["id"]) == exchange.original
    await posting.announce(state, "MESSAGE_UPDATE", edited, exchange.channel)
    return edited


def _callback(state: State, call: Call, exchange: Exchange, kind: Any) -> Callback:
    if kind not in exchange.allowed:
        allowed = sorted(int(callback) for callback in exchange.allowed)
        text = f"Value must be one of {allowed} for interactions of type {exchange.type:d}."
        wrong = Violation(("type",), "BASE_TYPE_CHOICES", text)
        state.violations.append(f"{call.method} {call.template}: {wrong}")
        raise ApiError(400, 50035, violations=(wrong,))
    return Callback(kind)


def _exchange(state: State, call: Call) -> Exchange:
    return state.exchanges.to_follow_up(call.id("webhook_id"), call.ids["webhook_token"])


def _reply(state: State, call: Call, exchange: Exchange) -> JsonObject:
    """The message of this interaction that the path names."""
    named = call.ids.get("message_id", ORIGINAL)
    message_id = exchange.original if named == ORIGINAL else call.id("message_id")
    own = {exchange.original, exchange.message_id, *exchange.followups}
    message = state.world.messages.get(message_id or 0)
    if message is None or message_id not in own:
        raise ApiError(404, 10008)
    return message


def _pressed(state: State, exchange: Exchange) -> JsonObject:
    message = state.world.messages.get(exchange.message_id or 0)
    if message is None:
        raise ApiError(404, 10008)
    return message


def _new_message(
    state: State, call: Call, exchange: Exchange, data: JsonObject, path: tuple[str, ...] = ()
) -> JsonObject:
    extra = _webhook_fields(state, exchange)
    kind = COMMAND_REPLY if exchange.type is InteractionType.COMMAND else REPLY
    return posting.create(state, call, exchange.channel, data, path=path, kind=kind, extra=extra)


def _loading(state: State, exchange: Exchange, data: JsonObject) -> JsonObject:
    """The "... is thinking" message of a deferred response."""
    flags = LOADING | (int(data.get("flags") or 0) & EPHEMERAL)
    message = payloads.message(
        state.world.snowflakes.next(),
        exchange.channel,
        state.world.bot,
        flags=flags,
        kind=COMMAND_REPLY,
    )
    return posting.store(state, message | _webhook_fields(state, exchange))


def _webhook_fields(state: State, exchange: Exchange) -> JsonObject:
    application_id = str(state.world.bot.id)
    return {
        "application_id": application_id,
        "webhook_id": application_id,
        "interaction_metadata": exchange.metadata(),
    }


def _callback_response(
    exchange: Exchange, kind: Callback, message: JsonObject | None
) -> JsonObject:
    interaction: JsonObject = {
        "id": str(exchange.id),
        "type": int(exchange.type),
        "channel_id": str(exchange.channel.id),
    }
    if exchange.channel.guild_id is not None:
        interaction["guild_id"] = str(exchange.channel.guild_id)
    if message is None:
        return {"interaction": interaction}
    interaction |= {
        "response_message_id": message["id"],
        "response_message_loading": bool(message["flags"] & LOADING),
        "response_message_ephemeral": bool(message["flags"] & EPHEMERAL),
    }
    if kind is Callback.DEFERRED:
        return {"interaction": interaction}
    return {"interaction": interaction, "resource": {"type": int(kind), "message": message}}
