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
    Candidate,
    Rating,
    choose,
    expected,
    placed,
    start_of,
)
from bot.core.quiz.fit import DUEL_ITEMS, MAX_TIES, MIN_ANSWERS, MIN_DUEL_ANSWERS
from bot.core.quiz.grading import guess_chance
from bot.core.quiz.library import FitQuiz, Library
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
    pool: Sequence[Item],
    library: Library,
    seen: Mapping[str, Seen],
    abilities: Mapping[str, Rating],
    difficulties: Mapping[str, Rating],
    chance: random.Random,
) -> Item | None:
    """The knowledge item to ask next; None where the pool or the quiz is at its end."""
    if len(session.asked) >= session.length:
        return None
    asked = {question.item for question in session.asked}
    by_id = {item.id: item for item in pool}
    if session.kind is Kind.PLACEMENT and _is_placed(
        session, by_id, library, abilities, difficulties
    ):
        return None
    candidates = [
        Candidate(
            item.id,
            item.skill,
            difficulties.get(item.id, start_of(item.level)).value,
            guess_chance(item),
            seen[item.id].last.timestamp() if item.id in seen else None,
        )
        for item in pool
        if item.id not in asked
    ]
    theta = {item.skill: _ability(item, library, abilities) for item in pool}
    recent = [by_id[q.item].skill for q in session.asked if q.item in by_id]
    chosen = choose(candidates, theta, recent, _target(session), chance)
    return by_id[chosen.item] if chosen else None


def _target(session: Session) -> float:
    if session.kind is Kind.PLACEMENT:
        return PLACEMENT
    return PRACTICE if session.asked else FIRST


def _ability(item: Item, library: Library, abilities: Mapping[str, Rating]) -> float:
    return abilities.get(library.group_of(item.skill), Rating()).value


def _is_placed(
    session: Session,
    items: Mapping[str, Item],
    library: Library,
    abilities: Mapping[str, Rating],
    difficulties: Mapping[str, Rating],
) -> bool:
    asked = (items[question.item] for question in session.asked if question.item in items)
    return placed(
        [
            expected(
                _ability(item, library, abilities),
                difficulties.get(item.id, start_of(item.level)).value,
                guess_chance(item),
            )
            for item in asked
        ]
    )
