"""What readers press in an issue of the newsletter, and its id."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias, assert_never

PREVIEWED = "preview"
"""Stands for the question of an issue that is looked at and not posted."""

_VERSION = re.compile(f"[0-9a-f]{{16}}|{PREVIEWED}")
_DELIVERY = re.compile("[0-9]{1,18}")
_PLACE = re.compile("[0-9]")


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """Show the question of an issue to one reader.

    It is known by the hash of its text and by where it is pressed, so that an issue is the very
    same message in every channel.
    """

    version: str


@dataclass(frozen=True, slots=True)
class Vote:
    """Answer the question of a delivery, by the place (from 0) in which the option is shown."""

    delivery: int
    place: int


ReaderIntent: TypeAlias = OpenQuestion | Vote


def encode_for_readers(intent: ReaderIntent) -> str:
    """The id of an intent, in few ASCII characters."""
    match intent:
        case OpenQuestion(version):
            return f"q:{version}"
        case Vote(delivery, place):
            return f"v:{delivery}:{place}"
        case _:
            assert_never(intent)


def decode_for_readers(kind: str, values: tuple[str | None, ...]) -> ReaderIntent | None:
    """The intent of the parts of an id; None for what is not one of these."""
    match kind, values:
        case "q", (str() as version,) if _VERSION.fullmatch(version):
            return OpenQuestion(version)
        case "v", (str() as number, str() as place) if _DELIVERY.fullmatch(
            number
        ) and _PLACE.fullmatch(place):
            return Vote(int(number), int(place))
        case _:
            return None
