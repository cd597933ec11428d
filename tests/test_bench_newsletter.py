"""What `make bench` measures of the newsletter: an issue for many channels, ours and a bare one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.discord.rest import RATE
from bot.store.database import database_url
from tests.bench import posting, sender
from tests.bench.fanned import Platform, Server, bare, fanned, message, ours
from tests.bench.measure import BenchError, fetch, told
from tests.bench.newsletter import at_best
from tests.bench.visited import visited
from tests.fanout.books import books
from tests.fanout.places import Layout
from tests.fanout.seed import seed
from tests.fanout.server import FanoutServer, Options
from tests.test_bench import known_keys

SMALL = Layout(discord=5, slack=6, workspaces=3)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with fanned(SMALL) as server:
        yield server


def test_an_issue_goes_to_every_channel_once_and_its_costs_are_told(server: Server) -> None:
    costs = ours(server)

    assert costs.sent == server.channels == 11
    assert costs.planning > 0
    assert costs.delivering > 0
    assert costs.seconds > 0
    assert costs.mebibytes > 20


def test_at_the_rates_of_the_platforms_it_takes_its_time(server: Server) -> None:
    assert ours(server, "--at-the-rates").seconds >= 0.6  # the second post of a workspace


@pytest.mark.parametrize("platform", Platform)
def test_a_bare_client_posts_to_every_channel_once(platform: Platform) -> None:
    with fanned(platform.layout(4)) as server, message(platform) as path:
        assert bare(server, platform, path)["cpu"] > 0


@pytest.mark.parametrize("platform", Platform)
async def test_a_bare_client_sends_the_message_that_we_send(
    platform: Platform, tmp_path: Path
) -> None:
    layout = Layout(*((1, 0) if platform is Platform.DISCORD else (0, 1)), workspaces=1)
    url = database_url(tmp_path, None)
    await seed(url, layout.places(), posting.DUE)
    async with FanoutServer(Options(layout)) as fanout:
        addresses = json.dumps(fanout.addresses())
        await sender.run(url, addresses, at_the_rates=False)
        with message(platform) as path:
            size = map(str, (layout.discord, layout.slack, layout.workspaces))
            arguments = (platform.name.lower(), addresses, str(path), *size)
            await asyncio.to_thread(told, "tests.bench.bare_posts", *arguments)
        [channel] = [place.channel for place in layout.places()]
        sent, by_the_bare = fanout.bodies(channel)

    sent.pop("nonce", None)
    assert known_keys(by_the_bare, sent) == sent


def test_posts_that_are_missing_are_no_measurement(server: Server) -> None:
    with pytest.raises(BenchError, match="0 posts to 11 channels"), server.one_post_each():
        pass


def test_at_best_the_slower_platform_counts() -> None:
    assert at_best(Layout(5_000, 5_000, 200)) == pytest.approx(5_000 / RATE)
    assert at_best(Layout(45, 500, 10)) == pytest.approx(30.0)


def test_visitors_come_while_an_issue_goes_out(tmp_path: Path) -> None:
    with visited(8) as bot:
        assert len(bot.discord.load(3).latencies_ms) == 3
        with pytest.raises(BenchError, match="too few to tell"):
            bot.meanwhile()
        fetch(f"{bot.slack.known['control']}/reached?requests=8&within=30")
        found = asyncio.run(books(database_url(bot.data, None)))

    assert len(found) == 16
