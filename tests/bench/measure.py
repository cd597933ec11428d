"""Programs under measurement: starting, asking and ending them, their CPU time and memory.

Linux only: both figures come from the kernel's own accounts of the process.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar
from urllib.parse import urlsplit

from tests.bench.table import median

ROOT = Path(__file__).resolve().parents[2]

PATIENCE = 60.0
"""Seconds after which a program that does not come up, or does not answer, is given up."""

PAUSE = 0.01
"""Seconds between two questions to a program that is not up yet."""

CPU_CLOCK = 2
"""The kernel's name for the time that a process was on the CPU, exact to the nanosecond."""

INHERITED = ("PATH", "HOME", "LANG", "TMPDIR")
"""What programs get of this environment: no real token may slip into a measurement."""


class BenchError(Exception):
    """A measurement could not be taken; the message says why."""


@dataclass(frozen=True, slots=True)
class Program:
    """A running program; `log` is what it wrote."""

    name: str
    popen: subprocess.Popen[bytes]
    log: IO[bytes]

    def first_line(self) -> Any:
        """The JSON on the first line of its standard output. Raises BenchError without one."""
        output = self.popen.stdout
        line = b""
        if output is not None and select.select([output], [], [], PATIENCE)[0]:
            line = output.readline()
        if not line:
            raise self.failed("did not say that it is up")
        return json.loads(line)

    def cpu_seconds(self) -> float:
        """User and system time that the process has used so far."""
        return time.clock_gettime(~self.popen.pid << 3 | CPU_CLOCK)

    def mebibytes(self) -> float:
        """Memory of its own: the pages that no other process maps."""
        lines = Path(f"/proc/{self.popen.pid}/smaps_rollup").read_text().splitlines()
        kibibytes = {line.split()[0]: line.split()[1] for line in lines[1:]}
        return sum(int(kibibytes[f"Private_{kind}:"]) for kind in ("Clean", "Dirty")) / 1024

    def failed(self, what: str) -> BenchError:
        """An error about this program, with the end of what it wrote."""
        self.log.seek(0)
        tail = self.log.read()[-2000:].decode(errors="replace")
        return BenchError(f"{self.name} {what}\n{tail}".rstrip())


def bare_environment() -> dict[str, str]:
    """The little that a program gets of this environment."""
    return {name: os.environ[name] for name in INHERITED if name in os.environ}


@contextlib.contextmanager
def running(
    module: str,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    speaks: bool = True,
) -> Iterator[Program]:
    """`python -m module` from the root of the checkout, ended with the block whatever happens.

    With `speaks` its standard output is kept for `first_line`, and must be short.
    """
    with tempfile.TemporaryFile() as log:
        popen = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=bare_environment() | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if speaks else log,
            stderr=log,
        )
        try:
            yield Program(module, popen, log)
        finally:
            _end(popen)


def _end(popen: subprocess.Popen[bytes]) -> None:
    popen.terminate()
    try:
        popen.wait(5)
    except subprocess.TimeoutExpired:
        popen.kill()
        popen.wait()
    if popen.stdout is not None:
        popen.stdout.close()


def told(module: str, *arguments: str, within: float = PATIENCE) -> Any:
    """The JSON that `python -m module` prints before it ends. Raises BenchError if it fails."""
    try:
        finished = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=bare_environment(),
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=within,
        )
    except subprocess.TimeoutExpired:
        raise BenchError(f"{module} has not ended within {within:g} s") from None
    if finished.returncode:
        raise BenchError(f"{module}: {finished.stderr[-2000:].decode(errors='replace')}")
    return json.loads(finished.stdout)


def free_port() -> int:
    """A TCP port on loopback that nobody listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def fetch(url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> bytes:
    """What `url` answers to GET or, with a body, to POST. Raises BenchError unless it is 200."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.netloc, timeout=2 * PATIENCE)
    path = f"{address.path}?{address.query}" if address.query else address.path
    try:
        connection.request("GET" if body is None else "POST", path, body, dict(headers or {}))
        response = connection.getresponse()
        answer = response.read()
    except (OSError, http.client.HTTPException) as error:
        raise BenchError(f"{url}: {error!r}") from None
    finally:
        connection.close()
    if response.status != 200:
        raise BenchError(f"{url}: {response.status} {answer[:500]!r}")
    return answer


def ask(url: str, body: Mapping[str, object] | None = None) -> Any:
    """The JSON that `url` answers to GET or, with a body, to POST of JSON. Raises BenchError."""
    sent = None if body is None else json.dumps(body).encode()
    return json.loads(fetch(url, sent, {"Content-Type": "application/json"}))


Answer = TypeVar("Answer")


def until(program: Program, attempt: Callable[[], Answer]) -> Answer:
    """What `attempt` returns as soon as it raises no BenchError any more.

    Raises BenchError when the program has ended, or the time is up.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return attempt()
        except BenchError as error:
            if program.popen.poll() is not None:
                raise program.failed(f"ended with {program.popen.returncode}") from None
            if time.monotonic() > deadline:
                raise program.failed(f"is not up: {error}") from None
        time.sleep(PAUSE)


def listening(program: Program, port: int) -> None:
    """Return when the program listens on `port`. Raises BenchError if that does not happen."""

    def connect() -> None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
        except OSError as error:
            raise BenchError(str(error)) from None

    until(program, connect)


def in_turns(
    rounds: int, sides: Mapping[str, Callable[[], Mapping[str, float]]]
) -> dict[str, dict[str, float]]:
    """The median of everything that each side measures, over all rounds.

    The sides take turns, so that a noisy machine disturbs all of them alike.
    """
    found: dict[str, list[Mapping[str, float]]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, measure in sides.items():
            found[name].append(measure())
    return {
        name: {what: median(one[what] for one in seen) for what in seen[0]}
        for name, seen in found.items()
    }
