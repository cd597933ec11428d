"""Whom a workspace's admins let look after the newsletter, where only admins may otherwise.

Discord has channel managers for that; on Slack an admin names people.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.command import Actor, Effect, GoneError, Say, Spot, Update, Visit
from bot.core.manager_intents import ChooseFor, Dismiss, Purpose
from bot.core.ports import Unit
from bot.core.subscribing.rights import NotAllowedError
from bot.core.subscriptions import Manager
from bot.core.user_text import quote
from bot.core.views import (
    MAX_CHOICES,
    Actions,
    Choice,
    Notice,
    Pick,
    Picker,
    Prose,
    Select,
    Text,
    View,
)


def controls(managers: tuple[Manager, ...], actor: Actor) -> Iterator[Actions | Notice]:
    """What an admin chooses helpers with; nothing for anybody else."""
    if actor.platform != "slack" or not actor.manager:
        return
    let = ChooseFor(0, Purpose.HELPER)
    yield Actions((Picker(Pick.PERSON, "Let somebody manage the newsletter", let),))
    allowed = [manager.person for manager in managers if manager.allowed]
    if allowed:
        choices = tuple(Choice(_id(person), Dismiss(person)) for person in allowed[:MAX_CHOICES])
        yield Actions((Select("Let somebody manage it no longer", choices),))


async def allow(picked: Spot, visit: Visit) -> Effect:
    """Let somebody look after the community's newsletter.

    Raises:
        NotAllowedError: if the one who asks is no admin.
        GoneError: where nobody can be named.
    """
    community = _community(visit.actor)
    person = f"{visit.actor.platform}:{picked.id}"
    await visit.desk.store.write(lambda unit: _write(unit, community, person, visit, allowed=True))
    who = quote(picked.name) or _id(person)
    text = f"{who} may manage the newsletter of this workspace from now on."
    return Say(_note("Allowed", text))


async def dismiss(intent: Dismiss, visit: Visit) -> Effect:
    """Let somebody look after it no longer.

    Raises:
        NotAllowedError: if the one who asks is no admin.
        GoneError: where nobody can be named, or this person was not.
    """
    community = _community(visit.actor)

    def work(unit: Unit) -> None:
        managers = unit.newsletters.managers(community)
        if not any(m.person == intent.person and m.allowed for m in managers):
            raise GoneError
        _write(unit, community, intent.person, visit, allowed=False)

    await visit.desk.store.write(work)
    text = f"{_id(intent.person)} may not manage the newsletter of this workspace any more."
    return Update(_note("No longer", text))


def _community(actor: Actor) -> str:
    if not actor.manager or actor.community is None:
        raise NotAllowedError
    if actor.platform != "slack":
        raise GoneError
    return actor.community


def _write(unit: Unit, community: str, person: str, visit: Visit, *, allowed: bool) -> None:
    unit.newsletters.managed(community, visit.actor.key, visit.now)
    unit.newsletters.allow(community, person, allowed=allowed, now=visit.now)


def _id(person: str) -> str:
    """What the platform calls a person, without the workspace."""
    return person.rpartition(":")[2].rpartition("/")[2]


def _note(title: str, text: str) -> View:
    return View(title, (Prose((Text(text),)),), fallback=text)
