"""Requests that the bot makes by itself: at an even pace, and once more where a line broke."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import aiohttp
import discord

from bot.adapters.discord.failures import FAILURES, REFUSALS, StoppedError, meaning_of
from bot.adapters.discord.underway import UnderWay
from bot.adapters.pace import Pace
from bot.core.messenger import Delivery

RATE = 45.0
"""Requests a second; Discord takes 50 of the whole bot."""

BURST = 5
"""Requests that need not wait after a rest: with `RATE`, never more than 50 in a second."""

PUBLISH_WITHIN = 10.0
"""Seconds until a message that is still not published is left to the channel's people."""

T = TypeVar("T")


class Rest:
    """Discord's REST interface through a client. To be made inside an event loop.

    With a `rate` of None nothing waits for its turn; `publish_within` is in seconds.
    """

    def __init__(
        self,
        client: discord.Client,
        rate: float | None = RATE,
        publish_within: float = PUBLISH_WITHIN,
    ) -> None:
        self.client = client
        self.publish_within = publish_within
        self.under_way = UnderWay()
        self._pace = Pace(rate, BURST)
        self._requests: set[asyncio.Future[Any]] = set()

    async def ask(self, request: Callable[[], Awaitable[T]], within: float | None = None) -> T:
        """Make a request when its turn has come; its answer.

        Whoever stops waiting does not stop the request: discord.py, cancelled while it sits out a
        rate limit of the whole bot, would never let another request pass.

        Raises:
            TimeoutError: if there is no answer `within` seconds.
            StoppedError: if the client is closed.
            discord.DiscordException, aiohttp.ClientError, OSError, ValueError: see `failures`.
        """
        await self._pace.turn()
        if self.client.is_closed():
            raise StoppedError
        made = asyncio.ensure_future(request())
        self._requests.add(made)
        made.add_done_callback(self._requests.discard)
        try:
            async with asyncio.timeout(within):
                return await asyncio.shield(made)
        except RuntimeError:  # as aiohttp calls it when its session was closed meanwhile
            if self.client.is_closed():
                raise StoppedError from None
            raise

    async def ask_twice(self, request: Callable[[], Awaitable[T]]) -> T:
        """Make a request, and again where the connection broke; its answer.

        By its nonce Discord knows a message that came. Raises as `ask` does; the first failure,
        where that one may have been heard and the second says nothing of it.
        """
        try:
            return await self.ask(request)
        except aiohttp.ClientConnectionError as error:
            first = error
        try:
            return await self.ask(request)
        except FAILURES as second:
            heard = meaning_of(first).delivery is Delivery.DOUBT
            if heard and meaning_of(second).delivery not in REFUSALS:
                raise first from second
            raise

    async def close(self) -> None:
        """Give up the requests that are still waiting; the client must be closed before."""
        left = tuple(self._requests)
        for request in left:
            request.cancel()
        await asyncio.gather(*left, return_exceptions=True)
