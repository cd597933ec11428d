"""Our own bot, run as a person runs it: `python -m bot run` and environment variables."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.bench.measure import Program, fetch, free_port, running, until


@dataclass(frozen=True, slots=True)
class Bot:
    """Our bot in its own process, and where it listens."""

    program: Program
    base: str

    def wait_until_ready(self) -> None:
        """Return when every platform is connected. Raises BenchError if that does not happen."""
        until(self.program, lambda: fetch(f"{self.base}/readyz"))


@contextlib.contextmanager
def our_bot(environment: Mapping[str, str], data: Path | None = None) -> Iterator[Bot]:
    """The bot with this data directory, or a new one; `environment` names platform and secrets."""
    port = free_port()
    with tempfile.TemporaryDirectory() as new:
        known = {**environment, "PORT": str(port), "ROLECALL_DATA": str(data or new)}
        with running("bot", "run", environment=known, speaks=False) as program:
            yield Bot(program, f"http://127.0.0.1:{port}")
