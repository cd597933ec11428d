"""REST about the bot itself, its commands, and the people and servers it meets."""

from tests.fakes.discord import command_limits, payloads
from tests.fakes.discord.errors import ApiError, Violation
from tests.fakes.discord.http import Call
from tests.fakes.discord.state import State, as_object, json_object
from tests.fakes.discord.world import EVERYONE, Guild, JsonObject


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


async def get_guild(state: State, call: Call) -> JsonObject:
    return payloads.rest_guild(_guild(state, call))


async def get_roles(state: State, call: Call) -> list[JsonObject]:
    guild = _guild(state, call)
    return [payloads.role(guild, index) for index in range(guild.roles)]


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


def _guild(state: State, call: Call) -> Guild:
    guild = state.world.guilds.get(call.id("guild_id"))
    if guild is None:
        raise ApiError(404, 10004)
    if not guild.installed:
        raise ApiError(403, 50001)
    return guild


def _own_application(state: State, call: Call) -> None:
    if call.id("application_id") != state.world.bot.id:
        raise ApiError(403, 50001)
