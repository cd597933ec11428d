"""The bot as people run it: a process with an environment, signals and output."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

PATIENCE = 20.0
"""Seconds to wait for a line or for the end."""


class Running:
    """A running bot, and what it has written to stderr so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []
        self._killed = False
        self._more = asyncio.Event()
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.lines.append(line.decode())
            self._more.set()
        self._more.set()

    async def logged(self, pattern: str, count: int = 1, within: float = PATIENCE) -> re.Match[str]:
        """The `count`-th line that matches, as soon as it is there."""
        async with asyncio.timeout(within):
            while True:
                self._more.clear()
                found = [m for line in self.lines if (m := re.search(pattern, line))]
                if len(found) >= count:
                    return found[count - 1]
                assert self.process.returncode is None, "".join(self.lines)
                await self._more.wait()

    async def port(self) -> int:
        """The port of the HTTP server, once it listens."""
        return int((await self.logged(r"listening on http://127\.0\.0\.1:(\d+)"))[1])

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        self.process.send_signal(number)

    def kill(self) -> None:
        """Kill it, where that has not been done: a second time could take its exit code away."""
        if not self._killed and self.process.returncode is None:
            self._killed = True
            self.process.kill()

    async def ended(self, within: float = PATIENCE) -> int:
        """The exit code, once it has ended."""
        async with asyncio.timeout(within):
            code = await self.process.wait()
            await self._reader
        return code


@asynccontextmanager
async def running(
    environment: Mapping[str, str],
    *arguments: str,
    stdin: bytes | None = None,
    through: Sequence[str] = (),
) -> AsyncIterator[Running]:
    """`rolecall run` with just these settings; it is ended at the latest when the test ends.

    `through` is a program with its arguments that becomes the bot, such as `setpriv`.
    """
    inherited = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "LANG", "PYTHONPATH"}}
    process = await asyncio.create_subprocess_exec(
        *through,
        sys.executable,
        "-m",
        "bot",
        *(arguments or ("run",)),
        env=inherited | {"PORT": "0"} | dict(environment),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    if stdin is not None:
        process.stdin.write(stdin)
    process.stdin.close()
    bot = Running(process)
    try:
        yield bot
    finally:
        bot.kill()
        await bot.ended()
