"""Commands and questions that answer with whatever effect a test wants."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.command import (
    Actor,
    Arguments,
    Attachment,
    Click,
    Command,
    Direct,
    Effect,
    Field,
    Form,
    Kind,
    Option,
    Outcome,
    Permission,
    Personal,
    Post,
    Say,
    Submission,
    Suggestion,
    Update,
    Visibility,
    Visit,
)
from bot.core.commands import COMMANDS
from bot.core.content.catalogue import Catalogue
from bot.core.dispatch import Dispatcher
from bot.core.intents import Run, TypeAnswer
from bot.core.subscriptions import Place
from bot.core.views import Actions, Button, Prose, Text, View

QUESTION = "Which number is it?"
SECRET = "This is for you alone."
SENT = "It is in your messages."
CARD = "Ada took a quiz."
POSTED = "It is posted."
REFUSED = "It cannot be posted there."
FILE = Attachment("data.json", '{\n  "name": "Zoë & <@U1>"\n}\n')


def view(text: str, *buttons: Button, title: str = "Title") -> View:
    actions = (Actions(buttons),) if buttons else ()
    return View(title, (Prose((Text(text),)), *actions), text)


@dataclass(slots=True)
class Told:
    """A command that always has the same effect, and who used it."""

    effect: Effect
    name: str = "tell"
    visibility: Visibility = Visibility.PRIVATE
    permission: Permission = Permission.ANYBODY
    actors: list[Actor] = field(default_factory=list)

    async def handle(self, _: Arguments, visit: Visit) -> Outcome | Effect:
        self.actors.append(visit.actor)
        return self.effect

    @property
    def command(self) -> Command:
        return Command(
            self.name,
            "For a test",
            (),
            self.visibility,
            Personal(self.handle),
            permission=self.permission,
        )


def direct(attachment: Attachment | None = None, name: str = "tell") -> Told:
    return Told(Direct(view(SECRET), view(SENT), attachment), name)


def post(channel: str | int, platform: str = "slack") -> Told:
    place = Place(platform, f"{platform}:community", str(channel))
    return Told(Post(place, view(CARD), view(POSTED), view(REFUSED)))


TYPE = TypeAnswer("s1", 3)
REASONS = (Suggestion("wrong", "The answer is wrong"), Suggestion("old", "It is out of date"))


def form() -> Form:
    return Form(
        TYPE,
        "Question 4",
        (
            Field(Option("answer", "Your answer", Kind.TEXT)),
            Field(Option("reason", "What is wrong", Kind.LISTED), None, REASONS),
            Field(Option("details", "In your words", Kind.TEXT, required=False)),
        ),
        view("Press it where a form can open."),
        private=True,
    )


class Asking(Dispatcher):
    """Asks a question with a form, from a private message, a public one or a command."""

    def __init__(self, catalogue: Catalogue) -> None:
        asked = Button("Type the answer", TYPE)
        question = view(QUESTION, asked)
        quietly = Told(Say(question), "quietly")
        loudly = Told(Say(question, Visibility.PUBLIC), "loudly", Visibility.PUBLIC)
        self.sent: list[Submission] = []
        self.wait: asyncio.Event | None = None
        more = {told.name: told.command for told in (quietly, loudly)}
        super().__init__(catalogue, {**COMMANDS, **more})

    async def click(self, click: Click) -> Effect:
        return form() if click.intent == TYPE else await super().click(click)

    async def submit(self, submission: Submission) -> Effect:
        if submission.intent != TYPE:
            return await super().submit(submission)
        self.sent.append(submission)
        if self.wait is not None:
            await self.wait.wait()
        return Update(view("Right.", Button("Next", Run("help"))))

    @property
    def values(self) -> Mapping[str, str]:
        """What was filled in last."""
        return self.sent[-1].values
