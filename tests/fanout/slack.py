"""The Slack of the fan-out: many workspaces, each with its token, whose channels take messages."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from itertools import count

from aiohttp import web

from tests.fakes.discord.world import JsonObject
from tests.fanout.door import Door
from tests.fanout.failing import answered, by_proxy
from tests.fanout.faults import INACTIVE, Fault
from tests.fanout.places import PERSON, Layout, team, token
from tests.fanout.rooms import Flight, Message, Room

PREFIX = "/slack/api"
FIRST_TS = 1_800_000_000
FORMS = "application/x-www-form-urlencoded"


class Slack:
    """Serves one app in many workspaces; `flights` are by the id of the workspace.

    `direct` counts messages to people.
    """

    def __init__(
        self, rooms: Iterable[Room], layout: Layout, door: Door, *, keeps_bodies: bool
    ) -> None:
        self.rooms = {room.place.channel: room for room in rooms}
        self.flights = {team(number): Flight() for number in range(layout.workspaces)}
        self.strange: list[str] = []
        self.direct = 0
        self._door = door
        self._keeps_bodies = keeps_bodies
        self._teams = {token(number): team(number) for number in range(layout.workspaces)}
        self._inactive = {
            room.place.community for room in self.rooms.values() if room.plan.always is INACTIVE
        }
        self._numbers = count()

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put Slack's addresses into a server."""
        router.add_post(f"{PREFIX}/chat.postMessage", self._post)
        router.add_route("*", f"{PREFIX}/auth.test", self._auth_test)
        router.add_route("*", f"{PREFIX}/{{method}}", self._unrouted)

    def _team(self, request: web.Request) -> str | None:
        return self._teams.get(request.headers.get("Authorization", "").removeprefix("Bearer "))

    async def _auth_test(self, request: web.Request) -> web.Response:
        workspace = self._team(request)
        if workspace is None or workspace in self._inactive:
            return _no("invalid_auth" if workspace is None else INACTIVE.error)
        told = {"url": f"https://{workspace.lower()}.slack.com/", "team": workspace}
        identity = {"team_id": workspace, "user_id": "U0BOT", "bot_id": "B0BOT", "user": "rolecall"}
        return web.json_response({"ok": True, **told, **identity, "is_enterprise_install": False})

    async def _post(self, request: web.Request) -> web.Response:
        workspace = self._team(request)
        raw = await request.read()
        if workspace is None:
            return _no("invalid_auth")
        sent = json.loads(raw) if request.content_type != FORMS else dict(await request.post())
        if sent.get("channel") == f"U{PERSON}":
            return self._post_direct(workspace)
        room = self.rooms.get(str(sent.get("channel")))
        if room is None:
            return _no("channel_not_found")
        if room.place.community != workspace:
            self.strange.append(f"{workspace} posts to {room.place.channel}")
            return _no("channel_not_found")
        self._door.comes()
        with self.flights[workspace].one():
            response = await answered(
                request, room.comes(), lambda: self._store(room, sent), _refusal
            )
            await self._door.passes()
        return response

    def _post_direct(self, workspace: str) -> web.Response:
        if workspace in self._inactive:
            return _no(INACTIVE.error)
        self.direct += 1
        ts = f"{FIRST_TS + next(self._numbers)}.000100"
        return web.json_response({"ok": True, "channel": f"D{PERSON}", "ts": ts})

    def _store(self, room: Room, sent: JsonObject) -> web.Response:
        ts = f"{FIRST_TS + next(self._numbers)}.000100"
        room.keep(Message(ts, None, sent if self._keeps_bodies else {}))
        message = {"type": "message", "ts": ts, "bot_id": "B0BOT", "text": sent.get("text", "")}
        told = {"ok": True, "channel": room.place.channel, "ts": ts, "message": message}
        return web.json_response(told)

    async def _unrouted(self, request: web.Request) -> web.Response:
        self.strange.append(request.match_info["method"])
        return _no("unknown_method")


def _no(error: str, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"ok": False, "error": error}, status=status, headers=headers)


def _refusal(fault: Fault) -> web.Response:
    if fault.by_proxy:
        return by_proxy(fault)
    wait = {"Retry-After": str(math.ceil(fault.retry_after))} if fault.retry_after else None
    return _no(fault.error, fault.status, wait)
