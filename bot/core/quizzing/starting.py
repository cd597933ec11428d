"""Beginning a quiz, or going on with one that is open."""

from __future__ import annotations

from bot.core.command import Direct, Effect, Outcome, Visit
from bot.core.ports import Unit
from bot.core.quiz import session as moves
from bot.core.quiz.session import Kind, Phase, Session
from bot.core.quizzing import menu
from bot.core.quizzing.onward import pool_of, put_next
from bot.core.quizzing.play import in_your_messages
from bot.core.quizzing.rounds import LENGTHS, ON_ONE_SKILL, fit_goes_on
from bot.core.quizzing.showing import show
from bot.core.quizzing.states import continuing
from bot.core.views import View

ID_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
ID_LENGTH = 10

FIT, DUEL, REVIEW, CONTINUE = "fit", "duel", "review", "continue"
PLACEMENT = "placement"


async def begin(what: str | None, against: str | None, visit: Visit) -> Outcome | Effect:
    """The quiz that `/quiz what against` means, or the menu where it means none.

    Raises:
        StoreError: if nothing could be kept.
    """
    roles = visit.context.catalogue.content.roles
    match what, against:
        case None, _:
            return await menu.menu(visit)
        case "continue", _:
            return await _go_on(visit)
        case "duel", None:
            return menu.choose_first(visit.context)
        case "duel", str(role):
            return menu.choose_second(role, visit.context)
        case str(role), "duel" if role in roles:
            return menu.choose_second(role, visit.context)
        case "fit", _:
            return await _begun(Kind.FIT, (), visit)
        case "review", _:
            return await _begun(Kind.REVIEW, (), visit)
        case str(role), "placement" if role in roles:
            return await _begun(Kind.PLACEMENT, (role,), visit)
        case str(topic), "placement":
            return menu.placement_needs_a_role(topic, visit.context)
        case str(first), str(second) if {first, second} <= roles.keys():
            return await _duel(first, second, visit)
        case str(topic), None:
            return await _begun(Kind.KNOWLEDGE, (topic,), visit)
        case _:
            return menu.two_roles(visit.context)


async def _duel(first: str, second: str, visit: Visit) -> Outcome | Effect:
    profiles = visit.context.library.fit.profiles
    if first == second:
        return menu.choose_second(first, visit.context)
    if not {first, second} <= profiles.keys():
        return menu.no_profile(visit.context)
    return await _begun(Kind.DUEL, (first, second), visit)


async def _go_on(visit: Visit) -> Outcome | Effect:
    """The quiz that was touched last, if one is open."""

    def work(unit: Unit) -> Effect | None:
        for session in unit.sessions.open(visit.actor.key):
            if found := _still_open(unit, visit, session):
                return _continued(unit, visit, found)
        return None

    return await visit.desk.store.write(work) or await menu.menu(visit)


async def _begun(kind: Kind, topic: tuple[str, ...], visit: Visit) -> Outcome | Effect:
    """A quiz of this kind and topic: the one that is open, or a new one."""

    def work(unit: Unit) -> Outcome | Effect:
        for session in unit.sessions.open(visit.actor.key):
            same = (session.kind, session.topic) == (kind, topic)
            if same and (found := _still_open(unit, visit, session)):
                return _continued(unit, visit, found)
        new = _new(unit, visit, kind, topic)
        if new is None:
            return menu.nothing_to_ask(kind, topic, visit.context)
        if unit.sessions.add(new):
            return Direct(show(unit, visit, new), note=in_your_messages())
        # Begun twice at once: the one that was first is the one, unless it has ended meanwhile.
        going = unit.sessions.open(visit.actor.key)
        first = next((s for s in going if (s.kind, s.topic) == (kind, topic)), None)
        return _continued(unit, visit, first) if first else work(unit)

    return await visit.desk.store.write(work)


def _still_open(unit: Unit, visit: Visit, session: Session) -> Session | None:
    """The session, or None where it rested for too long and is closed now."""
    if not session.has_rested(visit.now):
        return session
    unit.sessions.save(moves.expire(session, visit.now))
    return None


def _continued(unit: Unit, visit: Visit, session: Session) -> Effect:
    locked = unit.sessions.get(session.id, lock=True)
    session = moves.resume(locked or session, visit.now)
    unit.sessions.save(session)
    view: View = continuing(show(unit, visit, session))
    return Direct(view, note=in_your_messages())


def _new(unit: Unit, visit: Visit, kind: Kind, topic: tuple[str, ...]) -> Session | None:
    """A session with its first question, not kept yet; None where there is nothing to ask."""
    library, chance, now = visit.context.library, visit.desk.chance, visit.now
    new = Session(
        id="".join(chance.choices(ID_ALPHABET, k=ID_LENGTH)),
        person=visit.actor.key,
        kind=kind,
        topic=topic,
        seed=chance.getrandbits(31),
        content=library.version,
        length=LENGTHS.get(kind, len(library.fit.model.core)),
        started=now,
        updated=now,
        community=visit.actor.community,
        channel=visit.actor.channel,
    )
    if kind.is_fit:
        unit.sessions.keep(library.fit_version, library.fit_body)
        return fit_goes_on(new, library.fit, library.fit_version, now)
    pool = pool_of(unit, visit, kind, topic, new.community)
    most = ON_ONE_SKILL if len({item.skill for item in pool.items}) == 1 else new.length
    new = moves.with_length(new, min(most, len(pool)))
    asked = put_next(unit, visit, new) if pool else None
    return asked if asked is not None and asked.phase is Phase.ASKING else None
