"""Where a session stands, as a view."""

from __future__ import annotations

from typing import assert_never

from bot.core.command import Visit
from bot.core.ports import Unit
from bot.core.quiz.session import Phase, Session
from bot.core.quizzing import question, states
from bot.core.quizzing.explained import explained
from bot.core.quizzing.fit_result import fit_result
from bot.core.quizzing.knowledge_result import knowledge_result
from bot.core.quizzing.material import fit_quiz_of, item_of
from bot.core.views import View


def show(unit: Unit, visit: Visit, session: Session, *, picked: tuple[int, ...] = ()) -> View:
    """The question, its explanation, the result, or what became of the quiz.

    Raises:
        GoneError: if what it asked is gone.
    """
    match session.phase:
        case Phase.ASKING:
            return _asking(unit, visit, session, picked)
        case Phase.ANSWERED:
            context = visit.context
            item = item_of(session.current, context.library, unit)
            return explained(
                session,
                item,
                context.library.skill_name(item.skill),
                context.catalogue.content.sources,
                last=len(session.asked) >= session.length,
            )
        case Phase.PAUSED:
            return states.paused(session)
        case Phase.DONE:
            return _result(unit, visit, session)
        case Phase.STOPPED:
            return states.stopped(session)
        case Phase.EXPIRED:
            return states.expired(session)
        case _:
            assert_never(session.phase)


def _asking(unit: Unit, visit: Visit, session: Session, picked: tuple[int, ...]) -> View:
    library = visit.context.library
    if session.kind.is_fit:
        return question.fit_question(session, fit_quiz_of(session, library, unit))
    item = item_of(session.current, library, unit)
    return question.item_question(session, item, library.skill_name(item.skill), picked)


def _result(unit: Unit, visit: Visit, session: Session) -> View:
    library = visit.context.library
    if session.kind.is_fit:
        return fit_result(session, fit_quiz_of(session, library, unit), visit.context)
    return knowledge_result(
        session,
        [item_of(asked, library, unit) for asked in session.asked],
        unit.learning.seen(session.person),
        unit.learning.abilities(session.person),
        visit.context,
        visit.now,
    )
