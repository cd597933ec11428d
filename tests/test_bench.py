"""The performance table: its arithmetic, and the programs that it starts and ends."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import math
import os
import socket
from pathlib import Path
from typing import Any

import pytest

from bot.core.content.loader import load
from bot.settings import shipped_content
from tests.bench.content import many_names, write_roles
from tests.bench.measure import (
    BenchError,
    Program,
    fetch,
    free_port,
    in_turns,
    listening,
    running,
    told,
    until,
)
from tests.bench.page import page
from tests.bench.sustained import pin
from tests.bench.table import Least, Most, Row, Unit, markdown, percentile, shown
from tests.fakes.discord.server import FakeDiscord

# Arithmetic


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [5.0, 1.0, 4.0, 2.0, 3.0]

    assert percentile(values, 0.5) == 3.0
    assert percentile(values, 0.8) == 4.0
    assert percentile(values, 0.81) == percentile(values, 1) == 5.0
    assert percentile(values, 0) == 1.0


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1.0], 1.1), ([1.0], -0.1)])
def test_a_percentile_of_nothing_is_refused(values: list[float], share: float) -> None:
    with pytest.raises(ValueError, match="percentile"):
        percentile(values, share)


@pytest.mark.parametrize(
    ("row", "met"),
    [
        (Row("ratio", 1.3, Unit.SECONDS, 1.0, Most(1.3)), True),
        (Row("ratio", 1.31, Unit.SECONDS, 1.0, Most(1.3)), False),
        (Row("ours alone", 0.4, Unit.SECONDS, target=Most(0.4, ratio=False)), True),
        (Row("ours alone", 0.41, Unit.SECONDS, 100.0, Most(0.4, ratio=False)), False),
        (Row("nothing to divide by", 0.1, Unit.MEBIBYTES, 0.0, Most(0.1)), False),
        (Row("enough", 500.0, Unit.A_SECOND, target=Least(500)), True),
        (Row("not enough", 499.0, Unit.A_SECOND, target=Least(500)), False),
        (Row("no target", 9.0, Unit.SECONDS, 1.0), None),
    ],
    ids=lambda value: value.measure if isinstance(value, Row) else None,
)
def test_a_target_is_met_up_to_its_limit(row: Row, met: bool | None) -> None:
    assert row.met is met


def test_a_ratio_needs_something_to_compare_with() -> None:
    with pytest.raises(ValueError, match="compare"):
        Row("ours", 1.0, Unit.SECONDS, target=Most(1.3))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0 s"),
        (0.034567, "0.0346 s"),
        (9.996, "10.0 s"),
        (11.74, "11.7 s"),
        (2281.4, "2,280 s"),
        (math.inf, "∞ s"),
    ],
)
def test_numbers_are_shown_to_three_digits(value: float, text: str) -> None:
    assert shown(value, Unit.SECONDS) == text


def test_a_table_names_what_was_missed() -> None:
    rows = [
        Row("Quick", 1.0, Unit.MILLISECONDS, 2.0, Most(0.6)),
        Row("Slow", 4.0, Unit.SECONDS, 2.0, Most(3, ratio=False)),
        Row("Many", 700.0, Unit.A_SECOND, target=Least(500)),
        Row("Only told", 7.0, Unit.A_SECOND),
    ]

    assert markdown(rows).splitlines() == [
        "| Measure | Ours | Bare | Ratio | Target | Met |",
        "| --- | --- | --- | --- | --- | --- |",
        "| Quick | 1.00 ms | 2.00 ms | 0.500 × | at most 0.6 × | yes |",
        "| Slow | 4.00 s | 2.00 s | 2.00 × | at most 3 s | **no** |",
        "| Many | 700 a second | – | – | at least 500 a second | yes |",
        "| Only told | 7.00 a second | – | – | – | – |",
    ]


def test_the_page_says_when_and_on_what_it_was_measured() -> None:
    rows = [Row("Quick", 1.0, Unit.MILLISECONDS)]

    text = page(rows, dt.date(2026, 3, 1), "Linux with 2 CPUs", answers=50)

    assert "made this page on 1 March 2026, on Linux with 2 CPUs.\n" in text
    assert markdown(rows) in text


def test_sides_take_turns_and_their_medians_count() -> None:
    order: list[str] = []
    numbers = {"a": iter([1.0, 9.0, 2.0]), "b": iter([5.0, 5.0, 8.0])}

    def side(name: str) -> dict[str, float]:
        order.append(name)
        return {"seconds": next(numbers[name])}

    found = in_turns(3, {"a": lambda: side("a"), "b": lambda: side("b")})

    assert "".join(order) == "ababab"
    assert found == {"a": {"seconds": 2.0}, "b": {"seconds": 5.0}}


# Content


def test_generated_content_has_the_size_that_was_asked_for(tmp_path: Path) -> None:
    write_roles(tmp_path / "content", 30)

    content = load(tmp_path / "content")

    assert len(content.roles) == 30
    assert len({role.name for role in content.roles.values()}) == 30
    assert not any(role.aliases for role in content.roles.values())
    assert len(content.notes) == len(load(shipped_content()).notes)
    assert not any(note.roles for note in content.notes.values())


def test_generated_names_are_many_and_distinct() -> None:
    content = many_names(2_000)

    assert len(content.roles) + len(content.terms) == 2_000
    assert not content.roles.keys() & content.terms.keys()


# Programs


NOWHERE = {
    "SLACK_BOT_TOKEN": "xoxb-bench",
    "SLACK_SIGNING_SECRET": "bench",
    "SLACK_API_BASE": "http://127.0.0.1:9/",
}


def test_a_bare_app_runs_as_long_as_its_block(tmp_path: Path) -> None:
    reply, port = tmp_path / "reply.json", free_port()
    reply.write_text('{"text": "hello"}')
    seen: list[Program] = []

    def fail_inside() -> None:
        with running(
            "tests.bench.bare_slack",
            *(str(reply), "--port", str(port)),
            environment=NOWHERE,
            speaks=False,
        ) as program:
            seen.append(program)
            listening(program, port)
            assert program.cpu_seconds() > 0
            assert program.mebibytes() > 1
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail_inside()

    assert seen[0].popen.returncode is not None
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port))


def test_a_program_that_fails_to_start_says_why(tmp_path: Path) -> None:
    port = str(free_port())
    with (
        running(
            "tests.bench.bare_slack", str(tmp_path / "missing.json"), "--port", port
        ) as program,
        pytest.raises(BenchError, match=r"missing\.json"),
    ):
        until(program, lambda: fetch(f"http://127.0.0.1:{port}/"))


def test_a_program_that_fails_or_hangs_tells_nothing() -> None:
    with pytest.raises(BenchError, match="the following arguments are required"):
        told("tests.bench.bare_posts")
    with pytest.raises(BenchError, match="has not ended within"):
        told("tests.bench.press_discord", within=0.1)


def test_programs_do_not_inherit_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "a real one")

    with running("tests.bench.bare_bot", speaks=False) as program:
        program.popen.wait(30)
        assert "DISCORD_API_BASE" in str(program.failed("ended"))
        assert "a real one" not in str(program.failed("ended"))


def test_a_program_can_be_bound_to_one_core(tmp_path: Path) -> None:
    reply, port = tmp_path / "reply.json", free_port()
    reply.write_text('{"text": "hello"}')
    with running(
        "tests.bench.bare_slack",
        *(str(reply), "--port", str(port)),
        environment=NOWHERE,
        speaks=False,
    ) as program:
        listening(program, port)
        pin(program)
        threads = list(Path(f"/proc/{program.popen.pid}/task").iterdir())
        cores = {frozenset(os.sched_getaffinity(int(thread.name))) for thread in threads}

    assert cores == {frozenset({max(os.sched_getaffinity(0))})}


ANSWER: list[dict[str, Any]] = [
    {"type": 10, "content": "## Two roles"},
    {"type": 14, "divider": True, "spacing": 1},
    {
        "type": 1,
        "components": [{"type": 2, "style": 1, "label": "Swap", "custom_id": "swap"}],
    },
    {
        "type": 1,
        "components": [
            {
                "type": 3,
                "custom_id": "more",
                "placeholder": "Another",
                "options": [{"label": "Data engineer", "value": "de", "description": "Pipelines"}],
            }
        ],
    },
]


@pytest.mark.parametrize("options", [(), ("--made-once",)])
async def test_the_bare_client_sends_the_message_that_it_was_given(
    options: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "components.json"
    path.write_text(json.dumps(ANSWER))
    async with FakeDiscord() as discord:
        environment = {"DISCORD_TOKEN": discord.token, "DISCORD_API_BASE": discord.api_base}
        with running(
            "tests.bench.bare_discord",
            *(str(path), *options),
            environment=environment,
            speaks=False,
        ) as program:
            await discord.connected(30)
            sent = []
            for person in ("Ada", "Ben"):
                reply = await discord.slash(
                    discord.user(person), "compare", {"first": "a", "second": "b"}
                )
                sent.append(reply.exchange.body["data"]["components"])
            program.popen.kill()
            await asyncio.to_thread(program.popen.wait)

    for components in sent:
        assert known_keys(components, ANSWER) == ANSWER


def known_keys(sent: Any, wanted: Any) -> Any:
    """What was sent, without what the library adds of its own accord."""
    match sent, wanted:
        case dict(), dict():
            return {key: known_keys(sent.get(key), wanted[key]) for key in wanted}
        case list(), list():
            return [known_keys(*pair) for pair in zip(sent, wanted, strict=True)]
        case _:
            return sent
