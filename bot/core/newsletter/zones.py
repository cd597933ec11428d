"""Time zones as people name them: by a city, a country, an abbreviation or an IANA name.

The zones that are offered are those of the IANA's table of countries, from the package `tzdata`;
every other IANA name is understood as well. Abbreviations and offsets are taken for what people
mean by them: the clocks of a place, with its summer time. The IANA zone `EST` has none.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from importlib.resources import files
from typing import assert_never
from zoneinfo import ZoneInfo, available_timezones

from bot.core.content.lookup import Found, Lookup, Match, Named, Nothing, Several
from bot.core.content.names import squeeze
from bot.core.user_text import clean

_NOT_PLACES = frozenset({"Factory", "localtime", "posixrules"})

_CITIES = {
    "America/Chicago": "Austin, Dallas, Houston, Central Time",
    "America/Denver": "Salt Lake City, Mountain Time",
    "America/Los_Angeles": "San Francisco, Seattle, San Diego, San Jose, Portland, Pacific Time",
    "America/New_York": "Boston, Washington, Atlanta, Miami, Philadelphia, Eastern Time",
    "America/Sao_Paulo": "Rio de Janeiro",
    "America/Toronto": "Montreal, Ottawa",
    "Asia/Dubai": "Abu Dhabi",
    "Asia/Ho_Chi_Minh": "Hanoi, Saigon",
    "Asia/Jerusalem": "Tel Aviv",
    "Asia/Kolkata": "Bangalore, Bengaluru, Mumbai, Delhi, Hyderabad, Chennai, Pune",
    "Asia/Shanghai": "Beijing, Shenzhen, Hangzhou",
    "Asia/Tokyo": "Osaka, Kyoto",
    "Australia/Sydney": "Canberra",
    "Europe/Amsterdam": "Rotterdam, The Hague, Holland",
    "Europe/Berlin": "Munich, Hamburg, Frankfurt, Cologne",
    "Europe/Kyiv": "Kiev",
    "Europe/London": "England, Scotland, Wales, Edinburgh, Manchester, Bristol, Cambridge",
    "Europe/Madrid": "Barcelona",
    "Europe/Rome": "Milan",
    "Europe/Zurich": "Geneva, Basel",
    "Pacific/Auckland": "Wellington",
}
"""Large cities and other names that the IANA's table does not have."""

_SPOKEN = {
    "utc, gmt0, gmt+0, gmt-0, z, zulu": "UTC",
    "gmt": "Europe/London UTC",
    "bst, uk, britain, great britain": "Europe/London",
    "cet, cest, germany": "Europe/Berlin",
    "eet, eest": "Europe/Athens",
    "wet, west": "Europe/Lisbon",
    "msk": "Europe/Moscow",
    "et, edt, eastern": "America/New_York",
    "est": "America/New_York America/Panama",
    "ct, cdt, central": "America/Chicago",
    "cst": "America/Chicago Asia/Shanghai",
    "mdt, mountain": "America/Denver",
    "mt, mst": "America/Denver America/Phoenix",
    "pt, pst, pdt, pacific": "America/Los_Angeles",
    "akst, akdt": "America/Anchorage",
    "hst": "Pacific/Honolulu",
    "brt": "America/Sao_Paulo",
    "ist": "Asia/Kolkata Europe/Dublin Asia/Jerusalem",
    "pkt": "Asia/Karachi",
    "sgt": "Asia/Singapore",
    "hkt": "Asia/Hong_Kong",
    "china": "Asia/Shanghai",
    "jst": "Asia/Tokyo",
    "kst": "Asia/Seoul",
    "awst": "Australia/Perth",
    "aest": "Australia/Sydney Australia/Brisbane",
    "aedt": "Australia/Sydney",
    "nzst, nzdt, new zealand": "Pacific/Auckland",
    "wat": "Africa/Lagos",
    "eat": "Africa/Nairobi",
    "sast": "Africa/Johannesburg",
    "us, usa, united states, america": "America/New_York America/Chicago America/Denver"
    " America/Los_Angeles America/Anchorage Pacific/Honolulu",
    "canada": "America/Toronto America/Vancouver America/Edmonton America/Winnipeg"
    " America/Halifax America/St_Johns",
    "brazil": "America/Sao_Paulo America/Manaus America/Fortaleza",
    "mexico": "America/Mexico_City America/Cancun America/Tijuana",
    "australia": "Australia/Sydney Australia/Melbourne Australia/Brisbane Australia/Adelaide"
    " Australia/Perth Australia/Darwin",
    "russia": "Europe/Moscow Asia/Yekaterinburg Asia/Novosibirsk Asia/Vladivostok",
    "europe": "Europe/London Europe/Lisbon Europe/Paris Europe/Berlin Europe/Athens",
    "africa": "Africa/Lagos Africa/Johannesburg Africa/Cairo Africa/Nairobi",
    "asia": "Asia/Dubai Asia/Kolkata Asia/Singapore Asia/Shanghai Asia/Tokyo",
}
"""Abbreviations and large areas, and the zones that they may mean, the likeliest first."""

