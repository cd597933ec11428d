"""A discord.py client with one slash command and a fixed answer: what the library itself costs.

It has no intents, typed options, and a `LayoutView` as its answer. Reads its environment
(DISCORD_TOKEN, DISCORD_API_BASE).
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

import discord
from discord import app_commands, ui


def item(component: dict[str, Any]) -> ui.Item[Any]:
    """The item that an author would write for a component. Raises ValueError for other kinds."""
    match component:
        case {"type": 10, "content": content}:
            return ui.TextDisplay(content)
        case {"type": 14, "divider": visible, "spacing": spacing}:
            return ui.Separator(visible=visible, spacing=discord.SeparatorSpacing(spacing))
        case {"type": 1, "components": parts}:
            return ui.ActionRow(*(item(part) for part in parts))
        case {"type": 2, "style": style, "label": label, "custom_id": custom_id}:
            return ui.Button(style=discord.ButtonStyle(style), label=label, custom_id=custom_id)
        case {"type": 3, "custom_id": custom_id, "options": options, "placeholder": placeholder}:
            shown = [discord.SelectOption(**option) for option in options]
            return ui.Select(custom_id=custom_id, placeholder=placeholder, options=shown)
        case _:
            raise ValueError(f"no item for a component of type {component.get('type')}")


class Answer(ui.LayoutView):
    """The message that answers."""

    def __init__(self, components: list[dict[str, Any]]) -> None:
        super().__init__(timeout=None)
        for component in components:
            self.add_item(item(component))


class Bot(discord.AutoShardedClient):
    """Answers `/compare` with the same message every time."""

    def __init__(self, components: list[dict[str, Any]], *, made_once: bool) -> None:
        super().__init__(
            intents=discord.Intents.none(), allowed_mentions=discord.AllowedMentions.none()
        )
        self.tree = app_commands.CommandTree(self)
        made = Answer(components)

        @self.tree.command(description="Compare two roles")
        @app_commands.describe(first="A role", second="Another role", private="Only you see it")
        async def compare(
            interaction: discord.Interaction[Bot], first: str, second: str, private: bool = False
        ) -> None:
            view = made if made_once else Answer(components)
            await interaction.response.send_message(view=view, ephemeral=private)

    async def setup_hook(self) -> None:
        await self.tree.sync()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bare_discord", description=__doc__)
    parser.add_argument("components", type=Path, help="the components of the answer, as JSON")
    parser.add_argument("--made-once", action="store_true", help="send the same view every time")
    arguments = parser.parse_args()
    discord.http.Route.BASE = os.environ["DISCORD_API_BASE"]
    bot = Bot(json.loads(arguments.components.read_bytes()), made_once=arguments.made_once)
    bot.run(os.environ["DISCORD_TOKEN"], log_handler=None)


if __name__ == "__main__":
    main()
