"""Rows of subscriptions and deliveries, and what they mean."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Row

from bot.core.subscriptions import (
    DeliveryState,
    IssueDelivery,
    Subscription,
    SubscriptionState,
)


def day_of(day: dt.date | None) -> str | None:
    """A date as it is kept."""
    return day.isoformat() if day else None


def columns_of(subscription: Subscription) -> dict[str, Any]:
    """Everything but the number."""
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
        "last": day_of(subscription.last),
        "next_at": subscription.next_at,
        "number": subscription.number,
        "name": subscription.name,
        "announcement": subscription.announcement,
        "mention": subscription.mention,
        "topics": " ".join(sorted(subscription.topics)),
        "again": subscription.again,
        "digests": subscription.digests,
        "content": subscription.content,
    }


def subscription_of(row: Row[Any]) -> Subscription:
    """A row of all columns."""
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
        name=row.name,
        announcement=row.announcement,
        mention=row.mention,
        topics=frozenset(row.topics.split()),
        again=row.again,
        digests=row.digests,
        content=row.content,
    )


def delivery_columns_of(delivery: IssueDelivery) -> dict[str, Any]:
    """Everything but the number."""
    return {
        "subscription": delivery.subscription,
        "date": delivery.date.isoformat(),
        "destination": delivery.destination,
        "issue": delivery.issue,
        "before": delivery.before,
        "planned": delivery.planned,
        "state": delivery.state.value,
        "attempts": delivery.attempts,
        "reason": delivery.reason,
        "due": delivery.due,
        "updated": delivery.updated,
    }


def delivery_of(row: Row[Any]) -> IssueDelivery:
    """A row of all columns."""
    return IssueDelivery(
        id=row.id,
        subscription=row.subscription,
        destination=row.destination,
        date=dt.date.fromisoformat(row.date),
        issue=row.issue,
        due=row.due,
        planned=row.planned,
        updated=row.updated,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        reason=row.reason,
        before=row.before,
    )
