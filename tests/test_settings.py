"""Every setting is read once; a wrong one is one line that names it and shows no secret."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot import logs
from bot.settings import Settings, SettingsError, read_settings, shipped_content

SECRETS = [name.upper() for name in Settings.model_fields if name.endswith(("token", "secret"))]


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(f"{name.upper()}_FILE", raising=False)


def test_nothing_needs_to_be_set() -> None:
    settings = read_settings()
    assert settings.content_dir == shipped_content()
    assert settings.discord_token is None
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"PORT": "eighty"}, "PORT: "),
        ({"PORT": "99999"}, "PORT: "),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL: "),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT: "),
        ({"DISCORD_API_BASE": "discord.example"}, "DISCORD_API_BASE: must match"),
        ({"SLACK_API_BASE": "https://slack.example/api"}, "SLACK_API_BASE: must match"),
        ({"SLACK_COMMAND_PREFIX": "No Spaces"}, "SLACK_COMMAND_PREFIX: must match"),
        ({"SLACK_BOT_TOKEN": "hush"}, "SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET"),
        ({"SLACK_APP_TOKEN": "hush"}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_SIGNING_SECRET": "hush"}, "SLACK_BOT_TOKEN is missing"),
        ({"DISCORD_TOKEN_FILE": "/nowhere/hush"}, "DISCORD_TOKEN_FILE: the file cannot be read"),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], message: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_may_come_from_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "secret"
    path.write_text("hush\n", encoding="utf-8")
    monkeypatch.setenv(f"{name}_FILE", str(path))
    others = {"SLACK_BOT_TOKEN": "x", "SLACK_APP_TOKEN": "x"}
    for other in others.keys() - {name}:
        monkeypatch.setenv(other, "x")
    secret = getattr(read_settings(), name.lower())
    assert secret.get_secret_value() == "hush"
    assert "hush" not in repr(read_settings())


def test_the_environment_wins_over_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from the file", encoding="utf-8")
    monkeypatch.setenv("DISCORD_TOKEN_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("DISCORD_TOKEN", "from the environment")
    token = read_settings().discord_token
    assert token is not None
    assert token.get_secret_value() == "from the environment"


@pytest.mark.parametrize("form", ["console", "json"])
def test_no_secret_reaches_the_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    try:
        logs.configure("json" if form == "json" else "console", "INFO", ["hush-hush"])
        try:
            raise ValueError("the token hush-hush was refused")
        except ValueError:
            logging.getLogger("some.library").exception(
                "with %s", "hush-hush", extra={"token": "hush-hush"}
            )
    finally:
        root.handlers[:] = before[0]
        root.setLevel(before[1])
        logging.captureWarnings(capture=False)
    written = capsys.readouterr().err
    assert "hush-hush" not in written
    assert written.count(logs.HIDDEN) >= 3
