"""Which question comes next, and when a quiz is at its end."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence

from bot.core.content.quizzes import Item
from bot.core.ports import Seen
from bot.core.quiz import session as moves
from bot.core.quiz.adaptive import (
    FIRST,
    PLACEMENT,
    PRACTICE,
    Rating,
    choose,
    expected,
    placed,
)
from bot.core.quiz.fit import DUEL_ITEMS, MAX_TIES, MIN_ANSWERS, MIN_DUEL_ANSWERS
from bot.core.quiz.grading import guess_chance
from bot.core.quiz.library import FitQuiz, Library
from bot.core.quiz.pool import Pool, Wanted
from bot.core.quiz.session import Kind, Session

LENGTHS: Mapping[Kind, int] = {
    Kind.DUEL: DUEL_ITEMS,
    Kind.KNOWLEDGE: 10,
    Kind.PLACEMENT: 12,
    Kind.REVIEW: 10,
}
"""The most questions of a quiz; the role-fit quiz has its core items and perhaps some more."""

ON_ONE_SKILL = 5
"""The most questions of a quiz on a single skill."""


def least_answers(kind: Kind) -> int:
    """The fewest answers that give a fit result."""
    return MIN_DUEL_ANSWERS if kind is Kind.DUEL else MIN_ANSWERS


def fit_goes_on(session: Session, quiz: FitQuiz, version: str, now: dt.datetime) -> Session:
    """The next question of a fit quiz, or its end."""
    item = next_fit_item(session, quiz)
    if item is None:
        return moves.finish(session, now)
    return moves.ask(session, item, version, now)


def next_fit_item(session: Session, quiz: FitQuiz) -> str | None:
    """The item to ask next; None where nothing more is needed, or nothing is left."""
    model, answers = quiz.model, session.answers
    asked = {question.item for question in session.asked}
    if session.kind is Kind.DUEL:
        left = [item for item in model.duel_order(*session.topic) if item not in asked]
        return left[0] if left and len(answers) < DUEL_ITEMS else None
    for item in model.core:
        if item not in asked:
            return item
    ties = [tie for tie in model.ties if tie not in asked]
    if len(answers) < MIN_ANSWERS:
        return ties[0] if ties else None
    if sum(item in model.ties for item in asked) >= MAX_TIES:
        return None
    return model.next_tie(answers, asked - answers.keys())


def may_skip(session: Session, quiz: FitQuiz) -> bool:
    """Whether enough questions are left for a result if this one is left out."""
    asked = {question.item for question in session.asked}
    left = sum(item not in asked for item in quiz.model.items)
    return len(session.answers) + left >= least_answers(session.kind)


def next_item(
    session: Session,
    pool: Pool,
    library: Library,
    seen: Mapping[str, Seen],
    abilities: Mapping[str, Rating],
    difficulties: Mapping[str, Rating],
    chance: random.Random,
) -> Item | None:
    """The knowledge item to ask next; None where the pool or the quiz is at its end."""
    if len(session.asked) >= session.length:
        return None
    asked = [item for question in session.asked if (item := pool.get(question.item))]
    if session.kind is Kind.PLACEMENT and _is_placed(asked, pool, library, abilities, difficulties):
        return None

    def last(item: str) -> float | None:
        known = seen.get(item)
        return known.last.timestamp() if known else None

    recent = [item.skill for item in asked]
    wanted = Wanted(abilities, last, {item.id for item in asked}, recent, _target(session))
    candidates = pool.candidates(wanted, difficulties)
    theta = {c.skill: _ability(library.group_of(c.skill), abilities) for c in candidates}
    chosen = choose(candidates, theta, recent, wanted.target, chance)
    return pool.get(chosen.item) if chosen else None


def _target(session: Session) -> float:
    if session.kind is Kind.PLACEMENT:
        return PLACEMENT
    return PRACTICE if session.asked else FIRST


def _ability(group: str, abilities: Mapping[str, Rating]) -> float:
    return abilities.get(group, Rating()).value


def _is_placed(
    asked: Sequence[Item],
    pool: Pool,
    library: Library,
    abilities: Mapping[str, Rating],
    difficulties: Mapping[str, Rating],
) -> bool:
    return placed(
        [
            expected(
                _ability(library.group_of(item.skill), abilities),
                pool.difficulty(item, difficulties),
                guess_chance(item),
            )
            for item in asked
        ]
    )
