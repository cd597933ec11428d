"""The newsletter's rounds: planning what is due, and delivering what waits.

Both are safe to repeat. A delivery is written down as being sent before the request that it stands
for, and settled after it; what a crash leaves in between is in doubt, and is never sent again by
itself.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import random
from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from aiolimiter import AsyncLimiter

from bot.core.command import Context, GoneError
from bot.core.newsletter.schedule import due
from bot.core.ports import Delivery, Notice, Topic, Unit
from bot.core.subscribing.issues import issue_view, next_issue
from bot.core.subscribing.times import schedule_of
from bot.core.subscriptions import (
    DeliveryState,
    IssueDelivery,
    Subscription,
    SubscriptionState,
)
from bot.core.views import View
from bot.jobs.tick import Work

logger = logging.getLogger(__name__)

MOST = 200
"""Subscriptions or deliveries of one round."""

AT_ONCE = 16
"""Requests under way at the same time."""

ATTEMPTS = 8
"""How often a delivery is tried before it counts as failed."""

FIRST_PAUSE = 30.0
"""Seconds before the second attempt; each further pause is twice as long, up to an hour."""

STALE = dt.timedelta(minutes=10)
"""A delivery that has been under way for longer is in doubt."""

RATES: Mapping[str, tuple[float, float]] = {"discord": (45, 1), "slack": (1, 1)}
"""Posts per seconds: Discord's for the whole bot; for Slack, that of one workspace."""


class Pace:
    """Keeps to the platforms' rates; one for the life of the process."""

    def __init__(self, rates: Mapping[str, tuple[float, float]] = RATES) -> None:
        self._rates = rates
        self._limiters: dict[str, AsyncLimiter] = {}
        self._places = asyncio.Semaphore(AT_ONCE)

    async def wait(self, platform: str) -> None:
        """Wait for one's turn on a platform."""
        rate = self._rates.get(platform)
        if rate is not None:
            limiter = self._limiters.setdefault(platform, AsyncLimiter(*rate))
            await limiter.acquire()

    @property
    def places(self) -> asyncio.Semaphore:
        """Held while a request is under way."""
        return self._places


async def plan(work: Work) -> int:
    """Turn what is due into deliveries that wait; how many. Raises StoreError."""
    now, context = work.desk.clock(), work.context()

    def planned(unit: Unit) -> int:
        return sum(
            _plan_one(unit, subscription, context, now)
            for subscription in unit.newsletters.due(now, MOST)
        )

    return await work.desk.store.write(planned)


def _plan_one(unit: Unit, subscription: Subscription, context: Context, now: dt.datetime) -> int:
    found = due(schedule_of(subscription), subscription.last, subscription.since, now)
    handled = [occurrence.date for occurrence in found.skipped]
    count = 0
    if found.send is not None:
        handled.append(found.send.date)
        issue = next_issue(subscription, context, now)
        waiting = IssueDelivery(0, subscription.id, found.send.date, issue, now, now)
        count = int(unit.newsletters.plan(waiting))
    if found.skipped:
        logger.info(
            "missed occurrences were skipped",
            extra={"subscription": subscription.id, "skipped": len(found.skipped)},
        )
    unit.newsletters.save(
        replace(
            subscription,
            last=max([*handled, *([subscription.last] if subscription.last else [])], default=None),
            next_at=found.next.at,
            number=subscription.number + count,
        )
    )
    return count


async def deliver(work: Work, pace: Pace) -> int:
    """Send what waits, until nothing more is due; how many were tried. Raises StoreError."""
    store, clock, tried, context = work.desk.store, work.desk.clock, 0, work.context()
    await store.write(lambda unit: unit.newsletters.doubt(clock() - STALE, clock()))
    while claimed := await store.write(lambda unit: unit.newsletters.claim(clock(), MOST)):
        await asyncio.gather(*(_one(delivery, work, context, pace) for delivery in claimed))
        tried += len(claimed)
    return tried


async def _one(delivery: IssueDelivery, work: Work, context: Context, pace: Pace) -> None:
    store = work.desk.store
    subscription = await store.read(lambda unit: unit.newsletters.get(delivery.subscription))
    if subscription is None:
        return
    async with pace.places:
        outcome = await _posted(delivery, subscription, work, context, pace)
    await store.write(lambda unit: _settle(unit, delivery, subscription, outcome, work))


async def _posted(
    delivery: IssueDelivery,
    subscription: Subscription,
    work: Work,
    context: Context,
    pace: Pace,
) -> Delivery:
    messenger = work.messengers.get(subscription.platform)
    try:
        view: View = issue_view(delivery.issue, subscription, context)
    except GoneError:
        return Delivery.REFUSED
    if messenger is None:
        return Delivery.LATER
    await pace.wait(subscription.platform)
    try:
        return await messenger.post(subscription.channel, view, f"issue {delivery.id}")
    except Exception:
        logger.exception("an issue could not be posted", extra={"delivery": delivery.id})
        return Delivery.REFUSED


def _settle(
    unit: Unit,
    delivery: IssueDelivery,
    subscription: Subscription,
    outcome: Delivery,
    work: Work,
) -> None:
    now = work.desk.clock()
    match outcome:
        case Delivery.SENT:
            unit.newsletters.settle(delivery.id, DeliveryState.SENT, "", now, now)
        case Delivery.LATER if delivery.attempts < ATTEMPTS:
            reason = "the platform did not take it, so it is tried again"
            again = now + _pause(delivery.attempts)
            unit.newsletters.settle(delivery.id, DeliveryState.WAITING, reason, again, now)
        case Delivery.LATER:
            reason = "the platform did not take it in many attempts"
            unit.newsletters.settle(delivery.id, DeliveryState.FAILED, reason, now, now)
        case Delivery.REFUSED:
            reason = "the bot may not post in this channel, or it is gone"
            unit.newsletters.settle(delivery.id, DeliveryState.FAILED, reason, now, now)
            _pause_and_tell(unit, subscription, reason, now)
        case _:
            assert_never(outcome)


def _pause(attempts: int) -> dt.timedelta:
    """Twice as long each time, with some chance in it so that not all come back at once."""
    seconds = min(3600.0, FIRST_PAUSE * 2 ** (attempts - 1))
    return dt.timedelta(seconds=seconds * random.uniform(0.75, 1.25))


def _pause_and_tell(unit: Unit, subscription: Subscription, reason: str, now: dt.datetime) -> None:
    """Stop posting where it is refused, and tell who set it up, once."""
    if subscription.state is not SubscriptionState.ACTIVE:
        return
    unit.newsletters.save(replace(subscription, state=SubscriptionState.PAUSED, reason=reason))
    unit.notices.put(
        Notice(
            f"newsletter {subscription.id}",
            Topic.NEWSLETTER_PAUSED,
            now,
            person=subscription.person,
            data={"channel": subscription.channel, "reason": reason},
        )
    )
