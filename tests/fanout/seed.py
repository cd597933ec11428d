"""Fills a database with subscriptions that are due."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, Column, Integer

from bot.core.newsletter.schedule import Rhythm
from bot.core.subscriptions import SubscriptionState
from bot.store.database import Database
from bot.store.installations import Installation, Installations
from bot.store.tables import subscriptions
from bot.store.vault import Vault
from tests.fanout.places import PERSON, SLACK, Place, team, token

LATE = dt.timedelta(minutes=5)
"""How long ago the issue was due."""


async def seed(url: str, places: Iterable[Place], now: dt.datetime) -> int:
    """Let every place subscribe, with one issue due a little before `now`; how many there are.

    `url` is an address for `Database`; the tables are made where there are none.
    """
    rows = [_row(place, now) for place in places]
    database = Database(url)
    await database.open()
    try:
        await asyncio.to_thread(_put, database, rows)
    finally:
        await database.close()
    return len(rows)


async def install(url: str, workspaces: int, key: str, now: dt.datetime) -> None:
    """Let so many workspaces have the bot, with tokens that are sealed with this key."""
    database = Database(url)
    try:
        kept = Installations(database, Vault(key))
        for number in range(workspaces):
            await kept.save(Installation("", team(number), "U0BOT", token(number), now))
    finally:
        await database.close()


def _put(database: Database, rows: list[dict[str, Any]]) -> None:
    with database.engine.begin() as connection:
        connection.execute(subscriptions.insert(), rows)


def _row(place: Place, now: dt.datetime) -> dict[str, Any]:
    """A subscription; columns that are not named here are empty."""
    due = (now - LATE).astimezone(dt.UTC).replace(second=0, microsecond=0)
    empty = {one.name: _empty(one) for one in subscriptions.columns if not one.primary_key}
    return empty | {
        "platform": place.platform,
        "community": actors_community(place),
        "channel": place.channel,
        "person": person(place),
        "rhythm": Rhythm.WEEKLY.value,
        "weekday": due.weekday(),
        "time": f"{due:%H:%M}",
        "zone": "Etc/UTC",
        "anchor": due.date().isoformat(),
        "since": due - dt.timedelta(days=1),
        "state": SubscriptionState.ACTIVE.value,
        "next_at": due,
    }


def person(place: Place) -> str:
    """Who has set everything up there."""
    if place.platform == SLACK:
        return f"{actors_community(place)}/U{PERSON}"
    return f"{place.platform}:{PERSON}"


def actors_community(place: Place) -> str:
    """A server or workspace as the core's actors have it; a workspace is in no enterprise."""
    inside = f"/{place.community}" if place.platform == SLACK else place.community
    return f"{place.platform}:{inside}"


def _empty(column: Column[Any]) -> Any:
    if column.nullable:
        return None
    match column.type:
        case Boolean():
            return False
        case Integer():
            return 0
        case _:
            return ""
