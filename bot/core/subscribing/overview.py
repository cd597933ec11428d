"""All subscriptions of a community, and one of them in full."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.core.command import Visit
from bot.core.intents import Run
from bot.core.manager_intents import Act, ManageSubscription, Repost
from bot.core.subscribing import helpers
from bot.core.subscribing.places import is_here, label_of, name_of
from bot.core.subscribing.times import in_words, next_dates, schedule_of, when
from bot.core.subscriptions import (
    DeliveryState,
    IssueDelivery,
    Manager,
    Subscription,
    SubscriptionState,
)
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
from bot.core.wording import date_in_words

SHOWN = 5
"""Issues that a status lists."""

THIS = "This channel"

_STATES: Mapping[DeliveryState, str] = {
    DeliveryState.WAITING: "waits to be sent",
    DeliveryState.SENDING: "on its way",
    DeliveryState.SENT: "sent",
    DeliveryState.FAILED: "failed",
    DeliveryState.DOUBT: "in doubt",
}


@dataclass(frozen=True, slots=True)
class Overview:
    """What somebody may know of their community.

    `every` are the subscriptions that they may manage, `here` is the one of the channel in which
    they ask, whosever it is.
    """

    every: tuple[Subscription, ...]
    here: Subscription | None
    managers: tuple[Manager, ...]


def list_view(found: Overview, visit: Visit, *, nothing_here: bool) -> View:
    """Every subscription, to be opened; `nothing_here` says that this channel's was asked for."""
    every, blocks = found.every, list[Block]()
    if nothing_here:
        blocks.append(Prose((Text("This channel has no subscription."),)))
    if every:
        blocks.append(Bullets(tuple(_line(one, visit) for one in every)))
        blocks += _selects(every, visit)
    else:
        blocks.append(Prose((Text("No channel gets the newsletter yet."),)))
    subscribe = Button("Subscribe this channel", Run("newsletter", ("subscribe",)), primary=True)
    blocks += [Actions((subscribe,)), *helpers.controls(found.managers, visit.actor)]
    return View("Newsletter", tuple(blocks), fallback=f"{len(every)} channels are subscribed.")


def _selects(every: tuple[Subscription, ...], visit: Visit) -> Iterator[Actions]:
    for start in range(0, len(every), MAX_CHOICES):
        choices = tuple(
            Choice(THIS if is_here(one, visit.actor) else label_of(one), _to(one, Act.STATUS))
            for one in every[start : start + MAX_CHOICES]
        )
        yield Actions((Select("Open one", choices),))


def _to(subscription: Subscription, act: Act) -> ManageSubscription:
    return ManageSubscription(subscription.id, act)


def _line(one: Subscription, visit: Visit) -> Spans:
    name: Spans = (Text(THIS),) if is_here(one, visit.actor) else name_of(one.name, one.channel)
    state = f", paused {one.reason}" if one.state is SubscriptionState.PAUSED else ""
    return (*name, Text(f": {when(one)}{state}"))


def status_view(found: Subscription, history: tuple[IssueDelivery, ...], visit: Visit) -> View:
    """When it comes next, what became of the latest issues, and all that can be done with it."""
    schedule = schedule_of(found)
    here = is_here(found, visit.actor)
    title = f"Newsletter in {'this channel' if here else label_of(found)}"
    blocks: list[Block] = [Prose((Text(f"{in_words(schedule)}."),))]
    if found.state is SubscriptionState.PAUSED:
        blocks.append(Notice((Text(f"Paused: {found.reason.rstrip('.')}."),)))
    else:
        blocks += [Heading("Next"), next_dates(schedule, visit.now)]
    if history:
        blocks += [Heading("Latest issues"), Bullets(tuple(map(_delivered, history)))]
    blocks += _buttons(found, history)
    return View(title, tuple(blocks), fallback=f"{in_words(schedule)}.")


def _date(delivery: IssueDelivery) -> str:
    return date_in_words(delivery.date.isoformat())


def _delivered(delivery: IssueDelivery) -> Spans:
    reason = f": {delivery.reason}" if delivery.reason else ""
    return (Text(f"{_date(delivery)}, {_STATES[delivery.state]}{reason}"),)


def _buttons(found: Subscription, history: tuple[IssueDelivery, ...]) -> Iterator[Actions]:
    def button(label: str, act: Act, *, primary: bool = False) -> Button:
        return Button(label, _to(found, act), primary=primary)

    doubtful = [one for one in history if one.state is DeliveryState.DOUBT]
    if doubtful:
        yield Actions(tuple(Button(f"Repost {_date(one)}", Repost(one.id)) for one in doubtful))
    pausing = (
        button("Resume", Act.RESUME, primary=True)
        if found.state is SubscriptionState.PAUSED
        else button("Pause", Act.PAUSE)
    )
    yield Actions((pausing, button("Preview", Act.PREVIEW), button("Send now", Act.SEND)))
    yield Actions(
        (
            button("Change times", Act.EDIT),
            button("Settings", Act.SETTINGS),
            button("Unsubscribe", Act.END),
        )
    )


def really_view(found: Subscription) -> View:
    """Asks once before a subscription ends."""
    end = Button("Unsubscribe", _to(found, Act.END_FOR_GOOD))
    keep = Button("Keep it", _to(found, Act.STATUS), primary=True)
    text = "The channel gets no more issues, and its record of issues goes."
    return View("Unsubscribe?", (Prose((Text(text),)), Actions((keep, end))), fallback=text)


def note(title: str, text: str) -> View:
    """A short word about what was done."""
    return View(title, (Prose((Text(text),)),), fallback=text)
