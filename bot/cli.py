"""The commands of `rolecall`. Each loads only what it needs, because some are typed often."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.adapters.terminal.output import show
from bot.maintainers import content_items, reports
from bot.newsletter_cli import newsletter
from bot.packs.cli import content_export, content_import
from bot.preview import Platform
from bot.slack_cli import slack

if TYPE_CHECKING:
    from bot.app import Adapter
    from bot.core.content.loader import ContentError
    from bot.settings import Settings
    from bot.store.database import Database

logger = logging.getLogger(__name__)

FAILED, MISUSED = 1, 2
"""Exit codes: content, a platform or the bot has a fault; a setting or an argument has one."""

app = typer.Typer(
    help="Which data and AI job is which, and which is yours: a bot for Discord and Slack.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
)
content = typer.Typer(help="Check the content, import or export quizzes.", no_args_is_help=True)
database = typer.Typer(help="The database that the bot keeps its state in.", no_args_is_help=True)
app.add_typer(content, name="content")
content.command("import")(content_import)
content.command("export")(content_export)
content.command("items")(content_items)
app.add_typer(slack, name="slack")
app.add_typer(reports, name="reports")
app.add_typer(newsletter, name="newsletter")
app.add_typer(database, name="db")


def main() -> None:
    """Run a command; whatever goes wrong is told in a line, and never as a stack trace."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app(prog_name="rolecall")
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        sys.exit(explained(error))


@app.callback(invoke_without_command=True)
def _options(
    *, version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False
) -> None:
    if version:
        from importlib.metadata import PackageNotFoundError
        from importlib.metadata import version as installed

        try:
            show(f"rolecall {installed('rolecall')}")
        except PackageNotFoundError:
            show("rolecall, from a checkout that is not installed")
        raise typer.Exit


@app.command()
def run() -> None:
    """Start the bot on every configured platform.

    With none configured, it starts in this terminal.
    """
    from bot.app import run as start

    raise typer.Exit(start(_settings()))


@app.command()
def worker() -> None:
    """Do only the work in the background, beside other processes.

    That is the newsletter, reminders and notices; a worker answers nobody. It needs PostgreSQL.
    """
    from bot.app import work

    raise typer.Exit(work(_settings()))


@app.command()
def chat() -> None:
    """Talk to the bot in this terminal.

    From a pipe, it answers line by line.
    """
    from bot.app import talk

    settings = _settings()
    _keep_quiet(settings)
    talk(settings)


@app.command()
def say(
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help='Such as "/compare ai-engineer ml-engineer".')
    ],
    platform: Annotated[
        Platform, typer.Option("--as", help="Show what this platform would get.")
    ] = Platform.TERMINAL,
) -> None:
    """Answer one command, or one question.

    A question may be put in plain words. For Discord and Slack the answer is JSON: the payload
    that the platform would get, or a list of them where there are several.
    """
    if not text.strip():
        raise typer.BadParameter("there is nothing to answer", param_hint="TEXT")
    settings = _settings()
    _keep_quiet(settings)
    show(asyncio.run(_said(text, platform, settings)))


async def _said(text: str, platform: Platform, settings: Settings) -> str:
    from bot.app import make_dispatcher, make_store
    from bot.preview import preview

    store = make_store(settings)
    try:
        return await preview(text, platform, make_dispatcher(settings, store))
    finally:
        await store.close()


@content.command("check")
def content_check(
    directory: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="CONTENT_DIR if none is given.")
    ] = None,
) -> None:
    """Name every problem of the content.

    Each is a line: file:line: what is wrong, and what would be right.
    """
    from bot.core.content.loader import ContentError, load

    directory = directory or _settings().content_dir
    try:
        found = load(directory)
    except ContentError as error:
        show(_problems(error))
        raise typer.Exit(FAILED) from None
    show(
        f"OK: {len(found.roles)} roles, {len(found.titles)} titles, {len(found.skills)} skills, "
        f"{len(found.terms)} terms, {len(found.sources)} sources, {len(found.items)} quiz items, "
        f"{len(found.issues)} newsletter issues, {len(found.feeds)} feeds, "
        f"version {found.version}"
    )


