"""The next question of a knowledge quiz, put or not."""

from __future__ import annotations

from bot.core.command import Visit
from bot.core.content.quizzes import Item
from bot.core.ports import Unit
from bot.core.quiz import session as moves
from bot.core.quiz.pool import Pool
from bot.core.quiz.session import Kind, Session
from bot.core.quizzing.rounds import next_item


def put_next(unit: Unit, visit: Visit, session: Session) -> Session:
    """The session with its next question, or done where there is none; not kept yet."""
    item = _next(unit, visit, session)
    if item is None:
        return moves.finish(session, visit.now)
    library = visit.context.library
    version = library.version_of(item)
    unit.sessions.keep(version, library.body_of(item))
    return moves.ask(session, item.id, version, visit.now)


def pool_of(
    unit: Unit, visit: Visit, kind: Kind, topic: tuple[str, ...], community: str | None
) -> Pool:
    """The items that a quiz draws from, without packs that the community has switched off.

    Items for review come in the order in which they are due.
    """
    context = visit.context
    items = context.catalogue.content.items
    if kind is Kind.REVIEW:
        due = unit.learning.due(visit.actor.key, visit.now)
        found = [items[identity] for identity in due if identity in items]
        return Pool(found, context.library.group_of)
    off = unit.communities.packs_off(community) if community else frozenset()
    role = context.catalogue.content.roles.get(topic[0])
    if kind is Kind.PLACEMENT and role is not None:
        return context.library.for_placement(role, off)
    return context.library.about(topic[0], off)


def _next(unit: Unit, visit: Visit, session: Session) -> Item | None:
    if len(session.asked) >= session.length:
        return None
    pool = pool_of(unit, visit, session.kind, session.topic, session.community)
    if session.kind is Kind.REVIEW:
        asked = {question.item for question in session.asked}
        return next((item for item in pool.items if item.id not in asked), None)
    return next_item(
        session,
        pool,
        visit.context.library,
        unit.learning.seen(session.person),
        unit.learning.abilities(session.person),
        visit.desk.difficulties(unit),
        visit.desk.chance,
    )
