"""Memory and time to the first answer where the bot is in many servers, beside an ordinary bot."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from bot.store.database import FILE
from tests.bench.discord import Discord, loopback
from tests.bench.effort import Effort
from tests.bench.measure import Program, in_turns, running
from tests.bench.ours import our_bot
from tests.bench.table import Most, Row, Unit

SERVERS, CHANNELS, ROLES = 2_500, 30, 20

ANSWERS = 50
"""Interactions before the memory is looked at, so that what is loaded late is there."""

Start = Callable[[Discord], AbstractContextManager[Program]]


def measure(effort: Effort) -> list[Row]:
    """Memory with one server and with many, and the time to the first answer with many."""
    with tempfile.TemporaryDirectory() as data:
        starts: dict[str, Start] = {"ours": partial(_ours, _tables(Path(data))), "bare": _bare}
        found = in_turns(
            effort.starts,
            {
                f"{name} {servers}": partial(_one_start, start, servers)
                for name, start in starts.items()
                for servers in (1, SERVERS)
            },
        )
    ours, bare = found[f"ours {SERVERS}"], found[f"bare {SERVERS}"]
    against = "bare: an `AutoShardedBot` with default intents"
    place = f"{SERVERS:,} servers × {CHANNELS} channels × {ROLES} roles"
    return [
        Row(
            f"Memory that grows from 1 to {place} ({against})",
            max(0.0, ours["memory"] - found["ours 1"]["memory"]),
            Unit.MEBIBYTES,
            bare["memory"] - found["bare 1"]["memory"],
            Most(0.1),
        ),
        Row(
            f"Memory in {SERVERS:,} servers (bare: the same)",
            ours["memory"],
            Unit.MEBIBYTES,
            bare["memory"],
            Most(0.9),
        ),
        Row(
            f"From the start to the first answer in {SERVERS:,} servers (bare: the same)",
            ours["first answer"],
            Unit.SECONDS,
            bare["first answer"],
            Most(1.2),
        ),
    ]


@contextlib.contextmanager
def _ours(tables: Path, discord: Discord) -> Iterator[Program]:
    """The bot with its tables made before, as at every start but the very first."""
    with tempfile.TemporaryDirectory() as data:
        shutil.copy(tables, data)
        with our_bot(discord.environment, Path(data)) as bot:
            yield bot.program


def _tables(data: Path) -> Path:
    """The file of a new database."""
    environment = {**os.environ, "ROLECALL_DATA": str(data)}
    upgrade = [sys.executable, "-m", "bot", "db", "upgrade"]
    subprocess.run(upgrade, env=environment, check=True, stdout=subprocess.DEVNULL)
    return data / FILE


def _bare(discord: Discord) -> AbstractContextManager[Program]:
    return running("tests.bench.bare_bot", environment=discord.environment, speaks=False)


def _one_start(start: Start, servers: int) -> dict[str, float]:
    """Seconds to the first answer, and MiB after some more."""
    with loopback(servers, CHANNELS, ROLES) as discord:
        began = time.monotonic()
        with start(discord) as program:
            discord.wait_for(program)
            first_answer = time.monotonic() - began
            discord.load(ANSWERS)
            return {"first answer": first_answer, "memory": program.mebibytes()}