@content.command("schema")
def content_schema(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="Such as skills.yaml, or roles/name.yaml.")
    ],
) -> None:
    """Print the JSON Schema of a content file, or of the head of a newsletter issue.

    Editors use it for completion.
    """
    from bot.core.content import issues
    from bot.core.content.loader import FILES, FOLDERS, OPTIONAL, model_of

    path, folders = Path(file), (*FOLDERS, issues.FOLDER)
    try:
        model = model_of("/".join(path.parts[-2:]) if path.parent.name in folders else path.name)
    except KeyError:
        one_each = (f"{folder}/name.yaml" for folder in FOLDERS)
        known = ", ".join((*FILES, *OPTIONAL, *one_each, f"{issues.FOLDER}/date-name.md"))
        raise typer.BadParameter(
            f"there is no such file; known are {known}", param_hint="FILE"
        ) from None
    show(json.dumps(_as_written(model.model_json_schema()), indent=2))


def _as_written(schema: Any) -> Any:
    """The schema for what stands in the file: there, a text may look like a number."""
    match schema:
        case {"type": "string", **rest}:
            return {"type": ["string", "number"], **rest}
        case dict():
            return {key: _as_written(value) for key, value in schema.items()}
        case list():
            return [_as_written(value) for value in schema]
        case _:
            return schema


@app.command()
def check() -> None:
    """Say what is configured and what is missing.

    That includes permissions and scopes. It ends with 1 if a platform refuses the bot.
    """
    from bot.app import make_adapters, make_dispatcher, make_store, not_configured

    settings = _settings()
    _keep_quiet(settings)
    dispatcher = make_dispatcher(settings)
    version = dispatcher.catalogue.content.version
    show(f"content: {len(dispatcher.catalogue.content.roles)} roles, version {version}")
    for line in not_configured(settings):
        show(line)
    store = make_store(settings)
    if not asyncio.run(_checked(make_adapters(settings, dispatcher, store), store)):
        raise typer.Exit(FAILED)


async def _checked(adapters: list[Adapter], store: Database) -> bool:
    """Print what the platforms say; whether none of them refuses us."""
    from bot.adapters.errors import AdapterError

    refused = False
    for adapter in adapters:
        try:
            lines = await adapter.check()
        except AdapterError as error:
            lines, refused = [str(error)], True
        for line in lines:
            show(line)
    await store.close()
    return not refused


@database.command("upgrade")
def database_upgrade() -> None:
    """Bring the tables up to date.

    The bot does the same when it starts.
    """
    settings = _settings()
    _keep_quiet(settings)
    show(f"The tables are at revision {asyncio.run(_upgraded(settings))}.")


async def _upgraded(settings: Settings) -> str | None:
    from bot.app import make_store

    store = make_store(settings)
    try:
        await store.open()
        return await store.revision()
    finally:
        await store.close()


def _settings() -> Settings:
    from bot.settings import read_settings

    return read_settings()


def _keep_quiet(settings: Settings) -> None:
    """What the bot logs is shown only to those who ask for it, not amid the answers."""
    if settings.log_level == "DEBUG":
        from bot.app import secrets_of
        from bot.logs import configure

        configure(settings.log_format, settings.log_level, secrets_of(settings))
    else:
        logging.getLogger().addHandler(logging.NullHandler())


def _problems(error: ContentError) -> str:
    return "\n".join(str(problem) for problem in error.problems)


def explained(error: Exception) -> int:
    """Say in a line what went wrong; the exit code."""
    from bot.adapters.errors import AdapterError
    from bot.app import StartError
    from bot.core.content.loader import ContentError
    from bot.core.ports import StoreError
    from bot.settings import SettingsError

    match error:
        case SettingsError():
            _complain(str(error))
            return MISUSED
        case ContentError():
            _complain(_problems(error))
        case AdapterError() | StartError():
            _complain(str(error))
        case StoreError():
            _complain(f"The database cannot be used: {error}")
        case _:
            reference = secrets.token_hex(4)
            _complain(f"Something went wrong on our side. Reference: {reference}")
            if os.environ.get("LOG_LEVEL") == "DEBUG":
                logger.error("reference %s", reference, exc_info=error)
            else:
                _complain("Set LOG_LEVEL=DEBUG to see more.")
    return FAILED


def _complain(text: str) -> None:
    print(text, file=sys.stderr)
