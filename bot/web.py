"""The one HTTP server: health, readiness, metrics, and the routes that adapters bring."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from aiohttp import web

from bot.metrics import Metrics

MAX_BODY = 1_000_000
"""Bytes of a request that are read; Slack's are far smaller."""

Ready = Callable[[], bool]


class WebServer:
    """Listens on one address; `ready` maps the name of each part to whether it works."""

    def __init__(
        self, ready: Mapping[str, Ready], metrics: Metrics, routes: Iterable[web.RouteDef] = ()
    ) -> None:
        self._ready = ready
        self._metrics = metrics
        self._app = web.Application(client_max_size=MAX_BODY)
        self._app.add_routes(
            [
                web.get("/healthz", self._healthz),
                web.get("/readyz", self._readyz),
                web.get("/metrics", self._metrics_text),
                *routes,
            ]
        )
        self._runner = web.AppRunner(self._app, access_log=None, handle_signals=False)

    async def start(self, host: str, port: int) -> int:
        """Listen, and return the port. Raises OSError if the address is taken."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Finish the requests under way and stop listening."""
        await self._runner.cleanup()

    async def _healthz(self, _: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def _readyz(self, _: web.Request) -> web.Response:
        states = {name: ready() for name, ready in self._ready.items()}
        lines = [f"{name}: {'ready' if state else 'not ready'}" for name, state in states.items()]
        return web.Response(
            text="\n".join(lines) + "\n", status=200 if all(states.values()) else 503
        )

    async def _metrics_text(self, _: web.Request) -> web.Response:
        return web.Response(
            body=self._metrics.text(),
            headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
        )
