"""The dates of a schedule, on the days when clocks change and on all others."""

from __future__ import annotations

import datetime as dt
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.newsletter.schedule import (
    Occurrence,
    Rhythm,
    Schedule,
    local,
    occurrences,
    upcoming,
)

DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
MONDAY = dt.date(2026, 1, 5)

ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")
TIMES = ("00:00", "00:30", "01:30", "02:00", "02:15", "02:30", "03:00", "12:00", "23:59")

TRICKY_ZONES = st.sampled_from(
    [
        *ZONES,
        "America/Nuuk",
        "America/Havana",
        "Africa/Casablanca",
        "Asia/Beirut",
        "Pacific/Chatham",
    ]
)
MOMENTS = st.integers(0, 28 * 365 * 24 * 60).map(
    lambda minutes: dt.datetime(2012, 1, 1, tzinfo=dt.UTC) + minutes * MINUTE
)
SCHEDULES = st.builds(
    Schedule,
    st.sampled_from(Rhythm),
    st.integers(0, 6),
    st.builds(dt.time, st.integers(0, 23), st.integers(0, 59)),
    TRICKY_ZONES,
    st.dates(dt.date(2015, 1, 1), dt.date(2030, 1, 1)),
)


def schedule(
    rhythm: Rhythm = Rhythm.DAILY,
    time: str = "09:30",
    zone: str = "Europe/London",
    weekday: int = 0,
    anchor: dt.date = MONDAY,
) -> Schedule:
    return Schedule(rhythm, weekday, dt.time.fromisoformat(time), zone, anchor)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def minutes_of(date: dt.date, zone: ZoneInfo) -> list[dt.datetime]:
    """Every minute, in UTC, from the beginning of a local date to well into the next."""
    start = dt.datetime.combine(date, dt.time(), dt.UTC) - dt.timedelta(hours=14)
    minutes = (start + n * MINUTE for n in range(54 * 60))
    return [minute for minute in minutes if minute.astimezone(zone).date() >= date]


