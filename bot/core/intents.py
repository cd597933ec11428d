"""What a click means, and its id: the codec between intents and short ASCII strings.

An id says what is meant and nothing else: who may do it and whether it still makes sense is checked
when it is pressed. The same ids work on every platform, and a message from before a restart or an
upgrade still knows what its buttons mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, assert_never
from urllib.parse import quote, unquote

MAX_ID = 75
"""The longest id in characters: what a Slack option may hold for certain."""


@dataclass(frozen=True, slots=True)
class Run:
    """Run a command with these arguments, in the order of its options; None leaves one out.

    `aloud` answers as visibly as the command itself would; otherwise only the clicker sees it.
    """

    command: str
    arguments: tuple[str | None, ...] = ()
    aloud: bool = False


@dataclass(frozen=True, slots=True)
class Fill:
    """Open the form of a command, with these arguments filled in already."""

    command: str
    arguments: tuple[str | None, ...] = ()


class Aspect(StrEnum):
    """One side of a comparison, looked at in full."""

    SKILLS = "skills"
    PAY = "pay"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class CompareAspect:
    """Show one aspect of two roles beside each other."""

    aspect: Aspect
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class BrowseRoles:
    """Turn to a page (from 0) of the list of roles."""

    page: int


Intent: TypeAlias = Run | Fill | CompareAspect | BrowseRoles


class UnknownIntentError(ValueError):
    """The id was not made by this version's codec."""


def encode(intent: Intent) -> str:
    """The id of an intent: at most 75 ASCII characters.

    Arguments are dropped from the end until the id fits; whoever presses it is asked for them.

    Raises:
        ValueError: if the intent does not fit even without arguments.
    """
    match intent:
        case Run(command, arguments, aloud):
            return _fit(("r!" if aloud else "r", command), arguments)
        case Fill(command, arguments):
            return _fit(("f", command), arguments)
        case CompareAspect(aspect, first, second):
            return _fit(("c", aspect), (first, second))
        case BrowseRoles(page):
            return f"b:{page}"
        case _:
            assert_never(intent)


def decode(text: str) -> Intent:
    """The intent of an id; what it names may have gone since.

    Raises:
        UnknownIntentError: for anything that `encode` cannot have made.
    """
    if len(text) > MAX_ID or not text.isascii():
        raise UnknownIntentError("not an id of ours")
    kind, *parts = text.split(":")
    values = tuple(unquote(part) or None for part in parts)
    match kind, values:
        case "r" | "r!", (str() as command, *arguments):
            return Run(command, tuple(arguments), aloud=kind == "r!")
        case "f", (str() as command, *arguments):
            return Fill(command, tuple(arguments))
        case "c", (("skills" | "pay" | "days") as aspect, str() as first, str() as second):
            return CompareAspect(Aspect(aspect), first, second)
        case "b", (str() as page,) if page.isdecimal() and len(page) <= 4:
            return BrowseRoles(int(page))
        case _:
            raise UnknownIntentError("not an id of ours")


def _fit(head: tuple[str, ...], arguments: tuple[str | None, ...]) -> str:
    parts = [quote(part, safe="-.!") for part in (*head, *(a or "" for a in arguments))]
    while len(text := ":".join(parts)) > MAX_ID and len(parts) > len(head):
        parts.pop()
    if len(text) > MAX_ID:
        raise ValueError(f"{head} does not fit into an id")
    return text.rstrip(":")
