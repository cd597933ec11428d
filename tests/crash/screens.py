"""What a person sees of a quiz and can press there, and what that says about where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from bot.core import problems
from bot.core.intents import (
    AnswerQuestion,
    Intent,
    PickOptions,
    Step,
    TakeStep,
    TypeAnswer,
    UnknownIntentError,
    decode,
)
from bot.core.quizzing import states
from bot.core.views import View


class State(Enum):
    """What a message shows of a quiz."""

    ASKED = "a question"
    EXPLAINED = "an explanation"
    PAUSED = "a pause"
    DONE = "the result"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a quiz stands, as a message says: at this position (from 0), in this state."""

    session: str
    position: int
    state: State

    @property
    def settled(self) -> int:
        """How many questions have been settled for certain."""
        return self.position + (self.state in {State.EXPLAINED, State.DONE})


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press. `handle` belongs to the platform's driver."""

    label: str
    intent: Intent
    handle: str


@dataclass(frozen=True, slots=True)
class Form:
    """A form with one field, in front of a person. `handle` belongs to the platform's driver."""

    handle: Any


@dataclass(frozen=True, slots=True)
class Screen:
    """A message as somebody sees it. `handle` belongs to the platform's driver."""

    text: str
    buttons: tuple[Button, ...]
    handle: Any

    @property
    def standing(self) -> Standing | None:
        """Where the quiz stands that this shows; None where it shows none."""
        found = (_standing(button.intent) for button in self.buttons)
        return next((standing for standing in found if standing is not None), None)

    @property
    def refused(self) -> bool:
        """Whether this says that nothing could be saved."""
        return problems.try_again().title in self.text

    @property
    def fault(self) -> bool:
        """Whether this says what nobody should read who only takes quizzes."""
        return any(view.title in self.text for view in _FAULTS)


_FAULTS: tuple[View, ...] = (
    problems.our_fault(""),
    problems.outdated(),
    states.gone(),
    states.foreign(),
)


def _standing(intent: Intent) -> Standing | None:
    match intent:
        case (
            AnswerQuestion(session, position)
            | PickOptions(session, position)
            | TypeAnswer(session, position)
        ):
            return Standing(session, position, State.ASKED)
        case TakeStep(session, position, Step.NEXT):
            return Standing(session, position, State.EXPLAINED)
        case TakeStep(session, position, Step.RESUME):
            return Standing(session, position, State.PAUSED)
        case TakeStep(session, position, Step.SHARE):
            return Standing(session, position, State.DONE)
        case _:
            return None


def button(label: str, identity: str, handle: str = "") -> Button | None:
    """The button with this id; None for one that the quizzes of the bot do not have."""
    try:
        return Button(label, decode(identity), handle or identity)
    except UnknownIntentError:
        return None


class UnansweredError(Exception):
    """The platform says that nobody answered."""


class FormClosedError(Exception):
    """The form is not open any more."""


class Person(Protocol):
    """Somebody in their own conversation with the bot. What is not answered raises an error."""

    async def begin(self, what: str) -> Screen:
        """Ask for a quiz by the command. Raises UnansweredError."""

    async def press(self, screen: Screen, button: Button) -> Screen | Form:
        """Press a button, also one that the message no longer has. Raises UnansweredError."""

    async def send(self, form: Form, text: str) -> Screen:
        """Fill in a form and send it. Raises UnansweredError, FormClosedError."""

    def now(self, screen: Screen) -> Screen:
        """The same message as it looks at this moment."""
