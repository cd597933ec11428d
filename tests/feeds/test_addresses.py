"""Only the public internet is fetched from, whatever names, redirects and resolvers say."""

from __future__ import annotations

import socket

import pytest
from aiohttp import ClientConnectorError, ClientSession, InvalidURL
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.feeds.addresses import Guard, RefusedError, is_public
from tests.fakes.feeds import FeedServer


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "93.184.216.34",
        "172.15.255.255",
        "172.32.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "2606:4700:4700::1111",
        "2a00:1450:4001:81b::200e",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2002:808:808::1",
    ],
)
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:0:127.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1.1.1.1",
        "100::1",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:c0a8:101::1",
        "2002:e000:1::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456:789a::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "",
        "localhost",
        "127.1",
        "0x7f.0.0.1",
        "2130706433",
    ],
)
def test_no_other_address_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/feed",
        "https://news.example:443/feed",
        "https://1.1.1.1/feed",
        "https://[2606:4700:4700::1111]/feed",
    ],
)
def test_https_on_its_port_may_be_fetched(url: str) -> None:
    Guard().check_url(url)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://news.example/feed", "not https"),
        ("ftp://news.example/feed", "not https"),
        ("file:///etc/passwd", "no host"),
        ("//news.example/feed", "not https"),
        ("https:///feed", "no host"),
        ("https://news.example:8443/feed", "port is not 443"),
        ("https://news.example:0/feed", "port is not 443"),
        ("https://news.example:99999/feed", "malformed"),
        ("https://[::1/feed", "malformed"),
        ("https://me:secret@news.example/feed", "name or a password"),
        ("https://@news.example/feed", "name or a password"),
        ("https://127.0.0.1/feed", "not public"),
        ("https://169.254.169.254/latest/meta-data", "not public"),
        ("https://[::1]/feed", "not public"),
        ("https://[::ffff:10.0.0.1]/feed", "not public"),
        ("https://[fe80::1%25eth0]/feed", "not public"),
    ],
)
def test_nothing_else_may_be_fetched(url: str, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        Guard().check_url(url)


def test_an_exception_is_one_address_and_one_port() -> None:
    guard = Guard([("127.0.0.1", 8081)])
    guard.check_url("http://127.0.0.1:8081/feed")
    guard.check_endpoint("127.0.0.1", 8081)
    for url in ("http://127.0.0.1:8082/", "http://127.0.0.2:8081/", "http://localhost:8081/"):
        with pytest.raises(RefusedError):
            guard.check_url(url)
    for endpoint in (("127.0.0.1", 443), ("127.0.0.2", 8081), ("1.1.1.1", 8081)):
        with pytest.raises(RefusedError):
            guard.check_endpoint(*endpoint)


class Resolver(AbstractResolver):
    """Finds every host where a test says, another place each time."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        address = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [
            ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=0)
        ]

    async def close(self) -> None:
        """There is nothing to close."""


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.1", "::ffff:127.0.0.1"])
async def test_a_name_that_leads_inwards_is_not_connected_to(
    server: FeedServer, address: str
) -> None:
    """Given a public name whose address is an internal one, as rebinding makes it."""
    resolver = Resolver(address)
    async with ClientSession(connector=Guard().connector(resolver)) as session:
        with pytest.raises(ClientConnectorError) as caught:
            await session.get(f"http://news.example:{server.port}/feed")

    assert isinstance(caught.value.__cause__, RefusedError)
    assert server.requests == []
    assert resolver.asked


async def test_a_name_is_judged_anew_by_each_connection(server: FeedServer) -> None:
    """Given a name that was good the first time and then leads elsewhere."""
    resolver = Resolver("127.0.0.1", "127.0.0.2")
    server.serve("fine")
    connector = Guard([server.endpoint]).connector(resolver)
    async with ClientSession(connector=connector) as session:
        url = f"http://news.example:{server.port}/feed"
        async with session.get(url, headers={"Connection": "close"}) as response:
            assert await response.text() == "fine"
        with pytest.raises(ClientConnectorError) as caught:
            await session.get(url)

    assert isinstance(caught.value.__cause__, RefusedError)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "0x7f.0.0.1", "2130706433", "localhost", "[::ffff:127.0.0.1]"]
)
async def test_however_the_machine_itself_is_written_it_is_not_connected_to(
    server: FeedServer, host: str
) -> None:
    async with ClientSession(connector=Guard().connector()) as session:
        with pytest.raises((ClientConnectorError, InvalidURL)) as caught:
            await session.get(f"http://{host}:{server.port}/feed")

    if isinstance(caught.value, ClientConnectorError):
        assert isinstance(caught.value.__cause__, OSError)
        assert "its address is not public" in str(caught.value.__cause__)
    assert server.requests == []
