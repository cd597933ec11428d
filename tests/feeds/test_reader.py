"""A feed is read politely and within limits, and whatever goes wrong is a reason in words."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import os
import ssl
import zlib
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.core.feeds import FeedState
from bot.feeds.addresses import Guard
from bot.feeds.fetch import MOST_REDIRECTS, Limits
from bot.feeds.reader import Reader, Reading
from tests.fakes.feeds import FeedServer
from tests.feeds.samples import ATOM, NOW, RSS1, RSS2, a_feed, an_item, rss


async def read(reader: Reader, server: FeedServer, etag: str = "", modified: str = "") -> Reading:
    feed = a_feed(server.url())
    return await reader.read(feed, FeedState(feed.url, NOW, etag, modified), NOW)


async def failure(reader: Reader, server: FeedServer) -> str:
    reading = await read(reader, server)
    assert reading.entries == ()
    return reading.state.failed


@pytest.mark.parametrize(
    ("document", "links"),
    [
        (RSS2, ["https://news.example/vectors", "https://news.example/second"]),
        (ATOM, ["https://blog.example/posts/one"]),
        (RSS1, ["https://old.example/1"]),
    ],
    ids=["RSS 2.0", "Atom", "RSS 1.0"],
)
async def test_every_kind_of_feed_is_read(
    reader: Reader, server: FeedServer, document: str, links: list[str]
) -> None:
    server.serve(document)
    reading = await read(reader, server)
    assert reading.state == FeedState(server.url(), NOW)
    assert [entry.link for entry in reading.entries] == links


async def test_what_the_server_said_of_its_version_is_sent_back_and_nothing_is_read_again(
    reader: Reader, server: FeedServer
) -> None:
    modified = "Thu, 19 Nov 2026 07:00:00 GMT"
    server.serve(RSS2, ETag='W/"1"', Last_Modified=modified)
    first = await read(reader, server)
    assert (first.state.etag, first.state.modified) == ('W/"1"', modified)
    assert "If-None-Match" not in server.requests[0][1]

    server.serve("", status=304)
    second = await reader.read(a_feed(server.url()), first.state, NOW)
    assert second == Reading(first.state)
    _, headers = server.requests[1]
    assert headers["If-None-Match"] == 'W/"1"'
    assert headers["If-Modified-Since"] == modified


async def test_a_failure_keeps_what_is_known_of_the_version(
    reader: Reader, server: FeedServer
) -> None:
    server.serve("", status=500)
    reading = await read(reader, server, etag='"1"', modified="once")
    assert reading.state.etag == '"1"'
    assert reading.state.modified == "once"
    assert reading.state.failed == "the server answered with the status 500"


async def test_not_modified_without_being_asked_is_a_failure(
    reader: Reader, server: FeedServer
) -> None:
    server.serve("", status=304)
    assert await failure(reader, server) == "the server answered with the status 304"


@pytest.mark.parametrize("etag", ["x" * 201, "\xff"])
async def test_words_that_are_not_fit_to_be_sent_back_are_not_kept(
    reader: Reader, server: FeedServer, etag: str
) -> None:
    server.serve(RSS2, ETag=etag)
    reading = await read(reader, server)
    assert reading.state.etag == ""
    assert reading.entries


async def test_a_request_says_who_asks_and_gives_nothing_else_away(
    reader: Reader, server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given an environment with a proxy, and a server that sets a cookie and redirects."""
    async with FeedServer() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url(""))
        server.serve("", status=302, Location="/other", Set_Cookie="who=me")
        server.serve(RSS2, "/other")
        reading = await read(reader, server)
        assert proxy.requests == []

    assert reading.entries
    assert [path for path, _ in server.requests] == ["/feed", "/other"]
    for _, headers in server.requests:
        assert headers["User-Agent"].startswith("rolecall")
        assert not {"Cookie", "Authorization", "Referer"} & set(headers)


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_followed_and_links_are_relative_to_where_they_end(
    reader: Reader, server: FeedServer, status: int
) -> None:
    server.redirect("two", status=status)
    server.redirect(server.url("/three#part"), "/two", status=status)
    server.redirect("/deep/four", "/three", status=status)
    server.serve(rss(an_item(link="//news.example/x")), "/deep/four")
    reading = await read(reader, server)
    assert reading.state.url == server.url()
    assert reading.state.failed == ""
    assert [path for path, _ in server.requests] == ["/feed", "/two", "/three", "/deep/four"]


