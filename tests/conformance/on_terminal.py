"""The real chat session, as `rolecall chat` runs it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from bot.adapters.terminal.output import Look
from bot.adapters.terminal.session import Session
from bot.core.command import Command
from bot.core.content.catalogue import Catalogue
from bot.core.dispatch import Dispatcher
from tests.conformance.behind import Behind
from tests.conformance.seen import NOTHING, Seen

CHOICE = re.compile(r"(?:^|  )(\d+)\) (.+?)(?=  |$)", re.MULTILINE)
FILE = re.compile(r"^[\w-]+\.json:$", re.MULTILINE)


def wide() -> Look:
    """A terminal in which every choice fits on its line."""
    return Look(width=1000, colour=False)


class OnTerminal:
    """One person at a terminal, who sees everything alone."""

    public = False

    def __init__(self, data: Path) -> None:
        self.behind = Behind(data)
        self._written = self._offered = 0

    async def restart(self, catalogue: Catalogue, commands: Mapping[str, Command]) -> None:
        self._dispatcher = Dispatcher(catalogue, commands, await self.behind.reopen())
        self._session = Session(self._dispatcher, wide, interactive=True)

    async def close(self) -> None:
        await self.behind.close()

    async def tick(self) -> None:
        """A round of the bot's own work, which has no way to reach anybody here."""
        await self.behind.tick(self._dispatcher.context, {})

    async def command(
        self, name: str, options: Mapping[str, str] = NOTHING, *, private: bool = False
    ) -> Seen:
        text = ", ".join(options.values()) + (" private" if private else "")
        return await self.write(f"/{name} {text}")

    async def write(self, words: str) -> Seen:
        answer = await self._session.answer(words)
        assert answer
        labels = tuple(label for _, label in CHOICE.findall(answer))
        field = self._session.asked
        self._written += 1
        form = (field.option.name,) if field else None
        if labels and not field:
            self._offered = self._written
        return Seen(answer, labels, form=form, handle=(words, self._written))

    async def press(self, seen: Seen, label: str) -> Seen:
        numbers: dict[str, str] = {}
        for number, name in CHOICE.findall(seen.text):
            numbers.setdefault(name.strip(), number)
        assert label in numbers, f"nothing is called {label!r}; there are {seen.labels}"
        await self._as_last(seen)
        return await self.write(numbers[label])

    async def fill(self, seen: Seen, values: Mapping[str, str]) -> Seen:
        while (field := self._session.asked) is not None:
            seen = await self.write(values.get(field.option.name, ""))
        return seen

    async def delivered(self, seen: Seen) -> Seen:
        return seen

    async def file(self, seen: Seen) -> str:
        _, text = FILE.split(seen.text, maxsplit=1)
        return text

    async def _as_last(self, seen: Seen) -> None:
        """Numbers mean what was offered last, so ask the same again where need be."""
        words, written = seen.handle
        if written != self._offered:
            assert not words.isdigit(), "what was pressed before cannot be pressed again here"
            await self.write(words)
