"""What managers press about the newsletter, and its id."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, assert_never
from urllib.parse import quote

_KEY = re.compile("[0-9]{1,18}")
_TOPIC = re.compile("[a-z]{1,16}")
_KEPT = re.compile("[0-9a-f]{16}")


class Act(StrEnum):
    """What managers do with a subscription to the newsletter.

    `EDIT` opens the form, `SETTINGS` shows all that can be chosen, `NOBODY` takes the mention away.
    `ASK` and `AGAIN` say what happens where nobody knows whether an issue arrived.
    """

    EDIT = "edit"
    SETTINGS = "settings"
    NOBODY = "nobody"
    ASK = "ask"
    AGAIN = "again"
    CONFIRM = "confirm"
    CHECK = "check"
    PREVIEW = "preview"
    STATUS = "status"
    PAUSE = "pause"
    RESUME = "resume"
    SEND = "send"
    END = "end"
    END_FOR_GOOD = "end!"


@dataclass(frozen=True, slots=True)
class ManageSubscription:
    """Do something with a subscription; 0 stands for a new one, in the channel of the press."""

    subscription: int
    act: Act


@dataclass(frozen=True, slots=True)
class Repost:
    """Send an issue again of which nobody knows whether it arrived."""

    delivery: int


class Purpose(StrEnum):
    """What a channel, a role or a person is chosen for."""

    PLACE = "place"
    MENTION = "mention"
    HELPER = "helper"


@dataclass(frozen=True, slots=True)
class ChooseFor:
    """Take what is picked: as the place of a subscription, as its mention, or as a helper.

    A helper is one of the whole community, so the subscription is 0 then.
    """

    subscription: int
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class SwitchTopic:
    """Switch a topic of a subscription on or off."""

    subscription: int
    topic: str
    on: bool


@dataclass(frozen=True, slots=True)
class Dismiss:
    """Let a person look after the community's newsletter no longer."""

    person: str


@dataclass(frozen=True, slots=True)
class Retype:
    """Go on with what was typed into the form and is kept under this hash.

    With a time zone, that one takes the place of the one that was typed; without, the form opens
    again. The subscription is 0 for a new one, in the channel of the press.
    """

    subscription: int
    kept: str
    zone: str = ""


ManagerIntent: TypeAlias = ManageSubscription | Repost | ChooseFor | SwitchTopic | Dismiss | Retype

_ACTS = frozenset(act.value for act in Act)


def encode_for_managers(intent: ManagerIntent) -> str:
    """The id of an intent, in few ASCII characters."""
    match intent:
        case ManageSubscription(subscription, act):
            return f"n:{subscription}:{act}"
        case Repost(delivery):
            return f"d:{delivery}"
        case ChooseFor(subscription, purpose):
            return f"x:{subscription}:{purpose}"
        case SwitchTopic(subscription, topic, on):
            return f"e:{subscription}:{topic}:{int(on)}"
        case Dismiss(person):
            return f"y:{quote(person, safe='')}"
        case Retype(subscription, kept, zone):
            return f"g:{subscription}:{kept}:{quote(zone, safe='')}".rstrip(":")
        case _:
            assert_never(intent)


def decode_for_managers(kind: str, values: tuple[str | None, ...]) -> ManagerIntent | None:
    """The intent of the parts of an id; None for what is not one of these."""
    match kind, values:
        case "y", (str() as person,):
            return Dismiss(person)
        case _, (str() as number, *rest) if _KEY.fullmatch(number):
            return _about(kind, int(number), rest)
        case _:
            return None


def _about(kind: str, number: int, rest: list[str | None]) -> ManagerIntent | None:
    match kind, rest:
        case "n", [str() as act] if act in _ACTS:
            return ManageSubscription(number, Act(act))
        case "d", []:
            return Repost(number)
        case "x", [("place" | "mention" | "helper") as purpose]:
            return ChooseFor(number, Purpose(purpose))
        case "e", [str() as topic, ("0" | "1") as on] if _TOPIC.fullmatch(topic):
            return SwitchTopic(number, topic, on == "1")
        case "g", [str() as kept] if _KEPT.fullmatch(kept):
            return Retype(number, kept)
        case "g", [str() as kept, str() as zone] if _KEPT.fullmatch(kept):
            return Retype(number, kept, zone)
        case _:
            return None
