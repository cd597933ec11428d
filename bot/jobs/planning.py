"""Planning the newsletter: what is due becomes deliveries that wait. It is safe to repeat."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import replace

from bot.core.command import Context
from bot.core.newsletter.schedule import Due, due
from bot.core.ports import Unit
from bot.core.subscribing.planning import plan_issue
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

    def planned(unit: Unit) -> list[int]:
        found = unit.newsletters.due(now, MOST)
        return [_plan_one(unit, subscription, context, now) for subscription in found]

    # What was dealt with is due in the future or paused, so this comes to an end.
    while some := await work.desk.store.write(planned):
        count += sum(some)
    return count


def _plan_one(unit: Unit, subscription: Subscription, context: Context, now: dt.datetime) -> int:
    try:
        found = due(schedule_of(subscription), subscription.last, subscription.since, now)
    except ValueError as error:
        logger.warning("a subscription has no dates: %s", error, extra={"id": subscription.id})
        paused = replace(subscription, state=SubscriptionState.PAUSED, reason=NO_DATES)
        unit.newsletters.save(paused)
        return 0
    if found.skipped:
        logger.info(
            "missed occurrences were skipped",
            extra={"subscription": subscription.id, "skipped": len(found.skipped)},
        )
    send = found.send
    planned = plan_issue(unit, subscription, context, send.date, now) if send else None
    unit.newsletters.move_on(planned or _passed_over(subscription, found), found.next.at)
    return int(planned is not None)


def _passed_over(subscription: Subscription, found: Due) -> Subscription:
    """The subscription with occurrences that there was nothing to send at."""
    passed = (*found.skipped, *((found.send,) if found.send else ()))
    return replace(subscription, last=max(one.date for one in passed)) if passed else subscription
