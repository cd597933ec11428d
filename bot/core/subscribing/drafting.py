"""From the form to a subscription: a draft to confirm, or the change of one that is there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from bot.core.command import Effect, Form, GoneError, Say, Update, Visit
from bot.core.manager_intents import ManageSubscription, Retype
from bot.core.newsletter.schedule import Rhythm, Schedule, upcoming
from bot.core.newsletter.zones import is_zone
from bot.core.ports import Unit
from bot.core.subscribing import form, panel
from bot.core.subscribing.places import here
from bot.core.subscribing.rights import managed, rights_of
from bot.core.subscribing.shelf import short_hash
from bot.core.subscribing.times import has_dates, schedule_of
from bot.core.subscribing.topics import topics_for
from bot.core.subscriptions import Subscription, SubscriptionState
from bot.core.views import Prose, Text, View


def not_here() -> View:
    """Somebody asked where there is no channel."""
    text = "The newsletter goes to a channel. Please type this in the channel that wants it."
    return View("Not here", (Prose((Text(text),)),), fallback=text)


def taken() -> View:
    """The channel has a subscription that belongs to somebody else's server or workspace."""
    text = (
        "This channel is shared, and another workspace has subscribed it already. Its issues reach "
        "everybody here. I have changed nothing."
    )
    return View("It comes here already", (Prose((Text(text),)),), fallback=text)


def is_others(found: Subscription | None, visit: Visit) -> bool:
    """Whether a channel's subscription is another community's; a draft of theirs is none."""
    return (
        found is not None
        and found.community != visit.actor.community
        and found.state is not SubscriptionState.DRAFT
    )


def ask(unit: Unit, known: Subscription | None, visit: Visit, zone: str | None = None) -> Form:
    """The form for a subscription that is there, or for a new one here."""
    others = unit.newsletters.of(visit.actor.community or "")
    latest = others[-1].zone if others else ""
    begin = form.usual_zone(zone, known, visit.actor.zone, latest)
    return form.form(known.id if known else 0, form.values_of(known, begin))


async def filled_in(intent: ManageSubscription, values: Mapping[str, str], visit: Visit) -> Effect:
    """Keep what the form says, and show what that comes to.

    Raises:
        StoreError: if it cannot be kept.
        NotAllowedError: if this person may not do that.
        GoneError: if the subscription is gone, or belongs to another community.
    """
    return Say(await _kept(intent.subscription, form.typed(values), visit))


async def retype(intent: Retype, visit: Visit) -> Effect:
    """Open the form again as it was typed, or go on with a time zone that was offered.

    Raises:
        GoneError: if what was typed is not there any more.
    """

    def work(unit: Unit) -> str | None:
        rights_of(unit, visit.actor)
        return unit.sessions.kept(intent.kept)

    body = await visit.desk.store.read(work)
    found = json.loads(body) if body is not None else None
    if not isinstance(found, dict):
        raise GoneError
    typed = form.typed({name: str(text) for name, text in found.items()})
    if not intent.zone:
        return form.form(intent.subscription, typed)
    if not is_zone(intent.zone):
        raise GoneError
    return Update(await _kept(intent.subscription, typed | {form.ZONE: intent.zone}, visit))


async def _kept(identity: int, typed: Mapping[str, str], visit: Visit) -> View:
    """The settings after what was typed is kept, or what is wrong with it."""
    if not identity and here(visit.actor) is None:
        return not_here()
    read = form.schedule(typed, visit.now)
    if not isinstance(read, Schedule):
        return await _mistaken(read, identity, typed, visit)
    schedule = read

    def work(unit: Unit) -> panel.Shown | None:
        known = _known(unit, identity, visit)
        if is_others(known, visit):
            return None
        if known is None or known.community != visit.actor.community:
            draft = unit.newsletters.add(_draft(schedule, typed[form.INTRO], visit))
            return panel.shown(unit, draft)
        changed = _changed(known, schedule, typed[form.INTRO], visit)
        unit.newsletters.save(changed)
        return panel.shown(unit, changed)

    done = await visit.desk.store.write(work)
    if done is None:
        return taken()
    is_draft = done.subscription.state is SubscriptionState.DRAFT
    return panel.panel(done, visit, said="" if is_draft else "Changed.")


async def _mistaken(
    mistakes: tuple[form.Mistake, ...], identity: int, typed: Mapping[str, str], visit: Visit
) -> View:
    """Nothing that was typed is lost: it is kept for the form to open again."""
    body = json.dumps(typed, sort_keys=True, ensure_ascii=False)
    kept = short_hash(body)

    def work(unit: Unit) -> None:
        rights_of(unit, visit.actor)
        unit.sessions.keep(kept, body)

    await visit.desk.store.write(work)
    return form.wrong(mistakes, identity, kept)


def _known(unit: Unit, identity: int, visit: Visit) -> Subscription | None:
    """The one that the form names, or else that of the channel, whosever it is."""
    if identity:
        return managed(unit, identity, visit)
    rights_of(unit, visit.actor)
    spot = here(visit.actor)
    found = unit.newsletters.in_channel(visit.actor.platform, spot.id if spot else "")
    if found is not None and found.community == visit.actor.community:
        return managed(unit, found.id, visit)
    unit.newsletters.managed(visit.actor.community or "", visit.actor.key, visit.now)
    return found


def _draft(schedule: Schedule, intro: str, visit: Visit) -> Subscription:
    actor, spot = visit.actor, here(visit.actor)
    if spot is None or actor.community is None:
        raise GoneError
    return Subscription(
        id=0,
        platform=actor.platform,
        community=actor.community,
        channel=spot.id,
        person=actor.key,
        rhythm=schedule.rhythm,
        weekday=schedule.weekday,
        time=schedule.time,
        zone=schedule.zone,
        anchor=schedule.anchor,
        intro=intro,
        since=visit.now,
        name=spot.name,
        announcement=spot.announcement,
        topics=topics_for(schedule.rhythm, None),
    )


def _changed(known: Subscription, schedule: Schedule, intro: str, visit: Visit) -> Subscription:
    """What was due before a change does not count; every other week stays the same week."""
    if known.rhythm == schedule.rhythm:
        schedule = replace(schedule, anchor=known.anchor)
    moved = not has_dates(known) or schedule != schedule_of(known)
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
        topics=topics_for(Rhythm(schedule.rhythm), known),
        since=visit.now if moved else known.since,
        next_at=upcoming(schedule, visit.now, 1)[0].at if moved else known.next_at,
    )
