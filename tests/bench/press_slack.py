"""`python -m tests.bench.press_slack`: the loopback Slack, whose people press buttons.

Prints one line of JSON like `tests.fakes.slack`, with `control` as the address of:

- `POST /people`: let `number` more people exist; their ids, in order
- `POST /press`: see `Presses.press`
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from tests.fakes.slack import payloads
from tests.fakes.slack.limits import Json
from tests.fakes.slack.sending import encode, sign
from tests.fakes.slack.server import SlackServer
from tests.fakes.slack.workspace import Person

BUTTON = "i0"
"""The action id of every button that is pressed; the value says what it means."""

PATIENCE = 3.0
"""Seconds that an answer may take."""


@dataclass(slots=True)
class _Answers:
    """The answers to one order of presses, and when they came, in seconds."""

    at: dict[str, asyncio.Future[float]] = field(default_factory=dict)
    sizes: list[int] = field(default_factory=list)
    last: str = ""


class Presses(SlackServer):
    """A Slack without checks; it sees an answer when the message has been replaced."""

    def __init__(self) -> None:
        super().__init__(check=False)
        self._people: list[Person] = []
        self._shown: dict[str, Json] = {}
        self._numbers = itertools.count()
        self._answers = _Answers()

    def add_routes(self, app: web.Application) -> None:
        super().add_routes(app)
        app.router.add_post("/_control/people", self._serve_people)
        app.router.add_post("/_control/press", self._serve_press)
        app.router.add_post("/replace/{number}", self._serve_replacement)

    async def _serve_people(self, request: web.Request) -> web.Response:
        number = (await request.json())["number"]
        new = [self.person(f"Person {count}") for count in range(number)]
        self._people += new
        return web.json_response([person.id for person in new])

    async def _serve_press(self, request: web.Request) -> web.Response:
        return web.json_response(await self.press(**await request.json()))

    async def press(
        self, target: str, presses: Sequence[tuple[int, str]], concurrency: int
    ) -> dict[str, Any]:
        """Let people, by their numbers, press buttons with these values, each in their messages.

        Returns `latencies_ms` (to the replacement of the message, in order of completion),
        `seconds` for all of it, `failures` (presses without an answer), `sizes` (of the
        replacements, in bytes) and `last` (one of the replacements).
        """
        answers = self._answers = _Answers()
        left = iter(presses)
        latencies: list[float] = []
        failures = 0
        address = urlsplit(target)

        async def work() -> None:
            nonlocal failures
            reader, writer = await asyncio.open_connection(address.hostname, address.port)
            for person, value in left:
                number = str(next(self._numbers))
                replaced = answers.at[number] = asyncio.get_running_loop().create_future()
                sent = self._request(self._people[person], value, number, target)
                began = time.perf_counter()
                writer.write(sent)
                try:
                    async with asyncio.timeout(PATIENCE):
                        status = await _read_response(reader)
                        latencies.append((await replaced - began) * 1000)
                except TimeoutError:
                    status = "nothing"
                failures += status != "200"
            writer.close()
            await writer.wait_closed()

        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for _ in range(min(concurrency, len(presses))):
                group.create_task(work())
        seconds = time.perf_counter() - began
        last = json.loads(answers.last or "{}")
        self._shown = {key: last[key] for key in ("text", "blocks") if key in last}
        return {
            "latencies_ms": latencies,
            "seconds": seconds,
            "failures": failures,
            "sizes": answers.sizes,
            "last": last,
        }

    def _request(self, person: Person, value: str, number: str, target: str) -> bytes:
        identity = self.workspace.identity
        channel = self.workspace.channels[person.dm]
        message = {"type": "message", "user": identity.bot_user_id, "ts": "1.000001"}
        place = {"type": "message", "message_ts": "1.000001", "channel_id": channel.id}
        payload = payloads.interactive(identity, person, "block_actions") | {
            "container": {**place, "is_ephemeral": False},
            "channel": {"id": channel.id, "name": "directmessage"},
            "message": message | self._shown,
            "actions": [
                {
                    "type": "button",
                    "action_id": BUTTON,
                    "block_id": "b",
                    "value": value,
                    "action_ts": "1.000002",
                }
            ],
            "trigger_id": self.workspace.issue_trigger(person),
            "response_url": f"{self.base}/replace/{number}",
        }
        body, content_type = encode("interactive", payload)
        address = urlsplit(target)
        headers = sign(self.signing_secret, body) | {
            "Host": address.netloc,
            "Content-Type": content_type,
            "Content-Length": str(len(body)),
        }
        lines = "".join(f"{name}: {text}\r\n" for name, text in headers.items())
        return f"POST {address.path} HTTP/1.1\r\n{lines}\r\n".encode() + body

    async def _serve_replacement(self, request: web.Request) -> web.Response:
        at = time.perf_counter()
        body = await request.text()
        answers = self._answers
        answers.sizes.append(len(body))
        answers.last = body
        answers.at[request.match_info["number"]].set_result(at)
        return web.Response(text="ok")


async def _read_response(reader: asyncio.StreamReader) -> str:
    """The status of one HTTP/1.1 answer, which is read to its end."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines if line)
    await reader.readexactly(int(headers["content-length"]))
    return first.split(" ")[1]


async def serve() -> None:
    """Serve until cancelled."""
    server = Presses()
    async with server:
        known = {
            "bot_token": server.bot_token,
            "signing_secret": server.signing_secret,
            "api_base": server.api_base,
            "team": server.workspace.identity.team_id,
            "control": f"{server.base}/_control",
        }
        sys.stdout.write(json.dumps(known) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve())
