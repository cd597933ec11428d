"""Looking after subscriptions: what is typed, what is pressed, and what is done then."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from bot.core.command import Effect, GoneError, Say, Spot, Update, Visit
from bot.core.manager_intents import (
    Act,
    ChooseFor,
    Dismiss,
    ManagerIntent,
    ManageSubscription,
    Purpose,
    Repost,
    Retype,
    SwitchTopic,
)
from bot.core.newsletter.schedule import upcoming
from bot.core.ports import Unit
from bot.core.subscribing import choosing, confirming, drafting, helpers, panel
from bot.core.subscribing.issues import upcoming_view
from bot.core.subscribing.overview import (
    SHOWN,
    Overview,
    list_view,
    note,
    really_view,
    status_view,
)
from bot.core.subscribing.places import here
from bot.core.subscribing.planning import plan_issues
from bot.core.subscribing.rights import managed, rights_of, seen
from bot.core.subscribing.times import has_dates, local_date, schedule_of
from bot.core.subscriptions import (
    DeliveryState,
    IssueDelivery,
    Settlement,
    Subscription,
    SubscriptionState,
)
from bot.core.views import View

ACTS = {
    "edit": Act.EDIT,
    "pause": Act.PAUSE,
    "resume": Act.RESUME,
    "unsubscribe": Act.END,
    "preview": Act.PREVIEW,
    "status": Act.STATUS,
    "send-now": Act.SEND,
}
"""What can be typed about the channel's own subscription."""

_OF_DRAFTS = frozenset(
    {Act.EDIT, Act.SETTINGS, Act.CONFIRM, Act.PREVIEW, Act.NOBODY, Act.ASK, Act.AGAIN}
)
"""What can be done before a subscription is confirmed; all else shows what is to be confirmed."""

_WITHOUT_DATES = frozenset({Act.END, Act.END_FOR_GOOD})
"""What can be done where the time zone is no zone any more; all else asks for another one."""

_CHANGES = frozenset(
    {Act.CONFIRM, Act.NOBODY, Act.ASK, Act.AGAIN, Act.SEND, Act.END_FOR_GOOD, Act.PAUSE, Act.RESUME}
)


async def command(action: str | None, zone: str | None, visit: Visit) -> Effect:
    """`/newsletter action`: about the subscription of this channel, or the list of all.

    `zone` is the time zone that the form is to begin with.

    Raises:
        NotAllowedError: if this person may manage nothing here.
    """
    if visit.actor.community is None:
        return Say(drafting.not_here())
    found = await visit.desk.store.read(lambda unit: _overview(unit, visit))
    about_here = action == "subscribe" or action in ACTS
    if about_here and drafting.is_others(found.here, visit):
        return Say(drafting.taken())
    own = found.here
    if own is not None and own.community != visit.actor.community:
        own = None
    if action == "subscribe" or (action == "edit" and own is not None):
        return await _ask(own, visit, zone)
    if action in ACTS and own is not None:
        return await _done(own, ACTS[action], visit)
    return Say(list_view(found, visit, nothing_here=action in ACTS))


def _overview(unit: Unit, visit: Visit) -> Overview:
    actor, rights, spot = visit.actor, rights_of(unit, visit.actor), here(visit.actor)
    community = actor.community or ""
    every = (one for one in unit.newsletters.of(community) if rights.cover(one.channel))
    found = unit.newsletters.in_channel(actor.platform, spot.id) if spot else None
    return Overview(tuple(every), found, unit.newsletters.managers(community))


async def _ask(known: Subscription | None, visit: Visit, zone: str | None = None) -> Effect:
    if known is None and (visit.actor.community is None or here(visit.actor) is None):
        return Say(drafting.not_here())
    return await visit.desk.store.read(lambda unit: drafting.ask(unit, known, visit, zone))


async def press(intent: ManagerIntent, picked: Spot | None, visit: Visit) -> Effect:
    """What a button, a select or a picker about the newsletter does.

    Raises:
        NotAllowedError: if this person may not do that.
        GoneError: if what it is about is gone, or belongs to another community.
    """
    match intent:
        case ManageSubscription(subscription, act):
            return await _act(subscription, act, visit)
        case Repost(delivery):
            return await _repost(delivery, visit)
        case SwitchTopic():
            return await choosing.switch(intent, visit)
        case ChooseFor(subscription, purpose) if picked is not None:
            return await _chosen(subscription, purpose, picked, visit)
        case ChooseFor():
            raise GoneError
        case Dismiss():
            return await helpers.dismiss(intent, visit)
        case Retype():
            return await drafting.retype(intent, visit)
        case _:
            assert_never(intent)


async def _chosen(subscription: int, purpose: Purpose, picked: Spot, visit: Visit) -> Effect:
    match purpose:
        case Purpose.PLACE:
            return await choosing.move(subscription, picked, visit)
        case Purpose.MENTION:
            return await choosing.mention(subscription, picked, visit)
        case Purpose.HELPER:
            return await helpers.allow(picked, visit)
        case _:
            assert_never(purpose)


