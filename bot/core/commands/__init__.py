"""The commands, one module each, and the registry that every platform is generated from."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.command import Command
from bot.core.commands import (
    ask,
    compare,
    define,
    family,
    help,
    leaderboard,
    newsletter,
    packs,
    path,
    pay,
    privacy,
    progress,
    quiz,
    role,
    share,
    skills,
)

COMMANDS: Mapping[str, Command] = {
    module.COMMAND.name: module.COMMAND
    for module in (
        *(compare, role, skills, path, pay, family, define, ask),
        *(quiz, progress, leaderboard, share, privacy, packs, newsletter, help),
    )
}
"""Every command by its name, in the order in which `/help` lists them."""
