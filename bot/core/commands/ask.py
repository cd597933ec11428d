"""`/ask`: a question in plain words, answered by the command that it means."""

from __future__ import annotations

from bot.core.command import Arguments, Aside, Command, Context, Kind, Option, Outcome, Visibility
from bot.core.intents import Run
from bot.core.plain_words import nearest, understand
from bot.core.user_text import quote
from bot.core.views import Actions, Button, Italic, Prose, Text, View


async def ask(arguments: Arguments, context: Context) -> Outcome:
    """The command that the question means, or the nearest things that the content knows."""
    question = arguments["question"]
    return understand(question, context.catalogue) or Aside(_nearest(question, context))


def _nearest(question: str, context: Context) -> View:
    near = nearest(question, context.catalogue)
    known = Prose((Text("These are the nearest things that I know about."),))
    return View(
        "I am not sure what you mean",
        (
            Prose((Text("You asked: "), Italic(quote(question)))),
            known,
            Actions((
                *(Button(label, run, primary=True) for label, run in near),
                Button("All roles", Run("roles")),
                Button("What I can do", Run("help")),
            )),
        ),
        fallback="I am not sure what you mean; here is what is nearest.",
    )  # fmt: skip


COMMAND = Command(
    name="ask",
    description="A question in plain words about the roles and what they need",
    options=(Option("question", "Such as: what is the difference between X and Y", Kind.TEXT),),
    visibility=Visibility.PUBLIC,
    handler=ask,
    example="how do I move from data analyst to data scientist",
    pure=False,
)