def as_the_clock_shows(date: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime:
    """The first minute at which a clock on the wall shows this time of this date, or a later one.

    Only conversions from UTC are used, which are never in doubt.
    """
    for minute in minutes_of(date, zone):
        shown = minute.astimezone(zone)
        if (shown.date(), shown.time()) >= (date, time):
            return minute
    raise AssertionError(f"{date} has no end")


def dates_of(schedule: Schedule, first: dt.date, days: int) -> list[dt.date]:
    """The dates on which a schedule has an issue, straight from what its rhythms mean."""

    def has_issue(date: dt.date) -> bool:
        right_day = date.weekday() == schedule.weekday
        anchor = schedule.anchor - schedule.anchor.weekday() * DAY
        return {
            Rhythm.DAILY: True,
            Rhythm.WEEKLY: right_day,
            Rhythm.FORTNIGHTLY: right_day and (date - anchor).days % 14 < 7,
            Rhythm.MONTHLY: right_day and date.day <= 7,
        }[schedule.rhythm]

    return [date for n in range(days) if has_issue(date := first + n * DAY)]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("time", TIMES)
def test_for_three_years_every_day_has_its_occurrence_when_the_clock_shows_it(
    zone: str, time: str
) -> None:
    daily, there = schedule(time=time, zone=zone), ZoneInfo(zone)
    first = dt.date(2025, 1, 1)
    begin = dt.datetime.combine(first, dt.time(), there).astimezone(dt.UTC) - MINUTE
    found = list(islice(occurrences(daily, begin), 3 * 365))
    assert [occurrence.date for occurrence in found] == [first + n * DAY for n in range(3 * 365)]

    def offset(date: dt.date, days: int) -> dt.timedelta | None:
        return dt.datetime.combine(date + days * DAY, dt.time(12), there).utcoffset()

    for occurrence in found:
        changes = offset(occurrence.date, -1) != offset(occurrence.date, 1)
        if changes:
            expected = as_the_clock_shows(occurrence.date, daily.time, there)
            assert occurrence.at == expected, occurrence
        else:
            assert local(daily, occurrence).replace(tzinfo=None) == dt.datetime.combine(
                occurrence.date, daily.time
            )


@pytest.mark.parametrize(
    ("zone", "time", "date", "moment", "shown"),
    [
        ("Europe/London", "01:30", "2026-03-29", "2026-03-29 01:00", "02:00"),
        ("Europe/London", "01:30", "2026-10-25", "2026-10-25 00:30", "01:30"),
        ("America/New_York", "02:30", "2026-03-08", "2026-03-08 07:00", "03:00"),
        ("America/New_York", "01:30", "2026-11-01", "2026-11-01 05:30", "01:30"),
        ("Australia/Lord_Howe", "02:15", "2026-10-04", "2026-10-03 15:30", "02:30"),
        ("Australia/Lord_Howe", "01:45", "2026-04-05", "2026-04-04 14:45", "01:45"),
        ("Asia/Kolkata", "02:30", "2026-03-29", "2026-03-28 21:00", "02:30"),
        # The gap ends at midnight: the issue of the Saturday comes as the Sunday begins.
        ("America/Nuuk", "23:30", "2026-03-28", "2026-03-29 01:00", "00:00"),
        # The gap begins at midnight.
        ("Africa/Cairo", "00:30", "2026-04-24", "2026-04-23 22:00", "01:00"),
    ],
)
def test_on_the_days_when_clocks_change(
    zone: str, time: str, date: str, moment: str, shown: str
) -> None:
    daily = schedule(time=time, zone=zone)
    (occurrence,) = upcoming(daily, utc(moment) - MINUTE, 1)
    assert occurrence == Occurrence(dt.date.fromisoformat(date), utc(moment))
    assert local(daily, occurrence).time() == dt.time.fromisoformat(shown)
    assert upcoming(daily, occurrence.at, 1)[0].date == occurrence.date + DAY


def test_nothing_comes_in_the_second_pass_of_a_repeated_hour() -> None:
    second_pass = utc("2026-10-25 01:10")
    (occurrence,) = upcoming(schedule(time="01:30"), second_pass, 1)
    assert occurrence.date == dt.date(2026, 10, 26)


def test_a_date_that_a_country_left_out_has_at_most_one_issue_and_the_next_has_its_own() -> None:
    noon = schedule(time="12:00", zone="Pacific/Apia")
    found = upcoming(noon, utc("2011-12-29 00:00"), 4)
    assert len({occurrence.date for occurrence in found}) == 4
    assert [local(noon, occurrence).isoformat()[:16] for occurrence in found] == [
        "2011-12-29T12:00",
        "2011-12-31T00:00",
        "2011-12-31T12:00",
        "2012-01-01T12:00",
    ]


@pytest.mark.parametrize(
    ("rhythm", "dates"),
    [
        (Rhythm.DAILY, ["2026-03-27", "2026-03-28", "2026-03-29"]),
        (Rhythm.WEEKLY, ["2026-03-31", "2026-04-07", "2026-04-14"]),
        (Rhythm.FORTNIGHTLY, ["2026-03-31", "2026-04-14", "2026-04-28"]),
        (Rhythm.MONTHLY, ["2026-04-07", "2026-05-05", "2026-06-02"]),
    ],
)
def test_each_rhythm_shows_its_next_three_dates(rhythm: Rhythm, dates: list[str]) -> None:
    tuesdays = schedule(rhythm, weekday=1, anchor=dt.date(2026, 1, 5))
    shown = [local(tuesdays, found) for found in upcoming(tuesdays, utc("2026-03-27 08:00"))]
    assert [time.date().isoformat() for time in shown] == dates
    assert {time.time() for time in shown} == {dt.time(9, 30)}


def test_any_day_of_a_week_anchors_that_week() -> None:
    for day in range(7):
        fortnightly = schedule(Rhythm.FORTNIGHTLY, weekday=2, anchor=MONDAY + day * DAY)
        assert upcoming(fortnightly, utc("2026-01-01 00:00"), 1)[0].date == dt.date(2026, 1, 7)


@given(SCHEDULES, MOMENTS)
def test_there_is_exactly_one_occurrence_for_each_date_that_is_due(
    schedule: Schedule, after: dt.datetime
) -> None:
    found = upcoming(schedule, after, 30)
    assert all(earlier.at < later.at for earlier, later in pairwise(found))
    dates = dates_of(schedule, found[0].date, (found[-1].date - found[0].date).days + 1)
    assert [occurrence.date for occurrence in found] == dates
    assert found[0].at > after


@given(SCHEDULES, MOMENTS)
def test_an_occurrence_is_the_first_minute_at_which_its_time_has_come(
    schedule: Schedule, after: dt.datetime
) -> None:
    (found,) = upcoming(schedule, after, 1)
    assert found.at == as_the_clock_shows(found.date, schedule.time, ZoneInfo(schedule.zone))


@given(SCHEDULES, MOMENTS, st.integers(1, 5))
def test_going_on_from_one_occurrence_leads_to_the_next(
    schedule: Schedule, after: dt.datetime, count: int
) -> None:
    step_by_step: list[Occurrence] = []
    now = after
    for _ in range(count):
        step_by_step += upcoming(schedule, now, 1)
        now = step_by_step[-1].at
    assert tuple(step_by_step) == upcoming(schedule, after, count)


@given(SCHEDULES, MOMENTS)
def test_nothing_lies_between_a_time_and_the_first_occurrence_after_it(
    schedule: Schedule, after: dt.datetime
) -> None:
    long_before = occurrences(schedule, after - 80 * DAY)
    first = next(occurrence for occurrence in long_before if occurrence.at > after)
    assert upcoming(schedule, after, 1) == (first,)


@pytest.mark.parametrize(
    ("weekday", "time", "zone", "complaint"),
    [
        (7, dt.time(9), "UTC", "0 to 6"),
        (-1, dt.time(9), "UTC", "0 to 6"),
        (0, dt.time(9, 0, 30), "UTC", "whole minutes"),
        (0, dt.time(9, tzinfo=dt.UTC), "UTC", "no zone"),
        (0, dt.time(9), "Europe/Atlantis", "not a time zone"),
        (0, dt.time(9), "Europe", "not a time zone"),
        (0, dt.time(9), "../../etc/passwd", "not a time zone"),
        (0, dt.time(9), "", "not a time zone"),
    ],
)
def test_a_schedule_that_means_nothing_is_refused(
    weekday: int, time: dt.time, zone: str, complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        Schedule(Rhythm.WEEKLY, weekday, time, zone, MONDAY)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        upcoming(schedule(), utc("2026-01-01 00:00").replace(tzinfo=None))
