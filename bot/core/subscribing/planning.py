"""Letting the next issue of a subscription wait for its channel."""

from __future__ import annotations

import datetime as dt

from bot.core.command import Context
from bot.core.ports import Unit
from bot.core.subscribing.issues import after_issue, next_issue, snapshot_of
from bot.core.subscriptions import IssueDelivery, Subscription


def plan_issue(
    unit: Unit, subscription: Subscription, context: Context, date: dt.date, now: dt.datetime
) -> Subscription | None:
    """Plan the issue of a local date, to go out at once.

    Returns:
        The subscription with the issue counted, not yet saved; None if that date had its issue.
    """
    issue = next_issue(subscription, context, date, unit.newsletters.had(subscription.id))
    if not unit.newsletters.plan(waiting(subscription, issue, date, now)):
        return None
    version, body = snapshot_of(context)
    planned = after_issue(subscription, issue, date, version)
    if planned.content != subscription.content:
        unit.sessions.keep(version, body)
    return planned


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
