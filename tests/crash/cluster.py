"""A PostgreSQL server of one's own, which can be stopped and started."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SECONDS = 60
"""How long a command may take."""

USER = "postgres"


def programs() -> Path | None:
    """Where `initdb` and `pg_ctl` are: the newest of Debian's folders, else on the PATH."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3])
    )
    found = installed[-1] if installed else shutil.which("initdb")
    return Path(found).parent if found else None


@dataclass(frozen=True, slots=True)
class Cluster:
    """A server that listens on a port of the loopback."""

    programs: Path
    folder: Path
    port: int

    @property
    def url(self) -> str:
        """The address of its database."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{USER}"

    def create(self) -> None:
        """Make its files."""
        self._run("initdb", "--auth=trust", f"--username={USER}", "--encoding=UTF8", "--no-sync")

    def start(self) -> None:
        """Start it, and return when it takes connections."""
        self._control("start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it: `fast` ends transactions in good order, `immediate` ends nothing."""
        self._control("stop", f"--mode={mode}")

    def restart(self, mode: str) -> None:
        """Stop it and start it again."""
        self._control("restart", f"--mode={mode}")

    def _control(self, *what: str) -> None:
        settings = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder}"
        log = f"--log={self.folder / 'log'}"
        self._run("pg_ctl", "--wait", log, f"--options={settings}", *what)

    def _run(self, program: str, *arguments: str) -> None:
        """As the user that PostgreSQL wants, which is never root."""
        through = ("runuser", "-u", USER, "--") if os.geteuid() == 0 else ()
        data = f"--pgdata={self.folder / 'data'}"
        # The server keeps what it inherits, so nobody may wait for the end of its output.
        subprocess.run(
            [*through, self.programs / program, data, *arguments],
            check=True,
            timeout=SECONDS,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )


@contextmanager
def running_cluster(programs: Path) -> Iterator[Cluster]:
    """A new server, which is gone in the end."""
    with tempfile.TemporaryDirectory(prefix="rolecall-postgres-") as name:
        if os.geteuid() == 0:
            shutil.chown(name, USER)
        cluster = Cluster(programs, Path(name), _free_port())
        cluster.create()
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop("immediate")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