async def test_a_loop_ends_after_a_few_redirects(reader: Reader, server: FeedServer) -> None:
    server.redirect("/feed")
    assert await failure(reader, server) == "it is redirected more than 3 times"
    assert len(server.requests) == MOST_REDIRECTS + 1


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("https://127.0.0.2/", "its address is not public"),
        ("https://169.254.169.254/latest/meta-data/", "its address is not public"),
        ("https://[::ffff:10.1.2.3]/", "its address is not public"),
        ("https://localhost/", "its address is not public"),
        ("http://news.example/", "its address is not https"),
        ("file:///etc/passwd", "its address has no host"),
        ("gopher://news.example/", "its address is not https"),
        ("https://news.example:22/", "its port is not 443"),
        ("https://u:p@news.example/", "its address holds a name or a password"),
        ("https://[", "it is redirected to a malformed address"),
        ("", "it is redirected to nowhere"),
    ],
)
async def test_a_redirect_to_where_nobody_may_fetch_ends_there(
    reader: Reader, server: FeedServer, target: str, reason: str
) -> None:
    server.redirect(target)
    assert await failure(reader, server) == reason
    assert len(server.requests) == 1


async def test_a_redirect_to_another_port_of_the_machine_ends_there(
    reader: Reader, server: FeedServer
) -> None:
    async with FeedServer() as internal:
        server.redirect(internal.url())
        assert await failure(reader, server) == "its address is not https"
        assert internal.requests == []


# Limits


async def test_a_body_may_be_as_large_as_the_limit_and_no_larger(
    guard: Guard, server: FeedServer
) -> None:
    body = rss(an_item())
    server.serve(body)
    assert (await read(Reader(guard, Limits(size=len(body))), server)).entries
    smaller = Reader(guard, Limits(size=len(body) - 1))
    assert await failure(smaller, server) == f"it is larger than {len(body) - 1:,} bytes"


async def test_a_body_without_an_end_is_given_up(reader: Reader, server: FeedServer) -> None:
    over = asyncio.Event()

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/xml"})
        await response.prepare(request)
        try:
            while True:
                await response.write(b"<item>" * 10_000)
        except ConnectionError:
            over.set()
        return response

    server.answer(endless)
    assert await failure(reader, server) == "it is larger than 1,000,000 bytes"
    await asyncio.wait_for(over.wait(), 30)


@pytest.mark.parametrize("size", [0, 2**20, 2**26])
async def test_gzip_is_unpacked_up_to_the_limit(
    reader: Reader, server: FeedServer, size: int
) -> None:
    body = rss(an_item()).encode() + b" " * size
    server.serve(gzip.compress(body), Content_Encoding="gzip")
    if size:
        assert await failure(reader, server) == "it is larger than 1,000,000 bytes"
    else:
        assert (await read(reader, server)).entries
    assert server.requests[0][1]["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize(
    ("encoding", "body", "reason"),
    [
        ("gzip", gzip.compress(os.urandom(500))[:-60], "its compression is damaged"),
        ("gzip", b"no gzip", "its compression is damaged"),
        ("deflate", zlib.compress(b"x"), "it is compressed in a way that was not asked for"),
        ("br", b"x", "it is compressed in a way that was not asked for"),
        ("gzip, gzip", b"x", "it is compressed in a way that was not asked for"),
    ],
)
async def test_other_compression_is_a_failure(
    reader: Reader, server: FeedServer, encoding: str, body: bytes, reason: str
) -> None:
    server.serve(body, Content_Encoding=encoding)
    assert await failure(reader, server) == reason


