"""A small real discord.py bot with one of everything, to try the loopback Discord with."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import app_commands, ui

from tests.fakes.discord.server import FakeDiscord

NOBODY = discord.AllowedMentions.none()
NO_MENTIONS: dict[str, Any] = {"allowed_mentions": {"parse": []}}
Launch = Callable[..., Awaitable["Bot"]]


class Question(ui.LayoutView):
    """A quiz question: text, two buttons and a menu."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.add_item(ui.Container(ui.TextDisplay("Which role trains models?")))
        row: ui.ActionRow[Question] = ui.ActionRow()
        for label in ("Form", "Slow", "Broken"):
            row.add_item(ui.Button(label=label, custom_id=label.lower()))
        self.add_item(row)
        menu: ui.Select[Question] = ui.Select(custom_id="menu", max_values=2)
        for value in ("mlops", "analyst", "researcher"):
            menu.add_option(label=value.title(), value=value)
        self.add_item(ui.ActionRow(menu))


class Profile(ui.Modal, title="Your profile"):
    name: ui.Label["Profile"] = ui.Label(text="Name", component=ui.TextInput(custom_id="name"))
    level: ui.Label["Profile"] = ui.Label(
        text="Level",
        component=ui.Select(
            custom_id="level", options=[discord.SelectOption(label="Junior", value="junior")]
        ),
    )

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        assert isinstance(self.name.component, ui.TextInput)
        assert isinstance(self.level.component, ui.Select)
        said = f"{self.name.component.value} is {self.level.component.values[0]}"
        await interaction.response.send_message(said, ephemeral=True)


class Bot(discord.AutoShardedClient):
    """A small bot with one of everything."""

    def __init__(self, intents: discord.Intents, **options: Any) -> None:
        super().__init__(intents=intents, allowed_mentions=NOBODY, **options)
        self.tree = app_commands.CommandTree(
            self,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )
        self.seen: list[int] = []
        self.running: asyncio.Task[None] | None = None
        commands: list[app_commands.Command[Any, ..., Any]] = [compare, count, slow, ask, quiet]
        for command in commands:
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify at once: the library would wait 5 s before every identify but the first."""

    async def on_message(self, message: discord.Message) -> None:
        if not message.author.bot:
            await message.channel.send(f"You said: {message.content}")

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        data: Any = interaction.data
        match data.get("custom_id"):
            case "form":
                await interaction.response.send_modal(Profile())
            case "slow":
                await interaction.response.defer()
                await interaction.edit_original_response(view=ui.LayoutView())
            case "menu":
                chosen = ", ".join(data["values"])
                await interaction.response.edit_message(view=_text(f"Chosen: {chosen}"))


def _text(text: str) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(text))
    return view


@app_commands.command(description="Compare two roles")
async def compare(interaction: discord.Interaction[Any], first: str, second: str = "any") -> None:
    await interaction.response.send_message(view=_text(f"{first} and {second}"))


@compare.autocomplete("first")
async def roles(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    known = ("ai-engineer", "ml-engineer")
    return [app_commands.Choice(name=r, value=r) for r in known if r.startswith(typed)]


@app_commands.command(description="Count something")
async def count(interaction: discord.Interaction[Any], number: int, who: discord.User) -> None:
    assert isinstance(interaction.client, Bot)
    interaction.client.seen.append(number)
    await interaction.response.send_message(f"{who.display_name}: {number}", ephemeral=True)


@app_commands.command(description="Think, then answer")
async def slow(interaction: discord.Interaction[Any]) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    await interaction.edit_original_response(content="Done thinking")
    await interaction.followup.send("And one more thing", ephemeral=True)


@app_commands.command(description="Ask a question")
async def ask(interaction: discord.Interaction[Any]) -> None:
    await interaction.response.send_message(view=Question())


@app_commands.command(description="Say nothing")
async def quiet(interaction: discord.Interaction[Any]) -> None:
    """Leaves the person without an answer."""


def clean(server: FakeDiscord) -> None:
    assert server.violations == []
    assert server.unrouted == []
