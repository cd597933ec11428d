"""`python -m tests.bench.bare_posts`: one message to many channels by a client library alone.

As many posts are under way as ours has: on Discord 32, on Slack one in each workspace, all of them
on one session. Nothing is written down, so nobody would know afterwards who has got what. Prints a
line of JSON with the CPU time of the process, in seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

import discord
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.jobs.delivering import LANES
from tests.bench.bare_discord import Answer
from tests.fanout.places import DISCORD, Layout, Place, token

Post = Callable[[Place], Awaitable[object]]


async def on_discord(known: dict[str, Any], message: dict[str, Any], places: list[Place]) -> float:
    """Post a view, which is made once, to channels that the client does not know."""
    discord.http.Route.BASE = known["api_base"]
    async with discord.Client(
        intents=discord.Intents.none(), allowed_mentions=discord.AllowedMentions.none()
    ) as client:
        await client.login(known["token"])
        view = Answer(message["components"])

        async def post(place: Place) -> None:
            await client.get_partial_messageable(int(place.channel)).send(view=view)

        left = iter(places)
        return await _cpu_seconds(post, [left] * LANES[DISCORD])


async def on_slack(known: dict[str, Any], message: dict[str, Any], places: list[Place]) -> float:
    """Post blocks, with a client for each workspace."""
    async with ClientSession() as session:
        clients: dict[str, AsyncWebClient] = {}
        workspaces: defaultdict[str, list[Place]] = defaultdict(list)
        for place in places:
            workspaces[place.community].append(place)
        for team in workspaces:
            bearer = token(int(team[1:]))
            clients[team] = AsyncWebClient(bearer, known["api_base"], session=session)

        async def post(place: Place) -> None:
            client = clients[place.community]
            await client.chat_postMessage(channel=place.channel, **message)

        return await _cpu_seconds(post, map(iter, workspaces.values()))


async def _cpu_seconds(post: Post, lanes: Iterable[Iterable[Place]]) -> float:
    """Post to the places of each lane one after another, in all lanes at the same time."""

    async def go(lane: Iterable[Place]) -> None:
        for place in lane:
            await post(place)

    began = time.process_time()
    await asyncio.gather(*map(go, lanes))
    return time.process_time() - began


PLATFORMS = {"discord": on_discord, "slack": on_slack}


def main() -> None:
    """Post the message, and tell what it took."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bare_posts", description=__doc__)
    parser.add_argument("platform", choices=PLATFORMS)
    parser.add_argument("addresses", type=json.loads, help="what the fan-out's server printed")
    parser.add_argument("message", type=Path, help="the message as JSON")
    parser.add_argument("layout", type=int, nargs=3, help="channels, and workspaces of Slack")
    given = parser.parse_args()
    known, message = given.addresses[given.platform], json.loads(given.message.read_bytes())
    places = list(Layout(*given.layout).places())
    cpu = asyncio.run(PLATFORMS[given.platform](known, message, places))
    sys.stdout.write(f"{json.dumps({'cpu': cpu})}\n")


if __name__ == "__main__":
    main()
