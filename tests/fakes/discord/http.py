"""REST plumbing: one call in, one answer out, with Discord's headers and failures.

Handlers know nothing of HTTP: they take a :class:`Call` and return a JSON body, None (for
204), or raise :class:`ApiError`.
"""

import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias
from zlib import crc32

from aiohttp import BodyPartReader, web

from tests.fakes.discord.errors import ApiError, RateLimitedError
from tests.fakes.discord.faults import Fault, wait_out
from tests.fakes.discord.world import JsonObject

PREFIX: Final = "/api/v10"
JSON: Final = "application/json"
LIMIT: Final = 10_000


@dataclass(frozen=True, slots=True)
class Call:
    """A request as a handler sees it.

    ``files`` maps form fields to file name and size, ``contents`` to what is in the files.
    """

    method: str
    template: str
    path: str
    ids: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    files: dict[str, tuple[str, int]]
    contents: dict[str, bytes] = field(default_factory=dict)

    def id(self, name: str) -> int:
        """A numeric path parameter; 400 when it is not a number."""
        value = self.ids[name]
        if not value.isdecimal():
            raise ApiError(400, 50035)
        return int(value)


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked and how it was answered, for tests to look at."""

    method: str
    path: str
    body: Any
    status: int
    files: dict[str, tuple[str, int]] = field(default_factory=dict)


Handler: TypeAlias = Callable[[Call], Awaitable[Any]]


async def read(request: web.Request, path: str, template: str) -> Call:
    """Parse a request: JSON, or a form with ``payload_json`` and files.

    A body that is not JSON is None to the handlers, who refuse it as such.
    """
    body: Any = None
    files: dict[str, tuple[str, int]] = {}
    contents: dict[str, bytes] = {}
    try:
        if request.content_type == "multipart/form-data":
            body = await _read_form(request, files, contents)
        elif request.can_read_body:
            body = json.loads(await request.read() or b"null")
    except ValueError:
        body = None
    ids, query = request.match_info, request.query
    return Call(request.method, template, path, ids, query, body, files, contents)


async def _read_form(
    request: web.Request, files: dict[str, tuple[str, int]], contents: dict[str, bytes]
) -> Any:
    body: Any = None
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise ValueError("nested multipart")
        content = bytes(await part.read())
        if part.name == "payload_json":
            body = json.loads(content)
        elif part.name and part.filename:
            files[part.name] = (part.filename, len(content))
            contents[part.name] = content
    return body


def answer(status: int, body: Any, template: str) -> web.Response:
    """A response with exact content type and rate-limit headers."""
    headers = {
        "X-RateLimit-Limit": str(LIMIT),
        "X-RateLimit-Remaining": str(LIMIT - 1),
        "X-RateLimit-Reset": f"{time.time() + 1:.3f}",
        "X-RateLimit-Reset-After": "1.000",
        "X-RateLimit-Bucket": f"{crc32(template.encode()):08x}",
        "Via": "1.1 google",
    }
    if status == 204:
        return web.Response(status=204, headers=headers)
    return web.Response(
        status=status, body=json.dumps(body).encode(), headers=headers, content_type=JSON
    )


def refused(fault: Fault, template: str) -> web.Response:
    """The answer of a fault that has a status."""
    assert fault.status is not None
    if fault.status != 429:
        body: JsonObject = {"message": "Refused", "code": fault.code}
        if fault.code:
            body = ApiError(fault.status, fault.code).body()
        return answer(fault.status, body, template)
    return rate_limited(RateLimitedError(fault.retry_after, whole_bot=fault.whole_bot), template)


def rate_limited(error: RateLimitedError, template: str) -> web.Response:
    """The answer to one request too many."""
    response = answer(429, error.body(), template)
    response.headers["Retry-After"] = str(max(1, round(error.retry_after)))
    response.headers["X-RateLimit-Scope"] = "global" if error.whole_bot else "user"
    if error.whole_bot:
        response.headers["X-RateLimit-Global"] = "true"
    else:
        response.headers["X-RateLimit-Remaining"] = "0"
        response.headers["X-RateLimit-Reset-After"] = f"{error.retry_after:.3f}"
    return response


async def with_fault(
    fault: Fault | None,
    request: web.Request,
    template: str,
    process: Callable[[], Awaitable[web.Response]],
) -> web.Response:
    """Process a request, with what should go wrong with it."""
    if fault is None:
        return await process()
    if fault.delay is not None:
        await wait_out(fault.delay)
    if fault.status is not None:
        return refused(fault, template)
    response = await process()
    return lost(request) if fault.lost else response


def lost(request: web.Request) -> web.Response:
    """No answer: the connection is cut."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=502)
