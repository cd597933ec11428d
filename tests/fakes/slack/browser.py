"""Somebody's browser, on the bot's pages: links, redirects and cookies, and no JavaScript."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import aiohttp

from tests.fakes.slack.tokens import Tokens
from tests.fakes.slack.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Page:
    """What came back; `location` is where the browser is sent."""

    url: str
    status: int
    text: str
    location: str
    headers: dict[str, str] = field(repr=False)

    @property
    def links(self) -> dict[str, str]:
        """Where each link goes, by its words."""
        found = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>([^<]*)</a>', self.text)
        return {words: urljoin(self.url, html.unescape(address)) for address, words in found}


class Browser:
    """Keeps the cookies of one site, as over TLS."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.cookies: dict[str, str] = {}

    async def get(self, address: str) -> Page:
        """Open an address, without following where it sends one."""
        url = urljoin(self.site, address)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        kept: Any = aiohttp.DummyCookieJar()
        async with (
            aiohttp.ClientSession(cookie_jar=kept) as session,
            session.get(url, headers={"Cookie": cookie}, allow_redirects=False) as response,
        ):
            for name, morsel in response.cookies.items():
                self.cookies[name] = morsel.value
                if morsel["max-age"] == "0" or not morsel.value:
                    del self.cookies[name]
            location = response.headers.get("Location", "")
            return Page(
                url, response.status, await response.text(), location, dict(response.headers)
            )

    async def to_slack(self) -> str:
        """From the first page to Slack's; its address."""
        page = await self.get("/slack/install")
        return (await self.get(page.links["Add to Slack"])).location

    async def install(self, tokens: Tokens, workspaces: Sequence[Workspace]) -> Page:
        """All the way to Slack, where somebody agrees, and back."""
        return await self.get(tokens.consent(await self.to_slack(), workspaces))