@pytest.mark.parametrize("begun", [False, True], ids=["no answer", "a body that stops"])
async def test_a_slow_server_is_given_up(guard: Guard, server: FeedServer, begun: bool) -> None:
    gone, asked = asyncio.Event(), asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/xml"})
        if begun:
            await response.prepare(request)
            await response.write(b"<rss>")
        asked.set()
        await gone.wait()
        return response

    server.answer(slow)
    assert await failure(Reader(guard, Limits(seconds=0.2)), server) == (
        "it took longer than 0.2 seconds"
    )
    gone.set()


async def test_redirects_share_the_time(guard: Guard, server: FeedServer) -> None:
    gone = asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        await gone.wait()
        return web.Response()

    server.redirect("/slow")
    server.answer(slow, "/slow")
    assert "longer" in await failure(Reader(guard, Limits(seconds=0.2)), server)
    gone.set()


# What is no feed


@pytest.mark.parametrize(
    "kind",
    [
        "application/rss+xml",
        "application/atom+xml; charset=utf-8",
        "text/xml",
        "text/html",
        "text/plain; charset=nonsense",
        "application/octet-stream",
        "nonsense",
    ],
)
async def test_a_feed_may_be_served_as_nearly_anything(
    reader: Reader, server: FeedServer, kind: str
) -> None:
    server.serve(RSS2, kind=kind)
    assert len((await read(reader, server)).entries) == 2


@pytest.mark.parametrize("kind", ["image/png", "video/mp4", "application/pdf", "application/json"])
async def test_what_is_served_as_something_else_is_not_read(
    reader: Reader, server: FeedServer, kind: str
) -> None:
    server.serve(RSS2, kind=kind)
    assert await failure(reader, server) == "it is served as something else than a feed"


@pytest.mark.parametrize(
    "body", ["", " ", "<html><body><p>Hello</p></body></html>", "{}", "\0\0\0", "/etc/passwd"]
)
async def test_what_is_no_feed_is_a_failure(reader: Reader, server: FeedServer, body: str) -> None:
    server.serve(body)
    assert await failure(reader, server) == "it is no RSS or Atom"


async def test_a_page_that_is_not_there_is_a_failure(reader: Reader, server: FeedServer) -> None:
    assert await failure(reader, server) == "the server answered with the status 404"


async def test_a_server_that_does_not_speak_is_a_failure(
    reader: Reader, server: FeedServer
) -> None:
    async def hang_up(request: web.Request) -> web.StreamResponse:
        assert request.transport
        request.transport.abort()
        return web.Response()

    server.answer(hang_up)
    assert "the connection failed" in await failure(reader, server)


async def test_a_host_that_nobody_serves_is_a_failure(guard: Guard) -> None:
    reader = Reader(Guard([("127.0.0.1", 1)]))
    feed = a_feed("http://127.0.0.1:1/feed")
    reading = await reader.read(feed, FeedState(feed.url, NOW), NOW)
    assert "the connection failed" in reading.state.failed


async def test_a_certificate_that_nobody_vouches_for_is_a_failure(tmp_path: Path) -> None:
    async with FeedServer(a_context_of_its_own(tmp_path)) as server:
        server.serve(RSS2)
        reader = Reader(Guard([server.endpoint]))
        assert await failure(reader, server) == "its certificate is not valid"
        assert server.requests == []


def a_context_of_its_own(directory: Path) -> ssl.SSLContext:
    """TLS with a certificate that the server signed for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "news.example")])
    today = dt.datetime.now(dt.UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(here, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    form, none = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file = directory / "server.pem"
    file.write_bytes(key.private_bytes(pem, form, none) + made.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


async def test_the_bots_own_reader_does_not_reach_the_machine_it_runs_on(
    server: FeedServer,
) -> None:
    server.serve(RSS2)
    assert await failure(Reader(), server) == "its address is not https"
    assert server.requests == []
