"""What a person sees of an answer, in the same words for every platform."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

from bot.core.command import Command
from bot.core.content.catalogue import Catalogue
from tests.conformance.behind import Behind

NOTHING: Mapping[str, str] = {}

SHORT = 1_500
"""A message with less text than this and nothing to press is not followed by another one."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer: its words, what can be pressed or chosen, and who else sees it.

    `labels` are the buttons and the entries of selects. `form` holds the names of the fields
    where the answer is a form. `message` is the message in which it stands, the same one after an
    edit. `handle` belongs to the platform's driver.
    """

    text: str
    labels: tuple[str, ...] = ()
    private: bool = True
    form: tuple[str, ...] | None = None
    message: str = ""
    handle: Any = field(default=None, repr=False, compare=False)

    @property
    def words(self) -> str:
        """The text without marks, escapes and line breaks, for comparing platforms."""
        return words(self.text)


def words(text: str) -> str:
    """A text without marks, escapes and line breaks, in small letters."""
    return re.sub(r"[^\w£$%]+", " ", text.replace("\\", "")).strip().casefold()


class Platform(Protocol):
    """A platform with one person on it, and the bot, which can be started anew."""

    public: bool
    """Whether answers can be seen by others at all."""

    behind: Behind
    """The clock, the store and the rounds of the bot."""

    async def command(
        self, name: str, options: Mapping[str, str] = NOTHING, *, private: bool = False
    ) -> Seen:
        """Use a command with these options, in a place where others are."""

    async def write(self, words: str) -> Seen:
        """Write to the bot in a direct message."""

    async def press(self, seen: Seen, label: str) -> Seen:
        """Press a button, or choose the entry, with this label.

        On a chat that may be one of a message that looks different by now.
        """

    async def fill(self, seen: Seen, values: Mapping[str, str]) -> Seen:
        """Fill in and send the form."""

    async def delivered(self, seen: Seen) -> Seen:
        """What this answer says is in the person's messages; where there are none, the answer."""

    async def file(self, seen: Seen) -> str:
        """The text of the file that came with an answer."""

    async def tick(self) -> None:
        """Let the bot do a round of its own work: what rested is closed, what is due is sent."""

    async def restart(self, catalogue: Catalogue, commands: Mapping[str, Command]) -> None:
        """Stop the bot and start it again, perhaps with other content or commands."""

    async def close(self) -> None:
        """Stop everything, and raise if the platform found something wrong."""


class Chat(Platform, Protocol):
    """A platform with several people on it, whose buttons carry ids that anybody may forge."""

    async def forge(self, seen: Seen, identity: str) -> Seen:
        """Press something with this id on that message: an old or a made-up one."""

    def identity(self, seen: Seen, label: str) -> str:
        """The id that the button with this label carries."""

    def somebody(self, name: str, *, manager: bool = False) -> Self:
        """The same place, in front of another person."""

    def in_messages(self) -> Self:
        """The same person, in their conversation with the bot."""

    def closes_messages(self) -> None:
        """The person lets the bot write to them no more."""

    def refuses_posts(self) -> None:
        """The bot may not post where everybody is, unless it answers somebody."""

    async def tick_with_reports(self) -> None:
        """The same, with reports of questions posted where everybody is."""

    def direct(self) -> list[Seen]:
        """What is in the person's messages and was not looked at yet."""

    def posted(self) -> list[Seen]:
        """What everybody sees and was not looked at yet, besides answers."""
