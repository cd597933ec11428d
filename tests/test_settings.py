"""Every setting is read once; a wrong one is one line that names it and shows no secret."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import logs
from bot.settings import Settings, SettingsError, read_settings, shipped_content

KEY = "cm9sZWNhbGwgcm9sZWNhbGwgcm9sZWNhbGwgcm9sZSE="
SECRETS = {
    "DISCORD_TOKEN": {},
    "SLACK_BOT_TOKEN": {"SLACK_APP_TOKEN": "x"},
    "SLACK_APP_TOKEN": {"SLACK_BOT_TOKEN": "x"},
    "SLACK_SIGNING_SECRET": {"SLACK_BOT_TOKEN": "x"},
    "SLACK_CLIENT_SECRET": {
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_SIGNING_SECRET": "x",
        "ROLECALL_SECRET_KEY": KEY,
    },
    "ROLECALL_SECRET_KEY": {},
    "DATABASE_URL": {},
}
"""Every secret, with what must be set beside it."""

MANY = SECRETS["SLACK_CLIENT_SECRET"] | {"SLACK_CLIENT_SECRET": "hush"}
"""All that many workspaces need."""


def many(without: str = "", **more: str) -> dict[str, str]:
    return {name: value for name, value in (MANY | more).items() if name != without}


def test_the_secrets_are_known() -> None:
    fields = Settings.model_fields.items()
    assert set(SECRETS) == {
        n.upper() for n, field in fields if field.annotation == SecretStr | None
    }


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
        (many("SLACK_CLIENT_ID"), "SLACK_CLIENT_ID is missing: SLACK_CLIENT_SECRET is set"),
        (many("SLACK_CLIENT_SECRET"), "SLACK_CLIENT_SECRET is missing: SLACK_CLIENT_ID is set"),
        (many("SLACK_SIGNING_SECRET"), "SLACK_SIGNING_SECRET is missing: SLACK_CLIENT_ID is set"),
        (many("ROLECALL_SECRET_KEY"), "ROLECALL_SECRET_KEY is missing: SLACK_CLIENT_ID is set"),
        (many(SLACK_BOT_TOKEN="hush"), "SLACK_BOT_TOKEN: is for one workspace"),
        (many(SLACK_CLIENT_ID="hush"), "SLACK_CLIENT_ID: must match"),
        (many(ROLECALL_SECRET_KEY="hush"), "ROLECALL_SECRET_KEY: must be one or several keys"),
        (many(ROLECALL_SECRET_KEY=f"{KEY};hush"), "ROLECALL_SECRET_KEY: must be one or several"),
        (many(ROLECALL_SECRET_KEY=f"{KEY},"), "ROLECALL_SECRET_KEY: must be one or several keys"),
        ({"REPORTS_CHANNEL": "slack:T1/C1"}, "REPORTS_CHANNEL: must match"),
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
    value = KEY if name == "ROLECALL_SECRET_KEY" else "hush"
    path = tmp_path / "secret"
    path.write_text(f"{value}\n", encoding="utf-8")
    monkeypatch.setenv(f"{name}_FILE", str(path))
    for other, beside in SECRETS[name].items():
        monkeypatch.setenv(other, beside)
    secret = getattr(read_settings(), name.lower())
    assert secret.get_secret_value() == value
    assert value not in repr(read_settings())


@pytest.mark.parametrize("keys", [KEY, f"{KEY},{KEY}", f"{KEY}, {KEY}"])
def test_many_workspaces_need_no_token(monkeypatch: pytest.MonkeyPatch, keys: str) -> None:
    for name, value in many(ROLECALL_SECRET_KEY=keys, REPORTS_CHANNEL="slack:/T1/C1").items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    assert settings.slack_client_id == "1.2"
    assert settings.slack_bot_token is None


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
