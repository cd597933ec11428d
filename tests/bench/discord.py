"""`/compare` in Discord, from the gateway's event to the callback, beside bare discord.py."""

from __future__ import annotations

import asyncio
import contextlib
import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests.bench.effort import Effort
from tests.bench.load import WARM_UP, Load, one_round, rows
from tests.bench.measure import PATIENCE, BenchError, Program, ask, in_turns, running, until
from tests.bench.ours import our_bot
from tests.bench.table import Row
from tests.fakes.discord.server import TOKEN, FakeDiscord

COMMAND = "compare"
OPTIONS = {"first": "ai-engineer", "second": "ml-engineer"}


@dataclass(frozen=True, slots=True)
class Discord:
    """A loopback Discord, which has one bot: how to drive it, and what the bot must know of it."""

    control: str
    environment: Mapping[str, str]

    def load(self, number: int, concurrency: int = 1) -> Load:
        """Use `/compare` and time the answers. Raises BenchError unless all are answered."""
        order = {"command": COMMAND, "options": OPTIONS}
        result = ask(f"{self.control}/load", {**order, "count": number, "concurrency": concurrency})
        if result["failures"]:
            raise BenchError(f"{result['failures']} interactions were left unanswered")
        return Load(result["latencies_ms"], result["seconds"])

    def wait_for(self, program: Program) -> None:
        """Return once the bot is connected and has answered. Raises BenchError if it does not."""
        until(program, partial(ask, f"{self.control}/connected?within=1"))
        until(program, partial(self.load, 1))

    def check_one_message_each(self) -> None:
        """Warm the bot up. Raises BenchError if it sends more than one message an answer."""
        before = self._requests()
        self.load(WARM_UP)
        sent = self._requests() - before
        if sent != WARM_UP:
            raise BenchError(f"{sent} requests for {WARM_UP} answers: they cannot be compared")

    def _requests(self) -> int:
        return int(ask(f"{self.control}/state")["requests"])


@contextlib.contextmanager
def loopback(guilds: int = 1, channels: int = 1, roles: int = 1) -> Iterator[Discord]:
    """A Discord with so many servers, each with so many channels and roles."""
    size = {"--guilds": guilds, "--channels": channels, "--roles": roles}
    arguments = [str(word) for pair in size.items() for word in pair]
    with running("tests.fakes.discord", *arguments) as program:
        known = program.first_line()
        yield Discord(
            known["control"],
            {"DISCORD_TOKEN": known["token"], "DISCORD_API_BASE": known["api_base"]},
        )


def measure(effort: Effort) -> list[Row]:
    """Latency, CPU time and throughput of ours and of bare clients."""
    with contextlib.ExitStack() as stack:
        path = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "components.json"
        path.write_text(json.dumps(_our_components()))
        sides = {
            "ours": stack.enter_context(_ours()),
            "made for each answer": stack.enter_context(_bare(path)),
            "made once": stack.enter_context(_bare(path, "--made-once")),
        }
        for discord, program in sides.values():
            discord.wait_for(program)
            discord.check_one_message_each()
        found = in_turns(
            effort.rounds,
            {
                name: partial(one_round, program, discord.load, effort.requests)
                for name, (discord, program) in sides.items()
            },
        )
    ours = found.pop("ours")
    made, cheaper = min(found.items(), key=lambda item: item[1]["cpu"])
    against = f"discord.py with a fixed view that is {made}"
    return rows(f"Discord `/{COMMAND}`", against, ours, cheaper, 1.3)


@contextlib.contextmanager
def _ours() -> Iterator[tuple[Discord, Program]]:
    with loopback() as discord, our_bot(discord.environment) as bot:
        yield discord, bot.program


@contextlib.contextmanager
def _bare(components: Path, *options: str) -> Iterator[tuple[Discord, Program]]:
    with (
        loopback() as discord,
        running(
            "tests.bench.bare_discord",
            *(str(components), *options),
            environment=discord.environment,
            speaks=False,
        ) as program,
    ):
        yield discord, program


def _our_components() -> list[dict[str, Any]]:
    """The components of the message that our bot sends, taken off the wire."""

    async def use_the_command() -> list[dict[str, Any]]:
        async with FakeDiscord(validate=False) as server:
            with our_bot({"DISCORD_TOKEN": TOKEN, "DISCORD_API_BASE": server.api_base}) as bot:
                await server.connected(PATIENCE)
                await server.synced(within=PATIENCE)
                reply = await server.slash(server.user("Ada"), COMMAND, OPTIONS)
                bot.program.popen.kill()  # at leisure it would wait for this very loop
                return list(reply.exchange.body["data"]["components"])

    return asyncio.run(use_the_command())
