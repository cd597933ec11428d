"""A process of a cluster, to be frozen and killed: `python -m tests.jobs.worker URL DESTINATION`.

It says on a line of its output what it begins. A delivery ends when a line comes in.
"""

from __future__ import annotations

import asyncio
import signal
import sys

from bot import logs
from bot.jobs.cluster import Cluster, Rounds
from tests.jobs.asked import QUICK


async def main(url: str, destination: str) -> None:
    """Work until SIGTERM."""
    logs.configure("console", "INFO")
    loop, stopping, lines = asyncio.get_running_loop(), asyncio.Event(), asyncio.StreamReader()
    loop.add_signal_handler(signal.SIGTERM, stopping.set)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)

    def say(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    async def tick() -> None:
        say("tick")

    async def chores() -> None:
        pass

    async def destinations() -> tuple[str, ...]:
        return (destination,)

    async def deliver(there: str) -> None:
        say(f"begun {there}")
        await lines.readline()
        say(f"ended {there}")

    await Cluster(url, Rounds(tick, chores, destinations, deliver, stopping), QUICK).run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
