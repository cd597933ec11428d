"""A server of feeds, and a reader that may reach it and nothing else that is not public."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.feeds.addresses import Guard
from bot.feeds.reader import Reader
from tests.fakes.feeds import FeedServer


@pytest_asyncio.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer() as made:
        yield made


@pytest.fixture
def guard(server: FeedServer) -> Guard:
    return Guard((server.endpoint,))


@pytest.fixture
def reader(guard: Guard) -> Reader:
    return Reader(guard)
