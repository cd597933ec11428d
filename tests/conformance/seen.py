"""What a person sees of an answer, in the same words for every platform."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.core.command import Command
from bot.core.content.catalogue import Catalogue

NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer: its words, what can be pressed or chosen, and who else sees it.

    `labels` are the buttons and the entries of selects. `form` holds the names of the fields
    where the answer is a form. `handle` belongs to the platform's driver.
    """

    text: str
    labels: tuple[str, ...] = ()
    private: bool = True
    form: tuple[str, ...] | None = None
    handle: Any = field(default=None, repr=False, compare=False)

    @property
    def words(self) -> str:
        """The text without marks, escapes and line breaks, for comparing platforms."""
        return re.sub(r"[^\w£$%]+", " ", self.text.replace("\\", "")).strip().casefold()


class Platform(Protocol):
    """A platform with one person on it, and the bot, which can be started anew."""

    public: bool
    """Whether answers can be seen by others at all."""

    async def command(
        self, name: str, options: Mapping[str, str] = NOTHING, *, private: bool = False
    ) -> Seen:
        """Use a command with these options, in a place where others are."""

    async def write(self, words: str) -> Seen:
        """Write to the bot in a direct message."""

    async def press(self, seen: Seen, label: str) -> Seen:
        """Press a button, or choose the entry, with this label."""

    async def fill(self, seen: Seen, values: Mapping[str, str]) -> Seen:
        """Fill in and send the form."""

    async def restart(self, catalogue: Catalogue, commands: Mapping[str, Command]) -> None:
        """Stop the bot and start it again, perhaps with other content or commands."""

    async def close(self) -> None:
        """Stop everything, and raise if the platform found something wrong."""


class Chat(Platform, Protocol):
    """A platform whose buttons carry ids that anybody may forge."""

    async def forge(self, seen: Seen, identity: str) -> Seen:
        """Press something with this id on that message: an old or a made-up one."""
