"""`/compare` in Slack, as a signed request over HTTP, beside bare Bolt apps."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.bench.effort import Effort
from tests.bench.load import WARM_UP, Load, one_round, rows
from tests.bench.measure import (
    BenchError,
    Program,
    ask,
    fetch,
    free_port,
    in_turns,
    listening,
    running,
)
from tests.bench.ours import our_bot
from tests.bench.table import Most, Row, Unit, percentile
from tests.fakes.slack.sending import sign

COMMAND, TEXT = "/compare", "ai-engineer ml-engineer"

ALIKE = 0.02
"""By how much, as a share, the sizes of the answers may differ."""

SLOWER = 5
"""How many times fewer requests the default app gets: it takes over 10 ms for each."""


@dataclass(frozen=True, slots=True)
class Slack:
    """The loopback Slack: where to ask it for load, and what an app must know of it."""

    control: str
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class App:
    """An app that a Slack can send requests to."""

    slack: Slack
    program: Program
    target: str

    def load(self, number: int, concurrency: int) -> Load:
        """Use the command and time the answers. Raises BenchError unless all are good."""
        result = self._load(number, concurrency)
        return Load(result["latencies_ms"], result["seconds"])

    def answer_size(self) -> float:
        """Bytes of an answer, after a warm-up."""
        return float(self._load(WARM_UP, 1)["bytes"]) / WARM_UP

    def _load(self, number: int, concurrency: int) -> Any:
        order = {"target": self.target, "command": COMMAND, "text": TEXT}
        result = ask(self.slack.control, {**order, "number": number, "concurrency": concurrency})
        if result["statuses"] != {"200": number}:
            raise self.program.failed(f"answered {result['statuses']}")
        return result


def measure(effort: Effort) -> list[Row]:
    """Latency, CPU time and throughput of ours and of the bare apps."""
    number = effort.requests
    with contextlib.ExitStack() as stack:
        slack = stack.enter_context(_slack())
        ours = stack.enter_context(_ours(slack))
        reply = _acknowledgement(ours)
        default = stack.enter_context(_bare(slack, reply))
        direct = stack.enter_context(_bare(slack, reply, "--process-before-response"))
        _check_sizes([app.answer_size() for app in (ours, default, direct)])
        found = in_turns(
            effort.rounds,
            {
                "ours": partial(one_round, ours.program, ours.load, number),
                "default": partial(_latency, default, number // SLOWER),
                "direct": partial(one_round, direct.program, direct.load, number),
            },
        )
    what = f"Slack `{COMMAND}`"
    return [
        Row(
            f"{what}, median time to the answer (bare: Bolt with its defaults)",
            found["ours"]["p50"],
            Unit.MILLISECONDS,
            found["default"]["p50"],
            Most(0.125),
        ),
        *rows(what, "Bolt with `process_before_response`", found["ours"], found["direct"], 1.3),
    ]


@contextlib.contextmanager
def _slack() -> Iterator[Slack]:
    with running("tests.fakes.slack") as program:
        known = program.first_line()
        yield Slack(
            known["load"],
            {
                "SLACK_BOT_TOKEN": known["bot_token"],
                "SLACK_SIGNING_SECRET": known["signing_secret"],
                "SLACK_API_BASE": known["api_base"],
            },
        )


@contextlib.contextmanager
def _ours(slack: Slack) -> Iterator[App]:
    with our_bot(slack.environment) as bot:
        bot.wait_until_ready()
        yield App(slack, bot.program, f"{bot.base}/slack/events")


@contextlib.contextmanager
def _bare(slack: Slack, reply: bytes, *options: str) -> Iterator[App]:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reply.json"
        path.write_bytes(reply)
        with running(
            "tests.bench.bare_slack",
            *(str(path), "--port", str(port), *options),
            environment=slack.environment,
            speaks=False,
        ) as program:
            listening(program, port)
            yield App(slack, program, f"http://127.0.0.1:{port}/slack/events")


def _acknowledgement(app: App) -> bytes:
    """The message with which an app acknowledges the command."""
    known = app.slack.environment
    fields = {
        "team_id": "T1",
        "channel_id": "C1",
        "user_id": "U1",
        "command": COMMAND,
        "text": TEXT,
        "response_url": f"{known['SLACK_API_BASE']}response",
        "trigger_id": "1.1",
    }
    body = urlencode(fields).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = fetch(app.target, body, headers | sign(known["SLACK_SIGNING_SECRET"], body))
    if "blocks" not in json.loads(answer or b"{}"):
        raise BenchError(f"the command was acknowledged without an answer: {answer[:200]!r}")
    return answer


def _check_sizes(sizes: list[float]) -> None:
    if max(sizes) > (1 + ALIKE) * min(sizes):
        raise BenchError(f"the answers are not of equal size: {sizes} bytes")


def _latency(app: App, number: int) -> dict[str, float]:
    return {"p50": percentile(app.load(number, 1).latencies_ms, 0.5)}
