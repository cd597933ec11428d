"""Many slash commands at once, for benchmarks: a client that costs little CPU itself."""

import asyncio
import itertools
import json
import sys
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from tests.fakes.slack.payloads import slash_command
from tests.fakes.slack.sending import encode, sign
from tests.fakes.slack.server import SlackServer


@dataclass(frozen=True, slots=True)
class Load:
    """What to send: `number` times `command` with `text` to `target`, `concurrency` at a time."""

    target: str
    number: int
    concurrency: int = 1
    command: str = "/compare"
    text: str = ""


async def serve_load(server: SlackServer, request: web.Request) -> web.Response:
    """POST /_control/load: carry out the `Load` in the JSON body, and answer with the times.

    The answer has `latencies_ms` (in the order of completion), `statuses` (how often each came),
    `bytes` (of all bodies) and `seconds` (in all).
    """
    sent: dict[str, Any] = await request.json()
    return web.json_response(await run_load(server, Load(**sent)))


async def run_load(server: SlackServer, load: Load) -> dict[str, Any]:
    """Send `load`, signed for the app of `server`; see `serve_load` for the result."""
    person = server.person("Load")
    body, content_type = encode("slash_commands", _payload(server, person, load))
    address = urlsplit(load.target)
    host, port = address.hostname or "127.0.0.1", address.port or 80
    head = (
        f"POST {address.path or '/'} HTTP/1.1\r\nHost: {host}:{port}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
    ).encode()
    latencies: list[float] = []
    statuses: dict[str, int] = {}
    received = 0
    turns = itertools.count()

    async def work() -> None:
        nonlocal received
        reader, writer = await asyncio.open_connection(host, port)
        while next(turns) < load.number:
            signature = "".join(
                f"{k}: {v}\r\n" for k, v in sign(server.signing_secret, body).items()
            )
            began = time.perf_counter()
            writer.write(head + signature.encode() + b"\r\n" + body)
            status, size = await _read_response(reader)
            latencies.append((time.perf_counter() - began) * 1000)
            statuses[status] = statuses.get(status, 0) + 1
            received += size
        writer.close()
        await writer.wait_closed()

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(min(load.concurrency, load.number)):
            group.create_task(work())
    seconds = time.perf_counter() - began
    return {
        "latencies_ms": latencies,
        "statuses": statuses,
        "bytes": received,
        "seconds": seconds,
    }


async def stand_alone(port: int) -> None:
    """Serve Slack and `/_control/load` on `port` until cancelled; print who it is as one line."""
    server = LoadServer(check=False)
    await server.start(port)
    known = {
        "api_base": server.api_base,
        "bot_token": server.bot_token,
        "app_token": server.app_token,
        "signing_secret": server.signing_secret,
        "load": f"{server.base}/_control/load",
    }
    sys.stdout.write(json.dumps(known) + "\n")
    sys.stdout.flush()
    try:
        await asyncio.Event().wait()
    finally:
        await server.stop()


class LoadServer(SlackServer):
    """The loopback Slack with its control address."""

    def add_routes(self, app: web.Application) -> None:
        super().add_routes(app)
        app.router.add_post("/_control/load", lambda request: serve_load(self, request))


def _payload(server: SlackServer, person: Any, load: Load) -> dict[str, str]:
    interaction = server.workspace.begin(person, server.general.id)
    return slash_command(
        server.workspace.identity,
        person,
        server.general,
        load.command,
        load.text,
        trigger_id=server.workspace.issue_trigger(person),
        response_url=server.response_url(interaction),
    )


async def _read_response(reader: asyncio.StreamReader) -> tuple[str, int]:
    """The status and the length of the body of one HTTP/1.1 answer, which is read to its end."""
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines if line)
    if "content-length" not in headers:
        raise ValueError(f"an answer without Content-Length: {first}")
    size = int(headers["content-length"])
    await reader.readexactly(size)
    return first.split(" ")[1], size
