"""When a newsletter is due: the dates of a schedule, and what is to be done after a pause.

A schedule speaks of local time, so an occurrence is known by its local date: there is one for
each date, whatever the clocks do on it. Where the time of day does not exist on a date (clocks go
forward), the occurrence is at the first minute after the gap; where it comes twice (clocks go
back), it is the first of the two.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from cronsim import CronSim

from bot.core.newsletter.zones import is_zone

DAY = dt.timedelta(days=1)

LATEST = DAY
"""An occurrence that was missed by more than this is not made up for."""

KEPT = 256
"""Answers that are kept: what is due at the same moment mostly has the same schedule."""

_CRON_DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


class Rhythm(StrEnum):
    """How often an issue comes."""

    DAILY = "daily"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the issues of a subscription come, in the local time of its zone.

    Attributes:
        rhythm: How often.
        weekday: 0 (Monday) to 6 (Sunday). Every month has its issue on the first such day; a
            daily schedule takes no notice of it.
        time: The time of day, in whole minutes, without a zone.
        zone: An IANA time zone, such as `Europe/London`.
        anchor: A date in a week (from Monday on) that has an issue; only a fortnightly schedule
            takes notice of it.

    Raises:
        ValueError: If one of them is not as said here.
    """

    rhythm: Rhythm
    weekday: int
    time: dt.time
    zone: str
    anchor: dt.date

    def __post_init__(self) -> None:
        if self.weekday not in range(7):
            raise ValueError(f"a weekday is from 0 to 6, not {self.weekday}")
        if self.time.tzinfo or self.time.second or self.time.microsecond:
            raise ValueError(f"a time of day has whole minutes and no zone, not {self.time}")
        if not is_zone(self.zone):
            raise ValueError(f"{self.zone!r} is not a time zone")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a schedule: its local date, which is its key, and its moment in UTC."""

    date: dt.date
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be done now: at most one issue sent, and which ones are given up.

    `skipped` is in the order of time; once it is noted and `send` is sent, the last of their
    dates is the last one handled. `next` is always in the future.
    """

    send: Occurrence | None
    skipped: tuple[Occurrence, ...]
    next: Occurrence


def occurrences(schedule: Schedule, after: dt.datetime) -> Iterator[Occurrence]:
    """All occurrences strictly after a time, in their order, without an end.

    Raises:
        ValueError: If the time has no zone.
    """
    after = _in_utc(after)
    for shown in CronSim(_cron(schedule), after.astimezone(ZoneInfo(schedule.zone))):
        moment = shown.astimezone(dt.UTC)
        # The gap may reach beyond midnight (America/Nuuk, every March): then cronsim's date is
        # the day after the one that is meant.
        date = shown.date() - DAY if shown.time() < schedule.time else shown.date()
        # In the second pass of an hour that comes twice, cronsim's first answer may be past.
        if moment > after and _counts(schedule, date):
            yield Occurrence(date, moment)


def upcoming(schedule: Schedule, after: dt.datetime, count: int = 3) -> tuple[Occurrence, ...]:
    """The next occurrences strictly after a time.

    Raises:
        ValueError: If the time has no zone.
    """
    return tuple(islice(occurrences(schedule, after), count))


def local(schedule: Schedule, occurrence: Occurrence) -> dt.datetime:
    """The moment of an occurrence as the clocks of the schedule's zone show it."""
    return occurrence.at.astimezone(ZoneInfo(schedule.zone))


def due(schedule: Schedule, last: dt.date | None, since: dt.datetime, now: dt.datetime) -> Due:
    """What is to be done at a time, after whatever happened or did not happen before it.

    Of the occurrences that were missed only the newest is sent, and that only if it is at most a
    day old. A date that was handled never comes again, even when the clock is set back or the
    schedule changes.

    Args:
        schedule: The schedule as it is now.
        last: The date of the last occurrence that was sent or skipped; None if there is none.
        since: When the subscription began, or when its schedule was changed: what was due before
            does not count.
        now: The present time.

    Raises:
        ValueError: If a time has no zone.
    """
    since, now = _in_utc(since), _in_utc(now)
    return _due(schedule, last, _not_before(schedule, last, since), now)


@lru_cache(maxsize=KEPT)
def _due(schedule: Schedule, last: dt.date | None, start: dt.datetime, now: dt.datetime) -> Due:
    new = (found for found in occurrences(schedule, start) if last is None or found.date > last)
    missed: list[Occurrence] = []
    following = next(new)
    while following.at <= now:
        missed.append(following)
        following = next(new)
    send = missed.pop() if missed and now - missed[-1].at <= LATEST else None
    return Due(send, tuple(missed), following)


def _not_before(schedule: Schedule, last: dt.date | None, since: dt.datetime) -> dt.datetime:
    """A time that all occurrences lie behind which began after `since` and come after `last`."""
    if last is None:
        return since
    midnight = dt.datetime.combine(last, dt.time(), ZoneInfo(schedule.zone))
    return max(since, midnight.astimezone(dt.UTC))


def _cron(schedule: Schedule) -> str:
    return f"{schedule.time.minute} {schedule.time.hour} * * {_cron_days(schedule)}"


def _cron_days(schedule: Schedule) -> str:
    weekday = _CRON_DAYS[schedule.weekday]
    match schedule.rhythm:
        case Rhythm.DAILY:
            return "*"
        case Rhythm.WEEKLY | Rhythm.FORTNIGHTLY:
            return weekday
        case Rhythm.MONTHLY:
            return f"{weekday}#1"


def _counts(schedule: Schedule, date: dt.date) -> bool:
    if schedule.rhythm is not Rhythm.FORTNIGHTLY:
        return True
    return (_week(date) - _week(schedule.anchor)) % 2 == 0


def _week(date: dt.date) -> int:
    """The number of a week, which begins on Monday; the calendar's first day was a Monday."""
    return (date.toordinal() - 1) // 7


def _in_utc(time: dt.datetime) -> dt.datetime:
    if time.utcoffset() is None:
        raise ValueError("the time needs a time zone")
    return time.astimezone(dt.UTC)
