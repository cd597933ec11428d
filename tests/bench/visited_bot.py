"""`python -m tests.bench.visited_bot`: the bot on Discord, with its work in the background.

It posts without the platforms' limits. Prints an empty line of JSON when it is up.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys

from bot.jobs import embedded
from tests.bench import posting

PAUSE = 0.1
"""Seconds between two looks for what is due."""


async def run(url: str, discord: str, slack: str) -> None:
    """Answer and deliver for ever, with a database at `url`."""
    known = json.loads(discord), json.loads(slack)
    async with posting.work(url, *known, at_the_rates=False, listen=True) as work:
        sys.stdout.write("{}\n")
        sys.stdout.flush()
        await embedded.run(work, PAUSE)


def main() -> None:
    """Do as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.visited_bot", description=__doc__)
    parser.add_argument("database", help="its address")
    parser.add_argument("discord", help="where Discord is, as JSON")
    parser.add_argument("slack", help="where Slack is, as JSON")
    given = parser.parse_args()
    asyncio.run(run(given.database, given.discord, given.slack))


if __name__ == "__main__":
    main()
