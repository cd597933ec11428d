"""An issue for all channels of the fan-out's server: sent by us, and by bare clients."""

from __future__ import annotations

import asyncio
import contextlib
import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, assert_never

from bot.adapters.discord import pages as discord_pages
from bot.adapters.slack import pages as slack_pages
from bot.app import make_dispatcher
from bot.core.subscribing.shelf import shelf_of
from bot.core.views import View
from bot.settings import read_settings
from bot.store.database import database_url
from tests.bench import posting
from tests.bench.measure import BenchError, ask, fetch, running, told
from tests.bench.sender import Costs
from tests.fanout.places import Layout
from tests.fanout.seed import seed

WORKSPACES = 200
"""Workspaces of Slack, which all channels there are spread over."""

PATIENCE = 3600.0
"""Seconds that an issue has to go out."""


class Platform(Enum):
    """Where an issue goes."""

    DISCORD = "Discord"
    SLACK = "Slack"

    def layout(self, channels: int) -> Layout:
        """So many channels there, and none elsewhere."""
        here = self is Platform.DISCORD
        return Layout(channels if here else 0, 0 if here else channels, WORKSPACES)


@dataclass(frozen=True, slots=True)
class Server:
    """The server of the fan-out: its channels, and what it said when it was up."""

    layout: Layout
    known: Mapping[str, Any]

    @property
    def channels(self) -> int:
        """How many there are."""
        return self.layout.discord + self.layout.slack

    def requests(self) -> int:
        """How many there were so far."""
        return int(ask(f"{self.known['control']}/reached?requests=0&within=0")["requests"])

    @contextlib.contextmanager
    def one_post_each(self) -> Iterator[None]:
        """Raises BenchError unless as many requests come meanwhile as there are channels."""
        fetch(f"{self.known['control']}/reset", b"")
        before = self.requests()
        yield
        came = self.requests() - before
        if came != self.channels:
            raise BenchError(f"{came} posts to {self.channels} channels: they cannot be compared")


@contextlib.contextmanager
def fanned(layout: Layout) -> Iterator[Server]:
    """A server that forgets what the messages were."""
    size = {
        "--discord": layout.discord,
        "--slack": layout.slack,
        "--workspaces": layout.workspaces,
    }
    arguments = [str(word) for pair in size.items() for word in pair]
    with running("tests.fanout.server", *arguments, "--forget-bodies") as program:
        yield Server(layout, program.first_line())


def ours(server: Server, *options: str) -> Costs:
    """What it took us to send the issue to all channels, with a new database.

    Raises BenchError unless each got it once, and we know.
    """
    with tempfile.TemporaryDirectory() as folder:
        url = database_url(Path(folder), None)
        asyncio.run(seed(url, server.layout.places(), posting.DUE))
        arguments = (url, json.dumps(server.known), *options)
        with server.one_post_each():
            costs = Costs(**told("tests.bench.sender", *arguments, within=PATIENCE))
    if costs.sent != server.channels:
        raise BenchError(f"{costs.sent} of {server.channels} channels got the issue")
    return costs


def bare(server: Server, platform: Platform, message: Path) -> dict[str, float]:
    """CPU time of a post by the client library alone, in milliseconds.

    Raises BenchError unless each channel got one.
    """
    layout = server.layout
    size = [str(number) for number in (layout.discord, layout.slack, layout.workspaces)]
    arguments = (platform.name.lower(), json.dumps(server.known), str(message), *size)
    with server.one_post_each():
        found = told("tests.bench.bare_posts", *arguments, within=PATIENCE)
    return {"cpu": found["cpu"] / server.channels * 1000}


@contextlib.contextmanager
def message(platform: Platform) -> Iterator[Path]:
    """A file with the issue, as it goes to a platform. Raises BenchError if it is not one page."""
    view = _issue()
    match platform:
        case Platform.DISCORD:
            made = [{"components": page.to_components()} for page in discord_pages.pages(view)]
        case Platform.SLACK:
            made = [slack_pages.posted(page) for page in slack_pages.pages(view)]
        case _:
            assert_never(platform)
    if len(made) != 1:
        raise BenchError(f"the issue has {len(made)} pages on {platform.value}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "message.json"
        path.write_text(json.dumps(made[0]), encoding="utf-8")
        yield path


def _issue() -> View:
    shelf = shelf_of(make_dispatcher(read_settings()).catalogue.content)
    found = shelf.written(posting.ISSUE)
    if found is None:
        raise BenchError(f"there is no issue {posting.ISSUE}")
    return found.posted
