"""`python -m tests.fanout.server`: thousands of channels on Discord and Slack, and their faults.

Prints one line of JSON with `discord` (`api_base`, `token`), `slack` (`api_base`) and `control`
once it listens, and serves until it is interrupted. Workspace n of Slack has the token `xoxb-n`.
What a message looks like is not checked here; the loopback servers of `tests.fakes` do that.

- `GET /tally`: what came, as `tests.fanout.tally` describes it
- `POST /reset`: forget all that came; every fault waits again
- `GET /reached?requests=N&within=S`: answers once N requests to post have come in all
- `POST /hold?after=N`: from the answer to the Nth further request on, no answer goes out; what the
  requests wanted to be stored is stored
- `GET /held?within=S`: answers once the first answer is held back
- `POST /release`: all answers go out
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from collections import defaultdict
from dataclasses import dataclass
from typing import Self

from aiohttp import web

from tests.fakes.discord.http import PREFIX as DISCORD_PREFIX
from tests.fakes.discord.server import TOKEN
from tests.fakes.discord.world import JsonObject
from tests.fanout.discord import Discord
from tests.fanout.door import Door
from tests.fanout.faults import CALM, Weather, plans
from tests.fanout.places import DISCORD, SLACK, Layout
from tests.fanout.rooms import Room
from tests.fanout.slack import PREFIX as SLACK_PREFIX
from tests.fanout.slack import Slack
from tests.fanout.tally import Tally, tally_of_channel, tally_of_destination

LARGEST = 4 * 2**20
PATIENCE = 60.0
"""Seconds that `reached` and `held` wait where they are not told."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the world is like."""

    layout: Layout
    seed: int = 0
    weather: Weather = CALM
    announcements: bool = False
    tells_nonces: bool = False
    keeps_bodies: bool = True


