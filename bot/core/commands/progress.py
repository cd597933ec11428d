"""`/progress`: a person's own results, levels and reviews."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from bot.core.command import (
    Arguments,
    Command,
    Effect,
    Outcome,
    Personal,
    Visibility,
    Visit,
)
from bot.core.intents import Ask, Run, Step, TakeStep, Wish
from bot.core.ports import Unit
from bot.core.quiz.session import Kind, Session
from bot.core.quizzing.fit_result import result_of, verdict
from bot.core.quizzing.knowledge_result import level_bars, points
from bot.core.quizzing.material import fit_quiz_of
from bot.core.quizzing.menu import continue_blocks, name_of
from bot.core.views import Actions, Block, Bullets, Button, Heading, Prose, Spans, Text, View
from bot.core.wording import capitalised, date_in_words

SHOWN = 5
"""Results of knowledge quizzes that are listed."""

KNOWLEDGE = (Kind.KNOWLEDGE, Kind.PLACEMENT, Kind.REVIEW)


async def progress(_: Arguments, visit: Visit) -> Outcome | Effect:
    """Results, levels by group of skills, reviews that are due, and quizzes to go on with."""
    return await visit.desk.store.read(lambda unit: _view(unit, visit))


def _view(unit: Unit, visit: Visit) -> View:
    person = visit.actor.key
    blocks: list[Block] = []
    for session in unit.sessions.ended(person, (Kind.FIT, Kind.DUEL), 1):
        blocks += _fit(unit, visit, session)
    blocks += _results(unit.sessions.ended(person, KNOWLEDGE, SHOWN), visit)
    if abilities := unit.learning.abilities(person):
        blocks += (Heading("Your levels"), level_bars(abilities, visit.context))
    going = [s for s in unit.sessions.open(person) if not s.has_rested(visit.now)]
    blocks += continue_blocks(going, visit.context)
    if not blocks:
        blocks.append(Prose((Text("Nothing yet. The first quiz takes about two minutes."),)))
    blocks += _reviews(len(unit.learning.due(person, visit.now)))
    return View("Your progress", tuple(blocks), fallback="Your results, levels and reviews.")


def _fit(unit: Unit, visit: Visit, session: Session) -> Sequence[Block]:
    quiz = fit_quiz_of(session, visit.context.library, unit)
    result = result_of(session, quiz)
    said = verdict(result, quiz, duel=session.kind is Kind.DUEL) if result else "Too few answers."
    return (
        Heading("Role fit"),
        Prose((Text(f"{said} ({_date(session.updated)})"),)),
        Actions((Button("See it again", TakeStep(session.id, session.position, Step.SHOW)),)),
    )


def _results(ended: tuple[Session, ...], visit: Visit) -> Iterator[Block]:
    if ended:
        yield Heading("Latest results")
        yield Bullets(tuple(_result(session, visit) for session in ended))


def _result(session: Session, visit: Visit) -> Spans:
    name = capitalised(name_of(session, visit.context))
    score = f"{points(session.score)} of {len(session.asked)}"
    return (Text(f"{name}: {score} ({_date(session.updated)})"),)


def _reviews(due: int) -> Iterator[Block]:
    yield Heading("Reviews")
    if due:
        what = "One question is" if due == 1 else f"{due} questions are"
        yield Prose((Text(f"{what} due."),))
        yield Actions((Button("Review", Run("quiz", ("review",)), primary=True),))
    else:
        yield Prose((Text("Nothing is due."),))
        yield Actions(
            (
                Button("All quizzes", Run("quiz"), primary=True),
                Button("Remind me to review", Ask(Wish.REMIND)),
            )
        )


def _date(when: dt.datetime) -> str:
    return date_in_words(f"{when:%Y-%m-%d}")


COMMAND = Command(
    name="progress",
    description="Your quiz results, your levels, and what is due for review",
    options=(),
    visibility=Visibility.PRIVATE,
    handler=Personal(progress),
)
