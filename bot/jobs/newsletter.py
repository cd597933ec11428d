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
from enum import Enum
from typing import TypeAlias, assert_never

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


class Unsent(Enum):
    """Why nothing was posted, or nobody knows whether it was, besides what a platform says."""

    PAUSED = "paused"
    GONE = "gone"
    BROKEN_OFF = "broken off"


Outcome: TypeAlias = Delivery | Unsent


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
    now, context, count = work.desk.clock(), work.context(), 0

    def planned(unit: Unit) -> list[int]:
        found = unit.newsletters.due(now, MOST)
        return [_plan_one(unit, subscription, context, now) for subscription in found]

    # What was dealt with is due in the future, so this comes to an end.
    while some := await work.desk.store.write(planned):
        count += sum(some)
    return count


def _plan_one(unit: Unit, subscription: Subscription, context: Context, now: dt.datetime) -> int:
    found = due(schedule_of(subscription), subscription.last, subscription.since, now)
    handled = [occurrence.date for occurrence in found.skipped]
    count = 0
    if found.send is not None:
        handled.append(found.send.date)
        issue = next_issue(subscription, context, found.send.date)
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
    doubtful = await store.write(lambda unit: unit.newsletters.doubt(clock() - STALE, clock()))
    if doubtful:
        logger.warning("nobody knows whether some issues arrived", extra={"issues": doubtful})
    while claimed := await store.write(lambda unit: unit.newsletters.claim(clock(), MOST)):
        sending = (_one(delivery, work, context, pace) for delivery in claimed)
        ends = await asyncio.gather(*sending, return_exceptions=True)
        for end in ends:
            if end is not None:
                raise end
        tried += len(claimed)
    return tried


async def _one(delivery: IssueDelivery, work: Work, context: Context, pace: Pace) -> None:
    store = work.desk.store
    subscription = await store.read(lambda unit: unit.newsletters.get(delivery.subscription))
    if subscription is None:
        return
    outcome = await _posted(delivery, subscription, work, context, pace)
    await store.write(lambda unit: _settle(unit, delivery, outcome, work.desk.clock()))


async def _posted(
    delivery: IssueDelivery,
    subscription: Subscription,
    work: Work,
    context: Context,
    pace: Pace,
) -> Outcome:
    if subscription.state is not SubscriptionState.ACTIVE:
        return Unsent.PAUSED
    try:
        view = issue_view(delivery.issue, subscription, context, delivery.date)
    except GoneError:
        return Unsent.GONE
    except Exception:
        logger.exception("an issue could not be made", extra={"delivery": delivery.id})
        return Unsent.GONE
    messenger = work.messengers.get(subscription.platform)
    if messenger is None:
        return Delivery.LATER
    await pace.wait(subscription.platform)
    async with pace.places:
        try:
            return await messenger.post(subscription.channel, view, f"issue {delivery.id}")
        except Exception:
            logger.exception("posting an issue broke off", extra={"delivery": delivery.id})
            return Unsent.BROKEN_OFF


def _settle(unit: Unit, delivery: IssueDelivery, outcome: Outcome, now: dt.datetime) -> None:
    state, reason, due_at = DeliveryState.FAILED, "", now
    match outcome:
        case Delivery.SENT:
            state = DeliveryState.SENT
        case Delivery.LATER if delivery.attempts < ATTEMPTS:
            state = DeliveryState.WAITING
            reason = "the platform did not take it, so it is tried again"
            due_at = now + _pause(delivery.attempts)
        case Delivery.LATER:
            reason = "the platform did not take it in many attempts"
        case Delivery.REFUSED:
            reason = "the bot may not post in this channel, or it is gone"
            _pause_and_tell(unit, delivery.subscription, reason, now)
        case Unsent.PAUSED:
            reason = "the subscription was paused before it went out"
        case Unsent.GONE:
            reason = "the issue is not there any more"
        case Unsent.BROKEN_OFF:
            state, reason = DeliveryState.DOUBT, "it broke off on the way"
        case _:
            assert_never(outcome)
    unit.newsletters.settle(delivery, state, reason, due_at, now)


def _pause(attempts: int) -> dt.timedelta:
    """Twice as long each time, with some chance in it so that not all come back at once."""
    seconds = min(3600.0, FIRST_PAUSE * 2 ** (attempts - 1))
    return dt.timedelta(seconds=seconds * random.uniform(0.75, 1.25))


def _pause_and_tell(unit: Unit, identity: int, reason: str, now: dt.datetime) -> None:
    """Stop posting where it is refused, and tell who set it up, once."""
    subscription = unit.newsletters.get(identity, lock=True)
    if subscription is None or subscription.state is not SubscriptionState.ACTIVE:
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
