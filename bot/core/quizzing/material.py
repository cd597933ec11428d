"""What a session asks, in the version in which it asked it, whatever was edited since."""

from __future__ import annotations

import random

from bot.core.command import GoneError
from bot.core.content.quizzes import Item
from bot.core.ports import Unit
from bot.core.quiz.grading import shown_order
from bot.core.quiz.library import FitQuiz, Library, fit_from, item_from
from bot.core.quiz.session import Asked, Session

_APART = 1_000_003
"""A prime, so that the orders of two questions of a session have nothing to do with each other."""


def fit_quiz_of(session: Session, library: Library, unit: Unit) -> FitQuiz:
    """The role-fit quiz of a session. Raises GoneError if it was not kept."""
    version = session.current.version
    if version == library.fit_version:
        return library.fit
    return fit_from(_kept(version, unit))


def item_of(asked: Asked, library: Library, unit: Unit) -> Item:
    """The item of a question. Raises GoneError if it was not kept."""
    item = library.item(asked.item, asked.version)
    return item if item is not None else item_from(_kept(asked.version, unit))


def _kept(version: str, unit: Unit) -> str:
    body = unit.sessions.kept(version)
    if body is None:
        raise GoneError
    return body


def order_of(session: Session, position: int, item: Item) -> tuple[int, ...]:
    """The order in which the options of an item are shown, as indices in the content's order."""
    return shown_order(item, session.seed + position * _APART)


def fit_order_of(session: Session, position: int, options: int) -> tuple[int, ...]:
    """The same for an item of the role-fit quiz with this many options."""
    chance = random.Random(session.seed + position * _APART)
    return tuple(chance.sample(range(options), options))
