"""The real chat session, as `rolecall chat` runs it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.adapters.terminal.output import Look
from bot.adapters.terminal.session import Session
from bot.core.command import Command
from bot.core.content.catalogue import Catalogue
from bot.core.dispatch import Dispatcher
from tests.conformance.seen import NOTHING, Seen

CHOICE = re.compile(r"(?:^|  )(\d+)\) (.+?)(?=  |$)", re.MULTILINE)


def wide() -> Look:
    """A terminal in which every choice fits on its line."""
    return Look(width=1000, colour=False)


class OnTerminal:
    """One person at a terminal, who sees everything alone."""

    public = False

    async def restart(self, catalogue: Catalogue, commands: Mapping[str, Command]) -> None:
        self._session = Session(Dispatcher(catalogue, commands), wide, interactive=True)

    async def close(self) -> None:
        """There is nothing to stop."""

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
        self._last = words
        return Seen(answer, labels, form=(field.option.name,) if field else None, handle=words)

    async def press(self, seen: Seen, label: str) -> Seen:
        numbers = {name.strip(): number for number, name in CHOICE.findall(seen.text)}
        assert label in numbers, f"nothing is called {label!r}; there are {seen.labels}"
        await self._as_last(seen)
        return await self.write(numbers[label])

    async def fill(self, seen: Seen, values: Mapping[str, str]) -> Seen:
        while (field := self._session.asked) is not None:
            seen = await self.write(values[field.option.name])
        return seen

    async def _as_last(self, seen: Seen) -> None:
        """Numbers mean the choices of the last answer, so ask the same again where need be."""
        if seen.handle is not None and seen.handle != self._last:
            await self.write(seen.handle)
