"""How somebody takes quizzes who is impatient, absent-minded and persistent."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from random import Random
from typing import Any, TypeVar

from bot.core.intents import AnswerQuestion, PickOptions, Step, TakeStep, TypeAnswer
from tests.crash.ledger import Count, Fault, Ledger, Problem, Reached
from tests.crash.line import Line
from tests.crash.screens import (
    Button,
    Form,
    FormClosedError,
    Person,
    Screen,
    Standing,
    State,
    UnansweredError,
)

T = TypeVar("T", Screen, Screen | Form)

MOST_PRESSES = 300
"""No quiz takes more, also for somebody who now and then presses an old button."""

MOST_TRIES = 40
"""Tries in front of a living bot; how often it dies meanwhile does not matter."""

REACTION = 0.1
"""Seconds that the slowest need until they try again."""

MOST_ASIDE = 3
OLD_BUTTONS = 30

TWICE, OLD, ASIDE = 0.12, 0.06, 0.3
"""Shares of presses and, for the last, of pauses."""

HOW_OFTEN: Mapping[Step, float] = {
    Step.PAUSE: 0.04,
    Step.SKIP: 0.08,
    Step.NEXT: 1.0,
    Step.RESUME: 1.0,
}
"""How often a step is taken where it is offered, in the order in which one thinks of it."""

WORDS = ("42", "7", "3.5")
"""Answers that make sense to questions for a number and, somehow, for a word."""


class Player:
    """A person with a way of playing; everything they do and see goes into the ledger."""

    def __init__(
        self, person: Person, line: Line, ledger: Ledger, chance: Random, topics: Sequence[str]
    ) -> None:
        self._person = person
        self._line = line
        self._ledger = ledger
        self._chance = chance
        self._topics = topics
        self._old: deque[tuple[Screen, Button]] = deque(maxlen=OLD_BUTTONS)
        self._aside: list[Screen] = []

    async def play(self, enough: asyncio.Event) -> None:
        """Take one quiz after another, and when it is enough, finish all that were begun."""
        while not enough.is_set():
            topic = self._chance.choice(self._topics)
            self._ledger.count(Count.BEGUN)
            first = await self._insisting(partial(self._person.begin, topic))
            await self._take(first, enough)
            if self._aside and self._chance.random() < ASIDE:
                await self._take(self._aside.pop(), enough)
        while self._aside:
            await self._take(self._aside.pop(), enough)

    async def _take(self, screen: Screen, enough: asyncio.Event) -> None:
        """Go through a quiz to its result, or put it aside where it is paused."""
        for _ in range(MOST_PRESSES):
            standing = screen.standing
            if standing is None:
                self._problem(Fault.STUCK, f"nothing to go on with: {screen.text}")
                return
            if standing.state is State.DONE:
                self._ledger.count(Count.ENDED)
                return
            if standing.state is State.PAUSED and self._has_other_plans(enough):
                self._aside.append(screen)
                return
            screen = await self._step(screen, standing)
        self._problem(Fault.STUCK, f"{screen.standing} does not come to an end")

    def _has_other_plans(self, enough: asyncio.Event) -> bool:
        free = not enough.is_set() and len(self._aside) < MOST_ASIDE
        return free and self._chance.random() < ASIDE

    async def _step(self, screen: Screen, standing: Standing) -> Screen:
        if self._old and self._chance.random() < OLD:
            await self._press_something_old()
            screen = self._person.now(screen)
            self._ledger.saw(screen)
            if screen.standing != standing:
                return screen
        chosen = self._choice(screen)
        if isinstance(chosen.intent, TypeAnswer):
            return await self._type(screen, chosen, standing)
        self._old.append((screen, chosen))
        self._ledger.pressing(chosen.intent)
        return await self._pressed(partial(self._person.press, screen, chosen), screen)

    def _choice(self, screen: Screen) -> Button:
        """What to press: mostly what leads on."""
        steps = {b.intent.step: b for b in screen.buttons if isinstance(b.intent, TakeStep)}
        picks = [b for b in screen.buttons if isinstance(b.intent, PickOptions)]
        answers = [b for b in screen.buttons if isinstance(b.intent, AnswerQuestion | TypeAnswer)]
        for step, share in HOW_OFTEN.items():
            if step in steps and self._chance.random() < share:
                return steps[step]
        if picks and (not answers or self._chance.random() < 0.5):
            return self._chance.choice(picks)
        return self._chance.choice(answers)

    async def _type(self, screen: Screen, opens: Button, standing: Standing) -> Screen:
        """Open the form, again if it has closed, and send an answer."""
        text = self._chance.choice(WORDS)
        while True:
            form = await self._insisting(partial(self._person.press, screen, opens), screen)
            if isinstance(form, Screen):
                return form
            self._ledger.typing(standing.session, standing.position, text)
            try:
                return await self._pressed(partial(self._person.send, form, text), screen)
            except FormClosedError:
                continue

    async def _press_something_old(self) -> None:
        """Whatever that is, it is answered, and it undoes nothing."""
        screen, button = self._chance.choice(self._old)
        self._ledger.count(Count.OLD)
        await self._insisting(partial(self._person.press, screen, button), screen)

    async def _pressed(
        self, act: Callable[[], Coroutine[Any, Any, Screen | Form]], screen: Screen
    ) -> Screen:
        """Do it, now and then twice at once; what is shown in the end."""
        if self._chance.random() >= TWICE:
            return _screen(await self._insisting(act, screen))
        self._ledger.count(Count.TWICE)
        both = [asyncio.create_task(self._insisting(act, screen)) for _ in range(2)]
        await asyncio.wait(both)
        # Where the first of two closes a form, the second may find it closed.
        open_ones = [one for one in both if not isinstance(one.exception(), FormClosedError)]
        shown = [_screen(one.result()) for one in open_ones]
        return max(shown, key=_how_far) if shown else _screen(both[0].result())

    async def _insisting(
        self, act: Callable[[], Coroutine[Any, Any, T]], screen: Screen | None = None
    ) -> T:
        """Do the same again until it is answered; `screen` is where it is done."""
        tried = in_vain = 0
        while in_vain < MOST_TRIES:
            await self._line.opened()
            if tried:
                self._ledger.count(Count.RETRIED)
            tried += 1
            self._ledger.count(Count.PRESSES)
            before = self._known_from(screen)
            try:
                shown = await self._line.carried(act)
            except UnansweredError:
                self._ledger.count(Count.UNANSWERED)
                in_vain += self._line.is_open
                # Else whoever was served last once would be served last, and killed, for ever.
                await asyncio.sleep(self._chance.uniform(0.0, REACTION))
                continue
            if self._is_taken(shown, before):
                return shown
            in_vain += 1
        raise AssertionError(f"{self._person} was not answered in {MOST_TRIES} tries")

    def _known_from(self, screen: Screen | None) -> Mapping[str, Reached]:
        """How far the quiz in this message is known to be, also by what came too late for us."""
        if screen is None or screen.standing is None:
            return {}
        self._ledger.saw(self._person.now(screen))
        session = screen.standing.session
        return {session: self._ledger.known(session)}

    def _is_taken(self, shown: Screen | Form, before: Mapping[str, Reached]) -> bool:
        """Note what was shown; False where it says that nothing was saved."""
        if isinstance(shown, Form):
            self._ledger.count(Count.ACKNOWLEDGED)
            return True
        if shown.refused:
            self._ledger.count(Count.REFUSED)
            return False
        self._ledger.count(Count.ACKNOWLEDGED)
        if shown.fault:
            self._problem(Fault.SAID, shown.text)
        standing = shown.standing
        if standing is not None:
            # Nobody else moves a person's quizzes: one just asked for is where it was before.
            known = self._ledger.known(standing.session)
            self._ledger.saw(shown, before.get(standing.session, known))
        return True

    def _problem(self, fault: Fault, text: str) -> None:
        self._ledger.problems.append(Problem(fault, text))


def _screen(shown: Screen | Form) -> Screen:
    assert isinstance(shown, Screen), "a form is open where an answer was expected"
    return shown


def _how_far(screen: Screen) -> tuple[int, int]:
    standing = screen.standing
    return (standing.position, standing.settled) if standing else (-1, 0)
