"""Who gets the newsletter, and what became of every issue."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, select, update

from bot.core.subscriptions import (
    DeliveryState,
    IssueDelivery,
    Subscription,
    SubscriptionState,
)
from bot.store.tables import IS_ACTIVE, IS_SENDING, WAITS, deliveries, subscriptions
from bot.store.upsert import insert_or_ignore

_PLAN = insert_or_ignore(deliveries, ("subscription", "date"))


class Newsletters:
    """Implements `subscriptions.Newsletters`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, subscription: Subscription) -> Subscription:
        self._connection.execute(
            delete(subscriptions).where(
                subscriptions.c.platform == subscription.platform,
                subscriptions.c.channel == subscription.channel,
            )
        )
        statement = subscriptions.insert().values(_columns(subscription)).returning(subscriptions)
        return _subscription(self._connection.execute(statement).one())

    def get(self, identity: int, *, lock: bool = False) -> Subscription | None:
        found = select(subscriptions).where(subscriptions.c.id == identity)
        row = self._connection.execute(found.with_for_update() if lock else found).first()
        return _subscription(row) if row else None

    def of(self, community: str) -> tuple[Subscription, ...]:
        found = self._connection.execute(
            select(subscriptions)
            .where(
                subscriptions.c.community == community,
                subscriptions.c.state != SubscriptionState.DRAFT.value,
            )
            .order_by(subscriptions.c.id)
        )
        return tuple(map(_subscription, found))

    def in_channel(self, platform: str, channel: str) -> Subscription | None:
        here = and_(subscriptions.c.platform == platform, subscriptions.c.channel == channel)
        row = self._connection.execute(select(subscriptions).where(here)).first()
        return _subscription(row) if row else None

    def save(self, subscription: Subscription) -> None:
        self._connection.execute(
            update(subscriptions)
            .where(subscriptions.c.id == subscription.id)
            .values(_columns(subscription))
        )

    def remove(self, identity: int) -> None:
        self._connection.execute(delete(deliveries).where(deliveries.c.subscription == identity))
        self._connection.execute(delete(subscriptions).where(subscriptions.c.id == identity))

    def due(self, now: dt.datetime, limit: int) -> tuple[Subscription, ...]:
        found = self._connection.execute(
            select(subscriptions)
            .where(
                IS_ACTIVE,
                subscriptions.c.next_at <= now,
            )
            .order_by(subscriptions.c.next_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return tuple(map(_subscription, found))

    def plan(self, delivery: IssueDelivery) -> bool:
        row = {
            "subscription": delivery.subscription,
            "date": delivery.date.isoformat(),
            "issue": delivery.issue,
            "state": delivery.state.value,
            "attempts": delivery.attempts,
            "reason": delivery.reason,
            "due": delivery.due,
            "updated": delivery.updated,
        }
        return bool(self._connection.execute(_PLAN(self._connection), row).rowcount)

    def claim(self, now: dt.datetime, limit: int) -> tuple[IssueDelivery, ...]:
        waiting = (
            select(deliveries.c.id)
            .where(WAITS, deliveries.c.due <= now)
            .order_by(deliveries.c.due, deliveries.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("claimable")
        )
        statement = (
            update(deliveries)
            .where(deliveries.c.id.in_(select(waiting.c.id)))
            .values(
                state=DeliveryState.SENDING.value,
                attempts=deliveries.c.attempts + 1,
                updated=now,
            )
            .returning(deliveries)
        )
        found = map(_delivery, self._connection.execute(statement))
        return tuple(sorted(found, key=lambda delivery: (delivery.due, delivery.id)))

    def delivery(self, identity: int, *, lock: bool = False) -> IssueDelivery | None:
        found = select(deliveries).where(deliveries.c.id == identity)
        row = self._connection.execute(found.with_for_update() if lock else found).first()
        return _delivery(row) if row else None

    def settle(
        self,
        delivery: IssueDelivery,
        state: DeliveryState,
        reason: str,
        due: dt.datetime,
        now: dt.datetime,
    ) -> None:
        # Every claim counts the attempts up, so whoever comes late changes nothing of a new one.
        same = (deliveries.c.id == delivery.id, deliveries.c.attempts == delivery.attempts)
        self._connection.execute(
            update(deliveries)
            .where(*same)
            .values(state=state.value, reason=reason, due=due, updated=now)
        )

    def doubt(self, before: dt.datetime, now: dt.datetime) -> int:
        found = self._connection.execute(
            update(deliveries)
            .where(IS_SENDING, deliveries.c.updated < before)
            .values(
                state=DeliveryState.DOUBT.value,
                reason="the bot was stopped while it was being sent",
                updated=now,
            )
        )
        return found.rowcount

    def history(self, subscription: int, limit: int) -> tuple[IssueDelivery, ...]:
        found = self._connection.execute(
            select(deliveries)
            .where(deliveries.c.subscription == subscription)
            .order_by(deliveries.c.date.desc())
            .limit(limit)
        )
        return tuple(map(_delivery, found))


def _columns(subscription: Subscription) -> dict[str, Any]:
    return {
        "platform": subscription.platform,
        "community": subscription.community,
        "channel": subscription.channel,
        "person": subscription.person,
        "rhythm": subscription.rhythm,
        "weekday": subscription.weekday,
        "time": f"{subscription.time:%H:%M}",
        "zone": subscription.zone,
        "anchor": subscription.anchor.isoformat(),
        "intro": subscription.intro,
        "since": subscription.since,
        "state": subscription.state.value,
        "reason": subscription.reason,
        "last": subscription.last.isoformat() if subscription.last else None,
        "next_at": subscription.next_at,
        "number": subscription.number,
    }


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        id=row.id,
        platform=row.platform,
        community=row.community,
        channel=row.channel,
        person=row.person,
        rhythm=row.rhythm,
        weekday=row.weekday,
        time=dt.time.fromisoformat(row.time),
        zone=row.zone,
        anchor=dt.date.fromisoformat(row.anchor),
        intro=row.intro,
        since=row.since,
        state=SubscriptionState(row.state),
        reason=row.reason,
        last=dt.date.fromisoformat(row.last) if row.last else None,
        next_at=row.next_at,
        number=row.number,
    )


def _delivery(row: Row[Any]) -> IssueDelivery:
    return IssueDelivery(
        id=row.id,
        subscription=row.subscription,
        date=dt.date.fromisoformat(row.date),
        issue=row.issue,
        due=row.due,
        updated=row.updated,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        reason=row.reason,
    )
