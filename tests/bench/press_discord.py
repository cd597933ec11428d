"""`python -m tests.bench.press_discord`: the loopback Discord, whose people press buttons.

Prints one line of JSON like `tests.fakes.discord`, with `control` as the address of:

- `GET /connected`: answers once the bot is there
- `POST /people`: let `number` more people exist; their ids, in order
- `POST /press`: see `Presses.press`
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import sys
import time
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from tests.bench.measure import PATIENCE
from tests.fakes.discord import payloads
from tests.fakes.discord.errors import InteractionFailedError
from tests.fakes.discord.interactions import Callback
from tests.fakes.discord.replies import Message
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import User

_NUMBER = re.compile(r'"id": \d+(, )?')
"""What discord.py adds to a component once it has been sent."""


class Presses:
    """People with a message of the bot in their direct messages each, and what they press."""

    def __init__(self, discord: FakeDiscord) -> None:
        self._discord = discord
        self._people: list[tuple[User, int]] = []

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/connected", self._serve_connected),
            web.post("/people", self._serve_people),
            web.post("/press", self._serve_press),
        ]

    async def _serve_connected(self, _: web.Request) -> web.Response:
        await self._discord.connected(PATIENCE)
        return web.json_response({})

    async def _serve_people(self, request: web.Request) -> web.Response:
        number = (await request.json())["number"]
        new = [self._add(f"Person {count}") for count in range(number)]
        self._people += new
        return web.json_response([str(person.id) for person, _ in new])

    def _add(self, name: str) -> tuple[User, int]:
        world = self._discord.state.world
        person = self._discord.user(name)
        message = payloads.message(
            world.snowflakes.next(),
            world.dm_with(person),
            world.bot,
            flags=payloads.COMPONENTS_V2,
        )
        world.keep(message)
        return person, int(message["id"])

    async def _serve_press(self, request: web.Request) -> web.Response:
        return web.json_response(await self.press(**await request.json()))

    async def press(self, presses: Sequence[tuple[int, str]], concurrency: int) -> dict[str, Any]:
        """Let people, by their numbers, press buttons with these ids, each on their message.

        Returns `latencies_ms` (to the callback that changes the message, in order of completion),
        `seconds` for all of it, `failures` (presses without such a callback), `sizes` (of the new
        components, in characters of JSON) and `last` (the components of one of the callbacks).
        """
        discord, left = self._discord, iter(presses)
        latencies: list[float] = []
        callbacks: list[dict[str, Any]] = []
        failures = 0

        async def work() -> None:
            nonlocal failures
            for number, custom_id in left:
                person, message_id = self._people[number]
                message = Message(discord.state.world.messages[message_id])
                payload = discord.click_payload(person, message, custom_id)
                began = time.perf_counter()
                try:
                    reply = await discord.raw_interaction(payload)
                except InteractionFailedError:
                    failures += 1
                    continue
                latencies.append((time.perf_counter() - began) * 1000)
                callbacks.append(reply.exchange.body)
                failures += reply.exchange.callback is not Callback.UPDATE

        began = time.perf_counter()
        await asyncio.gather(*(work() for _ in range(concurrency)))
        seconds = time.perf_counter() - began
        components = [(body.get("data") or {}).get("components") for body in callbacks]
        return {
            "latencies_ms": latencies,
            "seconds": seconds,
            "failures": failures,
            "sizes": [len(_NUMBER.sub("", json.dumps(sent))) for sent in components],
            "last": components[-1] if components else None,
        }


async def serve() -> None:
    """Serve until cancelled."""
    async with FakeDiscord(validate=False) as discord:
        application = web.Application(client_max_size=16 * 2**20)
        application.add_routes(Presses(discord).routes())
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        known = {
            "token": discord.token,
            "api_base": discord.api_base,
            "control": f"http://127.0.0.1:{runner.addresses[0][1]}",
        }
        sys.stdout.write(json.dumps(known) + "\n")
        sys.stdout.flush()
        try:
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve())
