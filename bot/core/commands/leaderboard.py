"""`/leaderboard`: this week's right answers, of those who chose to be on it."""

from __future__ import annotations

import datetime as dt

from bot.core.command import (
    Arguments,
    Aside,
    Command,
    Effect,
    Outcome,
    Personal,
    Visibility,
    Visit,
)
from bot.core.intents import Ask, Run, Wish
from bot.core.ports import Standing
from bot.core.quizzing.knowledge_result import points
from bot.core.views import Actions, Block, Bullets, Button, Notice, Prose, Spans, Text, View
from bot.core.wording import date_in_words

PLACES = 10


async def leaderboard(_: Arguments, visit: Visit) -> Outcome | Effect:
    """The board of the server or workspace where this is asked."""
    community = visit.actor.community
    if community is None:
        text = "Every server or workspace has its own leaderboard. Please ask for it in one."
        return Aside(View("Not here", (Prose((Text(text),)),), fallback=text))
    monday = monday_of(visit.now)
    best = await visit.desk.store.read(
        lambda unit: unit.communities.standings(community, monday, PLACES)
    )
    board: Block = (
        Bullets(tuple(_place(standing) for standing in best), numbered=True)
        if best
        else Prose((Text("Nobody is on it yet this week."),))
    )
    said = (
        f"Since {date_in_words(f'{monday:%Y-%m-%d}')} (UTC): right answers at the first attempt, "
        "in quizzes begun here. Only people who join are shown."
    )
    return View(
        "Leaderboard of the week",
        (
            board,
            Notice((Text(said),)),
            Actions(
                (
                    Button("Join", Ask(Wish.JOIN)),
                    Button("Leave", Ask(Wish.LEAVE)),
                    Button("Take a quiz", Run("quiz"), primary=True),
                )
            ),
        ),
        fallback="The leaderboard of the week.",
    )


def monday_of(now: dt.datetime) -> dt.datetime:
    """The beginning of the week, in UTC."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - dt.timedelta(days=now.weekday())


def _place(standing: Standing) -> Spans:
    what = "answer" if standing.answers == 1 else "answers"
    return (Text(f"{standing.name}: {points(standing.points)} of {standing.answers} {what}"),)


COMMAND = Command(
    name="leaderboard",
    description="This week's best in quizzes here, of those who chose to be on it",
    options=(),
    visibility=Visibility.PUBLIC,
    handler=Personal(leaderboard),
)
