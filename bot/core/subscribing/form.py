"""The form of a subscription: when it comes and a line above it, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.core.command import Field, Form, Kind, Option, Suggestion
from bot.core.content.lookup import Found, Several
from bot.core.manager_intents import Act, ManageSubscription, Retype
from bot.core.newsletter.schedule import Rhythm, Schedule
from bot.core.newsletter.times import parse_time
from bot.core.newsletter.zones import is_zone, label, zone_named
from bot.core.subscribing.times import DAYS, RHYTHMS
from bot.core.subscriptions import Subscription
from bot.core.user_text import clean, quote
from bot.core.views import Actions, Button, Choice, Prose, Select, Text, View
from bot.core.wording import listed

RHYTHM, WEEKDAY, TIME, ZONE, INTRO = "rhythm", "weekday", "time", "time_zone", "intro"
FIELDS = (RHYTHM, WEEKDAY, TIME, ZONE, INTRO)

USUAL = Schedule(Rhythm.WEEKLY, 0, dt.time(9), "Europe/London", dt.date(2026, 1, 5))

MOST_BUTTONS = 5
"""From more time zones to choose from than this on, they come in a select."""

_RHYTHMS = tuple(Suggestion(rhythm, words) for rhythm, words in RHYTHMS.items())
_DAYS = tuple(Suggestion(str(number), day) for number, day in enumerate(DAYS))


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a form, in a sentence; `near` are time zones that may be meant."""

    text: str
    near: tuple[str, ...] = ()


def values_of(known: Subscription | None, zone: str) -> dict[str, str]:
    """What the form holds before anybody has typed: what is there already, or what is usual."""
    begun = known or USUAL
    return {
        RHYTHM: str(begun.rhythm),
        WEEKDAY: str(begun.weekday),
        TIME: f"{begun.time:%H:%M}",
        ZONE: zone,
        INTRO: known.intro if known else "",
    }


def usual_zone(asked: str | None, known: Subscription | None, own: str, others: str) -> str:
    """The time zone to begin with.

    Args:
        asked: The one that was asked for.
        known: The subscription that is there already.
        own: The person's, where the platform tells it.
        others: That of another subscription of the community.
    """
    before = known.zone if known else ""
    return next((z for z in (asked, before, own, others) if z and is_zone(z)), USUAL.zone)


def form(subscription: int, values: Mapping[str, str]) -> Form:
    """The form with these values; the subscription is 0 for a new one."""
    how = "Please use /newsletter subscribe in a channel, where a form can open."
    return Form(
        ManageSubscription(subscription, Act.EDIT),
        "Newsletter",
        (
            _listed(RHYTHM, "How often", values, _RHYTHMS),
            _listed(WEEKDAY, "On which day", values, _DAYS),
            _typed(TIME, "At what time, such as 09:00", values),
            _typed(ZONE, "In which time zone, such as Europe/London", values, Kind.ZONE),
            _typed(INTRO, "A line above each issue", values, required=False),
        ),
        View("Newsletter", (Prose((Text(how),)),), fallback=how),
        private=True,
    )


def _listed(
    name: str, description: str, values: Mapping[str, str], choices: tuple[Suggestion, ...]
) -> Field:
    chosen = next((choice for choice in choices if choice.value == values.get(name)), None)
    return Field(Option(name, description, Kind.LISTED), chosen, choices)


def _typed(
    name: str,
    description: str,
    values: Mapping[str, str],
    kind: Kind = Kind.TEXT,
    *,
    required: bool = True,
) -> Field:
    text = values.get(name, "")
    option = Option(name, description, kind, required=required)
    return Field(option, Suggestion(text, text) if text else None)


def typed(values: Mapping[str, str]) -> dict[str, str]:
    """What was typed into the form, cleaned."""
    return {name: clean(values.get(name, "")) for name in FIELDS}


def schedule(values: Mapping[str, str], now: dt.datetime) -> Schedule | tuple[Mistake, ...]:
    """When the form says that issues come, or all that is wrong with it."""
    read = (_rhythm(values), _time(values[TIME]), _zone(values[ZONE]))
    match read:
        case (Rhythm() as rhythm, int() as day), dt.time() as time, str() as zone:
            today = now.astimezone(ZoneInfo(zone)).date()
            return Schedule(rhythm, day, time, zone, today)
        case _:
            return tuple(found for found in read if isinstance(found, Mistake))


def _rhythm(values: Mapping[str, str]) -> tuple[Rhythm, int] | Mistake:
    rhythm = next((r for r in Rhythm if r.value == values[RHYTHM]), None)
    if rhythm is None or values[WEEKDAY] not in {day.value for day in _DAYS}:
        return Mistake("Please choose how often, and on which day.")
    return rhythm, int(values[WEEKDAY])


def _time(text: str) -> dt.time | Mistake:
    try:
        return parse_time(text)
    except ValueError as error:
        return Mistake(str(error))


def _zone(text: str) -> str | Mistake:
    found = zone_named(text)
    if isinstance(found, Found):
        return found.id
    near = found.ids if isinstance(found, Several) else found.near
    offers = f" Did you mean {listed(map(label, near[:MOST_BUTTONS]), 'or')}?" if near else ""
    return Mistake(f"I need a time zone such as Europe/London, not “{quote(text)}”.{offers}", near)


def wrong(mistakes: tuple[Mistake, ...], subscription: int, kept: str) -> View:
    """What is wrong; the form opens again as it was typed, or with another time zone."""
    near = (zone for mistake in mistakes for zone in mistake.near)
    choices = tuple(Choice(label(zone), Retype(subscription, kept, zone)) for zone in near)
    again = Button("Change it", Retype(subscription, kept), primary=True)
    said = " ".join(mistake.text for mistake in mistakes)
    return View(
        "Not yet",
        (
            *(Prose((Text(mistake.text),)) for mistake in mistakes),
            Actions((*_offers(choices), again)),
        ),
        fallback=said,
    )


def _offers(choices: tuple[Choice, ...]) -> Iterator[Button | Select]:
    if len(choices) > MOST_BUTTONS:
        yield Select("Choose a time zone", choices)
    else:
        yield from (Button(choice.label, choice.intent) for choice in choices)
