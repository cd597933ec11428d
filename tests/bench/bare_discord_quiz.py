"""A discord.py client with one button and a fixed answer, and a row in SQLite for each press of it.

The button stands in a persistent view, as discord.py's documentation shows, and the answer is one
view that is made once. Its one intent is direct messages, which is where people press. Reads its
environment (DISCORD_TOKEN, DISCORD_API_BASE).
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

import discord
from discord import ui

from tests.bench.bare_commit import Commits
from tests.bench.bare_discord import Answer

BUTTON = "answer"
"""The id of the button."""


class Question(ui.View):
    """The button that is pressed, on whatever message it stands."""

    def __init__(self, answer: Answer, commits: Commits) -> None:
        super().__init__(timeout=None)
        self._answer = answer
        self._commits = commits

    @ui.button(label="A", custom_id=BUTTON)
    async def press(self, interaction: discord.Interaction[Bot], _: ui.Button[Question]) -> None:
        self._commits.one()
        await interaction.response.edit_message(view=self._answer)


class Bot(discord.AutoShardedClient):
    """Answers every press with the same message."""

    def __init__(self, components: list[dict[str, Any]], commits: Commits) -> None:
        intents = discord.Intents.none()
        intents.dm_messages = True
        super().__init__(intents=intents, allowed_mentions=discord.AllowedMentions.none())
        self._components = components
        self._commits = commits

    async def setup_hook(self) -> None:
        # Not before: a view that is made outside the event loop is never dispatched to.
        self.add_view(Question(Answer(self._components), self._commits))


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.bare_discord_quiz", description=__doc__
    )
    parser.add_argument("components", type=Path, help="the components of the answer, as JSON")
    parser.add_argument("database", type=Path, help="where to keep the rows")
    arguments = parser.parse_args()
    discord.http.Route.BASE = os.environ["DISCORD_API_BASE"]
    bot = Bot(json.loads(arguments.components.read_bytes()), Commits(arguments.database))
    bot.run(os.environ["DISCORD_TOKEN"], log_handler=None)


if __name__ == "__main__":
    main()
