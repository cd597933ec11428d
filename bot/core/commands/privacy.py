"""`/privacy`: what is kept about a person, all of it as a file, and its end."""

from __future__ import annotations

from bot.core.command import Arguments, Command, Context, Outcome, Visibility
from bot.core.intents import Ask, Wish
from bot.core.views import Actions, Bullets, Button, Prose, Text, View

KEPT = (
    "Quizzes you take: the questions, your answers and the result. An open one is closed after 7 "
    "days without an answer.",
    "What your answers to knowledge questions say: a level in each group of skills, and when a "
    "question comes back for review.",
    "Reports you send about questions, and reminders you ask for.",
    "That you set up or look after the newsletter of a server or workspace. It goes on when your "
    "data goes, and names you no more.",
    "Which option you chose where the newsletter asked a question.",
    "Your display name, only if you join a leaderboard.",
    "Your id on this platform, to tell whose all of that is. Nothing else: no messages, no "
    "profile, no list of members.",
)


async def privacy(_: Arguments, __: Context) -> Outcome:
    """What is kept, and what one can do about it."""
    return View(
        "Your data",
        (
            Prose((Text("This is what I keep about you, from the moment you use it:"),)),
            Bullets(tuple((Text(line),) for line in KEPT)),
            Prose(
                (
                    Text(
                        "Looking things up is not kept beyond this process. Nobody but you sees "
                        "your answers; statistics of questions hold no names."
                    ),
                )
            ),
            Actions(
                (
                    Button("Send me all of it", Ask(Wish.EXPORT), primary=True),
                    Button("Delete all of it", Ask(Wish.ERASE)),
                )
            ),
        ),
        fallback="What I keep about you, and how to get or delete it.",
    )


COMMAND = Command(
    name="privacy",
    description="What I keep about you; get all of it, or delete all of it",
    options=(),
    visibility=Visibility.PRIVATE,
    handler=privacy,
)
