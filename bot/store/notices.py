"""Messages that wait for their time. Each is claimed once, and so is sent once at most."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from sqlalchemy import Connection, Row, case, delete, exists, select, text, update

from bot.core.ports import Notice, Topic
from bot.store.tables import notices
from bot.store.upsert import upsert

WAITING, CLAIMED, SENT, DROPPED = "waiting", "claimed", "sent", "dropped"

_PUT = upsert(notices, ("key",), ("data", "due", "channel"), where=text("state = 'waiting'"))
_WAITS = notices.c.state == WAITING


class Notices:
    """Implements `ports.Notices`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, notice: Notice) -> None:
        row = {
            "key": notice.key,
            "topic": notice.topic.value,
            "person": notice.person,
            "channel": notice.channel,
            "data": json.dumps(dict(notice.data)),
            "due": notice.due,
            "state": WAITING,
        }
        self._connection.execute(_PUT(self._connection), row)

    def cancel(self, key: str) -> None:
        self._connection.execute(delete(notices).where(notices.c.key == key, _WAITS))

    def claim(self, now: dt.datetime, limit: int) -> tuple[Notice, ...]:
        due = (
            select(notices.c.id)
            .where(_WAITS, notices.c.due <= now)
            .order_by(notices.c.due)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        statement = (
            update(notices)
            .where(notices.c.id.in_(due.scalar_subquery()))
            .values(state=CLAIMED)
            .returning(notices)
        )
        found = (self._connection.execute(statement)).all()
        return tuple(sorted(map(_notice, found), key=lambda notice: (notice.due, notice.id)))

    def settle(self, identity: int, *, sent: bool) -> None:
        self._set(identity, state=SENT if sent else DROPPED)

    def release(self, identity: int, due: dt.datetime) -> None:
        other = notices.alias()
        taken = exists().where(
            other.c.key == notices.c.key, other.c.state == WAITING, notices.c.id == identity
        )
        state = case((taken, DROPPED), else_=WAITING)
        self._set(identity, state=state, due=due)

    def _set(self, identity: int, **values: Any) -> None:
        self._connection.execute(update(notices).where(notices.c.id == identity).values(**values))


def _notice(row: Row[Any]) -> Notice:
    return Notice(
        key=row.key,
        topic=Topic(row.topic),
        due=row.due,
        person=row.person,
        channel=row.channel,
        data=json.loads(row.data),
        id=row.id,
    )
