"""What a press in a quiz does: one unit of work that reads the session, moves it, and keeps it.

Whatever is pressed, and however often, from which message and on which device: the session decides
by its position whether it still means something, and what is shown is where the quiz stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from bot.core.command import (
    Direct,
    Effect,
    Field,
    Form,
    GoneError,
    Option,
    Say,
    Update,
    Visit,
)
from bot.core.command import (
    Kind as OptionKind,
)
from bot.core.intents import AnswerQuestion, PickOptions, Step, TakeStep, TypeAnswer
from bot.core.ports import Unit
from bot.core.quiz import session as moves
from bot.core.quiz.grading import InvalidResponseError, Response, grade
from bot.core.quiz.session import IllegalMoveError, Phase, Session
from bot.core.quizzing import reminders, sharing, states
from bot.core.quizzing.learning import learn
from bot.core.quizzing.material import fit_order_of, fit_quiz_of, item_of, order_of
from bot.core.quizzing.onward import put_next
from bot.core.quizzing.rounds import fit_goes_on
from bot.core.quizzing.showing import show
from bot.core.user_text import clean
from bot.core.views import Bold, Prose, Text, View

ANSWER = "answer"
"""The name of the one field of the form for a typed answer."""

Move: TypeAlias = Callable[[Unit, Session], Effect]


async def within(visit: Visit, identity: str, move: Move) -> Effect:
    """Move a session of the person who asks, in one unit of work; nobody else's, and no dead one.

    Raises:
        StoreError: if nothing could be kept.
        GoneError: if what the session asked is gone.
    """

    def work(unit: Unit) -> Effect:
        session = unit.sessions.get(identity, lock=True)
        if session is None:
            return Say(states.gone())
        if session.person != visit.actor.key:
            return Say(states.foreign())
        if session.has_rested(visit.now):
            session = moves.expire(session, visit.now)
            unit.sessions.save(session)
        try:
            return move(unit, session)
        except IllegalMoveError:
            return Update(show(unit, visit, session))

    return await visit.desk.store.write(work)


async def answer(intent: AnswerQuestion, visit: Visit) -> Effect:
    """Answer a question by the places of the options that were chosen."""

    def move(unit: Unit, session: Session) -> Effect:
        if not _waits(session, intent.position):
            return Update(show(unit, visit, session))
        if session.kind.is_fit:
            return _prefer(unit, visit, session, intent.places)
        item = item_of(session.current, visit.context.library, unit)
        order = order_of(session, session.position, item)
        return _answered(unit, visit, session, _at(order, intent.places))

    return await within(visit, intent.session, move)


async def answer_typed(intent: TypeAnswer, values: Mapping[str, str], visit: Visit) -> Effect:
    """Answer a question with what was typed."""

    def move(unit: Unit, session: Session) -> Effect:
        if not _waits(session, intent.position):
            return Update(show(unit, visit, session))
        return _answered(unit, visit, session, clean(values.get(ANSWER, "")))

    return await within(visit, intent.session, move)


async def pick(intent: PickOptions, visit: Visit) -> Effect:
    """Show the question with what is picked so far; nothing is decided by that."""

    def move(unit: Unit, session: Session) -> Effect:
        if not _waits(session, intent.position) or session.phase is Phase.PAUSED:
            return Update(show(unit, visit, session))
        return Update(show(unit, visit, session, picked=intent.places))

    return await within(visit, intent.session, move)


async def ask_to_type(intent: TypeAnswer, visit: Visit) -> Effect:
    """Open the form for a typed answer."""

    def move(unit: Unit, session: Session) -> Effect:
        if not _waits(session, intent.position):
            return Update(show(unit, visit, session))
        option = Option(ANSWER, "Your answer", OptionKind.TEXT)
        how = "Press “Type the answer” in the quiz, where a form can open."
        otherwise = View("Type the answer", (Prose((Text(how),)),), fallback=how)
        title = f"Question {session.position + 1}"
        return Form(intent, title, (Field(option),), otherwise, private=True)

    return await within(visit, intent.session, move)


async def take_step(intent: TakeStep, visit: Visit) -> Effect:
    """Go on in another way than by answering."""

    def move(unit: Unit, session: Session) -> Effect:
        return _stepped(unit, visit, session, intent)

    return await within(visit, intent.session, move)


def _stepped(unit: Unit, visit: Visit, session: Session, intent: TakeStep) -> Effect:
    match intent.step:
        case Step.SKIP if _waits(session, intent.position):
            return _skipped(unit, visit, session)
        case Step.REMIND if session.is_open:
            session = moves.pause(session, visit.now)
            unit.sessions.save(session)
            if not visit.actor.reachable:
                return Say(reminders.out_of_reach())
            reminders.to_resume(unit, session, visit)
            return Update(states.reminded(session))
        case Step.SHARE:
            return sharing.share(unit, visit, session)
        case Step.SHOW:
            return Direct(show(unit, visit, session), note=in_your_messages())
        case Step.FORGET:
            return Update(states.really_forget(session))
        case Step.FORGET_FOR_GOOD:
            unit.sessions.delete(session.id)
            return Update(states.forgotten())
        case _:
            moved = _moved(unit, visit, session, intent)
            if moved is not session:
                unit.sessions.save(moved)
            if not moved.is_open:
                unit.notices.cancel(reminders.resume_key(moved))
            return Update(show(unit, visit, moved))


def _moved(unit: Unit, visit: Visit, session: Session, intent: TakeStep) -> Session:
    """The session after a step; the same one where the step means nothing (any more)."""
    here = intent.position == session.position
    match intent.step:
        case Step.NEXT if here and session.phase is Phase.ANSWERED:
            return put_next(unit, visit, session)
        case Step.BACK if session.is_open:
            return moves.back(session, intent.position, visit.now)
        case Step.PAUSE if session.is_open:
            return moves.pause(session, visit.now)
        case Step.RESUME:
            return moves.resume(session, visit.now)
        case Step.STOP:
            return moves.stop(session, visit.now)
        case _:
            return session


def in_your_messages() -> View:
    """Said where somebody is, when the quiz is in their own conversation with the bot."""
    text = "I have sent it to you in a direct message, where only you can see it."
    return View("It is in your messages", (Prose((Text(text),)),), fallback=text)


def _waits(session: Session, position: int) -> bool:
    """Whether the question at this position still waits for an answer."""
    return session.is_open and session.position == position and not session.current.settled


def _at(order: tuple[int, ...], places: tuple[int, ...]) -> tuple[int, ...]:
    """The options at these places. Raises GoneError for a place that is not there."""
    if not places or max(places) >= len(order):
        raise GoneError
    return tuple(order[place] for place in places)


def _prefer(unit: Unit, visit: Visit, session: Session, places: tuple[int, ...]) -> Effect:
    """An answer in a fit quiz; the next question follows at once."""
    quiz = fit_quiz_of(session, visit.context.library, unit)
    options = len(quiz.model.items[session.current.item].options)
    (option, *_) = _at(fit_order_of(session, session.position, options), places)
    answered = moves.answer(session, session.position, (option,), None, visit.now)
    session = fit_goes_on(answered, quiz, session.current.version, visit.now)
    unit.sessions.save(session)
    return Update(show(unit, visit, session))


def _answered(unit: Unit, visit: Visit, session: Session, response: Response) -> Effect:
    """An answer to a knowledge question; its explanation follows at once."""
    item = item_of(session.current, visit.context.library, unit)
    try:
        score = grade(item, response)
    except InvalidResponseError as error:
        return Update(_not_yet(show(unit, visit, session), str(error)))
    chosen = response if isinstance(response, tuple) else ()
    learn(unit, visit, session, item, score, chosen)
    session = moves.answer(session, session.position, response, score, visit.now)
    unit.sessions.save(session)
    return Update(show(unit, visit, session))


def _not_yet(view: View, problem: str) -> View:
    """The same question, with what was wrong about the answer above it."""
    said = Prose((Bold("That is not an answer yet. "), Text(f"{problem} Nothing is counted yet.")))
    return View(view.title, (said, *view.blocks), view.fallback)


def _skipped(unit: Unit, visit: Visit, session: Session) -> Effect:
    """Left out in a fit quiz; in a knowledge quiz, "I don't know", which counts as not right."""
    skipped = moves.skip(session, session.position, visit.now)
    if session.kind.is_fit:
        quiz = fit_quiz_of(session, visit.context.library, unit)
        session = fit_goes_on(skipped, quiz, session.current.version, visit.now)
    else:
        item = item_of(session.current, visit.context.library, unit)
        learn(unit, visit, session, item, 0.0, ())
        session = skipped
    unit.sessions.save(session)
    return Update(show(unit, visit, session))
