"""A Slack without anything wrong in it, and the bot in it over HTTP and over Socket Mode."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.core.dispatch import Dispatcher
from tests.adapters.slack.running import Bot, running
from tests.fakes.slack.server import SlackServer


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    """A Slack that has found nothing wrong with the bot at the end of the test."""
    async with SlackServer() as server:
        yield server
        assert server.violations == []
        assert server.unrouted == []


@pytest.fixture(params=["http", "socket"])
async def bot(
    request: pytest.FixtureRequest, slack: SlackServer, dispatcher: Dispatcher
) -> AsyncIterator[Bot]:
    """The bot, once behind signed HTTP requests and once behind Socket Mode."""
    async with running(slack, dispatcher, request.param) as started:
        yield started


@pytest.fixture
async def http_bot(slack: SlackServer, dispatcher: Dispatcher) -> AsyncIterator[Bot]:
    """The bot where the transport makes no difference."""
    async with running(slack, dispatcher) as started:
        yield started
