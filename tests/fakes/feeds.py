"""A loopback server of feeds: it answers as a test says, and remembers what it was asked."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable, Mapping
from typing import Self, TypeAlias

from aiohttp import web

Answer: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


class FeedServer:
    """Serves on 127.0.0.1, plain http unless it is given a certificate.

    Use it as an asynchronous context manager. `requests` holds the path and the headers of every
    request, the first one first.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[tuple[str, Mapping[str, str]]] = []
        self.port = 0
        self._tls = tls
        self._answers: dict[str, Answer] = {}
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self._tls)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    @property
    def endpoint(self) -> tuple[str, int]:
        """Its address and port."""
        return ("127.0.0.1", self.port)

    def url(self, path: str = "/feed") -> str:
        """The address of something on it."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}{path}"

    def answer(self, answer: Answer, path: str = "/feed") -> None:
        """Let a function answer at a path from now on."""
        self._answers[path] = answer

    def serve(
        self,
        body: bytes | str,
        path: str = "/feed",
        *,
        status: int = 200,
        kind: str = "application/xml",
        **headers: str,
    ) -> None:
        """Serve the same at a path from now on; `ETag` and others are given by name, with `_`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = body.encode() if isinstance(body, str) else body

        async def same(_: web.Request) -> web.Response:
            return web.Response(
                body=content, status=status, headers={"Content-Type": kind, **named}
            )

        self.answer(same, path)

    def redirect(self, target: str, path: str = "/feed", status: int = 302) -> None:
        """Send whoever asks at a path somewhere else."""
        self.serve("", path, status=status, Location=target)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append((request.path, request.headers))
        answer = self._answers.get(request.path)
        return await answer(request) if answer else web.Response(status=404)
