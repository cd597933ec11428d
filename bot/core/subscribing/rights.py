"""Who may manage which subscriptions: all of a community, those of one channel, or none."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.command import Actor, GoneError, Visit
from bot.core.ports import Unit
from bot.core.subscribing.places import here
from bot.core.subscriptions import Subscription
from bot.core.views import Prose, Text, View


class NotAllowedError(Exception):
    """Somebody asked for what they may not manage."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What somebody may manage: `everywhere` in the community, or one channel of it."""

    everywhere: bool
    channel: str | None = None

    def cover(self, channel: str) -> bool:
        """Whether they may manage the subscription of this channel."""
        return self.everywhere or channel == self.channel


def rights_of(unit: Unit, actor: Actor) -> Rights:
    """What somebody may manage.

    Raises:
        NotAllowedError: if it is nothing.
    """
    if actor.community is None:
        raise NotAllowedError
    if actor.manager or _is_allowed(unit, actor):
        return Rights(everywhere=True)
    spot = here(actor)
    if spot is None or not spot.manages:
        raise NotAllowedError
    return Rights(everywhere=False, channel=spot.id)


def _is_allowed(unit: Unit, actor: Actor) -> bool:
    managers = unit.newsletters.managers(actor.community or "")
    return any(manager.allowed and manager.person == actor.key for manager in managers)


def managed(unit: Unit, identity: int, visit: Visit) -> Subscription:
    """The subscription with this number, for a change: nobody else changes it meanwhile.

    It is remembered that this person looks after the community's newsletter.

    Raises:
        NotAllowedError: if they may not manage it.
        GoneError: if it is gone, or belongs to another community.
    """
    found = seen(unit, identity, visit, lock=True)
    unit.newsletters.managed(found.community, visit.actor.key, visit.now)
    return found


def seen(unit: Unit, identity: int, visit: Visit, *, lock: bool = False) -> Subscription:
    """The same, to be looked at."""
    rights = rights_of(unit, visit.actor)
    found = unit.newsletters.get(identity, lock=lock)
    if found is None or found.community != visit.actor.community:
        raise GoneError
    if not rights.cover(found.channel):
        raise NotAllowedError
    return found


_WHO = {
    "discord": "Only people who may manage this server, or the channel that it is about, can do "
    "this, and only from inside the server. Please ask one of them.",
    "slack": "Only admins of this workspace, and people whom they let look after the newsletter, "
    "can do this, and only from inside it. Please ask one of them.",
}
_SOMEBODY = "Only people who may manage this place can do this. Please ask one of them."


def refused(platform: str) -> View:
    """What somebody hears who may not manage this."""
    text = _WHO.get(platform, _SOMEBODY)
    return View("This is for those who run the place", (Prose((Text(text),)),), fallback=text)
