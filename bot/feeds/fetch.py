"""One conditional request for a document: redirects are followed by hand, every size is bounded."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeAlias
from urllib.parse import urldefrag, urljoin

from aiohttp import (
    ClientConnectorCertificateError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
)
from aiohttp.abc import AbstractResolver

from bot.feeds.addresses import Guard, RefusedError

MOST_REDIRECTS = 3
"""More than these are not followed."""

MOST_WORDS = 200
"""Characters of an ETag or Last-Modified that are kept; longer ones are not."""

_CHUNK = 65_536
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS = {
    "User-Agent": "rolecall (feeds for a newsletter)",
    "Accept": "application/atom+xml, application/rss+xml, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
    "Accept-Encoding": "gzip",
}
_NO_FEEDS = ("image/", "audio/", "video/", "font/", "application/pdf", "application/json")
"""How types begin that no feed has. All others are tried: feeds are served as nearly anything."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document: its bytes, its address after all redirects, and what its headers say of it."""

    body: bytes
    url: str
    charset: str
    etag: str
    modified: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The server says that nothing has changed since the last time."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Nothing was read; `reason` says why in a few words, fit for a log and for people."""

    reason: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How long fetching may take in all, in seconds, and how large a document may be, in bytes."""

    seconds: float = 10.0
    size: int = 1_000_000


class _DamagedError(ValueError):
    """A body that cannot be unpacked; the message says so in words."""


Outcome: TypeAlias = Fetched | Unchanged | Failed


async def fetch(
    url: str,
    guard: Guard,
    limits: Limits,
    known: Mapping[str, str],
    resolver: AbstractResolver | None = None,
) -> Outcome:
    """The document at an address.

    Args:
        url: Where it is.
        guard: What may be fetched; every redirect has to pass it too.
        limits: How long, and how large.
        known: The headers `If-None-Match` and `If-Modified-Since`, where there is something to say.
        resolver: Finds hosts by their names, in tests.
    """
    try:
        async with (
            asyncio.timeout(limits.seconds),
            ClientSession(
                connector=guard.connector(resolver),
                cookie_jar=DummyCookieJar(),
                headers=_HEADERS,
                timeout=ClientTimeout(),  # the time in all is what counts
                auto_decompress=False,
                trust_env=False,
            ) as session,
        ):
            return await _follow(session, url, guard, limits, known)
    except TimeoutError:
        return Failed(f"it took longer than {limits.seconds:g} seconds")
    except (RefusedError, _DamagedError) as error:
        return Failed(str(error))
    except (ClientError, OSError, ValueError) as error:
        return Failed(_in_words(error))


async def _follow(
    session: ClientSession, url: str, guard: Guard, limits: Limits, known: Mapping[str, str]
) -> Outcome:
    for _ in range(MOST_REDIRECTS + 1):
        guard.check_url(url)
        async with session.get(url, headers=known, allow_redirects=False) as response:
            if response.status not in _REDIRECTS:
                return await _read(response, url, limits.size, asked=bool(known))
            target = response.headers.get("Location")
        if not target:
            return Failed("it is redirected to nowhere")
        try:
            url = urldefrag(urljoin(url, target)).url
        except ValueError:
            return Failed("it is redirected to a malformed address")
    return Failed(f"it is redirected more than {MOST_REDIRECTS} times")


async def _read(response: ClientResponse, url: str, size: int, *, asked: bool) -> Outcome:
    if response.status == HTTPStatus.NOT_MODIFIED and asked:
        return Unchanged()
    if response.status != HTTPStatus.OK:
        return Failed(f"the server answered with the status {response.status}")
    if response.content_type.startswith(_NO_FEEDS):
        return Failed("it is served as something else than a feed")
    packed = await _at_most(response, size)
    if packed is None:
        return Failed(f"it is larger than {size:,} bytes")
    match response.headers.get("Content-Encoding", "identity").strip().lower():
        case "" | "identity":
            body: bytes | None = packed
        case "gzip" | "x-gzip":
            body = _unpacked(packed, size)
        case _:
            return Failed("it is compressed in a way that was not asked for")
    if body is None:
        return Failed(f"it is larger than {size:,} bytes")
    etag, modified = (_kept(response, name) for name in ("ETag", "Last-Modified"))
    return Fetched(body, url, response.charset or "", etag, modified)


async def _at_most(response: ClientResponse, size: int) -> bytes | None:
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > size:
            return None
    return bytes(body)


def _unpacked(packed: bytes, size: int) -> bytes | None:
    """What gzip packed; None if it is larger than `size`, and then no more is unpacked."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        body = unpacker.decompress(packed, size + 1)
    except zlib.error:
        raise _DamagedError("its compression is damaged") from None
    if len(body) > size:
        return None
    if not unpacker.eof:
        raise _DamagedError("its compression is damaged")
    return body


def _kept(response: ClientResponse, name: str) -> str:
    """A header to be sent back the next time, if it is fit for that."""
    value = response.headers.get(name, "")
    return value if len(value) <= MOST_WORDS and value.isascii() and value.isprintable() else ""


def _in_words(error: Exception) -> str:
    """Why fetching failed, without anything that the server said."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, RefusedError):
            return str(cause)
        cause = cause.__cause__
    if isinstance(error, ClientConnectorCertificateError):
        return "its certificate is not valid"
    return f"the connection failed ({type(error).__name__})"
