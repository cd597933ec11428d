"""The command line, as people and scripts use it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import discord
import jsonschema
import pytest
import yaml
from discord.webhook.async_ import interaction_message_response_params
from typer.testing import CliRunner

from bot import cli
from bot.adapters.discord.pages import pages
from bot.core.command import Actor, Call, Say
from bot.core.dispatch import Dispatcher
from bot.settings import Settings, shipped_content

ROOT = Path(__file__).parents[1]
ROLECALL = (sys.executable, "-m", "bot")
OURS = {name.upper() for name in Settings.model_fields} | {"NO_COLOR", "COLUMNS"}


def environment(**more: str) -> dict[str, str]:
    """This environment without any setting of the bot, and with some more."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    return kept | {"PYTHONPATH": str(ROOT)} | more


def rolecall(
    *arguments: str, given: str = "", env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the real program."""
    return subprocess.run(
        [*ROLECALL, *arguments],
        input=given,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env=environment(**(env or {})),
        cwd=ROOT,
    )


def invoke(*arguments: str, env: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Run a command in this process: its exit code and what it printed."""
    blank = dict.fromkeys(OURS)
    result = CliRunner().invoke(cli.app, arguments, env={**blank, **(env or {})})
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def printed_json(*arguments: str) -> Any:
    code, output = invoke(*arguments)
    assert code == 0
    return json.loads(output)


def test_help_names_every_command_and_comes_at_once() -> None:
    begun = time.perf_counter()
    done = rolecall("--help")
    assert time.perf_counter() - begun < 2
    for command in ("run", "chat", "say", "check", "content", "slack"):
        assert f"  {command} " in done.stdout
    assert "..." not in done.stdout.partition("Commands:")[2]


def test_help_loads_neither_the_core_nor_a_platform() -> None:
    code = "import sys, bot.cli; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.split()
    heavy = {"pydantic", "rich", "prompt_toolkit", "discord", "slack_bolt", "bot.core.dispatch"}
    assert "bot.cli" in loaded
    assert heavy.isdisjoint(loaded)


def test_a_running_bot_loads_nothing_that_it_has_no_use_for() -> None:
    idle = ("alembic", "feedparser", "procrastinate", "pygments", "rich", "slack_bolt")
    program = (
        "import sys, bot.app, bot.logs\n"
        "import bot.adapters.discord.adapter, bot.jobs.background, bot.store.database\n"
        f"print(sorted(set({idle}) & set(sys.modules)))\n"
        "import rich"
    )
    done = subprocess.run(
        (sys.executable, "-c", program), capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"


def test_an_answer_in_the_terminal_loads_nothing_for_the_network() -> None:
    network = ("aiohttp", "discord", "slack_sdk")
    program = (
        "import sys, bot.cli\n"
        "try: bot.cli.main()\n"
        f"finally: print(sorted(set({network}) & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        (sys.executable, "-c", program, "say", "/roles"),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.stdout
    assert done.stderr.strip() == "[]"


def test_the_version_is_shown() -> None:
    assert rolecall("--version").stdout.startswith("rolecall")


def test_say_answers_one_command() -> None:
    done = rolecall("say", "/compare ai-engineer ml-engineer")
    assert done.returncode == 0
    assert done.stderr == ""
    assert "AI engineer and ML engineer\n───" in done.stdout
    assert "\x1b" not in done.stdout
    assert "1) Skills" in done.stdout


def test_say_answers_what_it_does_not_know_as_well() -> None:
    code, output = invoke("say", "/compare quantum-wizard ml-engineer")
    assert code == 0
    assert "Unknown role" in output


def test_say_wraps_to_the_width_of_the_terminal() -> None:
    done = rolecall("say", "/help", env={"COLUMNS": "40"})
    assert max(map(len, done.stdout.splitlines())) <= 40


async def test_say_shows_what_discord_would_get(dispatcher: Dispatcher) -> None:
    call = Call("roles", {}, Actor("terminal", "local"))
    effect = await dispatcher.call(call)
    assert isinstance(effect, Say)
    (page,) = pages(effect.view)
    sent = interaction_message_response_params(
        type=4,
        view=page,
        flags=discord.MessageFlags(ephemeral=True),
        previous_allowed_mentions=discord.AllowedMentions.none(),
    )
    done = rolecall("say", "/roles", "--as", "discord")
    assert json.loads(done.stdout) == sent.payload


def test_say_shows_every_message_of_a_long_answer() -> None:
    first, *others = printed_json("say", "/role ml-engineer", "--as", "discord")
    assert first["type"] == 4
    assert others
    for message in (first["data"], *others):
        assert message["flags"] == 1 << 15
        assert message["components"]


def test_say_shows_the_form_that_discord_would_open() -> None:
    form = printed_json("say", "/compare ai-engineer", "--as", "discord")
    assert form["type"] == 9
    assert [field["component"]["custom_id"] for field in form["data"]["components"]] == [
        "first",
        "second",
    ]


def test_say_shows_what_slack_would_get() -> None:
    answer = printed_json("say", "/help", "--as", "slack")
    assert answer["response_type"] == "ephemeral"
    assert answer["blocks"][0]["text"]["text"] == "What I can do"
    shown = printed_json("say", "/define rag", "--as", "slack")
    assert shown["response_type"] == "in_channel"
    form = printed_json("say", "/compare", "--as", "slack")
    assert (form["type"], form["callback_id"]) == ("modal", "r:compare")


@pytest.mark.parametrize(
    "wrong",
    [
        ("say",),
        ("say", "  "),
        ("say", "/help", "--as", "fax"),
        ("nonsense",),
        ("content", "schema", "nonsense.yaml"),
        ("slack", "manifest", "--url", "ftp://example.org"),
        ("slack", "manifest", "--prefix", "much-too-long-for-any-command-in-slack-"),
    ],
)
def test_wrong_usage_ends_with_2(wrong: tuple[str, ...]) -> None:
    assert invoke(*wrong)[0] == 2


def test_chat_answers_a_pipe_line_by_line() -> None:
    done = rolecall("chat", given="/help\n\ndifference between AI engineer and MLE\n1\n")
    assert done.returncode == 0
    assert done.stderr == ""
    titles = ("What I can do\n──", "AI engineer and ML engineer\n──", "Skills: AI engineer")
    places = [done.stdout.index(title) for title in titles]
    assert places == sorted(places)
    assert done.stdout.count(titles[0]) == 1


def test_chat_from_nothing_ends_well() -> None:
    done = rolecall("chat")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_reader_that_leaves_early_is_no_error() -> None:
    chat = subprocess.Popen(
        [*ROLECALL, "chat"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        cwd=ROOT,
    )
    assert chat.stdin
    assert chat.stdout
    chat.stdin.write(b"/help\n")
    chat.stdin.flush()
    assert chat.stdout.readline()
    chat.stdout.close()
    chat.stdin.write(b"/roles\n" * 3)
    _, errors = chat.communicate(timeout=30)
    assert (chat.returncode, errors) == (0, b"")


def test_ctrl_c_ends_a_chat_quietly() -> None:
    chat = subprocess.Popen(
        [*ROLECALL, "chat"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        cwd=ROOT,
    )
    assert chat.stdin
    assert chat.stdout
    chat.stdin.write(b"/help\n")
    chat.stdin.flush()
    assert chat.stdout.readline()
    chat.send_signal(signal.SIGINT)
    _, errors = chat.communicate(timeout=30)
    assert (chat.returncode, errors) == (0, b"")


def test_good_content_is_counted() -> None:
    code, output = invoke("content", "check")
    assert code == 0
    assert output.startswith("OK: 12 roles, ")


def test_every_problem_of_broken_content_is_named_at_once(content_copy: Path) -> None:
    skills = content_copy / "skills.yaml"
    skills.write_text("nonsense: 1\n" + skills.read_text())
    (content_copy / "roles" / "data-analyst.yaml").write_text("id: data-analyst\n")
    done = rolecall("content", "check", str(content_copy))
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert any(line.startswith("skills.yaml:1: unknown key `nonsense`") for line in lines)
    assert any(line.startswith("roles/data-analyst.yaml:1: `name` is missing") for line in lines)
    assert done.stderr == ""


def test_broken_content_stops_every_command_without_a_trace(tmp_path: Path) -> None:
    done = rolecall("say", "/help", env={"CONTENT_DIR": str(tmp_path / "nowhere")})
    assert done.returncode == 1
    assert done.stdout == ""
    assert "there is no such directory" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [("run",), ("chat",), ("say", "/help"), ("check",)])
def test_a_bad_setting_is_named_in_one_line(command: tuple[str, ...]) -> None:
    done = rolecall(*command, env={"PORT": "99999"})
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("PORT: ")


def as_an_editor_reads(text: str) -> Any:
    """YAML with its usual types, but dates as they are written."""
    loader = type("Loader", (yaml.SafeLoader,), {})
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers
    loader.yaml_implicit_resolvers = {  # type: ignore[attr-defined]
        first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
        for first, pairs in resolvers.items()
    }
    return yaml.load(text, loader)


@pytest.mark.parametrize(
    "file",
    [path.relative_to(shipped_content()).as_posix() for path in shipped_content().rglob("*.yaml")],
)
def test_the_schema_of_each_file_accepts_the_shipped_one(file: str) -> None:
    schema = printed_json("content", "schema", file)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(as_an_editor_reads((shipped_content() / file).read_text()), schema)


def test_the_schema_of_an_issue_accepts_each_head_and_words_for_its_pictures() -> None:
    schema = printed_json("content", "schema", "newsletter/2030-01-07-mine.md")
    jsonschema.Draft202012Validator.check_schema(schema)
    heads = [
        as_an_editor_reads(path.read_text().split("---\n")[1])
        for path in (shipped_content() / "newsletter").glob("*.md")
    ]
    assert heads
    for head in heads:
        jsonschema.validate(head, schema)
        jsonschema.validate(head | {"alt": {"https://x.example/a.png": "A chart"}}, schema)
        for wrong in ({"http://x.example/a.png": "A chart"}, {"https://x.example/a.png": ""}):
            with pytest.raises(jsonschema.ValidationError):
                jsonschema.validate(head | {"alt": wrong}, schema)


def test_the_schema_refuses_what_the_check_refuses() -> None:
    schema = printed_json("content", "schema", "countries.yaml")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"countries": [{"id": "gb", "name": "UK"}]}, schema)


def test_check_says_what_is_not_configured() -> None:
    code, output = invoke("check")
    assert code == 0
    assert "12 roles" in output
    assert "DISCORD_TOKEN" in output
    assert "SLACK_BOT_TOKEN" in output


def test_check_ends_with_1_where_a_platform_cannot_be_used() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # bound, but nobody listens
        tokens = {"SLACK_BOT_TOKEN": "xoxb-secret", "SLACK_APP_TOKEN": "xapp-secret"}
        base = {"SLACK_API_BASE": f"http://127.0.0.1:{silent.getsockname()[1]}/"}
        done = rolecall("check", env=tokens | base)
    assert done.returncode == 1
    assert "Slack cannot be reached" in done.stdout
    assert "secret" not in done.stdout + done.stderr


def test_the_manifest_has_every_command() -> None:
    made = printed_json("slack", "manifest", "--prefix", "rc-")
    names = [command["command"] for command in made["features"]["slash_commands"]]
    assert "/rc-compare" in names
    assert made["settings"]["socket_mode_enabled"] is True


@pytest.mark.parametrize("url", ["https://bot.example.org", "https://bot.example.org/slack/events"])
def test_the_manifest_takes_the_address_of_the_bot(url: str) -> None:
    made = printed_json("slack", "manifest", "--url", url)
    for command in made["features"]["slash_commands"]:
        assert command["url"] == "https://bot.example.org/slack/events"


def test_our_own_fault_is_told_with_a_reference_and_no_trace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("LOG_LEVEL", raising=False)
    assert cli.explained(RuntimeError("secret")) == 1
    told = capsys.readouterr().err
    assert "Reference: " in told
    assert "secret" not in told
    assert "Traceback" not in told


def test_the_trace_of_our_own_fault_is_in_the_log_of_whoever_asks_for_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    fault = RuntimeError("the reason")
    assert cli.explained(fault) == 1
    (record,) = caplog.records
    assert record.exc_info
    assert record.exc_info[1] is fault
