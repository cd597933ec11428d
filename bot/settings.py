"""Every environment variable, read once; a secret may come from a file that `NAME_FILE` names."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

DISCORD_API = "https://discord.com/api/v10"
SLACK_API = "https://slack.com/api/"

_SECRET_KEYS = re.compile(r"[\w-]{43}=( ?, ?[\w-]{43}=)*", re.ASCII)


class SettingsError(Exception):
    """A variable is missing or malformed; the message is one line that names it."""


def shipped_content() -> Path:
    """The content that comes with the program: inside the wheel, or beside the package."""
    package = Path(__file__).parent
    inside = package / "_content"
    return inside if inside.is_dir() else package.parent / "content"


class Settings(BaseSettings):
    """The settings of a running bot. No value of a secret is ever shown or put in an error."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    content_dir: Path = Field(default_factory=shipped_content)
    rolecall_data: Path = Path("data")
    database_url: SecretStr | None = None
    discord_token: SecretStr | None = None
    discord_api_base: str = Field(DISCORD_API, pattern=r"^https?://\S+$")
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_client_id: str | None = Field(None, pattern=r"^[0-9.]{1,60}$")
    slack_client_secret: SecretStr | None = None
    rolecall_secret_key: SecretStr | None = None
    slack_api_base: str = Field(SLACK_API, pattern=r"^https?://\S+/$")
    reports_channel: str | None = Field(
        None, pattern=r"^(discord:|slack:(\w*/\w*/)?)[A-Za-z0-9]{1,40}$"
    )
    slack_command_prefix: str = Field("", pattern=r"^[a-z0-9_-]{0,20}$")
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65_535)
    log_format: Literal["console", "json"] = "console"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("rolecall_secret_key")
    @classmethod
    def _keys_are_keys(cls, keys: SecretStr | None) -> SecretStr | None:
        if keys is not None and not _SECRET_KEYS.fullmatch(keys.get_secret_value()):
            raise ValueError(
                "must be one or several keys from `rolecall slack key`, separated by commas"
            )
        return keys

    @model_validator(mode="after")
    def _slack_is_whole(self) -> Self:
        if self.slack_client_id or self.slack_client_secret:
            self._is_whole_for_many()
        elif self.slack_bot_token is None:
            for name in ("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
                if getattr(self, name.lower()) is not None:
                    raise ValueError(
                        f"SLACK_BOT_TOKEN is missing: {name} is set without it "
                        "(or SLACK_CLIENT_ID, for many workspaces)"
                    )
        elif not (self.slack_app_token or self.slack_signing_secret):
            raise ValueError(
                "SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) is missing: "
                "SLACK_BOT_TOKEN is set without either"
            )
        return self

    def _is_whole_for_many(self) -> None:
        if self.slack_bot_token is not None:
            raise ValueError(
                "SLACK_BOT_TOKEN: is for one workspace, and SLACK_CLIENT_ID for many; "
                "set only one of them"
            )
        needed = {
            "SLACK_CLIENT_ID": "",
            "SLACK_CLIENT_SECRET": "",
            "SLACK_SIGNING_SECRET": "",
            "ROLECALL_SECRET_KEY": " (`rolecall slack key` makes one)",
        }
        for name, how in needed.items():
            if getattr(self, name.lower()) is None:
                found = "SLACK_CLIENT_ID" if self.slack_client_id else "SLACK_CLIENT_SECRET"
                raise ValueError(f"{name} is missing: {found} is set without it{how}")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment, then the files that it names."""
        return init_settings, env_settings, _SecretFiles(settings_cls)


class _SecretFiles(PydanticBaseSettingsSource):
    """Reads `NAME_FILE` for each secret, as container platforms mount them."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        """The content of the file for one field, or None where no file is named."""
        path = os.environ.get(f"{field_name.upper()}_FILE")
        if field.annotation != SecretStr | None or not path:
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").strip(), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"{field_name.upper()}_FILE: the file cannot be read ({type(error).__name__})"
            ) from None

    def __call__(self) -> dict[str, Any]:
        """All secrets that come from files."""
        values = {
            name: self.get_field_value(field, name)[0]
            for name, field in self.settings_cls.model_fields.items()
        }
        return {name: value for name, value in values.items() if value}


def read_settings(**given: Any) -> Settings:
    """The settings of this process; `given` overrides the environment.

    Raises:
        SettingsError: naming the first variable that is missing or malformed.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsError(
            _one_line(error.errors(include_url=False, include_input=False)[0])
        ) from None


def _one_line(details: Mapping[str, Any]) -> str:
    message = str(details["msg"]).removeprefix("Value error, ")
    name = ".".join(str(part) for part in details["loc"]).upper()
    if not name:
        return message
    pattern = details.get("ctx", {}).get("pattern")
    return (
        f"{name}: must match {pattern}"
        if pattern
        else f"{name}: {message[:1].lower()}{message[1:]}"
    )
