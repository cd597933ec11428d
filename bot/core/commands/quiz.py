"""`/quiz`: which role fits, two roles head to head, what one knows, and reviews."""

from __future__ import annotations

from bot.core.command import (
    Arguments,
    Command,
    Effect,
    Kind,
    Option,
    Outcome,
    Personal,
    Visibility,
    Visit,
)
from bot.core.quizzing.starting import begin


async def quiz(arguments: Arguments, visit: Visit) -> Outcome | Effect:
    """The menu, or the first question of a quiz."""
    return await begin(arguments.get("what"), arguments.get("against"), visit)


COMMAND = Command(
    name="quiz",
    description="Find out which role fits you, or what you know; in private, at your own pace",
    options=(
        Option("what", "fit, review, a role or a skill", Kind.QUIZ, required=False),
        Option("against", "A second role, or placement", Kind.AGAINST, required=False),
    ),
    visibility=Visibility.PRIVATE,
    handler=Personal(quiz),
    example="ai-engineer ml-engineer",
)
