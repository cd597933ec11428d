"""Socket Mode: WebSocket connections, envelopes and their acknowledgements."""

import asyncio
import itertools
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import WSMsgType, web

from tests.fakes.slack.limits import Json
from tests.fakes.slack.sending import Kind, Receipt, Retry

MAX_CONNECTIONS = 10
DisconnectReason = Literal["warning", "refresh_requested"]
_REPLIED_TO = frozenset({"view_submission", "block_suggestion"})


@dataclass(slots=True, eq=False)
class Connection:
    """One WebSocket of the app. `outdated` once it has been told to go."""

    socket: web.WebSocketResponse
    request: web.Request
    pong: asyncio.Event = field(default_factory=asyncio.Event)
    outdated: bool = False


class SocketMode:
    """All sockets of the app; an envelope goes to one of them."""

    def __init__(self, app_id: str) -> None:
        self.connections: list[Connection] = []
        self._app_id = app_id
        self._tickets: set[str] = set()
        self._acks: dict[str, asyncio.Future[Json | None]] = {}
        self._turn = itertools.count()
        self._changed = asyncio.Event()

    def new_ticket(self) -> str:
        """A secret that lets the app connect once."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Handle one connection from hello to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=401)
        self._tickets.discard(ticket)
        # Answering pings by hand is what lets a test see the app's pongs.
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        connection = Connection(socket, request)
        self.connections.append(connection)
        try:
            await socket.send_json(self._hello())
            self._change()
            async for message in socket:
                await self._receive(connection, message.type, message.data)
        except ConnectionResetError:
            pass
        finally:
            self.connections.remove(connection)
            self._change()
        return socket

    async def send(
        self, kind: Kind, payload: Json, retry: Retry | None, patience: float
    ) -> Receipt:
        """Send one envelope, and wait at most `patience` seconds for its acknowledgement."""
        usable = [c for c in self.connections if not c.outdated] or self.connections
        if not usable:
            return Receipt(
                kind, payload, retry, failure="dispatch_failed", reason="connection_failed"
            )
        connection = usable[next(self._turn) % len(usable)]
        envelope_id = secrets.token_hex(16)
        ack = self._acks[envelope_id] = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        try:
            async with asyncio.timeout(patience):
                await connection.socket.send_json(_envelope(envelope_id, kind, payload, retry))
                body = await ack
        except TimeoutError:
            failure, reason = "operation_timeout", "timeout"
        except ConnectionResetError:
            failure, reason = "dispatch_failed", "connection_failed"
        else:
            seconds = time.perf_counter() - began
            return Receipt(kind, payload, retry, status=200, body=body, seconds=seconds)
        finally:
            del self._acks[envelope_id]
        seconds = time.perf_counter() - began
        return Receipt(kind, payload, retry, failure=failure, reason=reason, seconds=seconds)

    async def wait_for_connections(self, number: int = 1) -> None:
        """Return as soon as `number` sockets are open that have not been told to go."""
        while sum(not c.outdated for c in self.connections) < number:
            await self._changed.wait()

    async def wait_until_alone(self) -> None:
        """Return as soon as no socket is left that has been told to go."""
        while any(c.outdated for c in self.connections):
            await self._changed.wait()

    async def ask_to_go(self, reason: DisconnectReason) -> None:
        """Tell every open socket that Slack will close it."""
        for connection in list(self.connections):
            connection.outdated = True
            debug = {"host": "applink-loopback"}
            await connection.socket.send_json(
                {"type": "disconnect", "reason": reason, "debug_info": debug}
            )

    async def drop(self) -> None:
        """Cut every connection without a word, and return once they are gone."""
        cut = list(self.connections)
        for connection in cut:
            if connection.request.transport is not None:
                connection.request.transport.abort()
        while any(connection in self.connections for connection in cut):
            await self._changed.wait()

    async def ping(self) -> None:
        """Ping every socket, and return once all have answered."""
        for connection in list(self.connections):
            connection.pong.clear()
            await connection.socket.ping(b"Ping from loopback")
        for connection in list(self.connections):
            await connection.pong.wait()

    async def close(self) -> None:
        """Close every socket politely."""
        for connection in list(self.connections):
            await connection.socket.close()

    async def _receive(self, connection: Connection, type_: WSMsgType, data: Any) -> None:
        match type_:
            case WSMsgType.PING:
                await connection.socket.pong(data)
            case WSMsgType.PONG:
                connection.pong.set()
            case WSMsgType.TEXT:
                answer = json.loads(data)
                ack = self._acks.get(answer["envelope_id"])
                if ack is not None and not ack.done():
                    ack.set_result(answer.get("payload") or None)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {"host": "applink-loopback", "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._app_id},
        }

    def _change(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


def _envelope(envelope_id: str, kind: Kind, payload: Json, retry: Retry | None) -> Json:
    envelope: Json = {
        "envelope_id": envelope_id,
        "payload": payload,
        "type": kind,
        "accepts_response_payload": kind == "slash_commands" or payload.get("type") in _REPLIED_TO,
    }
    if kind == "events_api":
        envelope["retry_attempt"] = retry.number if retry else 0
        envelope["retry_reason"] = retry.reason if retry else ""
    return envelope
