"""Which addresses may be fetched from: public ones over https, and no other.

A name is resolved only once, when a connection is made, and what is checked is the very address
that the socket is about to connect to. So neither a name that points inwards nor one that changes
its mind gets anywhere.
"""

from __future__ import annotations

import socket
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import TypeAlias
from urllib.parse import urlsplit

from aiohttp import AddrInfoType, TCPConnector
from aiohttp.abc import AbstractResolver

Endpoint: TypeAlias = tuple[str, int]
"""An address, as a number, and a port."""

PORT = 443

_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_CLOSED = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",  # shared by the customers of a provider
            "127.0.0.0/8",
            "169.254.0.0/16",  # the link, and metadata of cloud machines
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",  # relays for 6to4
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "2001::/23",  # Teredo and other protocols
            "2001:db8::/32",
            "3fff::/20",
        ),
    )
)
"""Python's own list differs from version to version, so both count."""


class RefusedError(OSError):
    """An address that may not be fetched from; the message says why, in words."""


def is_public(address: str) -> bool:
    """Whether a numeric address is one of the public internet's.

    IPv6 addresses that stand for an IPv4 address are judged by that one. What is no address at all
    is not public.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    inner = found if isinstance(found, IPv4Address) else _embedded(found)
    if inner is not None:
        return _is_open(inner)
    return isinstance(found, IPv6Address) and found in _UNICAST and _is_open(found)


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address leads to: mapped, NAT64 or 6to4."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _is_open(address: IPv4Address | IPv6Address) -> bool:
    return (
        address.is_global
        and not address.is_multicast
        and not any(address.version == net.version and address in net for net in _CLOSED)
    )


@dataclass(frozen=True, slots=True)
class Guard:
    """Decides what may be fetched.

    `exceptions` are endpoints that may be reached although they are not public, also over plain
    http; the bot has none, its tests have those of their servers.
    """

    exceptions: Collection[Endpoint] = ()

    def check_url(self, url: str) -> None:
        """Look at an address before it is fetched.

        Raises:
            RefusedError: unless it is https on the usual port, with a host and without a user.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise RefusedError("its address is malformed") from None
        if not host:
            raise RefusedError("its address has no host")
        if parts.username is not None or parts.password is not None:
            raise RefusedError("its address holds a name or a password")
        if parts.scheme in {"http", "https"} and (host, port) in self.exceptions:
            return
        if parts.scheme != "https":
            raise RefusedError("its address is not https")
        if port not in {None, PORT}:
            raise RefusedError(f"its port is not {PORT}")
        if _is_numeric(host) and not is_public(host):
            raise RefusedError("its address is not public")

    def check_endpoint(self, address: str, port: int) -> None:
        """Look at what a socket is about to connect to.

        Raises:
            RefusedError: unless the address is public, and the port the usual one.
        """
        if (address, port) in self.exceptions:
            return
        if not is_public(address):
            raise RefusedError("its address is not public")
        if port != PORT:
            raise RefusedError(f"its port is not {PORT}")

    def connector(self, resolver: AbstractResolver | None = None) -> TCPConnector:
        """Connections that only go where the guard lets them; `resolver` is for tests."""
        return TCPConnector(resolver=resolver, socket_factory=self._socket, use_dns_cache=False)

    def _socket(self, info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, address = info
        self.check_endpoint(str(address[0]), int(address[1]))
        return socket.socket(family, kind, protocol)


def _is_numeric(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