_KNOWN = tuple(
    f"{area}/{place}"
    for area, places in {
        "Europe": "London Berlin Athens",
        "Africa": "Lagos Johannesburg Nairobi",
        "America": "New_York Chicago Denver Los_Angeles Anchorage Halifax St_Johns Sao_Paulo"
        " Bogota Mexico_City",
        "Asia": "Dubai Tehran Karachi Kolkata Kathmandu Dhaka Jakarta Singapore Shanghai Tokyo",
        "Australia": "Darwin Adelaide Brisbane Sydney",
        "Pacific": "Auckland Honolulu",
    }.items()
    for place in places.split()
)
"""Zones of many people: they come first, and they are offered to those who give an offset."""

_OFFSET = re.compile(r"(?:utc|gmt)?\s*([-+−–])\s*([0-9]{1,2})(?::?([0-9]{2}))?", re.IGNORECASE)
_FIXED = re.compile(r"Etc/GMT([-+])([0-9]{1,2})")
_SEASONS = (dt.datetime(2026, 1, 15, tzinfo=dt.UTC), dt.datetime(2026, 7, 15, tzinfo=dt.UTC))


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """The zones to offer: UTC first, then one or more for each country, by name."""
    return ("UTC", *sorted(zone for _, zone in _table("zone.tab")))


def is_zone(name: str) -> bool:
    """Whether this is exactly the name of a time zone, be it offered or not."""
    return name in _all()


def zone_named(text: str) -> Match:
    """What zone a person means: `london`, `Europe/london`, `UK time`, `PST`, `UTC`, `GMT+1`.

    An offset such as `GMT+1` may mean a zone without summer time, whose IANA name has the
    opposite sign (`Etc/GMT-1`, see `label`), or a place that has this offset for half a year:
    it is one zone only where there is nothing to choose from.

    Returns:
        Found with an IANA name; Several if there is a choice, at most ten; or Nothing, with names
        that look alike.
    """
    asked = clean(text).casefold()
    asked = asked.removesuffix(" time").rstrip() or asked
    if meant := _spoken().get(asked):
        return _one_or_several(meant)
    if offset := _OFFSET.fullmatch(asked):
        return _with_offset(*offset.groups())
    exact = _folded().get(asked.replace(" ", "_"))
    if exact and "/" in exact:
        return Found(exact)
    found = _lookup().find(asked)
    match found:
        case Nothing() if exact:
            return Found(exact)
        case _:
            return found


def complete_zone(text: str, limit: int) -> tuple[str, ...]:
    """Up to `limit` zones for what has been typed so far, the likeliest first."""
    found = zone_named(text)
    match found:
        case Found():
            first: tuple[str, ...] = (found.id,)
        case Several():
            first = found.ids
        case Nothing():
            first = ()
        case _:
            assert_never(found)
    return tuple(dict.fromkeys((*first, *_lookup().complete(clean(text), limit))))[:limit]


def label(zone: str) -> str:
    """A zone as it is shown: its IANA name, but `UTC+1 all year` for `Etc/GMT-1`."""
    fixed = _FIXED.fullmatch(zone)
    if fixed is None:
        return zone.replace("_", " ")
    sign = "+" if fixed[1] == "-" else "−"
    return f"UTC{sign}{fixed[2]} all year" if fixed[2] != "0" else "UTC"


def _one_or_several(found: tuple[str, ...]) -> Match:
    match found:
        case ():
            return Nothing(())
        case (only,):
            return Found(only)
        case _:
            return Several(found)


def _with_offset(sign: str, hours: str, minutes: str | None) -> Match:
    size = 60 * int(hours) + int(minutes or 0)
    east = size if sign == "+" else -size
    if east == 0:
        return Found("UTC")
    offset = dt.timedelta(minutes=east)
    places = [
        zone for zone in _KNOWN if any(ZoneInfo(zone).utcoffset(s) == offset for s in _SEASONS)
    ]
    fixed = f"Etc/GMT{-east // 60:+d}" if east % 60 == 0 else ""
    return _one_or_several((*places[:9], *((fixed,) if is_zone(fixed) else ())))


@lru_cache(maxsize=1)
def _all() -> frozenset[str]:
    return frozenset(available_timezones() | {"UTC"}) - _NOT_PLACES


@lru_cache(maxsize=1)
def _folded() -> dict[str, str]:
    return {zone.casefold(): zone for zone in sorted(_all())}


@lru_cache(maxsize=1)
def _spoken() -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(meant.split()) for names, meant in _SPOKEN.items() for name in names.split(", ")
    }


@lru_cache(maxsize=1)
def _lookup() -> Lookup:
    """Zones by city, by country, and by what else a place is called."""
    countries = dict(_table("iso3166.tab"))
    of_zone = {zone: countries[code] for code, zone in _table("zone.tab")}
    return Lookup(
        Named(
            zone,
            zone.rsplit("/", 1)[-1].replace("_", " "),
            tuple(
                name
                for name in (of_zone.get(zone, ""), *_CITIES.get(zone, "").split(", "))
                if squeeze(name)
            ),
        )
        for zone in dict.fromkeys((*_KNOWN, *zones()))
    )


def _table(name: str) -> list[tuple[str, str]]:
    """A table of the IANA: the country's code, and its name or one of its zones."""
    text = files("tzdata").joinpath("zoneinfo", name).read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return [(row[0], row[2] if name == "zone.tab" else row[1]) for row in rows]
