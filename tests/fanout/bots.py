"""The bots of a run: one on SQLite, or three workers on PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.store.database import database_url
from bot.store.vault import new_key
from tests.fanout.processes import Command, WrongClock
from tests.fanout.server import FanoutServer

WORKERS = 3


@dataclass(frozen=True, slots=True)
class Base:
    """Where bots keep what they know: in `data`, or on PostgreSQL at the address `database`."""

    data: Path
    database: str | None = None
    key: str = field(default_factory=new_key, repr=False)

    @property
    def url(self) -> str:
        """The address for `Database`."""
        return database_url(self.data, self.database)

    @property
    def bots(self) -> int:
        """How many there are."""
        return WORKERS if self.database else 1

    @property
    def clock(self) -> WrongClock:
        """What they take for the time."""
        return WrongClock(self.data / "clock")

    def commands(self, server: FanoutServer) -> list[Command]:
        """How each of them is started; each has a port of the server for itself."""
        return [self._command(server.addresses(port)) for port in server.ports[: self.bots]]

    def _command(self, addresses: Any) -> Command:
        settings = {
            "DISCORD_TOKEN": addresses["discord"]["token"],
            "DISCORD_API_BASE": addresses["discord"]["api_base"],
            "SLACK_CLIENT_ID": "1.2",
            "SLACK_CLIENT_SECRET": "a secret of the loopback",
            "SLACK_SIGNING_SECRET": "another one",
            "ROLECALL_SECRET_KEY": self.key,
            "SLACK_API_BASE": addresses["slack"]["api_base"],
            "ROLECALL_DATA": str(self.data),
            **self.clock.environment,
        }
        if self.database is None:
            return Command(settings, ("run",), ("discord is ready", "slack is ready"))
        shared = settings | {"DATABASE_URL": self.database}
        return Command(shared, ("worker",), ("takes its share of the work",))
