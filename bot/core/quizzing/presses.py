"""What is pressed in a quiz, and where it is answered."""

from __future__ import annotations

from typing import assert_never

from bot.core.command import Effect, Visit
from bot.core.intents import (
    AnswerMeans,
    AnswerQuestion,
    PickOptions,
    QuizIntent,
    ReportQuestion,
    TakeStep,
    TypeAnswer,
)
from bot.core.quizzing import means, play, reporting


async def press(intent: QuizIntent, visit: Visit) -> Effect:
    """The answer to a press.

    Raises:
        GoneError: if what was pressed means nothing any more.
        StoreError: if nothing could be kept; pressing again is safe.
    """
    match intent:
        case AnswerQuestion():
            return await play.answer(intent, visit)
        case PickOptions():
            return await play.pick(intent, visit)
        case TypeAnswer():
            return await play.ask_to_type(intent, visit)
        case TakeStep():
            return await play.take_step(intent, visit)
        case AnswerMeans():
            return await means.answer(intent, visit)
        case ReportQuestion():
            return await reporting.ask(intent, visit)
        case _:
            assert_never(intent)
