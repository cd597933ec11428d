"""The commands of `rolecall` from the shell, beside bare Python and the client libraries."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from functools import partial

from tests.bench.effort import Effort
from tests.bench.measure import PATIENCE, ROOT, BenchError, bare_environment, in_turns
from tests.bench.table import Most, Row, Unit

HELP = ("-m", "bot", "--help")
SAY = ("-m", "bot", "say", "/compare ai-engineer ml-engineer")
NOTHING = ("-c", "pass")
LIBRARIES = ("-c", "import discord, slack_bolt.async_app")


def measure(effort: Effort) -> list[Row]:
    """The time of a command, and the same beside what cannot be avoided or often is not."""
    sides = {"help": HELP, "say": SAY, "nothing": NOTHING, "libraries": LIBRARIES}
    once = {name: partial(_seconds, arguments) for name, arguments in sides.items()}
    in_turns(1, once)  # fills the caches of the file system and of compiled modules
    found = {name: seen["seconds"] for name, seen in in_turns(effort.starts, once).items()}
    return [
        row
        for name, shown, most in (
            ("help", "`rolecall --help`", 0.4),
            ("say", f'`rolecall say "{SAY[-1]}"`', 1.2),
        )
        for row in (
            Row(
                f"{shown} (bare: `python -c pass`)",
                found[name],
                Unit.SECONDS,
                found["nothing"],
                Most(most, ratio=False),
            ),
            Row(
                f"{shown} (bare: importing both client libraries)",
                found[name],
                Unit.SECONDS,
                found["libraries"],
            ),
        )
    ]


def _seconds(arguments: Sequence[str]) -> dict[str, float]:
    """How long Python takes with these arguments. Raises BenchError if it fails."""
    began = time.perf_counter()
    finished = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=bare_environment(),
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE,
    )
    seconds = time.perf_counter() - began
    if finished.returncode:
        raise BenchError(
            f"{' '.join(arguments)}: {finished.stderr[-500:].decode(errors='replace')}"
        )
    return {"seconds": seconds}
