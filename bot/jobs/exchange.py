"""What runs exchange with the store: what became of attempts, for what may be attempted next.

Runs of many destinations ask at the same time, so all is done for all of them at once.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.command import Context, GoneError
from bot.core.ports import Unit
from bot.core.subscribing.asking import posted_view
from bot.core.subscribing.issues import snapshot_of
from bot.core.subscribing.pausing import doubted, pause
from bot.core.subscriptions import DeliveryState, IssueDelivery, Subscription
from bot.core.views import View
from bot.jobs.outcomes import End

logger = logging.getLogger(__name__)

FAULTS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a mistake in making an issue raises; a database that fails raises something else."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whoever delivers to a destination: nobody else has its token. Issues come from `context`."""

    destination: str
    token: str
    context: Context


@dataclass(frozen=True, slots=True)
class Exchange:
    """How attempts of an owner ended by `now`, and how many more it can take on: none if 0."""

    owner: Owner
    ends: Sequence[End]
    free: int
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is to be attempted, with its subscription and what is to be posted.

    There is no view where the issue is not in the content, or cannot be made from it.
    """

    delivery: IssueDelivery
    subscription: Subscription
    view: View | None


def take_over(unit: Unit, owners: Sequence[Owner]) -> list[list[Claimed]]:
    """Make each the owner of its destination; what somebody else had under way there."""
    letters = unit.newsletters
    return _looked_up(unit, owners, [letters.take_over(o.destination, o.token) for o in owners])


def exchange(unit: Unit, asked: Sequence[Exchange]) -> list[list[Claimed]]:
    """Settle what has ended, and claim what may be begun; what that is, for each who asks."""
    unit.newsletters.settle([end.settlement for one in asked for end in one.ends])
    for one in asked:
        for end in one.ends:
            _tell(unit, end, one.now)
    return _looked_up(unit, [one.owner for one in asked], [_claimed(unit, one) for one in asked])


def _claimed(unit: Unit, asked: Exchange) -> Sequence[IssueDelivery]:
    if asked.free <= 0:
        return ()
    owner = asked.owner
    return unit.newsletters.claim(owner.destination, owner.token, asked.now, asked.free)


def _tell(unit: Unit, end: End, now: dt.datetime) -> None:
    """Do what else follows from the end of an attempt."""
    delivery, state = end.settlement.delivery, end.settlement.state
    if not end.paused and state is not DeliveryState.DOUBT:
        return
    subscription = unit.newsletters.get(delivery.subscription, lock=True)
    if subscription is None:
        return
    if end.paused:
        pause(unit, subscription, end.paused, now)
    else:
        doubted(unit, subscription, delivery, now)


def _looked_up(
    unit: Unit, owners: Sequence[Owner], found: Sequence[Sequence[IssueDelivery]]
) -> list[list[Claimed]]:
    """The deliveries of each, with what is to be posted."""
    known = unit.newsletters.several({one.subscription for some in found for one in some})
    return [
        [
            Claimed(delivery, subscription, _view(unit, delivery, subscription, owner.context))
            for delivery in some
            if (subscription := known.get(delivery.subscription))
        ]
        for owner, some in zip(owners, found, strict=True)
    ]


def _view(
    unit: Unit, delivery: IssueDelivery, subscription: Subscription, context: Context
) -> View | None:
    version = delivery.before
    is_old = version and version != snapshot_of(context)[0]
    try:
        before = unit.sessions.kept(version) if is_old else None
        return posted_view(unit, delivery, subscription, context, before)
    except GoneError:
        return None
    except FAULTS:
        logger.exception("an issue could not be made", extra={"delivery": delivery.id})
        return None
