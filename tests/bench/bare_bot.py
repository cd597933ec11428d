"""A bot as discord.py's documentation begins one: default intents, one slash command."""

from __future__ import annotations

import os

import discord
from discord.ext import commands


class Bot(commands.AutoShardedBot):
    """Knows every server that it is in, as any bot with default intents does."""

    def __init__(self) -> None:
        super().__init__(command_prefix=commands.when_mentioned, intents=discord.Intents.default())

    async def setup_hook(self) -> None:
        await self.tree.sync()


def main() -> None:
    discord.http.Route.BASE = os.environ["DISCORD_API_BASE"]
    bot = Bot()

    @bot.tree.command(description="Compare two roles")
    async def compare(interaction: discord.Interaction[Bot], first: str, second: str) -> None:
        await interaction.response.send_message(f"{first} and {second}")

    bot.run(os.environ["DISCORD_TOKEN"], log_handler=None)


if __name__ == "__main__":
    main()
