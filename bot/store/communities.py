"""What servers and workspaces choose: packs that are off, and who is on the leaderboard."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, select

from bot.core.ports import Standing
from bot.store.tables import (
    IS_FIRST,
    answers,
    deliveries,
    members,
    newsletter_managers,
    packs_off,
    subscriptions,
)
from bot.store.upsert import insert_or_ignore, replace, upsert

_THE_MEMBER = and_(
    members.c.community == bindparam("community"), members.c.person == bindparam("person")
)
_PACKS_OFF = select(packs_off.c.pack).where(packs_off.c.community == bindparam("community"))
_SWITCH_OFF = insert_or_ignore(packs_off)
_SWITCH_ON = delete(packs_off).where(
    packs_off.c.community == bindparam("community"), packs_off.c.pack == bindparam("pack")
)
_JOIN = upsert(members, replace("name"))
_LEAVE = delete(members).where(_THE_MEMBER)
_IS_MEMBER = select(members.c.person).where(_THE_MEMBER)

_POINTS = func.sum(answers.c.score).label("points")
_ANSWERS = func.count().label("answers")
_STANDINGS = (
    select(members.c.name, _POINTS, _ANSWERS)
    .join_from(
        members,
        answers,
        and_(answers.c.community == members.c.community, answers.c.person == members.c.person),
    )
    .where(
        members.c.community == bindparam("community"), IS_FIRST, answers.c.at >= bindparam("since")
    )
    .group_by(members.c.person, members.c.name)
    .order_by(_POINTS.desc(), _ANSWERS, members.c.name, members.c.person)
    .limit(bindparam("most"))
)


class Communities:
    """Implements `ports.Communities`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def packs_off(self, community: str) -> frozenset[str]:
        return frozenset(self._connection.scalars(_PACKS_OFF, {"community": community}))

    def switch_pack(self, community: str, pack: str, *, on: bool) -> None:
        statement = _SWITCH_ON if on else _SWITCH_OFF(self._connection)
        self._connection.execute(statement, {"community": community, "pack": pack})

    def join(self, community: str, person: str, name: str, now: dt.datetime) -> None:
        row = {"community": community, "person": person, "name": name, "joined": now}
        self._connection.execute(_JOIN(self._connection), row)

    def leave(self, community: str, person: str) -> None:
        self._connection.execute(_LEAVE, {"community": community, "person": person})

    def is_member(self, community: str, person: str) -> bool:
        given = {"community": community, "person": person}
        return self._connection.scalar(_IS_MEMBER, given) is not None

    def standings(self, community: str, since: dt.datetime, limit: int) -> tuple[Standing, ...]:
        given = {"community": community, "since": since, "most": limit}
        rows = self._connection.execute(_STANDINGS, given)
        return tuple(Standing(row.name, row.points, row.answers) for row in rows)

    def purge(self, community: str) -> int:
        def theirs(column: ColumnElement[str]) -> ColumnElement[bool]:
            if community.endswith("/"):
                return column.startswith(community, autoescape=True)
            return column == community

        ended = select(subscriptions.c.id).where(theirs(subscriptions.c.community))
        gone = self._connection.execute(
            delete(deliveries).where(deliveries.c.subscription.in_(ended))
        )
        count = gone.rowcount
        for table in (subscriptions, newsletter_managers, packs_off, members):
            statement = delete(table).where(theirs(table.c.community))
            count += self._connection.execute(statement).rowcount
        return count
