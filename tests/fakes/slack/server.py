"""The loopback Slack itself: its HTTP server, its tokens, and the two ways to reach the app."""

import asyncio
import json
import os
import secrets
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Self, TypeAlias

import aiohttp
from aiohttp import web

from tests.fakes.slack.elsewhere import Elsewhere, new_workspace
from tests.fakes.slack.faults import Fault, FaultPlan
from tests.fakes.slack.inspection import Inspector, Violation
from tests.fakes.slack.limits import LIMITS_VARIABLE, Json, load_limits
from tests.fakes.slack.people import People
from tests.fakes.slack.replies import reply
from tests.fakes.slack.sending import Kind, Receipt, Retry, post_signed
from tests.fakes.slack.socket_mode import DisconnectReason, SocketMode
from tests.fakes.slack.tokens import Grant, Tokens
from tests.fakes.slack.web_api import METHODS, SCOPES, meant
from tests.fakes.slack.workspace import Interaction, SlackError, Upload, Workspace

_JSON_ARGUMENTS = frozenset({"blocks", "attachments", "metadata"})
DEFAULT_SCOPES = (
    "app_mentions:read",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "im:history",
    "im:write",
    "users:read",
)

Gate: TypeAlias = Callable[[str], Awaitable[bool]]
"""Told of every request, named as in `Call`, before it is carried out; where it says no, it is
lost."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request of the bot: to a method of the Web API or, as "response_url", to one of those.

    `at` is in seconds of the monotonic clock; `error` is what it was refused with.
    """

    method: str
    args: Json = field(repr=False)
    at: float
    error: str | None


