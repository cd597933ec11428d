"""What a command is, what calling one means, and the effects that answer it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from bot.core.content.catalogue import Catalogue
from bot.core.desk import Desk
from bot.core.intents import Intent, Run
from bot.core.quiz.library import Library
from bot.core.roles import Family
from bot.core.subscriptions import Place
from bot.core.views import View


class Kind(Enum):
    """What an option holds; it decides how its text is understood and completed."""

    ROLE = "role"
    JOB = "role or job title"
    ENTRY = "skill or term"
    LEVEL = "level"
    COUNTRY = "country"
    COMMAND = "command"
    QUIZ = "quiz, role or skill"
    AGAINST = "role, or placement"
    NEWS = "action"
    ZONE = "time zone"
    LISTED = "one of a few"
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


class Permission(Enum):
    """Who may use a command: anybody, or those who manage the server or workspace.

    `CHANNEL_MANAGERS` are all who may manage something of what the command is about, be it only the
    channel in which they are: its handler tells whom it lets do what.
    """

    ANYBODY = "anybody"
    MANAGERS = "managers"
    CHANNEL_MANAGERS = "channel managers"


@dataclass(frozen=True, slots=True)
class Spot:
    """A channel, role or person of a platform, as far as it tells of them without being asked.

    Of a channel: `announcement` says that others can follow it, `manages` that the person who asks
    manages it, and `missing` names the permissions that the bot lacks to post there.
    """

    id: str
    name: str = ""
    announcement: bool = False
    manages: bool = False
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking: the platform and the person's id there, unique across workspaces.

    The rest says where and how they ask, and is no part of who they are: the server or workspace,
    the channel (none in a direct message), their display name, which is theirs to choose, whether
    they manage the community, as far as the platform was asked, and whether the bot can write to
    them by itself. `spot` is the channel again with what the platform tells of it, and `zone` the
    person's time zone, where that is known.
    """

    platform: str
    user: str
    name: str = field(default="", compare=False)
    community: str | None = field(default=None, compare=False)
    channel: str | None = field(default=None, compare=False)
    manager: bool = field(default=False, compare=False)
    reachable: bool = field(default=True, compare=False)
    spot: Spot | None = field(default=None, compare=False)
    zone: str = field(default="", compare=False)

    @property
    def key(self) -> str:
        """The person as the store knows them."""
        return f"{self.platform}:{self.user}"


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
    """A button pressed or an entry chosen; `picked` is what was chosen with a picker."""

    intent: Intent
    actor: Actor
    picked: Spot | None = None


class GoneError(Exception):
    """What a click or a form names is no longer there."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A form that was sent in: what it is for, and its fields by name."""

    intent: Intent
    values: Mapping[str, str]
    actor: Actor
    private: bool = False


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
    """Ask for some fields in a form; `otherwise` says the same where none can open.

    `intent` says what the form is for: `Run` for a command's options, or a question.
    """

    intent: Intent
    title: str
    fields: tuple[Field, ...]
    otherwise: View
    private: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file: its name and its text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Direct:
    """Put a view into the person's own conversation with the bot.

    Where they are, `note` says so, unless they are in that conversation already. Where the message
    cannot arrive, the view is said privately in place instead.
    """

    view: View
    note: View
    attachment: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """Post a view to a place of the actor's platform, and tell the actor how that went."""

    place: Place
    view: View
    posted: View
    refused: View


Effect: TypeAlias = Say | Update | Form | Direct | Post


Arguments: TypeAlias = Mapping[str, str]
"""A command's arguments, understood: ids for what can be looked up, else cleaned text."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a handler may know besides its arguments; `today` is the date in UTC."""

    catalogue: Catalogue
    family: Family
    library: Library
    commands: Mapping[str, Command]
    today: dt.date


@dataclass(frozen=True, slots=True)
class Visit:
    """What a personal handler may know besides: who asks, when, and what all visits share."""

    context: Context
    actor: Actor
    desk: Desk
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class Aside:
    """A view for the asker alone, also where the command answers in public."""

    view: View


Outcome: TypeAlias = View | Aside | Run
"""What a handler makes: a view, or another command that answers better."""

Handler: TypeAlias = Callable[[Arguments, Context], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class Personal:
    """A handler whose answer depends on who asks, or on what is stored."""

    handle: Callable[[Arguments, Visit], Awaitable[Outcome | Effect]]


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
    handler: Handler | Personal
    example: str = ""
    pure: bool = True
    permission: Permission = Permission.ANYBODY

    @property
    def usage(self) -> str:
        """How its options are typed: `role [country]`."""
        return " ".join(o.name if o.required else f"[{o.name}]" for o in self.options)

    def named(self, arguments: tuple[str | None, ...]) -> dict[str, str]:
        """Arguments by option name, from their order."""
        pairs = zip(self.options, arguments, strict=False)
        return {option.name: value for option, value in pairs if value}
