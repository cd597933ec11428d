"""What is shown of a quiz when nothing is asked: paused, ended, deleted, or somebody else's."""

from __future__ import annotations

from typing import assert_never

from bot.core.intents import Run, Step, TakeStep
from bot.core.quiz.session import Kind, Session
from bot.core.views import Actions, Button, Italic, Notice, Prose, Text, View


def paused(session: Session) -> View:
    """A quiz that rests."""
    answered = sum(asked.settled for asked in session.asked)

    def step(label: str, step: Step, *, primary: bool = False) -> Button:
        return Button(label, TakeStep(session.id, session.position, step), primary=primary)

    return View(
        "Paused",
        (
            Prose((Text(f"{answered} answered; all of it is kept. It stays open for 7 days."),)),
            Actions(
                (
                    step("Continue", Step.RESUME, primary=True),
                    step("Remind me tomorrow", Step.REMIND),
                    step("Stop", Step.STOP),
                )
            ),
        ),
        fallback="Your quiz is paused.",
    )


def reminded(session: Session) -> View:
    """A reminder is on its way."""
    resume = TakeStep(session.id, session.position, Step.RESUME)
    return View(
        "Paused, with a reminder",
        (
            Prose((Text("I will write to you once, in a day. It stays open for 7 days."),)),
            Actions((Button("Continue now", resume, primary=True),)),
        ),
        fallback="Your quiz is paused; I will remind you in a day.",
    )


def stopped(session: Session) -> View:
    """A quiz that was stopped before its end."""
    return _ended(session, "Stopped", "You can begin again whenever you like.")


def expired(session: Session) -> View:
    """A quiz that rested for too long."""
    text = "This quiz rested for more than 7 days, so I closed it. You are welcome to begin again."
    return _ended(session, "Closed for now", text)


def _ended(session: Session, title: str, text: str) -> View:
    again = Button("Begin again", Run("quiz", what_of(session)), primary=True)
    forget = Button("Delete my answers", TakeStep(session.id, session.position, Step.FORGET))
    return View(
        title,
        (Prose((Text(text),)), Actions((again, Button("All quizzes", Run("quiz")), forget))),
        fallback=f"{title}. {text}",
    )


def what_of(session: Session) -> tuple[str, ...]:
    """The arguments of `/quiz` that begin such a quiz."""
    match session.kind:
        case Kind.FIT:
            return ("fit",)
        case Kind.REVIEW:
            return ("review",)
        case Kind.PLACEMENT:
            return (*session.topic, "placement")
        case Kind.DUEL | Kind.KNOWLEDGE:
            return session.topic
        case _:
            assert_never(session.kind)


def foreign() -> View:
    """Somebody pressed a button of another person's quiz."""
    return View(
        "This is somebody else's quiz",
        (
            Prose((Text("Its answers are theirs alone. You can take your own in a moment."),)),
            Actions((Button("My own quiz", Run("quiz"), primary=True),)),
        ),
        fallback="This is somebody else's quiz; you can take your own with /quiz.",
    )


def gone() -> View:
    """A quiz that was deleted."""
    return View(
        "This quiz is not there any more",
        (
            Prose((Text("It was deleted, with its answers. You can begin a new one."),)),
            Actions((Button("All quizzes", Run("quiz"), primary=True),)),
        ),
        fallback="This quiz was deleted; you can begin a new one with /quiz.",
    )


def continuing(view: View) -> View:
    """The same view, with a word about going on where the person left off."""
    note = Notice((Italic("Continuing where you left off."),))
    return View(view.title, (note, *view.blocks), view.fallback)


def not_done(session: Session) -> View:
    """There is no result yet."""
    go_on = TakeStep(session.id, session.position, Step.RESUME)
    return View(
        "There is no result yet",
        (
            Prose((Text("A quiz can be shared when it is at its end."),)),
            Actions((Button("Continue", go_on, primary=True),)),
        ),
        fallback="There is no result yet.",
    )


def really_forget(session: Session) -> View:
    """Asks before answers are deleted."""
    position = session.position
    return View(
        "Delete the answers of this quiz?",
        (
            Prose((Text("The answers and the result go, and cannot come back."),)),
            Actions(
                (
                    Button("Delete them", TakeStep(session.id, position, Step.FORGET_FOR_GOOD)),
                    Button("Keep them", TakeStep(session.id, position, Step.RETURN)),
                )
            ),
        ),
        fallback="Delete the answers of this quiz?",
    )


def forgotten() -> View:
    """Answers were deleted."""
    return View(
        "Deleted",
        (
            Prose((Text("The answers of this quiz are gone."),)),
            Actions((Button("All quizzes", Run("quiz")), Button("My data", Run("privacy")))),
        ),
        fallback="The answers of this quiz are gone.",
    )
