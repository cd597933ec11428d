"""Pausing what cannot be delivered, and telling whoever looks after it, once."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.core.ports import Notice, Topic, Unit
from bot.core.subscriptions import IssueDelivery, Subscription, SubscriptionState


def pause(unit: Unit, subscription: Subscription, reason: str, now: dt.datetime) -> None:
    """Stop posting where it is refused, and tell who looks after it."""
    if subscription.state is not SubscriptionState.ACTIVE:
        return
    unit.newsletters.save(replace(subscription, state=SubscriptionState.PAUSED, reason=reason))
    _tell(unit, subscription, Topic.NEWSLETTER_PAUSED, reason, now)


def doubted(
    unit: Unit, subscription: Subscription, delivery: IssueDelivery, now: dt.datetime
) -> None:
    """Tell who looks after a subscription that nobody knows whether an issue arrived."""
    _tell(unit, subscription, Topic.NEWSLETTER_DOUBT, delivery.date.isoformat(), now)


def for_the_next(unit: Unit, notice: Notice, now: dt.datetime) -> Notice | None:
    """The same notice for the next of those whom it concerns, where its person is not reached.

    Whom it concerns is looked up each time: a notice names nobody but the person whom it goes to.
    """
    if notice.topic not in {Topic.NEWSLETTER_PAUSED, Topic.NEWSLETTER_DOUBT}:
        return None
    subscription = unit.newsletters.get(int(notice.data["subscription"]))
    people = _people(unit, subscription) if subscription else ()
    tried = int(notice.data["tried"])
    if tried >= len(people):
        return None
    data = {**notice.data, "tried": str(tried + 1)}
    return replace(notice, id=0, due=now, person=people[tried], data=data)


def _people(unit: Unit, subscription: Subscription) -> tuple[str, ...]:
    """Who set it up, then all others who look after it, the latest first."""
    managers = (manager.person for manager in unit.newsletters.managers(subscription.community))
    found = dict.fromkeys((subscription.person, *managers))
    return tuple(person for person in found if person)


def _tell(
    unit: Unit, subscription: Subscription, topic: Topic, reason: str, now: dt.datetime
) -> None:
    people = _people(unit, subscription)
    if not people:
        return
    data = {
        "channel": subscription.name or subscription.channel,
        "reason": reason,
        "subscription": str(subscription.id),
        "tried": "1",
    }
    key = f"{topic} {subscription.id}"
    unit.notices.put(Notice(key, topic, now, person=people[0], data=data))
