"""What is chosen in the settings: topics, place, mention, and what happens in doubt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from typing import TypeAlias

from bot.core.command import Effect, GoneError, Say, Spot, Update, Visit
from bot.core.content.newsletter import Topic
from bot.core.manager_intents import Act, SwitchTopic
from bot.core.newsletter.schedule import Rhythm
from bot.core.ports import Unit
from bot.core.subscribing import confirming, panel
from bot.core.subscribing.drafting import is_others, taken
from bot.core.subscribing.rights import NotAllowedError, managed, rights_of
from bot.core.subscribing.topics import topics_of
from bot.core.subscriptions import Subscription, SubscriptionState


class Moved(Enum):
    """What became of moving a subscription: it was there already, or the channel has another."""

    DONE = "done"
    THERE = "there"
    DOUBLE = "double"
    TAKEN = "taken"


Change: TypeAlias = Callable[[Subscription], Subscription]


async def switch(intent: SwitchTopic, visit: Visit) -> Effect:
    """Switch a topic on or off; one always stays.

    Raises:
        GoneError: if there is no such topic or subscription.
    """
    topic = next((topic for topic in Topic if topic.value == intent.topic), None)
    if topic is None:
        raise GoneError

    def change(found: Subscription) -> Subscription:
        chosen = topics_of(found)
        wanted = chosen | {topic} if intent.on else chosen - {topic}
        if found.rhythm == Rhythm.DAILY or not wanted:
            return found
        return replace(found, topics=frozenset(wanted))

    return await _changed(intent.subscription, change, visit)


async def set_to(identity: int, act: Act, visit: Visit) -> Effect:
    """Mention nobody, or say what happens where nobody knows whether an issue arrived."""

    def change(found: Subscription) -> Subscription:
        if act is Act.NOBODY:
            return replace(found, mention="")
        return replace(found, again=act is Act.AGAIN)

    return await _changed(identity, change, visit)


async def mention(identity: int, picked: Spot, visit: Visit) -> Effect:
    """Let a role be told of every issue; everybody at once is no role.

    Raises:
        GoneError: where there are no roles.
    """
    actor = visit.actor
    if actor.platform != "discord":
        raise GoneError
    if actor.community == f"{actor.platform}:{picked.id}":
        return await _changed(identity, lambda found: found, visit, "I never mention everyone.")
    return await _changed(
        identity, lambda found: replace(found, mention=picked.id), visit, role=picked.name
    )


async def _changed(
    identity: int, change: Change, visit: Visit, said: str = "", role: str = ""
) -> Effect:
    def work(unit: Unit) -> panel.Shown:
        found = managed(unit, identity, visit)
        changed = change(found)
        if changed != found:
            unit.newsletters.save(changed)
        return panel.shown(unit, changed)

    done = await visit.desk.store.write(work)
    return Update(panel.panel(done, visit, role=role, said=said))


async def move(identity: int, picked: Spot, visit: Visit) -> Effect:
    """Send it to another channel, which whoever asks must be allowed to manage too.

    An active subscription posts a first word there at once, which shows whether that works.
    """

    def work(unit: Unit) -> tuple[panel.Shown, Moved]:
        found = managed(unit, identity, visit)
        if not (rights_of(unit, visit.actor).everywhere or picked.manages):
            raise NotAllowedError
        outcome = _moved(unit, found, picked, visit)
        if outcome is Moved.DONE:
            found = replace(
                found, channel=picked.id, name=picked.name, announcement=picked.announcement
            )
            unit.newsletters.save(found)
        return panel.shown(unit, found), outcome

    done, outcome = await visit.desk.store.write(work)
    if outcome is Moved.TAKEN:
        return Say(taken())
    if outcome is Moved.DOUBLE:
        return Update(panel.panel(done, visit, said="That channel has the newsletter already."))
    settings = panel.panel(done, visit, spot=picked)
    if outcome is Moved.DONE and done.subscription.state is SubscriptionState.ACTIVE:
        return confirming.check(done.subscription, settings)
    return Update(settings)


def _moved(unit: Unit, found: Subscription, picked: Spot, visit: Visit) -> Moved:
    """Whether a subscription can move to a channel, from which a draft is cleared away."""
    if picked.id == found.channel:
        return Moved.THERE
    there = unit.newsletters.in_channel(found.platform, picked.id)
    if is_others(there, visit):
        return Moved.TAKEN
    if there is not None and there.state is not SubscriptionState.DRAFT:
        return Moved.DOUBLE
    if there is not None:
        unit.newsletters.remove(there.id)
    return Moved.DONE
