"""`/help`: every command, from the declarations."""

from __future__ import annotations

from bot.core.command import Arguments, Command, Context, Kind, Option, Outcome, Visibility
from bot.core.intents import Fill, Run
from bot.core.views import Actions, Block, Bullets, Button, Code, Fields, Prose, Spans, Text, View


async def help_(arguments: Arguments, context: Context) -> Outcome:
    """The list of commands, or one of them in full."""
    name = arguments.get("command")
    return _one(context.commands[name]) if name else _all(context)


def _typed(command: Command) -> str:
    return f"/{command.name} {command.usage}".strip()


def command_bullets(context: Context) -> Bullets:
    """A line for each command: how it is typed and what it does."""
    return Bullets(
        tuple(
            (Code(_typed(command)), Text(f" {command.description}."))
            for command in context.commands.values()
        )
    )


def _all(context: Context) -> View:
    blocks: tuple[Block, ...] = (
        Prose((Text("I answer which of the AI, ML and data roles is which, and which is yours."),)),
        command_bullets(context),
        Prose((
            Text("Plain words work too, in a direct message to me: "),
            Code("difference between AI engineer and ML engineer"),
            Text("."),
        )),
        Actions((
            Button("All roles", Run("roles"), primary=True),
            Button("Compare two", Fill("compare")),
            Button("Which role fits me?", Run("quiz", ("fit",))),
        )),
    )  # fmt: skip
    return View("What I can do", blocks, fallback="The commands, and what each does.")


def _one(command: Command) -> View:
    example = f"/{command.name} {command.example}".strip()
    pairs: list[tuple[str, Spans]] = [
        ("Type", (Code(_typed(command)),)),
        ("Example", (Code(example),)),
        *((option.name, (Text(_about(option)),)) for option in command.options),
    ]
    blocks: tuple[Block, ...] = (
        Prose((Text(f"{command.description}."),)),
        Fields(tuple(pairs)),
        Actions(
            (Button("Try it", _try(command), primary=True), Button("All commands", Run("help")))
        ),
    )
    return View(f"/{command.name}", blocks, fallback=f"/{command.name}: {command.description}.")


def _about(option: Option) -> str:
    return option.description if option.required else f"{option.description} (optional)"


def _try(command: Command) -> Run | Fill:
    return Fill(command.name) if command.options else Run(command.name)


COMMAND = Command(
    name="help",
    description="What I can do, or one command in full",
    options=(Option("command", "A command, such as compare", Kind.COMMAND, required=False),),
    visibility=Visibility.PRIVATE,
    handler=help_,
    example="compare",
)
