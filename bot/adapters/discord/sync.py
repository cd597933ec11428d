"""Registers the commands with Discord, but only when they have changed since the last time."""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

from discord import app_commands

logger = logging.getLogger(__name__)


def digest(tree: app_commands.CommandTree[Any]) -> str:
    """What the commands are, in 64 letters."""
    payload = [command.to_dict(tree) for command in tree.get_commands()]
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()


def is_synced(tree: app_commands.CommandTree[Any], data_dir: Path) -> bool:
    """Whether these commands are the ones that this application registered last."""
    path = _path(tree, data_dir)
    return path.is_file() and path.read_bytes().strip() == digest(tree).encode()


async def sync(tree: app_commands.CommandTree[Any], data_dir: Path) -> bool:
    """Register the commands if need be; whether that was needed.

    Raises:
        discord.DiscordException: if Discord refuses them.
    """
    if is_synced(tree, data_dir):
        return False
    await tree.sync()
    path = _path(tree, data_dir)
    try:
        _remember(path, digest(tree))
    except OSError as error:
        logger.warning("ROLECALL_DATA: cannot write %s: %s", path, error.strerror)
    return True


def _path(tree: app_commands.CommandTree[Any], data_dir: Path) -> Path:
    return data_dir / f"discord-commands-{tree.client.application_id}.sha256"


def _remember(path: Path, text: str) -> None:
    """Only a whole file ever stands under this name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_suffix(".new")
    written.write_text(f"{text}\n", encoding="ascii")
    written.replace(path)