class FanoutServer:
    """Both platforms on one port of the loopback. Use it as an asynchronous context manager."""

    def __init__(self, options: Options) -> None:
        self.port = 0
        self.ports: tuple[int, ...] = ()
        self._options = options
        self.door = Door()
        drawn = plans(options.layout, options.seed, options.weather)
        self._rooms = [Room(place, drawn[place.channel]) for place in options.layout.places()]
        self._discord = Discord(
            self._of(DISCORD),
            self.door,
            announcements=options.announcements,
            tells_nonces=options.tells_nonces,
            keeps_bodies=options.keeps_bodies,
        )
        self._slack = Slack(
            self._of(SLACK), options.layout, self.door, keeps_bodies=options.keeps_bodies
        )
        application = web.Application(client_max_size=LARGEST)
        self._discord.add_routes(application.router)
        self._slack.add_routes(application.router)
        self._add_routes(application.router)
        # A request whose client has gone away ends there and then.
        self._runner = web.AppRunner(
            application, access_log=None, handler_cancellation=True, shutdown_timeout=0.1
        )

    async def start(self, port: int = 0, others: int = 0) -> None:
        """Listen on 127.0.0.1; ``port=0`` takes any free one, and so do `others`."""
        await self._runner.setup()
        for number in (port, *[0] * others):
            await web.TCPSite(self._runner, "127.0.0.1", number, backlog=1024).start()
        self.ports = tuple(address[1] for address in self._runner.addresses)
        self.port = self.ports[0]
        self._discord.gateway.url = f"ws://127.0.0.1:{self.port}/gateway"

    async def stop(self) -> None:
        """Close every connection, and stop listening."""
        self.door.open()
        await self._discord.gateway.close()
        await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def control(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def busy_port(self) -> int:
        """Where the latest post for Discord came in: the port of whoever sends there."""
        return self._discord.latest_port

    @property
    def told(self) -> int:
        """Messages to people that came in."""
        return self._discord.direct + self._slack.direct

    def addresses(self, port: int | None = None) -> dict[str, object]:
        """What a bot needs in order to connect by a port, and a test in order to look."""
        base = f"http://127.0.0.1:{port or self.port}"
        return {
            "discord": {"api_base": f"{base}{DISCORD_PREFIX}", "token": TOKEN},
            "slack": {"api_base": f"{base}{SLACK_PREFIX}/"},
            "control": self.control,
        }

    def tally(self) -> Tally:
        """Everything that came so far."""
        workspaces: defaultdict[str, list[Room]] = defaultdict(list)
        for room in self._of(SLACK):
            workspaces[room.place.community].append(room)
        return Tally(
            seed=self._options.seed,
            channels={room.place.channel: tally_of_channel(room) for room in self._rooms},
            discord=tally_of_destination(self._of(DISCORD), self._discord.flight),
            workspaces={
                team: tally_of_destination(rooms, self._slack.flights[team])
                for team, rooms in workspaces.items()
            },
            strange={
                DISCORD: tuple(self._discord.strange),
                SLACK: tuple(self._slack.strange),
            },
        )

    def bodies(self, channel: str) -> list[JsonObject]:
        """What a channel was sent, in order."""
        [room] = [room for room in self._rooms if room.place.channel == channel]
        return [message.body for message in room.messages]

    def reset(self) -> None:
        """Forget all that came; requests under way go on."""
        for room in self._rooms:
            room.forget()
        for flight in (self._discord.flight, *self._slack.flights.values()):
            flight.most = flight.now

    def forget_nonces(self) -> None:
        """Let the few minutes pass for which Discord knows a repeat by its nonce."""
        for room in self._rooms:
            room.nonces.clear()

    def _of(self, platform: str) -> list[Room]:
        return [room for room in self._rooms if room.place.platform == platform]

    def _add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get("/tally", self._get_tally)
        router.add_post("/reset", self._post_reset)
        router.add_get("/reached", self._get_reached)
        router.add_post("/hold", self._post_hold)
        router.add_get("/held", self._get_held)
        router.add_post("/release", self._post_release)

    async def _get_tally(self, _: web.Request) -> web.Response:
        return web.json_response(self.tally().as_json())

    async def _post_reset(self, _: web.Request) -> web.Response:
        self.reset()
        return web.json_response({"requests": self.door.requests})

    async def _get_reached(self, request: web.Request) -> web.Response:
        number = int(request.query["requests"])
        done = await self.door.reached(number, _within(request))
        return web.json_response({"reached": done, "requests": self.door.requests})

    async def _post_hold(self, request: web.Request) -> web.Response:
        self.door.shut(int(request.query.get("after", 1)))
        return web.json_response({"requests": self.door.requests})

    async def _get_held(self, request: web.Request) -> web.Response:
        done = await self.door.is_shut(_within(request))
        return web.json_response({"reached": done, "requests": self.door.requests})

    async def _post_release(self, _: web.Request) -> web.Response:
        self.door.open()
        return web.json_response({"requests": self.door.requests})


def _within(request: web.Request) -> float:
    return float(request.query.get("within", PATIENCE))


async def serve(options: Options, port: int) -> None:
    """Serve until SIGINT or SIGTERM."""
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    server = FanoutServer(options)
    await server.start(port)
    sys.stdout.write(f"{json.dumps(server.addresses())}\n")
    sys.stdout.flush()
    await stopping.wait()
    await server.stop()


def main() -> None:
    """Serve what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.fanout.server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--discord", type=int, default=5000, help="channels on Discord")
    parser.add_argument("--slack", type=int, default=5000, help="channels on Slack")
    parser.add_argument("--workspaces", type=int, default=200, help="workspaces of Slack")
    parser.add_argument("--seed", type=int, default=0, help="of what goes wrong")
    parser.add_argument("--faults", choices=("on", "off"), default="off")
    parser.add_argument(
        "--announcements", action="store_true", help="all channels of Discord can be published from"
    )
    parser.add_argument(
        "--tells-nonces", action="store_true", help="Discord's history has the nonces"
    )
    parser.add_argument(
        "--forget-bodies", action="store_true", help="keep only the fact that a message came"
    )
    given = parser.parse_args()
    options = Options(
        layout=Layout(given.discord, given.slack, given.workspaces),
        seed=given.seed,
        weather=Weather() if given.faults == "on" else CALM,
        announcements=given.announcements,
        tells_nonces=given.tells_nonces,
        keeps_bodies=not given.forget_bodies,
    )
    asyncio.run(serve(options, given.port))


if __name__ == "__main__":
    main()
