"""The commands of `rolecall slack`: what an app in Slack is made of."""

from __future__ import annotations

import json
from typing import Annotated
from urllib.parse import urlsplit

import typer

from bot.adapters.terminal.output import show

slack = typer.Typer(help="What Slack needs to know of the bot.", no_args_is_help=True)


@slack.command("manifest")
def slack_manifest(
    url: Annotated[
        str | None, typer.Option(help="Where Slack reaches the bot; without it, Socket Mode.")
    ] = None,
    prefix: Annotated[
        str,
        typer.Option(envvar="SLACK_COMMAND_PREFIX", help="Before each command's name."),
    ] = "",
    *,
    org: Annotated[
        bool, typer.Option("--org", help="Let organisations install the app as a whole.")
    ] = False,
) -> None:
    """Print the app manifest for Slack.

    Paste it where Slack asks for one when an app is made.
    """
    from bot.adapters.slack.manifest import manifest
    from bot.core.commands import COMMANDS

    try:
        made = manifest(url and _events_address(url), prefix, COMMANDS, org=org)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--prefix") from None
    show(json.dumps(made, indent=2, ensure_ascii=False))


@slack.command("key")
def slack_key() -> None:
    """Print a fresh key for ROLECALL_SECRET_KEY.

    Tokens of workspaces are encrypted with it.
    """
    from bot.store.vault import new_key

    show(new_key())


def _events_address(url: str) -> str:
    from bot.adapters.slack.adapter import PATH

    address = urlsplit(url)
    if address.scheme != "https" or not address.hostname:
        raise typer.BadParameter("Slack needs an https:// address", param_hint="--url")
    return url if address.path.strip("/") else url.rstrip("/") + PATH
