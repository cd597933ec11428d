"""Sending an issue by hand, and seeing how far it has come.

The running bot delivers; what is done here is to let the issue wait for its channels, and to look.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.adapters.errors import AdapterError
from bot.app import make_adapters, make_dispatcher, make_store
from bot.core.content.issues import FOLDER
from bot.core.content.loader import load_draft
from bot.core.content.newsletter import WrittenIssue
from bot.core.desk import utc_now
from bot.core.messenger import Delivery
from bot.core.newsletter.issue import from_written, view
from bot.core.ports import Unit
from bot.core.subscribing.publishing import publish_some
from bot.core.subscriptions import FINAL, DeliveryState, Place, Tally
from bot.core.views import View
from bot.settings import Settings
from bot.store.database import Database

LOOK_EVERY = 1.0
"""Seconds between two looks at how far an issue has come."""

PATIENCE = 60
"""Looks without any change, before one asks whether the bot is running."""

LATEST = 10
"""Issues that are listed where none is named."""

_TO = re.compile(r"(discord|slack):([A-Z0-9]+/)?([A-Za-z0-9]+)")


def publish(settings: Settings, file: Path, to: str | None) -> str:
    """Send an issue, to one channel `to` or to all that want it; what there is to say in the end.

    Raises:
        ContentError: if the content or the issue has mistakes.
        AdapterError, StoreError: if the platform or the database fails.
        typer.BadParameter: if it cannot be sent like this.
    """
    issue, content = load_draft(settings.content_dir, file)
    if to is not None:
        return asyncio.run(_sent(settings, to, view(from_written(issue, content))))
    folder = settings.content_dir / FOLDER
    if file.resolve().parent != folder.resolve():
        raise typer.BadParameter(f"the bot reads issues in {folder} only", param_hint="FILE")
    try:
        return asyncio.run(_published(settings, issue))
    except KeyboardInterrupt:
        return f"It goes on by itself: rolecall newsletter status {issue.id}"


def status(settings: Settings, issue: str | None) -> str:
    """What became of an issue, by platform, or of the latest ones.

    Raises:
        StoreError: if the database fails.
        typer.BadParameter: if there is no such issue.
    """
    return asyncio.run(_status(settings, issue))


async def _status(settings: Settings, issue: str | None) -> str:
    store = make_store(settings)
    try:
        keys = (issue,) if issue else await store.read(lambda unit: unit.newsletters.latest(LATEST))
        found = [(key, await _tally(store, key)) for key in keys]
    finally:
        await store.close()
    if issue is not None and not found[0][1]:
        raise typer.BadParameter("no channel had such an issue", param_hint="ID")
    return "\n\n".join(_told(key, tally) for key, tally in found) or "No issue went out yet."


async def _tally(store: Database, issue: str) -> tuple[Tally, ...]:
    return await store.read(lambda unit: unit.newsletters.tally(issue))


def _told(issue: str, tally: Sequence[Tally]) -> str:
    lines = [
        f"  {one.count:>7,}  {one.platform}: {one.state}{f', {one.reason}' if one.reason else ''}"
        for one in tally
    ]
    return "\n".join([issue, *lines])


async def _sent(settings: Settings, to: str, shown: View) -> str:
    """Post to one channel by this process, which listens to nothing."""
    place = _test_place(to)
    store = make_store(settings)
    adapters = make_adapters(settings, make_dispatcher(settings, store), store)
    adapter = next((one for one in adapters if one.name == place.platform), None)
    if adapter is None:
        raise typer.BadParameter(f"{place.platform} is not configured", param_hint="--to")
    try:
        await adapter.start(listen=False)
        receipt = await adapter.post(place, shown, f"test {secrets.token_hex(8)}")
    finally:
        await adapter.stop()
        await store.close()
    if receipt.delivery is not Delivery.SENT:
        raise AdapterError(f"Not sent to {to}: {receipt.note or receipt.delivery}")
    return f"Sent to {to}. {receipt.note}".rstrip()


def _test_place(to: str) -> Place:
    found = _TO.fullmatch(to)
    if found is None:
        wrong = "give a platform and a channel: discord:123456, slack:C123 or slack:T123/C123"
        raise typer.BadParameter(wrong, param_hint="--to")
    platform, team, channel = found.groups()
    return Place(platform, f"{platform}:/{team[:-1]}" if team else "", channel)


async def _published(settings: Settings, issue: WrittenIssue) -> str:
    store = make_store(settings)
    try:
        count = 0
        after: int | None = 0
        while after is not None:
            planned, after = await store.write(_publishing(issue, after, utc_now()))
            count += planned
        if count == 0:
            return "No channel gets it: each had it, or an issue today, or wants other topics."
        await _watch(store, issue.id)
        return _told(issue.id, await _tally(store, issue.id))
    finally:
        await store.close()


def _publishing(
    issue: WrittenIssue, after: int, now: dt.datetime
) -> Callable[[Unit], tuple[int, int | None]]:
    return lambda unit: publish_some(unit, issue, after, now)


async def _watch(store: Database, issue: str) -> None:
    """Show how far the bot has come, until nothing of it waits any more."""
    bar = Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with bar:
        task = bar.add_task(issue)
        last, looks = Counter[DeliveryState](), 0
        while True:
            found = _states(await _tally(store, issue))
            done = sum(found[state] for state in FINAL)
            bar.update(task, completed=done, total=found.total())
            if done == found.total():
                break
            looks = looks + 1 if found == last else 0
            if looks == PATIENCE:
                bar.console.print("Nothing has moved for a while. Is the bot running?")
            last = found
            await asyncio.sleep(LOOK_EVERY)


def _states(tally: Sequence[Tally]) -> Counter[DeliveryState]:
    found = Counter[DeliveryState]()
    for one in tally:
        found[one.state] += one.count
    return found
