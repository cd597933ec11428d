"""`python -m tests.bench.sender`: the bot without visitors sends an issue to all who subscribe.

Everything is ours as it is: the database, the content, planning, delivering and both adapters.
Prints a line of JSON with what it took, see `Costs`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.core.ports import Unit
from bot.core.subscriptions import DeliveryState
from bot.jobs import delivering, planning, rounds
from bot.jobs.tick import Work
from tests.bench import posting


@dataclass(frozen=True, slots=True)
class Costs:
    """What it took to send the issue to so many channels.

    CPU time is that of the process, in seconds, its threads included. `seconds` is the time from
    the first request to the last answer. `mebibytes` is the most memory that was in use.
    """

    sent: int
    planning: float
    delivering: float
    seconds: float
    mebibytes: float


async def send(work: Work) -> Costs:
    """Plan the issue, and deliver it to all destinations at the same time, as the bot does."""
    began = time.process_time()
    await planning.plan(work)
    planned, at = time.process_time(), time.perf_counter()
    destinations = await rounds.destinations(work)
    await asyncio.gather(*(delivering.deliver(work, there) for there in destinations))
    seconds, ended = time.perf_counter() - at, time.process_time()
    sent = await work.desk.store.read(_sent)
    return Costs(sent, planned - began, ended - planned, seconds, _most_memory())


def _sent(unit: Unit) -> int:
    tallies = unit.newsletters.tally(posting.ISSUE)
    return sum(one.count for one in tallies if one.state is DeliveryState.SENT)


def _most_memory() -> float:
    """In MiB, of this program alone: what getrusage tells begins with that of its parent."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    kibibytes = next(line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(kibibytes) / 1024


async def run(url: str, addresses: str, *, at_the_rates: bool) -> Costs:
    """Send it with a database at `url`, to the platforms that the fan-out's server told of."""
    known = json.loads(addresses)
    async with posting.work(
        url, known["discord"], known["slack"], at_the_rates=at_the_rates
    ) as work:
        return await send(work)


def main() -> None:
    """Send the issue, and tell what it took."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.sender", description=__doc__)
    parser.add_argument("database", help="its address")
    parser.add_argument("addresses", help="the line that the fan-out's server prints")
    parser.add_argument("--at-the-rates", action="store_true", help="of the platforms")
    given = parser.parse_args()
    costs = asyncio.run(run(given.database, given.addresses, at_the_rates=given.at_the_rates))
    sys.stdout.write(f"{json.dumps(asdict(costs))}\n")


if __name__ == "__main__":
    main()
