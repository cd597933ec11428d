"""Commands that take their time, for as long as a test wants, and commands that fail."""

from __future__ import annotations

import asyncio

from bot.core.command import Arguments, Command, Context, Outcome, Visibility
from bot.core.intents import BrowseRoles, Run
from bot.core.views import Actions, Button, Prose, Text, View

DONE = "It took a while."


class Slow:
    """A handler that waits until `go_on` is set; then it answers, or fails."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.begun = asyncio.Event()

    async def answer(self, _: Arguments, __: Context) -> Outcome:
        self.begun.set()
        await self.go_on.wait()
        return VIEW

    async def fail(self, _: Arguments, __: Context) -> Outcome:
        self.begun.set()
        await self.go_on.wait()
        raise RuntimeError("nobody's business")

    def command(
        self, visibility: Visibility = Visibility.PUBLIC, *, fails: bool = False
    ) -> Command:
        handler = self.fail if fails else self.answer
        return Command("slow", "Takes its time", (), visibility, handler, pure=False)


VIEW = View(
    "Slow",
    (
        Prose((Text(DONE),)),
        Actions(
            (
                Button("Again", Run("slow")),
                Button("Again for all", Run("slow", aloud=True)),
                Button("Turn the page", BrowseRoles(0)),
            )
        ),
    ),
    DONE,
)
