"""An issue of the newsletter for many channels: how soon all have it, and what that takes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bot.adapters.discord.rest import RATE
from bot.adapters.slack.messenger import RATES
from tests.bench import visited
from tests.bench.effort import Effort
from tests.bench.fanned import WORKSPACES, Platform, Server, bare, fanned, message, ours
from tests.bench.measure import BenchError, in_turns
from tests.bench.table import Least, Most, Row, Unit
from tests.fanout.places import Layout

FEW = 1_000
"""Channels for which it may take as much memory as for many."""

AGAINST = {
    Platform.DISCORD: "discord.py with a fixed view that is made once, 32 posts at a time",
    Platform.SLACK: "`AsyncWebClient` on one session, all workspaces at a time",
}


def measure(effort: Effort) -> list[Row]:
    """Time, CPU time and memory, and how visitors fare meanwhile."""
    return [
        _at_the_rates(effort.paced),
        *_as_fast_as_it_goes(Platform.DISCORD, effort),
        *_as_fast_as_it_goes(Platform.SLACK, effort),
        _memory(effort.channels),
        *visited.measure(effort),
    ]


def _at_the_rates(channels: int) -> Row:
    """The time until all have it; so many channels of each platform."""
    layout = Layout(channels, channels, WORKSPACES)
    with fanned(layout) as server:
        costs = ours(server, "--at-the-rates")
    where = f"half of them on Discord, half in {WORKSPACES} workspaces of Slack"
    return Row(
        f"An issue for {2 * channels:,} channels, {where} (bare: what their limits allow)",
        costs.seconds,
        Unit.SECONDS,
        at_best(layout),
        Most(1.05),
    )


def at_best(layout: Layout) -> float:
    """The seconds that it takes at the rates that we keep to, when nothing else does."""
    if RATES.workspace is None:
        raise BenchError("Slack has no rate")
    in_a_workspace = layout.slack / layout.workspaces
    return max(layout.discord / RATE, in_a_workspace / RATES.workspace)


def _as_fast_as_it_goes(platform: Platform, effort: Effort) -> Iterator[Row]:
    """CPU time on one platform, without its limits."""
    with fanned(platform.layout(effort.posts)) as server, message(platform) as path:
        found = in_turns(
            effort.issues,
            {"ours": partial(_one_issue, server), "bare": partial(bare, server, platform, path)},
        )
    mine, milliseconds = found["ours"], Unit.MILLISECONDS
    what = f"{platform.value}, a post of an issue for {effort.posts:,} channels"
    yield Row(
        f"{what}, CPU time (bare: {AGAINST[platform]})",
        mine["cpu"],
        milliseconds,
        found["bare"]["cpu"],
        Most(1.5),
    )
    yield Row(f"{what}, CPU time of planning it", mine["planning"], milliseconds)
    yield Row(f"{what}, on one core, SQLite", mine["posts"], Unit.A_SECOND, target=Least(500))


def _one_issue(server: Server) -> dict[str, float]:
    """Milliseconds of CPU time of a post, and how many make a second of it."""
    costs = ours(server)
    seconds = (costs.planning + costs.delivering) / costs.sent
    planning = costs.planning / costs.sent
    return {"cpu": seconds * 1000, "planning": planning * 1000, "posts": 1 / seconds}


def _memory(channels: int) -> Row:
    """The most memory that was in use, as fast as it goes."""
    most = []
    for number in (channels, FEW):
        with fanned(Layout(number // 2, number // 2, WORKSPACES)) as server:
            most.append(ours(server).mebibytes)
    many, few = most
    return Row(
        f"Memory for an issue for {channels:,} channels, half of them on Discord "
        f"(bare: for {FEW:,})",
        many,
        Unit.MEBIBYTES,
        few,
        Most(1.1),
    )
