"""What a click means, and its id: the codec between intents and short ASCII strings.

An id says what is meant and nothing else: who may do it and whether it still makes sense is checked
when it is pressed. The same ids work on every platform, and a message from before a restart or an
upgrade still knows what its buttons mean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, assert_never
from urllib.parse import quote, unquote

from bot.core.manager_intents import ManagerIntent, decode_for_managers, encode_for_managers
from bot.core.reader_intents import (
    OpenQuestion,
    ReaderIntent,
    Vote,
    decode_for_readers,
    encode_for_readers,
)

MAX_ID = 75
"""The longest id in characters: what a Slack option may hold for certain."""

_NUMBER = re.compile("[0-9]{1,4}")
_PLACES = re.compile("-|[0-9]{1,6}")
_MEANS = re.compile("-1|[0-9]")


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


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    """Answer a question of a quiz with options, by the places (from 0) in which they are shown."""

    session: str
    position: int
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PickOptions:
    """Show a question with these options picked, where it takes several or an order."""

    session: str
    position: int
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TypeAnswer:
    """Open the form for an answer that is typed."""

    session: str
    position: int


class Step(StrEnum):
    """A way to go on in a quiz."""

    NEXT = "next"
    BACK = "back"
    SKIP = "skip"
    PAUSE = "pause"
    RESUME = "resume"
    REMIND = "remind"
    STOP = "stop"
    SHOW = "show"
    SHARE = "share"
    FORGET = "forget"
    FORGET_FOR_GOOD = "forget!"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class TakeStep:
    """Go on in a quiz; `position` is the question that this was offered with."""

    session: str
    position: int
    step: Step


@dataclass(frozen=True, slots=True)
class AnswerMeans:
    """Answer a question about means, by its number and the option's; -1 only shows it."""

    session: str
    number: int
    option: int


@dataclass(frozen=True, slots=True)
class ReportQuestion:
    """Open the form that reports a question."""

    session: str
    position: int


@dataclass(frozen=True, slots=True)
class SwitchPack:
    """Switch a pack of questions on or off in the community where this is pressed."""

    pack: str
    on: bool


class Wish(StrEnum):
    """What a person may ask about themselves."""

    EXPORT = "export"
    ERASE = "erase"
    ERASE_FOR_GOOD = "erase!"
    JOIN = "join"
    LEAVE = "leave"
    REMIND = "remind"


@dataclass(frozen=True, slots=True)
class Ask:
    """Something about the person who presses it, and nobody else."""

    wish: Wish


QuizIntent: TypeAlias = (
    AnswerQuestion | PickOptions | TypeAnswer | TakeStep | AnswerMeans | ReportQuestion
)
"""What is pressed in a quiz; only the person who takes it may."""

Intent: TypeAlias = (
    Run
    | Fill
    | CompareAspect
    | BrowseRoles
    | SwitchPack
    | Ask
    | QuizIntent
    | ManagerIntent
    | ReaderIntent
)


_STEPS = frozenset(step.value for step in Step)
_WISHES = frozenset(wish.value for wish in Wish)


class UnknownIntentError(ValueError):
    """The id was not made by this version's codec."""


def encode(intent: Intent) -> str:
    """The id of an intent: at most 75 ASCII characters.

    Arguments are dropped from the end until the id fits; whoever presses it is asked for them.

    Raises:
        ValueError: if the intent does not fit even without arguments.
    """
    if isinstance(intent, ManagerIntent):
        return encode_for_managers(intent)
    match intent:
        case Run(command, arguments, aloud):
            return _fit(("r!" if aloud else "r", command), arguments)
        case Fill(command, arguments):
            return _fit(("f", command), arguments)
        case CompareAspect(aspect, first, second):
            return _fit(("c", aspect), (first, second))
        case BrowseRoles(page):
            return f"b:{page}"
        case SwitchPack(pack, on):
            return f"p:{pack}:{int(on)}"
        case Ask(wish):
            return f"w:{wish}"
        case OpenQuestion() | Vote():
            return encode_for_readers(intent)
        case _:
            return _encode_in_quiz(intent)


def _encode_in_quiz(intent: QuizIntent) -> str:
    match intent:
        case AnswerQuestion(session, position, places):
            return f"a:{session}:{position}:{_digits(places)}"
        case PickOptions(session, position, places):
            return f"k:{session}:{position}:{_digits(places)}"
        case TypeAnswer(session, position):
            return f"t:{session}:{position}"
        case TakeStep(session, position, step):
            return f"s:{session}:{position}:{step}"
        case AnswerMeans(session, number, option):
            return f"m:{session}:{number}:{option}"
        case ReportQuestion(session, position):
            return f"o:{session}:{position}"
        case _:
            assert_never(intent)


def _digits(places: tuple[int, ...]) -> str:
    return "".join(map(str, places)) or "-"


def decode(text: str) -> Intent:
    """The intent of an id; what it names may have gone since.

    Raises:
        UnknownIntentError: for anything that `encode` cannot have made.
    """
    if len(text) > MAX_ID or not text.isascii():
        raise UnknownIntentError("not an id of ours")
    kind, *parts = text.split(":")
    values = tuple(unquote(part) or None for part in parts)
    if managing := decode_for_managers(kind, values):
        return managing
    match kind, values:
        case "r" | "r!", (str() as command, *arguments):
            return Run(command, tuple(arguments), aloud=kind == "r!")
        case "f", (str() as command, *arguments):
            return Fill(command, tuple(arguments))
        case "c", (("skills" | "pay" | "days") as aspect, str() as first, str() as second):
            return CompareAspect(Aspect(aspect), first, second)
        case "b", (str() as page,) if _NUMBER.fullmatch(page):
            return BrowseRoles(int(page))
        case "q" | "v", _ if reader := decode_for_readers(kind, values):
            return reader
        case "p", (str() as pack, ("0" | "1") as on):
            return SwitchPack(pack, on == "1")
        case "w", (str() as wish,) if wish in _WISHES:
            return Ask(Wish(wish))
        case kind, (str() as session, str() as number, *rest) if _NUMBER.fullmatch(number):
            return _in_quiz(kind, session, int(number), rest)
        case _:
            raise UnknownIntentError("not an id of ours")


def _in_quiz(kind: str, session: str, number: int, rest: list[str | None]) -> Intent:
    match kind, rest:
        case "a", [str() as places] if _PLACES.fullmatch(places):
            return AnswerQuestion(session, number, _places(places))
        case "k", [str() as places] if _PLACES.fullmatch(places):
            return PickOptions(session, number, _places(places))
        case "t", []:
            return TypeAnswer(session, number)
        case "s", [str() as step] if step in _STEPS:
            return TakeStep(session, number, Step(step))
        case "m", [str() as option] if _MEANS.fullmatch(option):
            return AnswerMeans(session, number, int(option))
        case "o", []:
            return ReportQuestion(session, number)
        case _:
            raise UnknownIntentError("not an id of ours")


def _places(digits: str) -> tuple[int, ...]:
    return tuple(map(int, digits.removeprefix("-")))


def _fit(head: tuple[str, ...], arguments: tuple[str | None, ...]) -> str:
    parts = [quote(part, safe="-.!") for part in (*head, *(a or "" for a in arguments))]
    while len(text := ":".join(parts)) > MAX_ID and len(parts) > len(head):
        parts.pop()
    if len(text) > MAX_ID:
        raise ValueError(f"{head} does not fit into an id")
    return text.rstrip(":")
