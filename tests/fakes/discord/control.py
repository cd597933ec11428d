"""Lets another process drive this server: is the bot there, and how fast does it answer?

- ``GET /_control/state``: who is connected, and what was counted so far
- ``GET /_control/connected?within=10``: the same, once the bot is connected
- ``POST /_control/load``: many interactions, see :func:`load`
"""

import asyncio
import time
from typing import Any, Final

from aiohttp import web

from tests.fakes.discord.errors import InteractionFailedError
from tests.fakes.discord.people import People
from tests.fakes.discord.world import JsonObject

PATIENCE: Final = 3.0


async def load(
    people: People,
    command: str,
    options: JsonObject,
    *,
    count: int,
    concurrency: int,
    focused: str | None = None,
) -> JsonObject:
    """Use a command ``count`` times, ``concurrency`` at a time, and time every answer.

    With ``focused`` the autocomplete of that option is asked instead. Returns
    ``latencies_ms`` (from sending the interaction to its first response, in order of
    completion), ``seconds`` for all of it, and ``failures`` (unanswered within 3 s).
    """
    person = people.user("Load")
    latencies: list[float] = []
    left = iter(range(count))
    failures = 0

    async def use_commands() -> None:
        nonlocal failures
        for _ in left:
            payload = people.slash_payload(person, command, options, focused=focused)
            began = time.perf_counter()
            try:
                await people.raw_interaction(payload, patience=PATIENCE)
            except InteractionFailedError:
                failures += 1
            else:
                latencies.append((time.perf_counter() - began) * 1000)

    began = time.perf_counter()
    await asyncio.gather(*(use_commands() for _ in range(concurrency)))
    seconds = time.perf_counter() - began
    return {"latencies_ms": latencies, "seconds": seconds, "failures": failures}


def state(people: People) -> JsonObject:
    """What the driver may want to know about the bot."""
    now = people.state
    return {
        "connected": now.gateway.is_ready,
        "identifies": [
            {"intents": int(identify.intents), "shard": identify.shard}
            for identify in now.gateway.identifies
        ],
        "resumes": len(now.gateway.resumes),
        "syncs": now.commands.syncs,
        "commands": sorted(command["name"] for command in now.commands.all.values()),
        "requests": len(now.requests),
        "violations": now.violations,
        "unrouted": now.unrouted,
        "channels": [
            {"id": str(channel.id), "guild_id": str(guild.id)}
            for guild in now.world.guilds.values()
            for channel in guild.channels
        ],
    }


def add_routes(router: web.UrlDispatcher, people: People) -> None:
    """Put the control paths beside those of Discord."""

    async def get_state(_: web.Request) -> web.Response:
        return web.json_response(state(people))

    async def get_connected(request: web.Request) -> web.Response:
        within = float(request.query.get("within", 10))
        gateway, changes = people.state.gateway, people.state.world.changes
        try:
            await changes.wait_for(lambda: gateway.is_ready, "the bot", within)
        except AssertionError as error:
            return web.json_response({"error": str(error)}, status=504)
        return web.json_response(state(people))

    async def post_load(request: web.Request) -> web.Response:
        asked: dict[str, Any] = await request.json()
        try:
            result = await load(
                people,
                asked["command"],
                asked.get("options") or {},
                count=int(asked.get("count", 1)),
                concurrency=int(asked.get("concurrency", 1)),
                focused=asked.get("focused"),
            )
        except AssertionError as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response(result)

    router.add_get("/_control/state", get_state)
    router.add_get("/_control/connected", get_connected)
    router.add_post("/_control/load", post_load)
