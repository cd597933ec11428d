"""Bots as processes: several at a time, killed, frozen and woken, with a clock that is wrong."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.ledger import Problem
from tests.crash.line import LONG
from tests.crash.world import faults_in
from tests.e2e.process import Running, running

CLOCK = Path(__file__).parent / "clock"
"""A folder that makes a bot's clock go by a file."""

CLOCK_FILE = "ROLECALL_TEST_CLOCK"
"""The variable that names the file, with seconds in it: negative ones are in the past."""

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Command:
    """How to start one bot: `rolecall` with these arguments, and what it logs when it is up."""

    environment: Mapping[str, str]
    arguments: tuple[str, ...] = ("run",)
    ready: tuple[str, ...] = ("discord is ready",)


@dataclass(slots=True)
class Crew:
    """Bots that run; `gone` are the log lines of those that do not run any more."""

    commands: Sequence[Command]
    stack: AsyncExitStack
    bots: list[Running] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    async def start(self) -> None:
        """Start one bot for each command, and return when they are all up."""
        for command in self.commands:
            self.bots.append(await self._begun(command))
        for number in range(len(self.bots)):
            await self.ready(number)

    async def ready(self, number: int) -> None:
        """Return when a bot is up."""
        for line in self.commands[number].ready:
            await self.bots[number].logged(line, within=LONG)

    async def kill(self, number: int) -> None:
        """Kill a bot (SIGKILL), and return when it is dead."""
        bot = self.bots[number]
        bot.kill()
        code = await bot.ended(LONG)
        if code != -signal.SIGKILL:
            raise AssertionError(f"it ended by itself, with {code}: {''.join(bot.lines)}")

    async def restart(self, number: int) -> None:
        """Start a dead bot anew; it may not be up yet."""
        self.gone += self.bots[number].lines
        self.bots[number] = await self._begun(self.commands[number])

    def freeze(self, number: int) -> None:
        """Let a bot stand still (SIGSTOP), with its connections open."""
        self.bots[number].signal(signal.SIGSTOP)

    def thaw(self, number: int) -> None:
        """Let a frozen bot go on as if nothing had been."""
        self.bots[number].signal(signal.SIGCONT)

    async def stop(self) -> list[int]:
        """Ask every bot to end (SIGTERM); their exit codes."""
        for bot in self.bots:
            bot.signal(signal.SIGTERM)
        return [await bot.ended(LONG) for bot in self.bots]

    def lines(self) -> list[str]:
        """All that was logged, by the dead and by the living."""
        return [*self.gone, *(line for bot in self.bots for line in bot.lines)]

    def tracebacks(self) -> list[Problem]:
        """Every traceback in the logs."""
        return faults_in(self.lines())

    async def _begun(self, command: Command) -> Running:
        return await self.stack.enter_async_context(
            running(command.environment, *command.arguments)
        )


@asynccontextmanager
async def crew(commands: Sequence[Command]) -> AsyncIterator[Crew]:
    """One bot for each command, up and running; whatever happens, they are gone in the end."""
    async with AsyncExitStack() as stack:
        made = Crew(commands, stack)
        await made.start()
        yield made


@dataclass(frozen=True, slots=True)
class WrongClock:
    """What a bot takes for the time; it can be changed while the bot runs."""

    file: Path

    @property
    def environment(self) -> dict[str, str]:
        """Settings of a bot that goes by it."""
        path = os.pathsep.join((str(CLOCK), str(ROOT)))
        return {"PYTHONPATH": path, CLOCK_FILE: str(self.file)}

    def put_by(self, seconds: float) -> None:
        """Put the clock so many seconds before (if negative) or after the true time."""
        written = self.file.with_suffix(".new")
        written.write_text(str(seconds), encoding="ascii")
        written.replace(self.file)
