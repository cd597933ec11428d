"""People who press buttons, on either loopback platform, and the bot that answers them."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.adapters.discord.actors import PLATFORM as DISCORD
from bot.adapters.slack.actors import PLATFORM as SLACK
from bot.core.command import Actor
from tests.bench import bare_discord_quiz, press_slack
from tests.bench.load import Load
from tests.bench.measure import (
    BenchError,
    Program,
    ask,
    fetch,
    free_port,
    listening,
    running,
    until,
)
from tests.bench.ours import our_bot

ALIKE = 0.02
"""By how much, as a share, the sizes of the answers may differ."""


@dataclass(frozen=True, slots=True)
class Loopback:
    """A loopback platform that has one bot; `environment` is what the bot must know of it."""

    platform: str
    control: str
    environment: Mapping[str, str]
    community: str = ""

    def add_people(self, number: int) -> list[str]:
        """Let so many more people exist; how the store knows them."""
        ids = ask(f"{self.control}/people", {"number": number})
        return [Actor(self.platform, f"{self.community}{person}").key for person in ids]


@dataclass(frozen=True, slots=True)
class Answering:
    """A bot that people can press buttons of; `target` is where Slack sends the presses."""

    loopback: Loopback
    program: Program
    target: str | None = None

    def press(self, buttons: Sequence[tuple[int, str]], concurrency: int) -> tuple[Load, Any]:
        """Let people, by their numbers, press these buttons; the times, and the last answer.

        Raises BenchError unless all are answered, at about the same length.
        """
        order: dict[str, object] = {"presses": buttons, "concurrency": concurrency}
        if self.target is not None:
            order["target"] = self.target
        result = ask(f"{self.loopback.control}/press", order)
        sizes = result["sizes"]
        if result["failures"] or len(sizes) != len(buttons):
            raise self.program.failed(f"left {result['failures']} presses unanswered")
        if max(sizes) > (1 + ALIKE) * min(sizes):
            raise BenchError(f"answers of {min(sizes)} to {max(sizes)} bytes cannot be compared")
        return Load(result["latencies_ms"], result["seconds"]), result["last"]


@dataclass(frozen=True, slots=True)
class Platform:
    """How a platform is run, and our bot and a bare one on it."""

    name: str
    loopback: Callable[[], contextlib.AbstractContextManager[Loopback]]
    ours: Callable[
        [Loopback, Path, Mapping[str, str]], contextlib.AbstractContextManager[Answering]
    ]
    bare: Callable[[Loopback, Any], contextlib.AbstractContextManager[Answering]]
    bare_button: str
    against: str


@contextlib.contextmanager
def _slack() -> Iterator[Loopback]:
    with running("tests.bench.press_slack") as program:
        known = program.first_line()
        environment = {
            "SLACK_BOT_TOKEN": known["bot_token"],
            "SLACK_SIGNING_SECRET": known["signing_secret"],
            "SLACK_API_BASE": known["api_base"],
        }
        yield Loopback(SLACK, known["control"], environment, community=f"/{known['team']}/")


@contextlib.contextmanager
def _ours_on_slack(
    loopback: Loopback, data: Path, database: Mapping[str, str]
) -> Iterator[Answering]:
    with our_bot({**loopback.environment, **database}, data) as bot:
        bot.wait_until_ready()
        yield Answering(loopback, bot.program, f"{bot.base}/slack/events")


@contextlib.contextmanager
def _bare_on_slack(loopback: Loopback, reply: Any) -> Iterator[Answering]:
    port = free_port()
    with (
        _files(reply) as files,
        running(
            "tests.bench.bare_slack_quiz",
            *(*files, "--port", str(port)),
            environment=loopback.environment,
            speaks=False,
        ) as program,
    ):
        listening(program, port)
        yield Answering(loopback, program, f"http://127.0.0.1:{port}/slack/events")


@contextlib.contextmanager
def _discord() -> Iterator[Loopback]:
    with running("tests.bench.press_discord") as program:
        known = program.first_line()
        environment = {"DISCORD_TOKEN": known["token"], "DISCORD_API_BASE": known["api_base"]}
        yield Loopback(DISCORD, known["control"], environment)


@contextlib.contextmanager
def _ours_on_discord(
    loopback: Loopback, data: Path, database: Mapping[str, str]
) -> Iterator[Answering]:
    with our_bot({**loopback.environment, **database}, data) as bot:
        bot.wait_until_ready()
        yield Answering(loopback, bot.program)


@contextlib.contextmanager
def _bare_on_discord(loopback: Loopback, reply: Any) -> Iterator[Answering]:
    with (
        _files(reply) as files,
        running(
            "tests.bench.bare_discord_quiz",
            *files,
            environment=loopback.environment,
            speaks=False,
        ) as program,
    ):
        until(program, lambda: fetch(f"{loopback.control}/connected"))
        yield Answering(loopback, program)


@contextlib.contextmanager
def _files(reply: Any) -> Iterator[tuple[str, str]]:
    """A file with the answer, and the path of a database beside it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reply.json"
        path.write_text(json.dumps(reply), encoding="utf-8")
        yield str(path), str(Path(folder) / "answers.db")


ON_SLACK = Platform(
    "Slack",
    _slack,
    _ours_on_slack,
    _bare_on_slack,
    press_slack.BUTTON,
    "Bolt with `process_before_response`, and a row in SQLite",
)

ON_DISCORD = Platform(
    "Discord",
    _discord,
    _ours_on_discord,
    _bare_on_discord,
    bare_discord_quiz.BUTTON,
    "discord.py with a persistent view, and a row in SQLite",
)
