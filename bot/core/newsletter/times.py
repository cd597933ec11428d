"""Times of day and days of the week as people type them."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import assert_never

from bot.core.content.lookup import Found, Lookup, Named, Nothing, Several
from bot.core.user_text import clean, quote

_TIME = re.compile(
    r"(?:at )?(?P<hour>[0-9]{1,2})"
    r"(?:\s?[:.h]\s?(?P<minute>[0-9]{2})|(?P<run_together>[0-9]{2})|\s?h)?"
    r"(?:\s?(?P<half>[ap])\.?\s?m\.?)?"
)
_WORDS = {"noon": dt.time(12), "midday": dt.time(12), "midnight": dt.time(0)}

_DAYS = Lookup(
    Named(name.casefold(), name, (f"{name}s", *shorter))
    for name, shorter in zip(
        calendar.day_name,
        [("mo",), ("tu",), ("we", "weds"), ("th", "thurs"), ("fr",), ("sa",), ("su",)],
        strict=True,
    )
)
_NUMBERS = {name.casefold(): number for number, name in enumerate(calendar.day_name)}


def parse_time(text: str) -> dt.time:
    """A time of day: `9`, `9:30`, `09.30`, `0930`, `9am`, `9.30 p.m.`, `21:05`, `noon`.

    Raises:
        ValueError: If it is none; the message is meant for the person who typed it.
    """
    typed = clean(text).casefold()
    if typed in _WORDS:
        return _WORDS[typed]
    if found := _TIME.fullmatch(typed):
        hour = _hour(int(found["hour"]), found["half"])
        minute = int(found["minute"] or found["run_together"] or 0)
        if hour is not None and minute < 60:
            return dt.time(hour, minute)
    raise ValueError(f"“{quote(text)}” is not a time of day. Write one such as 9:30, 21:05 or 9am.")


def parse_weekday(text: str) -> int:
    """A day of the week, 0 (Monday) to 6: `Monday`, `mondays`, `mon`, `mo`, `on Monday`.

    Raises:
        ValueError: If it is none; the message is meant for the person who typed it.
    """
    typed = clean(text).casefold().removeprefix("on ").removeprefix("every ")
    found = _DAYS.find(typed)
    match found:
        case Found():
            return _NUMBERS[found.id]
        case Several():
            days = found.ids
        case Nothing():
            days = found.near
        case _:
            assert_never(found)
    near = [day.capitalize() for day in days]
    hint = f"Did you mean {' or '.join(near)}?" if near else "Write one such as Monday or Thu."
    raise ValueError(f"“{quote(text)}” is not a day of the week. {hint}")


def _hour(hour: int, half: str | None) -> int | None:
    """The hour of the day, 0 to 23; 12am is midnight. None if there is no such hour."""
    if half is None:
        return hour if hour < 24 else None
    if not 1 <= hour <= 12:
        return None
    return hour % 12 + (12 if half == "p" else 0)
