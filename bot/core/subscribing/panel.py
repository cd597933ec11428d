"""The settings of a subscription: where, when and what, what is missing, and the next issue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.command import Spot, Visit
from bot.core.content.newsletter import Topic
from bot.core.manager_intents import Act, ChooseFor, ManageSubscription, Purpose, SwitchTopic
from bot.core.newsletter.schedule import Rhythm
from bot.core.ports import Unit
from bot.core.subscribing.issues import upcoming_view
from bot.core.subscribing.places import here, how_to_allow, is_here, label_of, name_of
from bot.core.subscribing.times import in_words, next_dates, schedule_of
from bot.core.subscribing.topics import NAMES, topics_of
from bot.core.subscribing.topics import in_words as topics_in_words
from bot.core.subscriptions import Subscription, SubscriptionState
from bot.core.user_text import quote
from bot.core.views import (
    Actions,
    Block,
    Button,
    Choice,
    Code,
    Divider,
    Fields,
    Heading,
    Italic,
    Notice,
    Pick,
    Picker,
    Prose,
    Select,
    Spans,
    Text,
    View,
)
from bot.core.wording import capitalised, listed

MOST_PREVIEWED = 4
"""Blocks of the next issue that are shown; a button leads to all of it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A subscription, and the snapshot of the content at its last issue."""

    subscription: Subscription
    before: str | None


def shown(unit: Unit, subscription: Subscription) -> Shown:
    """All that the settings are made from."""
    version = subscription.content
    return Shown(subscription, unit.sessions.kept(version) if version else None)


def panel(
    found: Shown, visit: Visit, *, spot: Spot | None = None, role: str = "", said: str = ""
) -> View:
    """The settings, to be confirmed where it is a draft.

    Args:
        found: What they are of.
        visit: Who looks at them.
        spot: What the platform tells of the channel, where that was just picked.
        role: The name of the role that was just picked.
        said: What is to be said first.
    """
    subscription = found.subscription
    if spot is None and is_here(subscription, visit.actor):
        spot = here(visit.actor)
    title = _title(subscription, visit)
    schedule = schedule_of(subscription)
    blocks: tuple[Block, ...] = (
        *((Notice((Text(said),)),) if said else ()),
        Fields(tuple(_facts(subscription, role))),
        *_remarks(subscription, spot),
        Heading("The next three"),
        next_dates(schedule, visit.now),
        *_preview(upcoming_view(subscription, visit.context, visit.now, found.before)),
        *_controls(subscription, visit),
    )
    return View(title, blocks, fallback=f"{title} {in_words(schedule)}.")


def _title(subscription: Subscription, visit: Visit) -> str:
    if subscription.state is not SubscriptionState.DRAFT:
        return "Settings of the newsletter"
    return f"{_confirming(subscription, visit)}?"


def _confirming(subscription: Subscription, visit: Visit) -> str:
    if is_here(subscription, visit.actor):
        return "Subscribe this channel"
    return f"Subscribe {label_of(subscription)}"


def _facts(subscription: Subscription, role: str) -> Iterator[tuple[str, Spans]]:
    yield "Channel", name_of(subscription.name, subscription.channel)
    yield "When", (Text(f"{in_words(schedule_of(subscription))}."),)
    yield "Topics", (Text(f"{topics_in_words(topics_of(subscription))}."),)
    if subscription.platform == "discord":
        yield "Mentioned", _mentioned(subscription, role)
    if subscription.intro:
        yield "Line above", (Italic(subscription.intro),)
    if subscription.platform == "slack":
        what = "It is sent again." if subscription.again else "I ask you."
        yield "If nobody knows whether it arrived", (Text(what),)


def _mentioned(subscription: Subscription, role: str) -> Spans:
    if not subscription.mention:
        return (Text("Nobody."),)
    if name := quote(role):
        return (Text(f"The role {name}."),)
    return (Text("The role with the id "), Code(subscription.mention))


def _remarks(subscription: Subscription, spot: Spot | None) -> Iterator[Block]:
    if spot is not None and spot.missing:
        how = how_to_allow(subscription.platform, spot.missing)
        lacking = f" I lack {listed(spot.missing)}." if subscription.platform == "discord" else ""
        yield Prose((Text(f"I cannot post there yet.{lacking} {how}"),))
    if subscription.rhythm == Rhythm.DAILY:
        yield Notice((Text("The daily question comes alone, without other topics."),))
    if subscription.announcement:
        yield Notice((Text("Servers that follow this channel get each issue too."),))
    if subscription.mention:
        text = "Its members are told only where everybody may mention it, or I may mention all."
        yield Notice((Text(text),))


def _preview(issue: View) -> Iterator[Block]:
    blocks = [block for block in issue.blocks if not isinstance(block, Actions)]
    yield Divider()
    yield Heading(f"The next issue: {issue.title}")
    yield from blocks[:MOST_PREVIEWED]
    if len(blocks) > MOST_PREVIEWED:
        yield Notice((Text("It goes on. Preview shows all of it."),))
    yield Divider()


def _controls(subscription: Subscription, visit: Visit) -> Iterator[Actions]:
    def button(label: str, act: Act, *, primary: bool = False) -> Button:
        return Button(label, ManageSubscription(subscription.id, act), primary=primary)

    if subscription.rhythm != Rhythm.DAILY:
        yield Actions((Select("Switch topics on or off", tuple(_topics(subscription))),))
    place = ChooseFor(subscription.id, Purpose.PLACE)
    yield Actions((Picker(Pick.CHANNEL, "Send it to another channel", place),))
    if subscription.platform == "discord":
        role = ChooseFor(subscription.id, Purpose.MENTION)
        yield Actions((Picker(Pick.ROLE, "Mention a role", role),))
    if subscription.platform == "slack":
        yield Actions((_doubt(subscription),))
    is_draft = subscription.state is SubscriptionState.DRAFT
    confirm = _confirming(subscription, visit)
    yield Actions(
        (
            button(confirm, Act.CONFIRM, primary=True)
            if is_draft
            else button("Status", Act.STATUS),
            button("Change times", Act.EDIT),
            button("Preview", Act.PREVIEW),
            *((button("Mention nobody", Act.NOBODY),) if subscription.mention else ()),
        )
    )


def _topics(subscription: Subscription) -> Iterator[Choice]:
    """A switch for every topic, but for the last one that is left."""
    chosen = topics_of(subscription)
    for topic in Topic:
        on = topic in chosen
        if on and len(chosen) == 1:
            continue
        words = capitalised(NAMES[topic])
        label = f"{words}: switch off" if on else f"{words}: switch on"
        yield Choice(label, SwitchTopic(subscription.id, topic.value, on=not on))


def _doubt(subscription: Subscription) -> Select:
    def choice(label: str, act: Act) -> Choice:
        return Choice(label, ManageSubscription(subscription.id, act))

    choices = (
        choice("Ask me", Act.ASK),
        choice("Send it again", Act.AGAIN),
    )
    return Select("If nobody knows whether an issue arrived", choices)