class SlackServer(People):
    """A Slack on 127.0.0.1 for one app, in the workspace that this is and in those of `another`.

    With `target` ("http://127.0.0.1:PORT/slack/events") the app is reached by signed requests,
    without it by Socket Mode. With `check` False nothing the bot sends is checked. The tokens
    are made at random for each server. Use it as an asynchronous context manager, or `start`
    and `stop` it.
    """

    def __init__(self, *, target: str | None = None, check: bool = True) -> None:
        super().__init__(Inspector(load_limits(os.environ.get(LIMITS_VARIABLE)), enabled=check))
        self.target = target
        self.tokens = Tokens()
        self.bot_token = f"xoxb-{secrets.token_hex(16)}"
        self.tokens.grant(self.workspace, token=self.bot_token)
        self.elsewhere: list[Elsewhere] = []
        self.app_token = f"xapp-1-{secrets.token_hex(16)}"
        self.signing_secret = secrets.token_hex(16)
        self.scopes = set(DEFAULT_SCOPES)
        self.ack_timeout = 3.0
        """Seconds in which the app must acknowledge."""
        self.gate: Gate | None = None
        self.calls: list[Call] = []
        self.unrouted: list[str] = []
        self.sockets = SocketMode(self.workspace.identity.app_id)
        self.port = 0
        self._faults = FaultPlan()
        self._revoked = False  # of the app's own token
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def api_base(self) -> str:
        """The base address of the Web API, with a slash at its end."""
        return f"{self.base}/api/"

    @property
    def bot_user_id(self) -> str:
        return self.workspace.identity.bot_user_id

    @property
    def violations(self) -> list[Violation]:
        """Everything the bot sent that Slack would not take, or that calls people."""
        return self.inspector.violations

    # Life

    async def start(self, port: int = 0) -> None:
        """Listen on `port`, or on a free one."""
        app = web.Application(client_max_size=4 * 2**20)
        self.add_routes(app)
        self._session = aiohttp.ClientSession()
        self._runner = web.AppRunner(app, shutdown_timeout=1.0, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close every connection, and stop listening."""
        await self.sockets.close()
        if self._session is not None:
            await self._session.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    def add_routes(self, app: web.Application) -> None:
        """Put the addresses of Slack into `app`."""
        app.router.add_route("*", "/api/{method}", self._serve_api)
        app.router.add_post("/response/{interaction}", self._serve_response_url)
        app.router.add_post("/upload/{file}", self._serve_upload)
        app.router.add_get("/link", self.sockets.serve)

    # What a test may set up

    def fail(
        self,
        method: str,
        *,
        status: int | None = None,
        error: str | None = None,
        retry_after: float = 0,
        delay: float = 0,
        hold: asyncio.Event | None = None,
        cut: bool = False,
        by_proxy: bool = False,
        times: int = 1,
    ) -> None:
        """Let the next `times` calls of `method` (or "response_url") fail as `Fault` says."""
        fault = Fault(status, error, retry_after, delay, hold, cut, by_proxy)
        self._faults.add(method, fault, times)

    def advance(self, seconds: float) -> None:
        """Let time pass: triggers, response URLs and tokens grow older by `seconds`."""
        for workspace in self.workspaces:
            workspace.time_passed += seconds

    def another(
        self, domain: str, enterprise: str | None = None, *, whole: bool = False
    ) -> Elsewhere:
        """One more workspace; with `whole` the app is installed for its organisation at once."""
        workspace = new_workspace(len(self.elsewhere) + 2, domain, enterprise, whole=whole)
        made = Elsewhere(self, workspace, self.tokens.refuse)
        self.elsewhere.append(made)
        return made

    @property
    def workspaces(self) -> list[Workspace]:
        return [self.workspace, *(place.workspace for place in self.elsewhere)]

    # Socket Mode

    async def connected(self, number: int = 1) -> None:
        """Wait until `number` sockets of the app are open; over HTTP there is nothing to do."""
        if self.target is None:
            await self._patiently(self.sockets.wait_for_connections(number), "connection")

    async def disconnect(self, reason: DisconnectReason = "refresh_requested") -> None:
        """Announce that the open sockets will close, and wait until the app has moved on."""
        await self.sockets.ask_to_go(reason)
        await self._patiently(self.sockets.wait_for_connections(), "new connection")
        await self._patiently(self.sockets.wait_until_alone(), "farewell")

    async def drop(self) -> None:
        """Cut the sockets without a word; slack_sdk needs some ten seconds to come back."""
        await self._patiently(self.sockets.drop(), "end of the connections")

    async def ping(self) -> None:
        """Ping the app's sockets, and wait for its pongs."""
        await self._patiently(self.sockets.ping(), "pong")

    async def _patiently(self, wait: Coroutine[Any, Any, None], wanted: str) -> None:
        try:
            await asyncio.wait_for(wait, self.patience)
        except TimeoutError:
            raise AssertionError(f"no {wanted} within {self.patience:g} s") from None

    # The wires of `People`

    def response_url(self, interaction: Interaction) -> str:
        return f"{self.base}/response/{interaction.id}"

    def token_revoked(self) -> None:
        self._revoked = True
        self.tokens.refuse(self.workspace)

    async def transmit(self, kind: Kind, payload: Json, retry: Retry | None) -> Receipt:
        if self.target is None:
            return await self.sockets.send(kind, payload, retry, self.ack_timeout)
        if self._session is None:
            raise RuntimeError("the server has not been started")
        return await post_signed(
            self._session,
            self.target,
            self.signing_secret,
            kind,
            payload,
            retry,
            self.ack_timeout,
        )

    # Requests of the bot

    async def _serve_api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        args = await _arguments(request)
        if self.gate is not None and not await self.gate(method):
            return _lost(request)
        fault = self._faults.take(method)
        if fault is not None:
            await fault.wait()
            if fault.status is not None:
                return self._broken(method, args, fault)
        try:
            if fault is not None and fault.error is not None:
                raise SlackError(fault.error)
            answer: Json = {"ok": True} | self._answered(method, request, args)
        except SlackError as refusal:
            answer = {"ok": False, "error": refusal.code} | refusal.extra
            if refusal.messages:
                answer["response_metadata"] = {"messages": list(refusal.messages)}
        self._note(method, args, answer.get("error"))
        if fault is not None and fault.cut and request.transport is not None:
            request.transport.abort()
        headers = {"x-oauth-scopes": ",".join(sorted(self.scopes)), "x-slack-req-id": "loopback"}
        return web.json_response(answer, headers=headers)

    async def _serve_response_url(self, request: web.Request) -> web.StreamResponse:
        args = await _arguments(request)
        if self.gate is not None and not await self.gate("response_url"):
            return _lost(request)
        fault = self._faults.take("response_url")
        if fault is not None:
            await fault.wait()
            if fault.status is not None:
                return self._broken("response_url", args, fault)
        error: str | None = None
        try:
            id_ = request.match_info["interaction"]
            there = next((w for w in self.workspaces if id_ in w.interactions), self.workspace)
            interaction = there.use_response_url(id_)
            reply(there, self.inspector, interaction, args, "response_url")
        except SlackError as refusal:
            error = refusal.code
        self._note("response_url", args, error)
        if fault is not None and fault.cut and request.transport is not None:
            request.transport.abort()
        if error is None:
            return web.Response(text="ok")
        return web.Response(text=error, status=404 if error.endswith("_url") else 400)

    async def _serve_upload(self, request: web.Request) -> web.StreamResponse:
        file = request.match_info["file"]
        upload = next((w.uploads[file] for w in self.workspaces if file in w.uploads), None)
        content = await request.read()
        if upload is None or len(content) != upload.length:
            return web.Response(text="not what was announced", status=400)
        upload.content = content
        return web.Response(text=f"OK - {len(content)}")

    def _answered(self, method: str, request: web.Request, args: Json) -> Json:
        if method == "oauth.v2.access":
            return self.tokens.access(args, request.headers.get("Authorization", ""))
        grant = self._authenticate(method, request, args)
        return self._call(method, args, meant(grant.workspaces, args) if grant else self.workspace)

    def _authenticate(self, method: str, request: web.Request, args: Json) -> Grant | None:
        """What the bot's token is good for. Raises SlackError where it does not allow this call."""
        header = request.headers.get("Authorization", "")
        token = header.removeprefix("Bearer ") or args.pop("token", "")
        if not token:
            raise SlackError("not_authed")
        if token == self.app_token and self._revoked:
            raise SlackError("account_inactive")
        grant = None if token == self.app_token else self.tokens.known(token)
        if (token == self.app_token) != (method == "apps.connections.open"):
            raise SlackError("not_allowed_token_type")
        needed = SCOPES.get(method)
        if needed is not None and needed not in self.scopes:
            provided = ",".join(sorted(self.scopes))
            raise SlackError("missing_scope", needed=needed, provided=provided)
        return grant

    def _call(self, method: str, args: Json, workspace: Workspace) -> Json:
        if method == "apps.connections.open":
            return {"url": f"ws://127.0.0.1:{self.port}/link?ticket={self.sockets.new_ticket()}"}
        if method == "files.getUploadURLExternal":
            file = workspace.new_id("F")
            workspace.uploads[file] = Upload(str(args["filename"]), int(args["length"]))
            return {"file_id": file, "upload_url": f"{self.base}/upload/{file}"}
        if method not in METHODS:
            self.unrouted.append(method)
            raise SlackError("unknown_method")
        return METHODS[method](workspace, self.inspector, args)

    def _broken(self, method: str, args: Json, fault: Fault) -> web.Response:
        error = fault.error or ("ratelimited" if fault.status == 429 else "internal_error")
        self._note(method, args, error)
        if fault.by_proxy:
            text = "no healthy upstream"
            return web.Response(text=text, status=fault.status or 502, headers=fault.headers)
        answer = {"ok": False, "error": error}
        return web.json_response(answer, status=fault.status or 500, headers=fault.headers)

    def _note(self, method: str, args: Json, error: str | None) -> None:
        self.calls.append(Call(method, args, time.monotonic(), error))


def _lost(request: web.Request) -> web.Response:
    """No answer: the connection is cut."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=502)


async def _arguments(request: web.Request) -> Json:
    """The arguments of a call, whether from the query, a form or a JSON body."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        args |= await request.json()
    elif request.can_read_body:
        args |= dict(await request.post())
    for key in _JSON_ARGUMENTS & args.keys():
        if isinstance(args[key], str):
            args[key] = json.loads(args[key])
    return args
