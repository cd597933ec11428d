"""A server or workspace in front of the core, with a store behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from bot.core.command import (
    Actor,
    Call,
    Click,
    Effect,
    Form,
    Post,
    Say,
    Spot,
    Submission,
    Update,
)
from bot.core.content.catalogue import Catalogue
from bot.core.desk import Desk
from bot.core.dispatch import Dispatcher
from bot.core.intents import Intent
from bot.core.manager_intents import Act, ChooseFor, ManageSubscription, Purpose
from bot.core.ports import Unit
from bot.core.subscriptions import (
    DeliveryState,
    IssueDelivery,
    Manager,
    Settlement,
    Subscription,
)
from bot.core.views import (
    Actions,
    Bullets,
    Button,
    Fields,
    Heading,
    Notice,
    Picker,
    Prose,
    Select,
    View,
    plain,
)
from bot.store.database import Database

WEDNESDAY = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)

MAYA = Actor("discord", "1", community="discord:7", channel="50", manager=True)
"""She manages a server."""

IDA = Actor("slack", "E1/T1/U1", community="slack:E1/T1", channel="C1", manager=True)
"""She is an admin of a workspace."""

FILLED = {"rhythm": "weekly", "weekday": "0", "time": "9:30", "time_zone": "berlin"}


def at(actor: Actor, channel: str, *, manager: bool = False, **told: object) -> Actor:
    """The same person in another channel, with what the platform tells of it."""
    spot = replace(Spot(channel), **told)  # type: ignore[arg-type]  # keywords of its fields
    return replace(actor, channel=channel, spot=spot, manager=manager)


class Place:
    """A server or workspace with a manager in one of its channels."""

    def __init__(self, catalogue: Catalogue, store: Database) -> None:
        self.now = WEDNESDAY
        self.store = store
        self.dispatcher = Dispatcher(catalogue, desk=Desk(store, lambda: self.now))

    async def type(self, action: str = "", actor: Actor = MAYA, **more: str) -> Effect:
        given = {"action": action} if action else {}
        return await self.dispatcher.call(Call("newsletter", given | more, actor))

    async def press(self, intent: Intent, actor: Actor = MAYA) -> Effect:
        return await self.dispatcher.click(Click(intent, actor))

    async def pick(self, intent: Intent, picked: Spot, actor: Actor = MAYA) -> Effect:
        return await self.dispatcher.click(Click(intent, actor, picked))

    async def choose(
        self, one: Subscription, purpose: Purpose, picked: Spot, actor: Actor = MAYA
    ) -> Effect:
        return await self.pick(ChooseFor(one.id, purpose), picked, actor)

    async def fill(self, intent: Intent, actor: Actor = MAYA, **values: str) -> Effect:
        return await self.dispatcher.submit(Submission(intent, FILLED | values, actor))

    async def agreed(self, actor: Actor = MAYA, **values: str) -> View:
        """The view after the form for a new subscription was sent in."""
        return view(await self.fill(ManageSubscription(0, Act.EDIT), actor, **values))

    async def subscribed(self, actor: Actor = MAYA, **values: str) -> Subscription:
        agreed = await self.agreed(actor, **values)
        await self.press(intent(agreed, "Subscribe this channel"), actor)
        return await self.here(actor)

    async def found(self, actor: Actor = MAYA) -> Subscription | None:
        platform, channel = actor.platform, actor.channel or ""
        return await self.store.read(lambda unit: unit.newsletters.in_channel(platform, channel))

    async def here(self, actor: Actor = MAYA) -> Subscription:
        found = await self.found(actor)
        assert found is not None
        return found

    async def history(self) -> tuple[IssueDelivery, ...]:
        identity = (await self.here()).id
        return await self.store.read(lambda unit: unit.newsletters.history(identity, 9))

    async def managers(self, community: str = "discord:7") -> tuple[Manager, ...]:
        return await self.store.read(lambda unit: unit.newsletters.managers(community))

    async def settled(self, state: DeliveryState, reason: str = "") -> None:
        """What waits on Discord comes to this."""
        now = self.now

        def work(unit: Unit) -> None:
            unit.newsletters.take_over("discord", "token")
            claimed = unit.newsletters.claim("discord", "token", now, 9)
            unit.newsletters.settle([Settlement(one, state, reason, now, now) for one in claimed])

        await self.store.write(work)


def view(effect: Effect) -> View:
    assert isinstance(effect, Say | Update), effect
    return effect.view


def posted(effect: Effect) -> Post:
    assert isinstance(effect, Post), effect
    return effect


def words(effect: Effect | View) -> str:
    shown = effect if isinstance(effect, View) else view(effect)
    lines = [shown.title]
    for block in shown.blocks:
        match block:
            case Prose(spans) | Notice(spans):
                lines.append(plain(spans))
            case Bullets(items):
                lines += map(plain, items)
            case Fields(pairs):
                lines += [f"{name}: {plain(spans)}" for name, spans in pairs]
            case Heading(text):
                lines.append(text)
            case _:
                pass
    return "\n".join(lines)


def _pressable(shown: View) -> Iterator[tuple[str, Intent]]:
    for block in shown.blocks:
        for item in block.items if isinstance(block, Actions) else ():
            match item:
                case Button(label, meant) | Picker(_, label, meant):
                    yield label, meant
                case Select(_, choices):
                    yield from ((choice.label, choice.intent) for choice in choices)


def labels(shown: View | Effect) -> list[str]:
    """All that can be pressed, chosen or picked."""
    return [label for label, _ in _pressable(shown if isinstance(shown, View) else view(shown))]


def intent(shown: View | Effect, label: str) -> Intent:
    found = dict(_pressable(shown if isinstance(shown, View) else view(shown)))
    assert label in found, f"nothing is called {label}; there are {list(found)}"
    return found[label]


def filled(form: Effect) -> dict[str, str]:
    assert isinstance(form, Form), form
    return {field.option.name: field.value.value for field in form.fields if field.value}