async def _act(identity: int, act: Act, visit: Visit) -> Effect:
    def work(unit: Unit) -> Subscription | None:
        if identity == 0:
            rights_of(unit, visit.actor)
            return None
        return seen(unit, identity, visit)

    found = await visit.desk.store.read(work)
    return await (_ask(None, visit) if found is None else _done(found, act, visit))


async def _done(found: Subscription, act: Act, visit: Visit) -> Effect:
    if found.state is SubscriptionState.DRAFT and act not in _OF_DRAFTS:
        act = Act.SETTINGS
    if not has_dates(found) and act not in _WITHOUT_DATES:
        act = Act.EDIT
    if act in _CHANGES:
        return await _change(found.id, act, visit)
    return await _look(found, act, visit)


async def _look(found: Subscription, act: Act, visit: Visit) -> Effect:
    """What shows something and changes nothing."""
    match act:
        case Act.EDIT:
            return await _ask(found, visit)
        case Act.CHECK:
            return confirming.check(found)
        case Act.END:
            return Update(really_view(found))
        case Act.STATUS:
            return await _status(found.id, visit)
        case _:
            shown = await visit.desk.store.read(lambda unit: panel.shown(unit, found))
            if act is Act.PREVIEW:
                return Say(upcoming_view(found, visit.context, visit.now, shown.before))
            return Update(panel.panel(shown, visit))


async def _change(identity: int, act: Act, visit: Visit) -> Effect:
    """What changes the subscription, which is read anew for that."""
    match act:
        case Act.CONFIRM:
            return await confirming.confirm(identity, visit) or await _status(identity, visit)
        case Act.NOBODY | Act.ASK | Act.AGAIN:
            return await choosing.set_to(identity, act, visit)
        case Act.SEND:
            return await _send_now(identity, visit)
        case Act.END_FOR_GOOD:
            await visit.desk.store.write(lambda unit: _end(unit, identity, visit))
            return Update(note("Unsubscribed", "The channel gets no newsletter any more."))
        case _:
            await visit.desk.store.write(lambda unit: _switch(unit, identity, act, visit))
            return await _status(identity, visit)


async def _status(identity: int, visit: Visit) -> Effect:
    def work(unit: Unit) -> tuple[Subscription, tuple[IssueDelivery, ...]]:
        return seen(unit, identity, visit), unit.newsletters.history(identity, SHOWN)

    found, history = await visit.desk.store.read(work)
    return Update(status_view(found, history, visit))


def _switch(unit: Unit, identity: int, act: Act, visit: Visit) -> None:
    """Pause or resume, where that changes anything."""
    found = managed(unit, identity, visit)
    match act, found.state:
        case Act.PAUSE, SubscriptionState.ACTIVE:
            changed = replace(found, state=SubscriptionState.PAUSED, reason="by a manager")
        case Act.RESUME, SubscriptionState.PAUSED:
            when = upcoming(schedule_of(found), visit.now, 1)[0].at
            changed = replace(found, state=SubscriptionState.ACTIVE, reason="", next_at=when)
        case _:
            return
    unit.newsletters.save(changed)


def _end(unit: Unit, identity: int, visit: Visit) -> None:
    unit.newsletters.remove(managed(unit, identity, visit).id)


async def _send_now(identity: int, visit: Visit) -> Effect:
    context, now = visit.context, visit.now

    def work(unit: Unit) -> bool | None:
        fresh = managed(unit, identity, visit)
        if fresh.state is not SubscriptionState.ACTIVE:
            return None
        (planned,) = plan_issues(unit, [(fresh, local_date(fresh, now))], context, now)
        if planned is not None:
            unit.newsletters.save(planned)
        return planned is not None

    match await visit.desk.store.write(work):
        case None:
            return Say(_paused())
        case True:
            text = "The issue will be in the channel within a minute."
            return Say(note("On its way", text))
        case _:
            return Say(note("Not twice", "An issue went to this channel today already."))


def _paused() -> View:
    return note("It is paused", "Please resume the subscription first.")


async def _repost(identity: int, visit: Visit) -> Effect:
    """Send an issue again of which nobody knows whether it arrived."""

    def work(unit: Unit) -> bool:
        rights_of(unit, visit.actor)
        delivery = unit.newsletters.delivery(identity, lock=True)
        if delivery is None or delivery.state is not DeliveryState.DOUBT:
            raise GoneError
        found = managed(unit, delivery.subscription, visit)
        if found.state is not SubscriptionState.ACTIVE:
            return False
        again = Settlement(delivery, DeliveryState.WAITING, "sent again", visit.now, visit.now)
        unit.newsletters.settle((again,))
        return True

    if not await visit.desk.store.write(work):
        return Say(_paused())
    return Say(note("Sent again", "The issue will be in the channel within a minute."))
