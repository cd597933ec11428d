"""An editor's own wish to send a written issue now, to every channel that wants its topics."""

from __future__ import annotations

import datetime as dt

from bot.core.content.newsletter import WrittenIssue
from bot.core.newsletter.schedule import Rhythm
from bot.core.ports import Unit
from bot.core.subscribing.issues import after_issue
from bot.core.subscribing.planning import waiting
from bot.core.subscribing.times import local_date
from bot.core.subscribing.topics import topics_of
from bot.core.subscriptions import Subscription

MOST = 200
"""Subscriptions of one unit of work."""


def publish_some(
    unit: Unit, issue: WrittenIssue, after: int, now: dt.datetime
) -> tuple[int, int | None]:
    """Let an issue wait for some channels: of the active ones, those after a number.

    A channel that had this issue, or any other one today, does not get it.

    Returns:
        For how many it waits now, and the number to go on after; None when all are done.
    """
    some = unit.newsletters.active(after, MOST)
    count = sum(_published(unit, issue, subscription, now) for subscription in some)
    return count, some[-1].id if len(some) == MOST else None


def _published(
    unit: Unit, issue: WrittenIssue, subscription: Subscription, now: dt.datetime
) -> bool:
    is_wanted = subscription.rhythm != Rhythm.DAILY and not topics_of(subscription).isdisjoint(
        issue.front.topics
    )
    if not is_wanted or issue.id in unit.newsletters.had(subscription.id):
        return False
    date = local_date(subscription, now)
    if not unit.newsletters.plan(waiting(subscription, issue.id, date, now)):
        return False
    unit.newsletters.save(after_issue(subscription, issue.id, date, subscription.content))
    return True
