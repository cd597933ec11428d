"""What people pressed and what they were shown: what the database must agree with in the end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from bot.core.intents import AnswerQuestion, Intent, Step, TakeStep
from tests.crash.screens import Screen, State
from tests.fakes.discord.world import Changes

Given: TypeAlias = tuple[int, ...] | str | None
"""An answer as it was given: the places of options, typed words, or None for leaving it out."""


class Fault(Enum):
    """What must never happen."""

    LOST = "lost"
    DOUBLED = "doubled"
    INVENTED = "invented"
    STUCK = "stuck"
    DAMAGED = "damaged"
    LOGGED = "logged"
    SAID = "said"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that happened although it must not."""

    fault: Fault
    text: str

    def __str__(self) -> str:
        return f"{self.fault.value}: {self.text}"


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a quiz is for certain: the question put last, how many are settled, the result."""

    position: int = -1
    settled: int = 0
    done: bool = False


class Count(Enum):
    """What is counted on the way."""

    BEGUN = "quizzes asked for"
    PRESSES = "presses"
    TWICE = "of these twice at once"
    OLD = "of these on old buttons"
    ACKNOWLEDGED = "acknowledged"
    UNANSWERED = "unanswered"
    RETRIED = "pressed again"
    REFUSED = "refused politely"
    ENDED = "quizzes ended"


@dataclass(slots=True)
class Ledger:
    """Everything that the people of one run did and saw."""

    reached: dict[str, Reached] = field(default_factory=dict)
    given: dict[tuple[str, int], set[Given]] = field(default_factory=dict)
    counts: Counter[Count] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)

    def count(self, what: Count) -> None:
        """Count one more of these."""
        self.counts[what] += 1
        self.changes.notify()

    async def counted(self, what: Count, more: int, within: float) -> None:
        """Return once so many more of these were counted than at this moment."""
        wanted = self.counts[what] + more
        await self.changes.wait_for(
            lambda: self.counts[what] >= wanted, f"{more} x {what.value}", within
        )

    def pressing(self, intent: Intent) -> None:
        """Somebody is about to press this."""
        match intent:
            case AnswerQuestion(session, position, places):
                self._gives(session, position, places)
            case TakeStep(session, position, Step.SKIP):
                self._gives(session, position, None)
            case _:
                pass

    def typing(self, session: str, position: int, text: str) -> None:
        """Somebody is about to send a typed answer."""
        self._gives(session, position, text)

    def _gives(self, session: str, position: int, given: Given) -> None:
        self.given.setdefault((session, position), set()).add(given)

    def known(self, session: str) -> Reached:
        """How far a quiz was shown to be until now."""
        return self.reached.get(session, Reached())

    def saw(self, screen: Screen, before: Reached | None = None) -> None:
        """Somebody was shown this.

        `before` is how far the quiz was known to be when they pressed: it must not be behind that.
        """
        standing = screen.standing
        if standing is None:
            return
        known = self.known(standing.session)
        done = standing.state is State.DONE
        if before is not None:
            behind = standing.state is not State.PAUSED and standing.settled < before.settled
            if behind or standing.position < before.position or (before.done and not done):
                text = f"{before} of {standing.session} was shown, and later {standing}"
                self.problems.append(Problem(Fault.LOST, text))
        self.reached[standing.session] = Reached(
            max(known.position, standing.position),
            max(known.settled, standing.settled),
            known.done or done,
        )
