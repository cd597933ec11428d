"""What is sent and what is given up, after pauses and with clocks that go wrong."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.newsletter.schedule import (
    LATEST,
    Due,
    Occurrence,
    Rhythm,
    Schedule,
    due,
    upcoming,
)

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)
MONDAY = dt.date(2026, 1, 5)
BEGAN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

SCHEDULES = st.builds(
    Schedule,
    st.sampled_from(Rhythm),
    st.integers(0, 6),
    st.builds(dt.time, st.integers(0, 23), st.integers(0, 59)),
    st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "America/Nuuk"]),
    st.just(MONDAY),
)
STEPS = st.lists(st.integers(-3 * 60, 20 * 24 * 60), min_size=1, max_size=25)
"""Minutes from one look at the schedule to the next; clocks are set back as well."""


def schedule(rhythm: Rhythm, zone: str = "Europe/London", time: str = "09:30") -> Schedule:
    return Schedule(rhythm, 0, dt.time.fromisoformat(time), zone, MONDAY)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def last_handled(answer: Due, last: dt.date | None) -> dt.date | None:
    handled = [*answer.skipped, *([answer.send] if answer.send else [])]
    return handled[-1].date if handled else last


def dates(occurrences: tuple[Occurrence, ...]) -> list[str]:
    return [occurrence.date.isoformat() for occurrence in occurrences]


def test_before_the_first_date_nothing_is_due() -> None:
    answer = due(schedule(Rhythm.WEEKLY), None, BEGAN, utc("2026-01-05 09:29"))
    assert (answer.send, answer.skipped) == (None, ())
    assert answer.next == Occurrence(MONDAY, utc("2026-01-05 09:30"))


def test_on_the_minute_the_issue_is_due_and_afterwards_it_is_not() -> None:
    weekly, now = schedule(Rhythm.WEEKLY), utc("2026-01-05 09:30")
    answer = due(weekly, None, BEGAN, now)
    assert answer.send == Occurrence(MONDAY, now)
    assert answer.next.date == date("2026-01-12")
    assert due(weekly, MONDAY, BEGAN, now) == Due(None, (), answer.next)


def test_what_was_due_before_the_subscription_began_does_not_count() -> None:
    daily = schedule(Rhythm.DAILY)
    answer = due(daily, None, utc("2026-01-05 09:31"), utc("2026-01-05 09:32"))
    assert (answer.send, answer.skipped) == (None, ())
    assert answer.next.date == date("2026-01-06")


def test_what_was_due_while_a_subscription_rested_does_not_count() -> None:
    answer = due(schedule(Rhythm.DAILY), MONDAY, utc("2026-01-20 10:00"), utc("2026-01-20 10:01"))
    assert (answer.send, answer.skipped) == (None, ())
    assert answer.next.date == date("2026-01-21")


def test_a_week_of_downtime_sends_one_question_and_lists_the_others() -> None:
    answer = due(schedule(Rhythm.DAILY), MONDAY, BEGAN, utc("2026-01-12 15:00"))
    assert answer.send is not None
    assert answer.send.date == date("2026-01-12")
    assert dates(answer.skipped) == [f"2026-01-{day:02}" for day in range(6, 12)]
    assert answer.next.date == date("2026-01-13")


def test_after_a_week_of_downtime_an_old_issue_is_skipped() -> None:
    answer = due(schedule(Rhythm.WEEKLY), MONDAY, BEGAN, utc("2026-01-14 15:00"))
    assert answer.send is None
    assert dates(answer.skipped) == ["2026-01-12"]
    assert answer.next.date == date("2026-01-19")


@pytest.mark.parametrize(("late", "sent"), [(LATEST, True), (LATEST + MINUTE, False)])
def test_an_issue_is_made_up_for_until_it_is_a_day_old(late: dt.timedelta, sent: bool) -> None:
    answer = due(schedule(Rhythm.WEEKLY), None, BEGAN, utc("2026-01-05 09:30") + late)
    assert (answer.send is not None, len(answer.skipped)) == (sent, 0 if sent else 1)


def test_a_clock_that_is_set_back_an_hour_sends_nothing_twice() -> None:
    daily, now = schedule(Rhythm.DAILY), utc("2026-01-05 09:45")
    answer = due(daily, date("2026-01-04"), BEGAN, now)
    assert answer.send is not None
    for minute in range(180):
        again = due(daily, answer.send.date, BEGAN, now - HOUR + minute * MINUTE)
        assert (again.send, again.skipped) == (None, ())
        assert again.next.date == date("2026-01-06")


def test_an_issue_at_half_past_one_comes_once_in_the_night_with_two_such_times() -> None:
    daily, last = schedule(Rhythm.DAILY, time="01:30"), date("2026-10-24")
    sent = []
    for minute in range(4 * 60):
        answer = due(daily, last, BEGAN, utc("2026-10-24 23:00") + minute * MINUTE)
        if answer.send:
            sent.append(answer.send.at)
            last = answer.send.date
    assert sent == [utc("2026-10-25 00:30")]


def test_an_issue_moved_to_a_later_time_does_not_come_again_on_the_same_date() -> None:
    answer = due(schedule(Rhythm.DAILY, time="18:00"), MONDAY, BEGAN, utc("2026-01-05 18:00"))
    assert (answer.send, answer.skipped) == (None, ())
    assert answer.next.date == date("2026-01-06")


def test_an_issue_moved_to_another_zone_does_not_come_again_on_the_same_date() -> None:
    moved = schedule(Rhythm.DAILY, zone="America/Los_Angeles")
    answer = due(moved, MONDAY, BEGAN, utc("2026-01-05 17:30"))
    assert (answer.send, answer.skipped) == (None, ())
    assert answer.next == Occurrence(date("2026-01-06"), utc("2026-01-06 17:30"))


def test_a_subscription_that_begins_in_the_future_waits_for_it() -> None:
    answer = due(schedule(Rhythm.DAILY), None, utc("2026-03-01 00:00"), utc("2026-02-01 00:00"))
    assert answer == Due(None, (), Occurrence(date("2026-03-01"), utc("2026-03-01 09:30")))


@pytest.mark.timeout(5)
def test_ten_years_of_downtime_are_looked_through_quickly() -> None:
    answer = due(schedule(Rhythm.DAILY), None, utc("2016-01-01 00:00"), utc("2026-01-01 10:00"))
    assert len(answer.skipped) == 10 * 365 + 3
    assert answer.send is not None
    assert answer.send.date == date("2026-01-01")


@pytest.mark.timeout(20)
def test_a_look_at_a_schedule_does_not_grow_with_its_age() -> None:
    daily, began = schedule(Rhythm.DAILY), utc("1970-01-01 00:00")
    for minute in range(2000):
        answer = due(daily, date("2026-01-04"), began, utc("2026-01-05 08:00") + minute * MINUTE)
        assert len(answer.skipped) <= 1


@given(SCHEDULES, STEPS)
def test_over_any_pauses_every_date_is_sent_or_skipped_once_and_none_is_forgotten(
    schedule: Schedule, steps: list[int]
) -> None:
    now, latest, last = BEGAN, BEGAN, None
    handled: list[Occurrence] = []
    for minutes in steps:
        now += minutes * MINUTE
        latest = max(latest, now)
        answer = due(schedule, last, BEGAN, now)
        if answer.send:
            assert dt.timedelta(0) <= now - answer.send.at <= LATEST
        assert answer.next.at > now
        last = last_handled(answer, last)
        assert last is None or answer.next.date > last
        handled += [*answer.skipped, *([answer.send] if answer.send else [])]
    everything = upcoming(schedule, BEGAN, len(handled) + 1)
    assert tuple(handled) == everything[:-1]
    assert everything[-1].at > latest


@given(SCHEDULES, st.integers(0, 60 * 24 * 60))
def test_only_the_newest_is_sent_and_all_that_are_skipped_are_older(
    schedule: Schedule, minutes: int
) -> None:
    answer = due(schedule, None, BEGAN, BEGAN + minutes * MINUTE)
    if answer.send:
        assert all(skipped.at < answer.send.at for skipped in answer.skipped)
    else:
        assert all(BEGAN + minutes * MINUTE - skipped.at > LATEST for skipped in answer.skipped)


def test_a_time_without_a_zone_is_refused() -> None:
    naive = BEGAN.replace(tzinfo=None)
    for since, now in ((naive, BEGAN), (BEGAN, naive)):
        with pytest.raises(ValueError, match="needs a time zone"):
            due(schedule(Rhythm.DAILY), None, since, now)
