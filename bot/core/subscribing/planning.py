"""Letting the next issue of subscriptions wait for their channels."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.core.command import Context
from bot.core.ports import Unit
from bot.core.subscribing.issues import after_issue, next_issue, snapshot_of
from bot.core.subscriptions import IssueDelivery, Subscription


def plan_issues(
    unit: Unit,
    dated: Sequence[tuple[Subscription, dt.date]],
    context: Context,
    now: dt.datetime,
) -> list[Subscription | None]:
    """Plan issues of local dates, to go out at once; each subscription may stand there once.

    Returns:
        The subscriptions with the issue counted, not yet saved; None for one whose date had its
        issue.
    """
    written = context.catalogue.content.issues
    had = unit.newsletters.had([subscription.id for subscription, _ in dated], written)
    issues = [
        (subscription, next_issue(subscription, context, date, had.get(subscription.id, ())), date)
        for subscription, date in dated
    ]
    planned = unit.newsletters.plan([waiting(*one, now) for one in issues])
    version, body = snapshot_of(context)
    counted = [after_issue(*one, version) if one[0].id in planned else None for one in issues]
    if any(
        one and one.content != was.content for one, (was, _) in zip(counted, dated, strict=True)
    ):
        unit.sessions.keep(version, body)
    return counted


def waiting(
    subscription: Subscription, issue: str, date: dt.date, now: dt.datetime
) -> IssueDelivery:
    """An issue that waits for its channel from now on."""
    return IssueDelivery(
        id=0,
        subscription=subscription.id,
        destination=subscription.place.destination,
        date=date,
        issue=issue,
        due=now,
        planned=now,
        updated=now,
        before=subscription.content,
    )
