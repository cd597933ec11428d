"""The gateway, version 10: who identified, what is sent to whom, and what may go wrong."""

import json
import secrets

from aiohttp import WSMsgType, web

from tests.fakes.discord import payloads
from tests.fakes.discord.sessions import (
    PRIVILEGED,
    Close,
    Connection,
    Identify,
    Intent,
    Op,
    Resume,
    Session,
)
from tests.fakes.discord.world import Guild, JsonObject, World


class Gateway:
    """All sessions of one bot. ``acknowledges=False`` turns its sockets into zombies."""

    def __init__(
        self, world: World, token: str, *, heartbeat_interval: float, privileged: Intent
    ) -> None:
        self.url = ""
        self.acknowledges = True
        self.identifies: list[Identify] = []
        self.resumes: list[Resume] = []
        self.heartbeats = 0
        self.closed_with: list[int] = []
        self._world = world
        self._token = token
        self.interval = heartbeat_interval
        self._privileged = privileged
        self._sessions: dict[str, Session] = {}
        self._of_shard: dict[int, Session] = {}
        self._connections: set[Connection] = set()

    @property
    def is_ready(self) -> bool:
        """True while every shard that was announced has a live session."""
        shards = next(iter(self._of_shard.values())).shard[1] if self._of_shard else 0
        live = sum(session.connection is not None for session in self._of_shard.values())
        return 0 < shards <= live

    async def dispatch(
        self,
        event: str,
        data: JsonObject,
        *,
        guild_id: int | None = None,
        intent: Intent = Intent.NONE,
    ) -> bool:
        """Send an event to the shard it belongs to; false where nobody asked for it."""
        if not self._of_shard:
            return False
        shards = next(iter(self._of_shard.values())).shard[1]
        session = self._of_shard.get(((guild_id or 0) >> 22) % shards)
        if session is None or (intent and not session.intents & intent):
            return False
        await session.dispatch(event, data)
        return True

    async def drop(self) -> None:
        """Cut every socket as a broken network does."""
        for connection in self._forget_connections():
            connection.abort()

    async def revoke(self) -> None:
        """Take the token back: every socket is cut, and none is let in again."""
        self._token = ""
        await self.drop()

    async def reconnect(self) -> None:
        """Ask every client to reconnect and resume (op 7)."""
        for connection in self._forget_connections():
            await connection.op(Op.RECONNECT)

    async def invalidate(self, *, resumable: bool) -> None:
        """Say that the session is invalid (op 9); unless resumable, forget it."""
        connections = self._forget_connections()
        if not resumable:
            self._sessions.clear()
            self._of_shard.clear()
        for connection in connections:
            await connection.op(Op.INVALID_SESSION, resumable)

    async def close(self) -> None:
        for connection in list(self._connections):
            await connection.socket.close(code=1001)

    async def accept(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one socket until it closes."""
        socket = web.WebSocketResponse(max_msg_size=1 << 20, compress=False)
        await socket.prepare(request)
        connection = Connection(request, socket)
        self._connections.add(connection)
        session: Session | None = None
        try:
            await connection.op(Op.HELLO, {"heartbeat_interval": int(self.interval * 1000)})
            async for received in socket:
                if received.type is not WSMsgType.TEXT:
                    await socket.close(code=Close.DECODE_ERROR)
                    break
                session = await self._answer(connection, session, json.loads(received.data))
        finally:
            self._connections.discard(connection)
            if session is not None and session.connection is connection:
                session.connection = None
            if socket.close_code is not None:
                self.closed_with.append(socket.close_code)
            self._world.changes.notify()
        return socket

    async def _answer(
        self, connection: Connection, session: Session | None, received: JsonObject
    ) -> Session | None:
        data = received.get("d")
        match received.get("op"):
            case Op.HEARTBEAT:
                self.heartbeats += 1
                if self.acknowledges:
                    await connection.op(Op.HEARTBEAT_ACK)
                self._world.changes.notify()
            case Op.IDENTIFY if session is None:
                session = await self._identify(connection, data or {})
            case Op.RESUME if session is None:
                session = await self._resume(connection, data or {})
            case Op.IDENTIFY | Op.RESUME:
                await connection.socket.close(code=Close.ALREADY_AUTHENTICATED)
            case 3 | 4 | 8 if session is not None:
                pass  # presence, voice state, member chunks: nobody here depends on them
            case 3 | 4 | 8:
                await connection.socket.close(code=Close.NOT_AUTHENTICATED)
            case _:
                await connection.socket.close(code=Close.UNKNOWN_OPCODE)
        return session

    async def _identify(self, connection: Connection, data: JsonObject) -> Session | None:
        intents = Intent(data.get("intents", 0))
        index, shards = data.get("shard") or (0, 1)
        if data.get("token") != self._token:
            await connection.socket.close(code=Close.AUTHENTICATION_FAILED)
        elif not 0 <= index < shards:
            await connection.socket.close(code=Close.INVALID_SHARD)
        elif intents & PRIVILEGED & ~self._privileged:
            await connection.socket.close(code=Close.DISALLOWED_INTENTS)
        else:
            shard = (index, shards)
            self.identifies.append(Identify(intents, shard, connection.compressed))
            session = Session(secrets.token_hex(16), shard, intents, connection)
            self._sessions[session.id] = self._of_shard[index] = session
            await self._welcome(session)
            return session
        return None

    async def _welcome(self, session: Session) -> None:
        index, shards = session.shard
        guilds = [
            guild
            for guild in self._world.guilds.values()
            if guild.installed and (guild.id >> 22) % shards == index
        ]
        bot = self._world.bot
        await session.dispatch(
            "READY",
            {
                "v": 10,
                "user": payloads.bot_user(bot),
                "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
                "session_id": session.id,
                "resume_gateway_url": self.url,
                "shard": [index, shards],
                "application": {"id": str(bot.id), "flags": 0},
            },
        )
        if session.intents & Intent.GUILDS:
            for guild in guilds:
                await session.dispatch("GUILD_CREATE", payloads.guild_create(guild, bot))
        self._world.changes.notify()

    async def announce(self, guild: Guild) -> None:
        """Tell the bot that it was added to a server."""
        data = payloads.guild_create(guild, self._world.bot)
        del data["unavailable"]  # only servers that were announced in READY say it
        await self.dispatch("GUILD_CREATE", data, guild_id=guild.id, intent=Intent.GUILDS)

    async def retract(self, guild: Guild) -> None:
        """Tell the bot that it was removed from a server."""
        data = {"id": str(guild.id)}
        await self.dispatch("GUILD_DELETE", data, guild_id=guild.id, intent=Intent.GUILDS)

    async def _resume(self, connection: Connection, data: JsonObject) -> Session | None:
        if data.get("token") != self._token:
            await connection.socket.close(code=Close.AUTHENTICATION_FAILED)
            return None
        session = self._sessions.get(data.get("session_id", ""))
        seq = data.get("seq") or 0
        if session is None or not session.can_replay(seq):
            await connection.op(Op.INVALID_SESSION, False)
            return None
        self.resumes.append(Resume(session.id, seq, await session.replay(seq, connection)))
        await session.dispatch("RESUMED", {"_trace": []})
        self._world.changes.notify()
        return session

    def _forget_connections(self) -> list[Connection]:
        """Unhook live sockets from their sessions: from here on events wait for a RESUME."""
        live = [s for s in self._of_shard.values() if s.connection is not None]
        connections = [session.connection for session in live if session.connection is not None]
        for session in live:
            session.connection = None
        return connections
