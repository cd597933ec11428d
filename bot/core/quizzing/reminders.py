"""Reminders, for those who asked for one: a single message each, and never another."""

from __future__ import annotations

import datetime as dt

from bot.core.command import Visit
from bot.core.intents import Run, Step, TakeStep
from bot.core.ports import Notice as Waiting
from bot.core.ports import Topic, Unit
from bot.core.quiz.session import Session
from bot.core.views import Actions, Button, Prose, Text, View

AFTER_PAUSE = dt.timedelta(days=1)


def resume_key(session: Session) -> str:
    """What the reminder of a paused quiz is known by."""
    return f"resume {session.id}"


def to_resume(unit: Unit, session: Session, visit: Visit) -> None:
    """Remind of a paused quiz in a day."""
    unit.notices.put(
        Waiting(
            resume_key(session),
            Topic.RESUME,
            visit.now + AFTER_PAUSE,
            person=session.person,
            data={"session": session.id, "position": str(session.position)},
        )
    )


def to_review(unit: Unit, visit: Visit) -> dt.datetime | None:
    """Remind when the next review is due; the time, or None where nothing will be."""
    person = visit.actor.key
    due = [seen.due for seen in (unit.learning.seen(person)).values()]
    if not due:
        return None
    when = max(min(due), visit.now)
    unit.notices.put(Waiting(f"reviews {person}", Topic.REVIEWS, when, person=person))
    return when


def out_of_reach() -> View:
    """Here the bot cannot write by itself."""
    text = "I cannot write to you by myself here. /progress shows what is due and what is open."
    return View("No reminders here", (Prose((Text(text),)),), fallback=text)


def resume_view(session: str, position: int) -> View:
    """The reminder of a paused quiz."""
    text = "You asked me to remind you: your quiz is waiting where you left it."
    go_on = TakeStep(session, position, Step.RESUME)
    stop = TakeStep(session, position, Step.STOP)
    return View(
        "Your quiz is waiting",
        (
            Prose((Text(text),)),
            Actions((Button("Continue", go_on, primary=True), Button("Stop it", stop))),
        ),
        fallback=text,
    )


def review_view(count: int) -> View:
    """The reminder of reviews; the number of those that are due."""
    what = "One question is" if count == 1 else f"{count} questions are"
    text = f"You asked me to remind you: {what} due for review."
    return View(
        "Time to review",
        (
            Prose((Text(text),)),
            Actions((Button("Review", Run("quiz", ("review",)), primary=True),)),
        ),
        fallback=text,
    )
