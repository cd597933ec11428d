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
    had = unit.newsletters.had([subscription.id for subscription in some], [issue.id])
    dated = [
        (subscription, issue.id, local_date(subscription, now))
        for subscription in some
        if subscription.id not in had and _is_wanted(issue, subscription)
    ]
    planned = unit.newsletters.plan([waiting(*one, now) for one in dated])
    unit.newsletters.move_on(
        [
            (after_issue(*one, version=one[0].content), one[0].next_at)
            for one in dated
            if one[0].id in planned
        ]
    )
    return len(planned), some[-1].id if len(some) == MOST else None


def _is_wanted(issue: WrittenIssue, subscription: Subscription) -> bool:
    wanted = topics_of(subscription)
    return subscription.rhythm != Rhythm.DAILY and not wanted.isdisjoint(issue.front.topics)
