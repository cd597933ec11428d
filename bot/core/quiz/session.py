"""One quiz of one person from the first question to the end: a state machine without side effects.

Every move returns a new session, or raises `IllegalMoveError`. Answering and skipping name the
position that they are meant for, so that a second tap, a retry or an old message changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.core.quiz.grading import Response

KEPT_OPEN = dt.timedelta(days=7)
"""How long a session rests before it is closed."""


class Kind(StrEnum):
    """What a quiz is about, and so how it is scored."""

    FIT = "fit"
    DUEL = "duel"
    KNOWLEDGE = "knowledge"
    PLACEMENT = "placement"
    REVIEW = "review"

    @property
    def is_fit(self) -> bool:
        """Whether answers are preferences, which are neither right nor wrong."""
        return self in {Kind.FIT, Kind.DUEL}


class Phase(StrEnum):
    """Where a session stands."""

    ASKING = "asking"
    ANSWERED = "answered"
    PAUSED = "paused"
    DONE = "done"
    STOPPED = "stopped"
    EXPIRED = "expired"


NEXT: Mapping[Phase, frozenset[Phase]] = {
    Phase.ASKING: frozenset(
        {Phase.ANSWERED, Phase.ASKING, Phase.PAUSED, Phase.STOPPED, Phase.EXPIRED}
    ),
    Phase.ANSWERED: frozenset(
        {Phase.ASKING, Phase.PAUSED, Phase.DONE, Phase.STOPPED, Phase.EXPIRED}
    ),
    Phase.PAUSED: frozenset({Phase.ASKING, Phase.ANSWERED, Phase.STOPPED, Phase.EXPIRED}),
    Phase.DONE: frozenset(),
    Phase.STOPPED: frozenset(),
    Phase.EXPIRED: frozenset(),
}
"""For each phase those that may follow. Going back in a fit quiz asks again."""

OPEN = frozenset({Phase.ASKING, Phase.ANSWERED, Phase.PAUSED})


class IllegalMoveError(Exception):
    """The session does not allow this move where it stands."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was put: the item, which version of it, and what came back.

    `response` is None while it waits for an answer, and for good where it was `skipped`. `score`
    is 0 to 1, and None in a fit quiz.
    """

    item: str
    version: str
    at: dt.datetime
    response: Response | None = None
    score: float | None = None
    skipped: bool = False

    @property
    def settled(self) -> bool:
        """Whether it was answered or skipped."""
        return self.skipped or self.response is not None


@dataclass(frozen=True, slots=True)
class Session:
    """A quiz of `person` about `topic`: ids of roles, of a skill or of a group of skills.

    `content` is the version of the content with which it began; `seed` decides the order of
    options; `community` and `channel` say where it was begun. `length` is the number of questions
    that it will have, as far as that is known. `means` are the answers to questions that come after
    a fit result, by their ids. Times are in UTC.
    """

    id: str
    person: str
    kind: Kind
    topic: tuple[str, ...]
    seed: int
    content: str
    length: int
    started: dt.datetime
    updated: dt.datetime
    phase: Phase = Phase.ANSWERED
    asked: tuple[Asked, ...] = ()
    means: Mapping[str, int] = field(default_factory=dict)
    community: str | None = None
    channel: str | None = None

    @property
    def position(self) -> int:
        """The number of the current question, from 0; -1 before the first."""
        return len(self.asked) - 1

    @property
    def current(self) -> Asked:
        """The current question. Raises IndexError before the first."""
        return self.asked[-1]

    @property
    def is_open(self) -> bool:
        return self.phase in OPEN

    @property
    def answers(self) -> Mapping[str, int]:
        """The chosen option of every item that was answered with one."""
        return {
            asked.item: asked.response[0]
            for asked in self.asked
            if isinstance(asked.response, tuple) and asked.response
        }

    @property
    def score(self) -> float:
        """The sum of the scores so far."""
        return sum(asked.score or 0.0 for asked in self.asked)

    def has_rested(self, now: dt.datetime) -> bool:
        """Whether it was left alone for so long that it is closed."""
        return self.is_open and now - self.updated > KEPT_OPEN


def ask(session: Session, item: str, version: str, now: dt.datetime) -> Session:
    """Put the next question, when the one before is settled."""
    if session.asked and not session.current.settled:
        raise IllegalMoveError("the question before waits for an answer")
    asked = (*session.asked, Asked(item, version, now))
    return replace(_moved(session, Phase.ASKING, now), asked=asked)


def with_length(session: Session, length: int) -> Session:
    """The same with another number of questions."""
    return replace(session, length=length)


def answer(
    session: Session, position: int, response: Response, score: float | None, now: dt.datetime
) -> Session:
    """Settle the question at `position`; the very same session where that was done before."""
    return _settled(session, position, now, response=response, score=score)


def skip(session: Session, position: int, now: dt.datetime) -> Session:
    """Leave the question at `position` out; the very same session where it is settled."""
    return _settled(session, position, now, skipped=True)


def back(session: Session, position: int, now: dt.datetime) -> Session:
    """From the question at `position` to the one before it, which is asked again.

    The same session where another question is the current one by now.
    """
    if position != session.position:
        return session
    if not session.kind.is_fit or position < 1:
        raise IllegalMoveError("there is nothing to go back to")
    again = replace(session.asked[-2], response=None, score=None, skipped=False, at=now)
    return replace(_moved(session, Phase.ASKING, now), asked=(*session.asked[:-2], again))


def pause(session: Session, now: dt.datetime) -> Session:
    """Let it rest; the same session where it does already."""
    return session if session.phase is Phase.PAUSED else _moved(session, Phase.PAUSED, now)


def resume(session: Session, now: dt.datetime) -> Session:
    """Go on where it was paused; the same session where it was not."""
    if session.phase is not Phase.PAUSED:
        return session
    return _moved(session, Phase.ANSWERED if session.current.settled else Phase.ASKING, now)


def finish(session: Session, now: dt.datetime) -> Session:
    """End it with a result."""
    return _moved(session, Phase.DONE, now)


def stop(session: Session, now: dt.datetime) -> Session:
    """End it before its end; the same session where it has ended."""
    return _moved(session, Phase.STOPPED, now) if session.is_open else session


def expire(session: Session, now: dt.datetime) -> Session:
    """Close it because it rested for too long."""
    return _moved(session, Phase.EXPIRED, now)


def _settled(
    session: Session,
    position: int,
    now: dt.datetime,
    *,
    response: Response | None = None,
    score: float | None = None,
    skipped: bool = False,
) -> Session:
    if not 0 <= position <= session.position:
        raise IllegalMoveError(f"question {position} has not been asked")
    if position < session.position or session.current.settled or not session.is_open:
        return session
    settled = replace(session.current, response=response, score=score, skipped=skipped)
    session = resume(session, now)
    return replace(_moved(session, Phase.ANSWERED, now), asked=(*session.asked[:-1], settled))


def _moved(session: Session, phase: Phase, now: dt.datetime) -> Session:
    if phase not in NEXT[session.phase]:
        raise IllegalMoveError(f"{session.phase} cannot become {phase}")
    return replace(session, phase=phase, updated=now)
