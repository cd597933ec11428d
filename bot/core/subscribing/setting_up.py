"""Subscribing a channel: a form, the dates and a preview, and a check that posting works."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.core.command import (
    Aside,
    Effect,
    Field,
    Form,
    GoneError,
    Option,
    Post,
    Say,
    Suggestion,
    Visit,
)
from bot.core.command import Kind as OptionKind
from bot.core.content.lookup import Found, Nothing, Several
from bot.core.intents import Act, ManageSubscription
from bot.core.newsletter.schedule import Rhythm, Schedule, upcoming
from bot.core.newsletter.times import parse_time
from bot.core.newsletter.zones import label, zone_named
from bot.core.ports import Unit
from bot.core.subscribing.times import DAYS, RHYTHMS, in_words, next_dates, schedule_of
from bot.core.subscriptions import Subscription, SubscriptionState
from bot.core.user_text import clean, quote
from bot.core.views import Actions, Block, Button, Heading, Italic, Notice, Prose, Text, View
from bot.core.wording import listed

RHYTHM, WEEKDAY, TIME, ZONE, INTRO = "rhythm", "weekday", "time", "time_zone", "intro"

DEFAULT = Schedule(Rhythm.WEEKLY, 0, dt.time(9), "Europe/London", dt.date(2026, 1, 5))


def ask(visit: Visit, known: Subscription | None) -> Form | Aside:
    """The form for a new subscription of the channel, or for one that is there."""
    if visit.actor.community is None or (visit.actor.channel is None and known is None):
        text = "The newsletter goes to a channel. Please type this in the channel that wants it."
        return Aside(View("Not here", (Prose((Text(text),)),), fallback=text))
    schedule = schedule_of(known) if known else DEFAULT
    rhythms = tuple(Suggestion(rhythm, words) for rhythm, words in RHYTHMS.items())
    days = tuple(Suggestion(str(number), day) for number, day in enumerate(DAYS))
    intro = known.intro if known else ""
    fields = (
        Field(
            Option(RHYTHM, "How often", OptionKind.LISTED),
            Suggestion(schedule.rhythm, RHYTHMS[schedule.rhythm]),
            rhythms,
        ),
        Field(Option(WEEKDAY, "On which day", OptionKind.LISTED), days[schedule.weekday], days),
        Field(Option(TIME, "At what time, such as 09:00", OptionKind.TEXT), _text(schedule.time)),
        Field(
            Option(ZONE, "In which time zone, such as Europe/London", OptionKind.TEXT),
            Suggestion(schedule.zone, schedule.zone),
        ),
        Field(
            Option(INTRO, "A line above each issue", OptionKind.TEXT, required=False),
            Suggestion(intro, intro) if intro else None,
        ),
    )
    how = "Please use /newsletter subscribe in a channel, where a form can open."
    return Form(
        ManageSubscription(known.id if known else 0, Act.EDIT),
        "Newsletter",
        fields,
        View("Newsletter", (Prose((Text(how),)),), fallback=how),
        private=True,
    )


def _text(time: dt.time) -> Suggestion:
    return Suggestion(f"{time:%H:%M}", f"{time:%H:%M}")


async def filled_in(
    intent: ManageSubscription, values: Mapping[str, str], visit: Visit
) -> Aside | Effect:
    """Keep what the form says: a draft to confirm, or the change of a subscription.

    Raises:
        StoreError: if it cannot be kept.
        GoneError: if the subscription is gone, or belongs to another community.
    """
    community, channel = visit.actor.community, visit.actor.channel
    if community is None or (channel is None and not intent.subscription):
        return ask(visit, None)
    try:
        schedule = _schedule(values, visit.now)
    except ValueError as error:
        return Say(_wrong(str(error), intent))
    intro = clean(values.get(INTRO, ""))

    def work(unit: Unit) -> Subscription:
        known = _known(unit, intent, visit)
        if known is None:
            return unit.newsletters.add(_draft(schedule, intro, community, channel or "", visit))
        changed = _changed(known, schedule, intro, visit)
        unit.newsletters.save(changed)
        return changed

    return Say(agreed(await visit.desk.store.write(work), visit.now))


def _known(unit: Unit, intent: ManageSubscription, visit: Visit) -> Subscription | None:
    """What the form is about: the one that it names, or else the channel's own, if it has one.

    Raises:
        GoneError: if it names one that is gone, or belongs to another community.
    """
    actor = visit.actor
    if not intent.subscription:
        here = unit.newsletters.in_channel(actor.platform, actor.channel or "")
        return unit.newsletters.get(here.id, lock=True) if here else None
    known = unit.newsletters.get(intent.subscription, lock=True)
    if known is None or known.community != actor.community:
        raise GoneError
    return known


def _draft(
    schedule: Schedule, intro: str, community: str, channel: str, visit: Visit
) -> Subscription:
    return Subscription(
        id=0,
        platform=visit.actor.platform,
        community=community,
        channel=channel,
        person=visit.actor.key,
        rhythm=schedule.rhythm,
        weekday=schedule.weekday,
        time=schedule.time,
        zone=schedule.zone,
        anchor=schedule.anchor,
        intro=intro,
        since=visit.now,
    )


def _changed(known: Subscription, schedule: Schedule, intro: str, visit: Visit) -> Subscription:
    """What was due before a change does not count; every other week stays the same week."""
    if known.rhythm == schedule.rhythm:
        schedule = replace(schedule, anchor=known.anchor)
    moved = schedule != schedule_of(known)
    draft = known.state is SubscriptionState.DRAFT
    return replace(
        known,
        person=visit.actor.key if draft else known.person,
        rhythm=schedule.rhythm,
        weekday=schedule.weekday,
        time=schedule.time,
        zone=schedule.zone,
        anchor=schedule.anchor,
        intro=intro,
        since=visit.now if moved else known.since,
        next_at=upcoming(schedule, visit.now)[0].at if moved else known.next_at,
    )


def _schedule(values: Mapping[str, str], now: dt.datetime) -> Schedule:
    """What a form says. Raises ValueError with a friendly sentence."""
    rhythm = next((r for r in Rhythm if r.value == values.get(RHYTHM)), None)
    day = values.get(WEEKDAY, "")
    if rhythm is None or day not in {str(number) for number in range(7)}:
        raise ValueError("Please choose how often, and on which day.")
    zone = _zone(clean(values.get(ZONE, "")))
    today = now.astimezone(ZoneInfo(zone)).date()
    return Schedule(rhythm, int(day), parse_time(clean(values.get(TIME, ""))), zone, today)


def _zone(text: str) -> str:
    """The zone that was meant. Raises ValueError with a friendly sentence."""
    near: tuple[str, ...] = ()
    match zone_named(text):
        case Found(zone):
            return zone
        case Several(ids) | Nothing(ids):
            near = ids
    offers = f" Did you mean {listed(map(label, near[:5]), 'or')}?" if near else ""
    raise ValueError(f"I need a time zone such as Europe/London, not “{quote(text)}”.{offers}")


def _wrong(text: str, intent: ManageSubscription) -> View:
    again = Button("Change it", intent, primary=True)
    return View("Not yet", (Prose((Text(text),)), Actions((again,))), fallback=text)


def agreed(subscription: Subscription, now: dt.datetime) -> View:
    """What a subscription is going to be, or is from now on."""
    schedule = schedule_of(subscription)
    draft = subscription.state is SubscriptionState.DRAFT

    def button(label: str, act: Act, *, primary: bool = False) -> Button:
        return Button(label, ManageSubscription(subscription.id, act), primary=primary)

    blocks: list[Block] = [Prose((Text(f"{in_words(schedule)}."),))]
    if subscription.intro:
        blocks.append(Prose((Text("With this line above: "), Italic(subscription.intro))))
    blocks += [Heading("The next three"), next_dates(schedule, now)]
    confirm = (button("Subscribe this channel", Act.CONFIRM, primary=True),) if draft else ()
    blocks.append(
        Actions((*confirm, button("Preview", Act.PREVIEW), button("Change it", Act.EDIT)))
    )
    title = "Subscribe this channel?" if draft else "Changed"
    return View(title, tuple(blocks), fallback=f"{title} {in_words(schedule)}.")


async def confirm(subscription: Subscription, visit: Visit) -> Effect | None:
    """Make a draft count, and post a first word to the channel, which shows whether that works.

    It is None where it was confirmed before: the word is posted once.
    """

    def work(unit: Unit) -> Subscription | None:
        draft = unit.newsletters.get(subscription.id, lock=True)
        if draft is None or draft.state is not SubscriptionState.DRAFT:
            return None
        when = upcoming(schedule_of(draft), visit.now)[0].at
        begun = replace(
            draft, state=SubscriptionState.ACTIVE, reason="", since=visit.now, next_at=when
        )
        unit.newsletters.save(begun)
        return begun

    begun = await visit.desk.store.write(work)
    return check(begun) if begun else None


def check(subscription: Subscription) -> Effect:
    """Post a word to the channel; where that is refused, say how to allow it."""
    schedule = schedule_of(subscription)
    hello = View(
        "The newsletter comes here",
        (
            Prose((Text(f"{in_words(schedule)}. It tells which data and AI job is which."),)),
            Notice((Text("Whoever manages this place changes or ends it with /newsletter."),)),
        ),
        fallback="The newsletter comes here from now on.",
    )
    status = Button("Status", ManageSubscription(subscription.id, Act.STATUS))
    done = View(
        "Subscribed",
        (Prose((Text("I have just posted a word about it in the channel."),)), Actions((status,))),
        fallback="Subscribed.",
    )
    return Post(subscription.channel, hello, posted=done, refused=_cannot_post(subscription))


_HOW_TO = {
    "discord": "Open the channel's settings, Permissions, and give me View Channel and Send "
    "Messages. If I am not in this server at all, add me with the link that the operator has.",
    "slack": "Invite me to the channel: type /invite and my name in it.",
}


def _cannot_post(subscription: Subscription) -> View:
    text = "It is subscribed, but I may not post in this channel yet."
    how = _HOW_TO.get(subscription.platform, "Allow me to post there.")
    again = ManageSubscription(subscription.id, Act.CHECK)
    return View(
        "I cannot post there yet",
        (Prose((Text(text),)), Prose((Text(how),)), Actions((Button("Try again", again, True),))),
        fallback=f"{text} {how}",
    )


def paused_view(channel: str, reason: str) -> View:
    """What whoever subscribed a channel hears when it had to be paused."""
    text = f"The newsletter in the channel {channel} is paused: {reason}."
    how = "Allow me to post there, and resume it with /newsletter resume in the channel."
    return View(
        "A newsletter is paused", (Prose((Text(text),)), Prose((Text(how),))), fallback=text
    )
