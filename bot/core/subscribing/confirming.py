"""Making a draft count, and the first word in the channel, which shows whether posting works."""

from __future__ import annotations

from dataclasses import replace

from bot.core.command import Effect, Post, Visit
from bot.core.manager_intents import Act, ManageSubscription
from bot.core.newsletter.schedule import upcoming
from bot.core.ports import Unit
from bot.core.subscribing.places import how_to_allow
from bot.core.subscribing.rights import managed
from bot.core.subscribing.times import in_words, schedule_of
from bot.core.subscriptions import Place, Subscription, SubscriptionState
from bot.core.views import Actions, Button, Notice, Prose, Text, View


async def confirm(identity: int, visit: Visit) -> Effect | None:
    """Make a draft count, and post a first word to the channel.

    It is None where it was confirmed before: the word is posted once.
    """

    def work(unit: Unit) -> Subscription | None:
        draft = managed(unit, identity, visit)
        if draft.state is not SubscriptionState.DRAFT:
            return None
        when = upcoming(schedule_of(draft), visit.now, 1)[0].at
        begun = replace(
            draft, state=SubscriptionState.ACTIVE, reason="", since=visit.now, next_at=when
        )
        unit.newsletters.save(begun)
        return begun

    begun = await visit.desk.store.write(work)
    return check(begun) if begun else None


def check(subscription: Subscription, done: View | None = None) -> Effect:
    """Post a word to the channel; where that is refused, say how to allow it.

    `done` is said where it could be posted, instead of a word about that.
    """
    hello = View(
        "The newsletter comes here",
        (
            Prose((Text(f"{in_words(schedule_of(subscription))}. {_ABOUT}"),)),
            Notice((Text("Whoever manages this place changes or ends it with /newsletter."),)),
        ),
        fallback="The newsletter comes here from now on.",
    )
    return Post(
        _quietly(subscription.place), hello, done or _done(subscription), _refused(subscription)
    )


_ABOUT = "It tells which data and AI job is which."


def _quietly(place: Place) -> Place:
    """The first word is no issue: nobody is mentioned, and no follower gets it."""
    return replace(place, mention="", announcement=False)


def _done(subscription: Subscription) -> View:
    text = "I have just posted a word about it in the channel."
    status = Button("Status", ManageSubscription(subscription.id, Act.STATUS))
    return View("Subscribed", (Prose((Text(text),)), Actions((status,))), fallback="Subscribed.")


def _refused(subscription: Subscription) -> View:
    text = "It is subscribed, but I may not post in this channel yet."
    how = how_to_allow(subscription.platform)
    again = Button("Try again", ManageSubscription(subscription.id, Act.CHECK), primary=True)
    return View(
        "I cannot post there yet",
        (Prose((Text(text),)), Prose((Text(how),)), Actions((again,))),
        fallback=f"{text} {how}",
    )
