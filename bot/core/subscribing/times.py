"""When a subscription is due, in the schedule's own terms and in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bot.core.newsletter.schedule import Rhythm, Schedule, upcoming
from bot.core.newsletter.zones import is_zone, label
from bot.core.subscriptions import Subscription
from bot.core.views import Bullets, Text

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

RHYTHMS: Mapping[Rhythm, str] = {
    Rhythm.WEEKLY: "Every week",
    Rhythm.FORTNIGHTLY: "Every two weeks",
    Rhythm.MONTHLY: "Once a month",
    Rhythm.DAILY: "A question every day",
}


def schedule_of(subscription: Subscription) -> Schedule:
    """The schedule of a subscription."""
    return Schedule(
        Rhythm(subscription.rhythm),
        subscription.weekday,
        subscription.time,
        subscription.zone,
        subscription.anchor,
    )


def local_date(subscription: Subscription, when: dt.datetime) -> dt.date:
    """The date that a time falls on, where the subscription's clocks are."""
    return when.astimezone(ZoneInfo(subscription.zone)).date()


def in_words(schedule: Schedule) -> str:
    """`Every week on Monday at 09:00, Europe/London time`."""
    match schedule.rhythm:
        case Rhythm.DAILY:
            day = ""
        case Rhythm.MONTHLY:
            day = f", on the first {DAYS[schedule.weekday]}"
        case _:
            day = f" on {DAYS[schedule.weekday]}"
    return f"{RHYTHMS[schedule.rhythm]}{day} at {schedule.time:%H:%M}, {label(schedule.zone)} time"


def has_dates(subscription: Subscription) -> bool:
    """Whether its time zone is still one; the list of them changes now and then."""
    return is_zone(subscription.zone)


def when(subscription: Subscription) -> str:
    """When a subscription is due, in words."""
    if not has_dates(subscription):
        return f"No dates, because {subscription.zone} is no time zone any more"
    return in_words(schedule_of(subscription))


def next_dates(schedule: Schedule, now: dt.datetime) -> Bullets:
    """The next three dates, in the schedule's own zone."""
    return Bullets(
        tuple(
            (Text(f"{DAYS[o.date.weekday()]} {o.date.day} {o.date:%B %Y}, {schedule.time:%H:%M}"),)
            for o in upcoming(schedule, now)
        )
    )
