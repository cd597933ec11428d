"""`/share`: the latest quiz result as a small card, in the channel where this is typed."""

from __future__ import annotations

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
from bot.core.intents import Run
from bot.core.ports import Unit
from bot.core.quiz.session import Kind
from bot.core.quizzing.sharing import card_of
from bot.core.views import Actions, Button, Prose, Text, View


async def share(_: Arguments, visit: Visit) -> Outcome | Effect:
    """The card of the latest result, or a word about there being none."""

    def work(unit: Unit) -> View | None:
        ended = unit.sessions.ended(visit.actor.key, tuple(Kind), 1)
        return card_of(unit, visit, ended[0]) if ended else None

    card = await visit.desk.store.read(work)
    if card is not None:
        return card
    text = "You have no result to share yet."
    button = Button("Take a quiz", Run("quiz"), primary=True)
    return Aside(View("Nothing to share", (Prose((Text(text),)), Actions((button,))), text))


COMMAND = Command(
    name="share",
    description="Show your latest quiz result here, as a small card",
    options=(),
    visibility=Visibility.PUBLIC,
    handler=Personal(share),
)
