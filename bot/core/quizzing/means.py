"""The questions after a fit result: about means, so they add notes and never move the ranking."""

from __future__ import annotations

from dataclasses import replace
from string import ascii_uppercase

from bot.core.command import Effect, GoneError, Update, Visit
from bot.core.content.quizzes import FeasibilityItem
from bot.core.intents import AnswerMeans, Step, TakeStep
from bot.core.ports import Unit
from bot.core.quiz.session import Phase, Session
from bot.core.quizzing.fit_result import fit_result
from bot.core.quizzing.material import fit_quiz_of
from bot.core.quizzing.play import within
from bot.core.quizzing.showing import show
from bot.core.views import Actions, Bold, Button, Fields, Notice, Prose, Text, View


async def answer(intent: AnswerMeans, visit: Visit) -> Effect:
    """Show the question with this number, or keep its answer and show the next."""

    def move(unit: Unit, session: Session) -> Effect:
        if session.phase is not Phase.DONE or not session.kind.is_fit:
            return Update(show(unit, visit, session))
        quiz = fit_quiz_of(session, visit.context.library, unit)
        items = quiz.file.feasibility
        if not 0 <= intent.number < len(items):
            raise GoneError
        number = intent.number
        if intent.option >= 0:
            item = items[number]
            if intent.option >= len(item.options):
                raise GoneError
            session = replace(session, means={**session.means, item.id: intent.option})
            unit.sessions.save(session)
            number += 1
        if number < len(items):
            return Update(_question(session, items[number], number, len(items)))
        return Update(fit_result(session, quiz, visit.context))

    return await within(visit, intent.session, move)


def _question(session: Session, item: FeasibilityItem, number: int, count: int) -> View:
    lettered = list(zip(ascii_uppercase, item.options, strict=False))
    answers = tuple(
        Button(letter, AnswerMeans(session.id, number, place), primary=True)
        for place, (letter, _) in enumerate(lettered)
    )
    back = Button("Back to the result", TakeStep(session.id, session.position, Step.RETURN))
    return View(
        f"About the way in, {number + 1} of {count}",
        (
            Prose((Bold(item.stem),)),
            Fields(tuple((letter, (Text(option.text),)) for letter, option in lettered)),
            Notice((Text("This adds a note. It does not change which roles fit you."),)),
            Actions(answers),
            Actions((back,)),
        ),
        fallback=item.stem,
    )
