"""Looking after subscriptions: all of a community, one in full, and what is done with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.core.command import Aside, Effect, GoneError, Say, Update, Visit
from bot.core.intents import Act, ManageSubscription, Repost, Run
from bot.core.newsletter.schedule import upcoming
from bot.core.ports import Unit
from bot.core.subscribing import setting_up
from bot.core.subscribing.issues import issue_view, next_issue
from bot.core.subscribing.times import in_words, local_date, next_dates, schedule_of
from bot.core.subscriptions import DeliveryState, IssueDelivery, Subscription, SubscriptionState
from bot.core.views import (
    MAX_CHOICES,
    Actions,
    Block,
    Bullets,
    Button,
    Choice,
    Heading,
    Notice,
    Prose,
    Select,
    Spans,
    Text,
    View,
)

SHOWN = 5
"""Issues that a status lists."""

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

_OF_DRAFTS = frozenset({Act.EDIT, Act.CONFIRM, Act.PREVIEW})
"""What can be done before a subscription is confirmed; all else shows what is to be confirmed."""


async def command(action: str | None, visit: Visit) -> Aside | Effect:
    """`/newsletter action`: about the subscription of this channel, or the list of all."""
    community, channel = visit.actor.community, visit.actor.channel
    if community is None:
        return setting_up.ask(visit, None)

    def work(unit: Unit) -> tuple[tuple[Subscription, ...], Subscription | None]:
        here = unit.newsletters.in_channel(visit.actor.platform, channel) if channel else None
        return unit.newsletters.of(community), here

    every, here = await visit.desk.store.read(work)
    if action == "subscribe":
        return setting_up.ask(visit, here)
    if action in ACTS and here is not None:
        return await _done(here, ACTS[action], visit)
    return Aside(_list(every, here, nothing_here=action in ACTS))


async def act(intent: ManageSubscription, visit: Visit) -> Aside | Effect:
    """What a button under a subscription does.

    Raises:
        GoneError: if the subscription is gone, or belongs to another community.
    """
    if intent.subscription == 0:
        return setting_up.ask(visit, None)
    found = await visit.desk.store.read(lambda unit: unit.newsletters.get(intent.subscription))
    return await _done(_there(found, visit), intent.act, visit)


async def _done(found: Subscription, act: Act, visit: Visit) -> Aside | Effect:
    store = visit.desk.store
    if found.state is SubscriptionState.DRAFT and act not in _OF_DRAFTS:
        return Say(setting_up.agreed(found, visit.now))
    match act:
        case Act.EDIT:
            return setting_up.ask(visit, found)
        case Act.CONFIRM:
            begun = await setting_up.confirm(found, visit)
            if begun is not None:
                return begun
        case Act.CHECK:
            return setting_up.check(found)
        case Act.PREVIEW:
            date = upcoming(schedule_of(found), visit.now)[0].date
            issue = next_issue(found, visit.context, date)
            return Say(issue_view(issue, found, visit.context, date))
        case Act.PAUSE | Act.RESUME:
            found = await store.write(lambda unit: _switch(unit, found.id, act, visit))
        case Act.SEND:
            return await _send_now(found, visit)
        case Act.END:
            return Update(_really(found))
        case Act.END_FOR_GOOD:
            await store.write(lambda unit: unit.newsletters.remove(found.id))
            return Update(_note("Unsubscribed", "This channel gets no newsletter any more."))
        case _:
            pass
    history = await store.read(lambda unit: unit.newsletters.history(found.id, SHOWN))
    return Update(_status(found, history, visit))


def _switch(unit: Unit, identity: int, act: Act, visit: Visit) -> Subscription:
    """Pause or resume, where that changes anything; the subscription as it is then."""
    found = _there(unit.newsletters.get(identity, lock=True), visit)
    match act, found.state:
        case Act.PAUSE, SubscriptionState.ACTIVE:
            changed = replace(found, state=SubscriptionState.PAUSED, reason="by a manager")
        case Act.RESUME, SubscriptionState.PAUSED:
            when = upcoming(schedule_of(found), visit.now)[0].at
            changed = replace(found, state=SubscriptionState.ACTIVE, reason="", next_at=when)
        case _:
            return found
    unit.newsletters.save(changed)
    return changed


def _there(found: Subscription | None, visit: Visit) -> Subscription:
    """The subscription, if it is one of this community. Raises GoneError."""
    if found is None or found.community != visit.actor.community:
        raise GoneError
    return found


async def _send_now(found: Subscription, visit: Visit) -> Effect:
    if found.state is not SubscriptionState.ACTIVE:
        return Say(_note("It is paused", "Please resume the subscription first."))

    def work(unit: Unit) -> bool:
        fresh = _there(unit.newsletters.get(found.id, lock=True), visit)
        date, now = local_date(fresh, visit.now), visit.now
        issue = next_issue(fresh, visit.context, date)
        planned = unit.newsletters.plan(IssueDelivery(0, fresh.id, date, issue, now, now))
        if planned:
            last = max(date, fresh.last or date)
            unit.newsletters.save(replace(fresh, last=last, number=fresh.number + 1))
        return planned

    if await visit.desk.store.write(work):
        return Say(_note("On its way", "The issue will be in the channel within a minute."))
    return Say(_note("Not twice", "An issue went to this channel today already."))


async def repost(intent: Repost, visit: Visit) -> Effect:
    """Send an issue again of which nobody knows whether it arrived.

    Raises:
        GoneError: if it is not in doubt any more, or belongs to another community.
    """

    def work(unit: Unit) -> bool:
        delivery = unit.newsletters.delivery(intent.delivery, lock=True)
        if delivery is None or delivery.state is not DeliveryState.DOUBT:
            raise GoneError
        found = _there(unit.newsletters.get(delivery.subscription), visit)
        if found.state is not SubscriptionState.ACTIVE:
            return False
        now = visit.now
        unit.newsletters.settle(delivery, DeliveryState.WAITING, "sent again", now, now)
        return True

    if not await visit.desk.store.write(work):
        return Say(_note("It is paused", "Please resume the subscription first."))
    return Say(_note("Sent again", "The issue will be in the channel within a minute."))


def _list(
    every: tuple[Subscription, ...], here: Subscription | None, *, nothing_here: bool
) -> View:
    blocks: list[Block] = []
    if nothing_here:
        blocks.append(Prose((Text("This channel has no subscription."),)))
    if every:
        blocks.append(Bullets(tuple(_line(one, here) for one in every)))
        choices = tuple(
            Choice(_name(one, here), ManageSubscription(one.id, Act.STATUS))
            for one in every[:MAX_CHOICES]
        )
        blocks.append(Actions((Select("Open one", choices),)))
    else:
        blocks.append(Prose((Text("No channel gets the newsletter yet."),)))
    subscribe = Button("Subscribe this channel", Run("newsletter", ("subscribe",)), primary=True)
    blocks.append(Actions((subscribe,)))
    return View("Newsletter", tuple(blocks), fallback=f"{len(every)} channels are subscribed.")


def _name(one: Subscription, here: Subscription | None) -> str:
    return "This channel" if here is not None and one.id == here.id else f"Channel {one.channel}"


def _line(one: Subscription, here: Subscription | None) -> Spans:
    state = f", paused {one.reason}" if one.state is SubscriptionState.PAUSED else ""
    return (Text(f"{_name(one, here)}: {in_words(schedule_of(one))}{state}"),)


def _status(found: Subscription, history: tuple[IssueDelivery, ...], visit: Visit) -> View:
    schedule = schedule_of(found)
    blocks: list[Block] = [Prose((Text(f"{in_words(schedule)}."),))]
    if found.state is SubscriptionState.PAUSED:
        blocks.append(Notice((Text(f"Paused: {found.reason}."),)))
    else:
        blocks += [Heading("Next"), next_dates(schedule, visit.now)]
    if history:
        blocks += [Heading("Latest issues"), Bullets(tuple(map(_delivered, history)))]
    blocks += _buttons(found, history)
    return View("Newsletter in this channel", tuple(blocks), fallback=f"{in_words(schedule)}.")


def _delivered(delivery: IssueDelivery) -> Spans:
    reason = f": {delivery.reason}" if delivery.reason else ""
    return (Text(f"{delivery.date.isoformat()}, {delivery.state}{reason}"),)


def _buttons(found: Subscription, history: tuple[IssueDelivery, ...]) -> Iterator[Actions]:
    def button(label: str, act: Act, *, primary: bool = False) -> Button:
        return Button(label, ManageSubscription(found.id, act), primary=primary)

    doubtful = [one for one in history if one.state is DeliveryState.DOUBT]
    if doubtful:
        yield Actions(
            tuple(Button(f"Repost {one.date.isoformat()}", Repost(one.id)) for one in doubtful)
        )
    pausing = (
        button("Resume", Act.RESUME, primary=True)
        if found.state is SubscriptionState.PAUSED
        else button("Pause", Act.PAUSE)
    )
    yield Actions((pausing, button("Preview", Act.PREVIEW), button("Send now", Act.SEND)))
    yield Actions((button("Change it", Act.EDIT), button("Unsubscribe", Act.END)))


def _really(found: Subscription) -> View:
    end = Button("Unsubscribe", ManageSubscription(found.id, Act.END_FOR_GOOD))
    keep = Button("Keep it", ManageSubscription(found.id, Act.STATUS), primary=True)
    text = "The channel gets no more issues, and its record of issues goes."
    return View("Unsubscribe?", (Prose((Text(text),)), Actions((keep, end))), fallback=text)


def _note(title: str, text: str) -> View:
    return View(title, (Prose((Text(text),)),), fallback=text)
