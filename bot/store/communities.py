"""What servers and workspaces choose."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, select

from bot.core.ports import Standing
from bot.store.tables import answers, members, packs_off
from bot.store.upsert import insert_or_ignore, upsert

_SWITCH_OFF = insert_or_ignore(packs_off)
_JOIN = upsert(members, ("community", "person"), ("name",))


class Communities:
    """Implements `ports.Communities`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def packs_off(self, community: str) -> frozenset[str]:
        statement = select(packs_off.c.pack).where(packs_off.c.community == community)
        return frozenset(self._connection.scalars(statement))

    def switch_pack(self, community: str, pack: str, *, on: bool) -> None:
        row = {"community": community, "pack": pack}
        if on:
            same = and_(packs_off.c.community == community, packs_off.c.pack == pack)
            self._connection.execute(delete(packs_off).where(same))
        else:
            self._connection.execute(_SWITCH_OFF(self._connection), row)

    def join(self, community: str, person: str, name: str, now: dt.datetime) -> None:
        row = {"community": community, "person": person, "name": name, "joined": now}
        self._connection.execute(_JOIN(self._connection), row)

    def leave(self, community: str, person: str) -> None:
        self._connection.execute(delete(members).where(_is(community, person)))

    def is_member(self, community: str, person: str) -> bool:
        statement = select(exists().where(_is(community, person)))
        return bool(self._connection.scalar(statement))

    def standings(self, community: str, since: dt.datetime, limit: int) -> tuple[Standing, ...]:
        points = func.sum(answers.c.score).label("points")
        number = func.count().label("number")
        statement = (
            select(members.c.name, points, number)
            .join_from(
                members,
                answers,
                and_(
                    answers.c.person == members.c.person,
                    answers.c.community == community,
                    answers.c.is_first,
                    answers.c.at >= since,
                ),
            )
            .where(members.c.community == community)
            .group_by(members.c.person, members.c.name)
            .order_by(points.desc(), number, members.c.name)
            .limit(limit)
        )
        found = self._connection.execute(statement)
        return tuple(Standing(row.name, float(row.points), row.number) for row in found.all())


def _is(community: str, person: str) -> ColumnElement[bool]:
    return and_(members.c.community == community, members.c.person == person)
