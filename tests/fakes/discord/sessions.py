"""Sessions of the gateway, which outlive the sockets that they use."""

import asyncio
import contextlib
import json
from collections import deque
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import Any, Final

from aiohttp import web

from tests.fakes.discord.compression import compressor_for
from tests.fakes.discord.world import JsonObject

REPLAYED: Final = 2_000


class Op(IntEnum):
    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    RESUME = 6
    RECONNECT = 7
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class Intent(IntFlag):
    """The intents that decide what this server sends, and the privileged ones."""

    NONE = 0
    GUILDS = 1 << 0
    MEMBERS = 1 << 1
    PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    DIRECT_MESSAGES = 1 << 12
    MESSAGE_CONTENT = 1 << 15


PRIVILEGED: Final = Intent.MEMBERS | Intent.PRESENCES | Intent.MESSAGE_CONTENT


class Close(IntEnum):
    UNKNOWN_OPCODE = 4001
    DECODE_ERROR = 4002
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    INVALID_SHARD = 4010
    DISALLOWED_INTENTS = 4014


@dataclass(frozen=True, slots=True)
class Identify:
    intents: Intent
    shard: tuple[int, int]
    compressed: bool


@dataclass(frozen=True, slots=True)
class Resume:
    session_id: str
    seq: int
    replayed: int


class Connection:
    """One open socket; keeps compressed frames in order."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self._transport = request.transport
        self._compress = compressor_for(request.query.get("compress"))
        self._order = asyncio.Lock()
        self.compressed = self._compress is not None

    async def send(self, text: str) -> None:
        """Send, or do nothing where the socket is gone: the session keeps what counts."""
        async with self._order:
            with contextlib.suppress(ConnectionError):
                if self._compress is None:
                    await self.socket.send_str(text)
                else:
                    await self.socket.send_bytes(self._compress(text.encode()))

    async def op(self, op: Op, data: Any = None) -> None:
        await self.send(_dumps({"op": op, "d": data, "s": None, "t": None}))

    def abort(self) -> None:
        """Cut the wire without a closing handshake."""
        if self._transport is not None:
            self._transport.abort()


@dataclass(slots=True)
class Session:
    """What a client identified as, with the events that a RESUME replays."""

    id: str
    shard: tuple[int, int]
    intents: Intent
    connection: Connection | None
    seq: int = 0
    sent: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=REPLAYED))

    async def dispatch(self, event: str, data: JsonObject) -> None:
        self.seq += 1
        text = _dumps({"op": Op.DISPATCH, "t": event, "s": self.seq, "d": data})
        self.sent.append((self.seq, text))
        if self.connection is not None:
            await self.connection.send(text)

    def can_replay(self, seq: int) -> bool:
        """True while every event after ``seq`` is still kept."""
        first_kept = self.sent[0][0] if self.sent else self.seq + 1
        return first_kept - 1 <= seq <= self.seq

    async def replay(self, seq: int, connection: Connection) -> int:
        """Send what was missed after ``seq`` and go on with this connection; say how many.

        New events may come up while the old ones are sent, hence the loop.
        """
        reached = seq
        while missed := [event for event in self.sent if event[0] > reached]:
            for _, text in missed:
                await connection.send(text)
            reached = missed[-1][0]
        self.connection = connection
        return reached - seq


def _dumps(data: JsonObject) -> str:
    return json.dumps(data, separators=(",", ":"))
