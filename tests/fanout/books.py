"""What a database says became of an issue, channel by channel."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from sqlalchemy import func, select

from bot.core.subscriptions import DeliveryState
from bot.store.database import Database
from bot.store.tables import IS_SENDING, deliveries, subscriptions

PAUSE = 0.2
"""Seconds between two looks."""

FINAL = frozenset({DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.DOUBT})


@dataclass(frozen=True, slots=True)
class Record:
    """A delivery, as the database has it."""

    state: DeliveryState
    reason: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Books:
    """What the database says about a channel that subscribes: all of its deliveries."""

    platform: str
    community: str
    channel: str
    deliveries: tuple[Record, ...]

    @property
    def is_settled(self) -> bool:
        """Whether there was an issue, and it has come to its end."""
        return bool(self.deliveries) and all(one.state in FINAL for one in self.deliveries)


async def books(url: str) -> dict[str, Books]:
    """What the database says, by channel."""
    database = Database(url)
    try:
        return await asyncio.to_thread(_books, database)
    finally:
        await database.close()


def _books(database: Database) -> dict[str, Books]:
    there = select(subscriptions.c.id, subscriptions.c.platform, subscriptions.c.community)
    sent = select(
        deliveries.c.subscription, deliveries.c.state, deliveries.c.reason, deliveries.c.attempts
    )
    records: dict[int, list[Record]] = {}
    with database.engine.connect() as connection:
        for row in connection.execute(sent.order_by(deliveries.c.id)):
            record = Record(DeliveryState(row.state), row.reason, row.attempts)
            records.setdefault(row.subscription, []).append(record)
        found = connection.execute(there.add_columns(subscriptions.c.channel))
        return {
            row.channel: Books(
                row.platform, row.community, row.channel, tuple(records.get(row.id, ()))
            )
            for row in found
        }


async def under_way(url: str) -> dict[str, int]:
    """How many deliveries of each destination were begun and have not ended."""
    database = Database(url)
    number = func.count().label("number")
    found = select(deliveries.c.destination, number).group_by(deliveries.c.destination)

    def look() -> dict[str, int]:
        with database.engine.connect() as connection:
            rows = connection.execute(found.where(IS_SENDING))
            return {row.destination: row.number for row in rows}

    try:
        return await asyncio.to_thread(look)
    finally:
        await database.close()


async def settled(url: str, within: float) -> dict[str, Books]:
    """What the database says once every issue has come to its end, or after `within` seconds."""
    deadline = time.monotonic() + within
    while True:
        found = await books(url)
        if all(one.is_settled for one in found.values()) or time.monotonic() > deadline:
            return found
        await asyncio.sleep(PAUSE)
