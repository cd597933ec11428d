"""Zones, times of day and days of the week as people type them."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.content.lookup import Found, Nothing, Several
from bot.core.newsletter.times import parse_time, parse_weekday
from bot.core.newsletter.zones import complete_zone, is_zone, label, zone_named, zones


def meant(text: str) -> tuple[str, ...]:
    """The zones that a text may mean; none if it is not understood."""
    found = zone_named(text)
    match found:
        case Found():
            return (found.id,)
        case Several():
            return found.ids
        case Nothing():
            return ()


def near(text: str) -> tuple[str, ...]:
    found = zone_named(text)
    assert isinstance(found, Nothing)
    return found.near


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("london", "Europe/London"),
        ("Europe/london", "Europe/London"),
        ("  EUROPE/LONDON ", "Europe/London"),
        ("Londn", "Europe/London"),
        ("UK", "Europe/London"),
        ("UK time", "Europe/London"),
        ("new york", "America/New_York"),
        ("america/new york", "America/New_York"),
        ("Eastern Time", "America/New_York"),
        ("PST", "America/Los_Angeles"),
        ("San Francisco", "America/Los_Angeles"),
        ("são paulo", "America/Sao_Paulo"),
        ("bangalore", "Asia/Kolkata"),
        ("India", "Asia/Kolkata"),
        ("UTC+5:30", "Asia/Kolkata"),
        ("Japan", "Asia/Tokyo"),
        ("CET", "Europe/Berlin"),
        ("UTC", "UTC"),
        ("gmt+0", "UTC"),
        ("-00:00", "UTC"),
        ("US/Pacific", "US/Pacific"),
        ("etc/gmt-1", "Etc/GMT-1"),
        ("EST5EDT", "EST5EDT"),
        ("UTC+14", "Etc/GMT-14"),
    ],
)
def test_a_zone_is_found_by_what_people_call_it(typed: str, zone: str) -> None:
    assert zone_named(typed) == Found(zone)


def test_an_offset_may_be_a_place_or_a_zone_without_summer_time() -> None:
    assert meant("GMT+1") == ("Europe/London", "Europe/Berlin", "Africa/Lagos", "Etc/GMT-1")
    assert meant("utc -05:00")[-1] == "Etc/GMT+5"


@pytest.mark.parametrize("hours", [hours for hours in range(-12, 15) if hours])
def test_every_zone_that_an_offset_may_mean_has_it_for_a_part_of_the_year(hours: int) -> None:
    for zone in meant(f"UTC{hours:+d}"):
        offsets = {
            dt.datetime(2026, month, 15, tzinfo=ZoneInfo(zone)).utcoffset() for month in (1, 7)
        }
        assert dt.timedelta(hours=hours) in offsets
    assert meant(f"UTC{hours:+d}"), "no zone at all"


def test_what_may_be_several_zones_is_asked_about() -> None:
    assert meant("IST") == ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem")
    assert meant("gmt") == ("Europe/London", "UTC")
    assert meant("usa")[:2] == ("America/New_York", "America/Chicago")


def test_what_is_no_zone_is_answered_with_names_that_look_alike() -> None:
    assert near("Nwe York") == ("America/New_York",)
    assert near("xyzzy") == ()
    assert near("") == ()
    assert near("UTC+99") == ()


def test_the_zones_on_offer_are_zones_and_those_in_use_today() -> None:
    offered = zones()
    assert offered[0] == "UTC"
    assert len(set(offered)) == len(offered) > 400
    assert {"Europe/Kyiv", "Asia/Kolkata", "America/Argentina/Buenos_Aires"} < set(offered)
    assert not {"Europe/Kiev", "Asia/Calcutta", "GB", "EST", "localtime"} & set(offered)
    assert all(is_zone(zone) and ZoneInfo(zone).key == zone for zone in offered)


@pytest.mark.parametrize("zone", zones())
def test_every_zone_on_offer_is_found_by_its_name_and_by_what_is_shown(zone: str) -> None:
    assert zone_named(zone) == zone_named(label(zone)) == Found(zone)


def test_completion_begins_with_the_likeliest() -> None:
    assert complete_zone("lo", 25)[0] == "Europe/London"
    assert complete_zone("ist", 25)[:3] == ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem")
    assert len(complete_zone("", 25)) == 25
    assert complete_zone("", 0) == ()


def test_a_zone_without_summer_time_is_shown_with_the_sign_that_people_use() -> None:
    assert label("Etc/GMT-1") == "UTC+1 all year"
    assert label("Etc/GMT+5") == "UTC−5 all year"
    assert label("America/New_York") == "America/New York"


@given(st.text(max_size=400))
def test_any_text_is_answered_with_zones_or_not_at_all(text: str) -> None:
    assert all(is_zone(zone) for zone in meant(text))
    assert all(is_zone(zone) for zone in complete_zone(text, 10))


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("9", "09:00"),
        ("9:30", "09:30"),
        ("09.30", "09:30"),
        ("0930", "09:30"),
        ("930", "09:30"),
        ("9am", "09:00"),
        ("9 a.m.", "09:00"),
        ("9.30 PM", "21:30"),
        ("12am", "00:00"),
        ("12pm", "12:00"),
        ("12:05 am", "00:05"),
        ("21:05", "21:05"),
        ("0:00", "00:00"),
        ("23:59", "23:59"),
        ("9h30", "09:30"),
        ("at 9", "09:00"),
        ("Noon", "12:00"),
        ("midnight", "00:00"),
    ],
)
def test_a_time_of_day_is_read_in_every_usual_form(typed: str, time: str) -> None:
    assert parse_time(typed) == dt.time.fromisoformat(time)


@pytest.mark.parametrize(
    "typed", ["", "24:00", "25", "9:60", "13pm", "0am", "9:3", "nine", "-1", "9:30:15", "999", "²"]
)
def test_what_is_no_time_of_day_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValueError, match="Write one such as 9:30") as refusal:
        parse_time(typed)
    assert f"“{typed}”" in str(refusal.value)


@given(st.times().map(lambda time: time.replace(second=0, microsecond=0)))
def test_a_time_of_day_is_the_same_on_either_clock(time: dt.time) -> None:
    half = "am" if time.hour < 12 else "pm"
    assert parse_time(f"{time:%H:%M}") == time
    assert parse_time(f"{time.hour % 12 or 12}:{time:%M}{half}") == time


@pytest.mark.parametrize("number", range(7))
def test_a_day_of_the_week_is_read_in_full_and_short(number: int) -> None:
    name = calendar.day_name[number]
    for typed in (name, name.upper(), f"{name}s", f"on {name}", name[:2], name[:3], name[:4]):
        assert parse_weekday(typed) == number, typed


@pytest.mark.parametrize(
    ("typed", "number"), [("wendesday", 2), ("Sundya", 6), ("weds", 2), ("thurs", 3)]
)
def test_a_slip_in_a_day_of_the_week_is_forgiven(typed: str, number: int) -> None:
    assert parse_weekday(typed) == number


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("t", "Did you mean Tuesday or Thursday"),
        ("s", "Did you mean Saturday or Sunday"),
        ("0", "Write one such as Monday"),
        ("tomorrow", "Write one such as Monday"),
        ("", "Write one such as Monday"),
    ],
)
def test_what_is_no_day_of_the_week_is_refused_with_help(typed: str, hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        parse_weekday(typed)


@given(st.sampled_from([parse_time, parse_weekday]), st.text(min_size=1, max_size=400))
def test_what_is_refused_is_quoted_in_one_short_line(
    parse: Callable[[str], object], text: str
) -> None:
    with pytest.raises(ValueError, match="is not a") as refusal:
        parse(f"99:99 {text}")
    assert len(str(refusal.value)) < 160
    assert str(refusal.value).isprintable()
