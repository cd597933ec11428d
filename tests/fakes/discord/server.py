"""The server itself: one port with gateway, REST and control, and the people around it."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from aiohttp import web

from tests.fakes.discord import control, http
from tests.fakes.discord.commands import Commands
from tests.fakes.discord.errors import ApiError, RateLimitedError
from tests.fakes.discord.faults import Delay, Fault, route_pattern
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.http import PREFIX, Request
from tests.fakes.discord.interactions import Exchanges
from tests.fakes.discord.people import PATIENCE, People
from tests.fakes.discord.routes import FOR_THE_BOT, WITH_TOKEN_IN_PATH, Serve
from tests.fakes.discord.sessions import Intent
from tests.fakes.discord.state import State
from tests.fakes.discord.world import User, World

TOKEN: Final = "only-good-on-loopback"
BOT_ID: Final = 1_000_000_000_000_000_000

Gate: TypeAlias = Callable[[str], Awaitable[bool]]
"""Told of every request by its path before it is processed; where it says no, it is lost."""


class FakeDiscord(People):
    """A Discord on loopback for one bot.

    ``guilds`` servers of ``channels`` channels and ``roles`` roles exist from the start; the
    first of them is ``home``. ``require_no_mentions`` refuses messages that could ping
    anybody; ``validate=False`` skips all checks of bodies (for benchmarks);
    ``tells_nonces`` leaves the nonces on the messages of a channel's history;
    ``heartbeat_interval`` is in seconds; ``privileged`` are the privileged intents that the
    bot was granted.
    """

    def __init__(
        self,
        *,
        guilds: int = 1,
        channels: int = 1,
        roles: int = 1,
        shards: int = 1,
        token: str = TOKEN,
        validate: bool = True,
        require_no_mentions: bool = True,
        tells_nonces: bool = False,
        heartbeat_interval: float = 41.25,
        privileged: Intent = Intent.NONE,
    ) -> None:
        world = World(User(BOT_ID, "rolecall", bot=True))
        world.add_user(world.bot)
        names = ("general", *(f"channel-{number}" for number in range(2, channels + 1)))
        for number in range(1, max(guilds, 1) + 1):
            world.add_guild(f"Server {number}", channels=names, roles=roles)
        gateway = Gateway(
            world, token, heartbeat_interval=heartbeat_interval, privileged=privileged
        )
        state = State(
            token=token,
            world=world,
            gateway=gateway,
            commands=Commands(world),
            exchanges=Exchanges(world),
            validate=validate,
            require_no_mentions=require_no_mentions,
            tells_nonces=tells_nonces,
            shards=shards,
        )
        super().__init__(state, next(iter(world.guilds.values())))
        self.token = token
        self.gate: Gate | None = None
        self.port = 0
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1.0)

    @property
    def gateway(self) -> Gateway:
        return self.state.gateway

    @property
    def api_base(self) -> str:
        return f"http://127.0.0.1:{self.port}{PREFIX}"

    @property
    def gateway_url(self) -> str:
        return self.gateway.url

    @property
    def violations(self) -> list[str]:
        """Every rule of Discord that a request broke, in words."""
        return self.state.violations

    @property
    def unrouted(self) -> list[str]:
        """Every request that this server has no answer for."""
        return self.state.unrouted

    @property
    def requests(self) -> list[Request]:
        """The latest REST requests with their answers' status, oldest first."""
        return list(self.state.requests)

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; ``port=0`` takes any free one."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.gateway.url = f"ws://127.0.0.1:{self.port}/gateway"

    async def stop(self) -> None:
        await self.gateway.close()
        await self._runner.cleanup()

    async def __aenter__(self) -> "FakeDiscord":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def connected(self, within: float = 10.0) -> None:
        """Return once every shard has identified and got READY.

        The client library waits 5 s before every identify but its first, unless its
        ``before_identify_hook`` says otherwise.
        """
        ready = self.gateway
        await self.state.world.changes.wait_for(lambda: ready.is_ready, "the bot", within)

    async def resumed(self, number: int = 1, within: float = 5.0) -> None:
        """Return once sessions were resumed ``number`` times in all."""
        resumes = self.gateway.resumes
        await self.state.world.changes.wait_for(
            lambda: len(resumes) >= number, f"resume number {number}", within
        )

    async def synced(self, number: int = 1, within: float = 5.0) -> None:
        """Return once the commands were registered ``number`` times in all."""
        commands = self.state.commands
        await self.state.world.changes.wait_for(
            lambda: commands.syncs >= number, f"command sync number {number}", within
        )

    async def asked(
        self,
        method: str,
        pattern: str,
        *,
        status: int | None = None,
        times: int = 1,
        within: float = PATIENCE,
    ) -> list[Request]:
        """The requests of a route (answered with ``status``), once there are ``times``."""
        route = route_pattern(pattern)

        def matching() -> list[Request]:
            return [
                request
                for request in self.state.requests
                if request.method == method
                and route.fullmatch(request.path)
                and status in (None, request.status)
            ]

        await self.state.world.changes.wait_for(
            lambda: len(matching()) >= times, f"{times} x {method} {pattern}", within
        )
        return matching()

    def fail(
        self,
        method: str,
        pattern: str,
        *,
        status: int,
        code: int = 0,
        retry_after: float = 0.0,
        whole_bot: bool = False,
        times: int = 1,
    ) -> None:
        """Answer the next ``times`` requests of a route with an error, unprocessed.

        In ``pattern`` a ``*`` is one segment of the path, ``**`` any number. ``retry_after``
        in seconds belongs to 429, ``whole_bot`` makes that the global limit. ``times=-1``
        means from now on.
        """
        self.state.faults.add(
            Fault(method, route_pattern(pattern), times, status, code, retry_after, whole_bot)
        )

    def delay(self, method: str, pattern: str, by: Delay, *, times: int = 1) -> None:
        """Hold requests back, for seconds or until an event is set, then process them."""
        self.state.faults.add(Fault(method, route_pattern(pattern), times, delay=by))

    def lose_answer(self, method: str, pattern: str, *, times: int = 1) -> None:
        """Process requests but cut the connection before the answer."""
        self.state.faults.add(Fault(method, route_pattern(pattern), times, lost=True))

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=32 * 1024 * 1024)
        router = application.router
        for method, template, serve in WITH_TOKEN_IN_PATH:
            router.add_route(method, PREFIX + template, self._endpoint(serve, public=True))
        for method, template, serve in FOR_THE_BOT:
            router.add_route(method, PREFIX + template, self._endpoint(serve))
        router.add_get("/gateway", self.gateway.accept)
        control.add_routes(router, self)
        router.add_route("*", "/{anything:.*}", self._unrouted)
        return application

    def _endpoint(
        self, serve: Serve, *, public: bool = False
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        state = self.state

        async def endpoint(request: web.Request) -> web.Response:
            path = request.path.removeprefix(PREFIX)
            resource = request.match_info.route.resource
            template = resource.canonical.removeprefix(PREFIX) if resource else path
            call = await http.read(request, path, template)
            if self.gate is not None and not await self.gate(path):
                return http.lost(request)

            async def process() -> web.Response:
                try:
                    if not public and request.headers.get("Authorization") != self._authorization:
                        raise ApiError(401, 0, "401: Unauthorized")
                    state.check_schema(call)
                    body = await serve(state, call)
                except RateLimitedError as error:
                    return http.rate_limited(error, template)
                except ApiError as error:
                    return http.answer(error.status, error.body(), template)
                except (TypeError, AttributeError, KeyError, ValueError) as error:
                    state.violations.append(f"{call.method} {template}: malformed, {error!r}")
                    return http.answer(400, ApiError(400, 50035).body(), template)
                return http.answer(200 if body is not None else 204, body, template)

            response = await http.with_fault(
                state.faults.take(request.method, path), request, template, process
            )
            with state.world.changing():
                state.requests.append(
                    Request(request.method, path, call.body, response.status, call.files)
                )
            return response

        return endpoint

    @property
    def _authorization(self) -> str:
        return f"Bot {self.token}"

    async def _unrouted(self, request: web.Request) -> web.Response:
        self.state.unrouted.append(f"{request.method} {request.path}")
        return http.answer(404, {"message": "404: Not Found", "code": 0}, request.path)
