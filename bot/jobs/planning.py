"""Planning the newsletter: what is due becomes deliveries that wait. It is safe to repeat."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import replace

from bot.core.command import Context
from bot.core.newsletter.schedule import Due, due
from bot.core.ports import Unit
from bot.core.subscribing.planning import plan_issues
from bot.core.subscribing.times import schedule_of
from bot.core.subscriptions import Subscription, SubscriptionState
from bot.jobs.tick import Work

logger = logging.getLogger(__name__)

MOST = 100
"""Subscriptions of one unit of work, so that nobody waits long for theirs."""

NO_DATES = "its time zone is not known any more; please choose another one"


async def plan(work: Work) -> int:
    """Turn what is due into deliveries that wait; how many. Raises StoreError."""
    now, context, count = work.desk.clock(), work.context(), 0

    def planned(unit: Unit) -> tuple[int, int]:
        found = unit.newsletters.due(now, MOST)
        return len(found), _plan_some(unit, found, context, now)

    # What was dealt with is due in the future or paused, so this comes to an end.
    while True:
        found, some = await work.desk.store.write(planned)
        count += some
        if not found:
            return count


def _plan_some(
    unit: Unit, subscriptions: Sequence[Subscription], context: Context, now: dt.datetime
) -> int:
    """Plan what is to be sent of what is due, and move all of them on; how many were planned."""
    dated = [(one, found) for one in subscriptions if (found := _due(unit, one, now))]
    to_send = [(one, found.send.date) for one, found in dated if found.send]
    planned = {one.id: one for one in plan_issues(unit, to_send, context, now) if one}
    unit.newsletters.move_on(
        [(planned.get(one.id) or _passed_over(one, found), found.next.at) for one, found in dated]
    )
    return len(planned)


def _due(unit: Unit, subscription: Subscription, now: dt.datetime) -> Due | None:
    """What is due for a subscription; one that has no dates is paused."""
    try:
        found = due(schedule_of(subscription), subscription.last, subscription.since, now)
    except ValueError as error:
        logger.warning("a subscription has no dates: %s", error, extra={"id": subscription.id})
        paused = replace(subscription, state=SubscriptionState.PAUSED, reason=NO_DATES)
        unit.newsletters.save(paused)
        return None
    if found.skipped:
        logger.info(
            "missed occurrences were skipped",
            extra={"subscription": subscription.id, "skipped": len(found.skipped)},
        )
    return found


def _passed_over(subscription: Subscription, found: Due) -> Subscription:
    """The subscription with occurrences that there was nothing to send at."""
    passed = (*found.skipped, *((found.send,) if found.send else ()))
    return replace(subscription, last=max(one.date for one in passed)) if passed else subscription
