"""What a command is, what calling one means, and the effects that answer it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from bot.core.content.catalogue import Catalogue
from bot.core.intents import Intent, Run
from bot.core.roles import Family
from bot.core.views import View


class Kind(Enum):
    """What an option holds; it decides how its text is understood and completed."""

    ROLE = "role"
    JOB = "role or job title"
    ENTRY = "skill or term"
    LEVEL = "level"
    COUNTRY = "country"
    COMMAND = "command"
    TEXT = "text"


class Visibility(Enum):
    """Who sees an answer: everybody in the channel, or only the person who asked."""

    PUBLIC = "public"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a command. Required options come first."""

    name: str
    description: str
    kind: Kind
    required: bool = True


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking: the platform and the person's id there, unique across workspaces."""

    platform: str
    user: str


@dataclass(frozen=True, slots=True)
class Call:
    """A command with its arguments as the person gave them, by option name.

    `private` asks for an answer that nobody else sees.
    """

    command: str
    arguments: Mapping[str, str]
    actor: Actor
    private: bool = False


@dataclass(frozen=True, slots=True)
class Click:
    """A button pressed or an entry chosen."""

    intent: Intent
    actor: Actor


@dataclass(frozen=True, slots=True)
class Say:
    """Answer with a view."""

    view: View
    visibility: Visibility = Visibility.PRIVATE


@dataclass(frozen=True, slots=True)
class Update:
    """Replace the message that was clicked, where only the clicker sees it; else answer."""

    view: View


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that an option can be set to: what is sent, and what is shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a form.

    `value` is what is filled in already; `choices` are all possible values where there are at
    most 25 of them, else none.
    """

    option: Option
    value: Suggestion | None = None
    choices: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """Ask for a command's options in a form; `otherwise` says the same where none can open."""

    command: str
    title: str
    fields: tuple[Field, ...]
    otherwise: View
    private: bool = False


Effect: TypeAlias = Say | Update | Form


Arguments: TypeAlias = Mapping[str, str]
"""A command's arguments, understood: ids for what can be looked up, else cleaned text."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a handler may know besides its arguments; `today` is the date in UTC."""

    catalogue: Catalogue
    family: Family
    commands: Mapping[str, Command]
    today: dt.date


@dataclass(frozen=True, slots=True)
class Aside:
    """A view for the asker alone, also where the command answers in public."""

    view: View


Outcome: TypeAlias = View | Aside | Run
"""What a handler makes: a view, or another command that answers better."""

Handler: TypeAlias = Callable[[Arguments, Context], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class Command:
    """A command, declared once for every platform.

    `pure` says that the answer depends on nothing but the arguments, the content and the day, so
    that it may be kept. `example` holds arguments as a person would type them.
    """

    name: str
    description: str
    options: tuple[Option, ...]
    visibility: Visibility
    handler: Handler
    example: str = ""
    pure: bool = True

    @property
    def usage(self) -> str:
        """How its options are typed: `role [country]`."""
        return " ".join(o.name if o.required else f"[{o.name}]" for o in self.options)

    def named(self, arguments: tuple[str | None, ...]) -> dict[str, str]:
        """Arguments by option name, from their order."""
        pairs = zip(self.options, arguments, strict=False)
        return {option.name: value for option, value in pairs if value}
