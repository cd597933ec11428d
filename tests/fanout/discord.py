"""The Discord of the fan-out: all that a bot needs in order to connect and to send, unchecked."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeAlias

from aiohttp import web

from tests.fakes.discord import payloads
from tests.fakes.discord.commands import Commands
from tests.fakes.discord.errors import ApiError, RateLimitedError
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.http import PREFIX, answer, rate_limited
from tests.fakes.discord.rest_messages import PUBLISHED
from tests.fakes.discord.server import BOT_ID, TOKEN
from tests.fakes.discord.sessions import Intent
from tests.fakes.discord.world import Channel, ChannelType, Guild, JsonObject, User, World
from tests.fanout.door import Door
from tests.fanout.failing import answered, by_proxy
from tests.fanout.faults import Fault, Way
from tests.fanout.places import PERSON
from tests.fanout.rooms import Flight, Message, Room

HEARTBEAT = 41.25
CHANNEL = "/channels/{channel_id}"
POST = f"{CHANNEL}/messages"
CROSSPOST = f"{POST}/{{message_id}}/crosspost"
MOST_LISTED = 100

Serve: TypeAlias = Callable[[web.Request], Awaitable[web.Response]]


class Discord:
    """Serves one bot, in any number of processes; `rooms` are its channels by their id.

    `direct` counts messages to people, and `latest_port` is where the latest post came in.
    """

    def __init__(
        self,
        rooms: Iterable[Room],
        door: Door,
        *,
        announcements: bool,
        tells_nonces: bool,
        keeps_bodies: bool,
    ) -> None:
        self.rooms = {room.place.channel: room for room in rooms}
        self.flight = Flight()
        self.strange: list[str] = []
        self.direct = 0
        self.latest_port = 0
        self._door = door
        self._keeps_bodies = keeps_bodies
        self._kind = ChannelType.ANNOUNCEMENT if announcements else ChannelType.TEXT
        self._tells_nonces = tells_nonces
        self._world = World(User(BOT_ID, "rolecall", bot=True))
        self._commands = Commands(self._world)
        self.gateway = Gateway(
            self._world, TOKEN, heartbeat_interval=HEARTBEAT, privileged=Intent.NONE
        )

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put Discord's addresses into a server."""
        me = f"{PREFIX}/channels/{{channel}}"
        commands = f"{PREFIX}/applications/{{application}}/commands"
        router.add_post(f"{me}/messages", self._post)
        router.add_get(f"{me}/messages", _answering(self._history))
        router.add_post(f"{me}/messages/{{message}}/crosspost", _answering(self._crosspost))
        router.add_get(me, _answering(self._channel))
        router.add_get(f"{PREFIX}/guilds/{{guild}}", self._guild)
        router.add_post(f"{PREFIX}/users/@me/channels", self._open_direct)
        router.add_get(f"{PREFIX}/gateway/bot", self._gateway_bot)
        router.add_get(f"{PREFIX}/users/@me", self._me)
        router.add_get(f"{PREFIX}/applications/@me", self._application)
        router.add_get(f"{PREFIX}/oauth2/applications/@me", self._application)
        router.add_put(commands, self._put_commands)
        router.add_get(commands, self._get_commands)
        router.add_get("/gateway", self.gateway.accept)
        router.add_route("*", f"{PREFIX}/{{rest:.*}}", self._unrouted)

    async def _post(self, request: web.Request) -> web.Response:
        channel = request.match_info["channel"]
        room = self.rooms.get(channel)
        raw = await request.read()
        if room is None:
            return self._post_direct(int(channel))
        self.latest_port = request.get_extra_info("sockname")[1]
        self._door.comes()
        with self.flight.one():
            response = await answered(
                request, room.comes(), lambda: self._store(room, raw), _refusal
            )
            await self._door.passes()
        return response

    async def _open_direct(self, request: web.Request) -> web.Response:
        """A person's conversation with the bot has the person's id."""
        person = int((await request.json())["recipient_id"])
        return answer(200, payloads.channel(self._conversation(person)), "/users/@me/channels")

    def _conversation(self, person: int) -> Channel:
        return Channel(person, ChannelType.DM, None, None, (User(person, f"person {person}"),))

    def _post_direct(self, person: int) -> web.Response:
        if person != PERSON:
            return _error(404, 10003)
        self.direct += 1
        number = self._world.snowflakes.next()
        told = payloads.message(number, self._conversation(person), self._world.bot)
        return answer(200, told, POST)

    def _store(self, room: Room, raw: bytes) -> web.Response:
        """Keep a message, or find the one with the same nonce.

        The answer leaves its components out, which would be a third of all the work here.
        """
        try:
            body = json.loads(raw)
        except ValueError:
            return _error(400, 50109)
        enforced, nonce = bool(body.get("enforce_nonce")), body.get("nonce")
        nonce = None if nonce is None else str(nonce)
        known = room.with_nonce(nonce) if enforced and nonce is not None else None
        if known is None:
            number = str(self._world.snowflakes.next())
            known = Message(number, nonce, body if self._keeps_bodies else {})
            room.keep(known, enforced=enforced)
        return answer(200, self._shown(room, known) | {"nonce": nonce}, POST)

    def _room(self, request: web.Request) -> Room:
        """The channel of the path. Raises ApiError where the bot may not see it."""
        room = self.rooms.get(request.match_info["channel"])
        if room is None:
            raise ApiError(404, 10003)
        fault = room.plan.always
        if fault is not None and fault.status in {403, 404}:
            raise ApiError(fault.status, int(fault.error))
        return room

    async def _history(self, request: web.Request) -> web.Response:
        room = self._room(request)
        limit = int(request.query.get("limit", 50))
        latest = room.messages[::-1][: min(limit, MOST_LISTED)]
        return answer(200, [self._told(room, message) for message in latest], POST)

    async def _crosspost(self, request: web.Request) -> web.Response:
        room = self._room(request)
        if self._kind is not ChannelType.ANNOUNCEMENT:
            raise ApiError(400, 50024)
        found = [one for one in room.messages if one.id == request.match_info["message"]]
        if not found:
            raise ApiError(404, 10008)
        if found[0].published:
            raise ApiError(400, 40033)
        found[0].published = True
        return answer(200, self._told(room, found[0]), CROSSPOST)

    async def _channel(self, request: web.Request) -> web.Response:
        return answer(200, payloads.channel(self._place(self._room(request))), CHANNEL)

    async def _guild(self, request: web.Request) -> web.Response:
        guild = Guild(int(request.match_info["guild"]), "somewhere", "en-GB", True, (), 1)
        return answer(200, payloads.rest_guild(guild), "/guilds/{guild_id}")

    def _place(self, room: Room) -> Channel:
        guild, channel = int(room.place.community), int(room.place.channel)
        return Channel(channel, self._kind, "news", guild)

    def _shown(self, room: Room, message: Message) -> JsonObject:
        body = message.body
        flags = int(body.get("flags") or 0) | (PUBLISHED if message.published else 0)
        return payloads.message(
            int(message.id),
            self._place(room),
            self._world.bot,
            content=body.get("content") or "",
            flags=flags,
        )

    def _told(self, room: Room, message: Message) -> JsonObject:
        """As the history has it."""
        nonce = {"nonce": message.nonce} if self._tells_nonces else {}
        components = {"components": message.body.get("components") or []}
        return self._shown(room, message) | components | nonce

    async def _gateway_bot(self, request: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        told = {"url": self.gateway.url, "shards": 1, "session_start_limit": limit}
        return answer(200, told, "/gateway/bot")

    async def _me(self, request: web.Request) -> web.Response:
        return answer(200, payloads.bot_user(self._world.bot), "/users/@me")

    async def _application(self, request: web.Request) -> web.Response:
        return answer(200, payloads.application(self._world.bot), "/applications/@me")

    async def _put_commands(self, request: web.Request) -> web.Response:
        return answer(200, self._commands.replace(await request.json()), "/commands")

    async def _get_commands(self, request: web.Request) -> web.Response:
        return answer(200, list(self._commands.all.values()), "/commands")

    async def _unrouted(self, request: web.Request) -> web.Response:
        self.strange.append(f"{request.method} {request.path}")
        return _error(404, 0)


def _answering(serve: Serve) -> Serve:
    """Turns the errors of a handler into answers."""

    async def endpoint(request: web.Request) -> web.Response:
        try:
            return await serve(request)
        except ApiError as error:
            return _error(error.status, error.code)

    return endpoint


def _error(status: int, code: int) -> web.Response:
    return answer(status, ApiError(status, code).body(), POST)


def _refusal(fault: Fault) -> web.Response:
    if fault.by_proxy:
        return by_proxy(fault)
    if fault.way is Way.LIMITED:
        error = RateLimitedError(fault.retry_after, whole_bot=fault.whole_bot)
        return rate_limited(error, POST)
    return _error(fault.status, int(fault.error or 0))
