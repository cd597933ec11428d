"""Messages that wait for their time, each sent once at most.

A notice is claimed before it is sent. One that was claimed when the process died stays claimed and
is never sent: a reminder that is missing is better than one that comes twice.
"""

from __future__ import annotations

import datetime as dt
import json
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from bot.core.ports import Notice, Topic
from bot.store.tables import WAITS, notices
from bot.store.upsert import insert_or_ignore, replace, upsert


class State(StrEnum):
    """What became of a notice."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    DROPPED = "dropped"


_REPLACED = replace("topic", "due", "person", "channel", "data")
_PUT = upsert(notices, _REPLACED, ("key",), WAITS)
_PUT_BACK = insert_or_ignore(notices, ("key",), WAITS)
_CANCEL = delete(notices).where(notices.c.key == bindparam("notice"), WAITS)
# A table of its own, so that PostgreSQL makes it once; SQLite knows no locked rows, and no need.
_DUE = (
    select(notices.c.id)
    .where(WAITS, notices.c.due <= bindparam("now"))
    .order_by(notices.c.due, notices.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("claimable")
)
_CLAIM = (
    update(notices)
    .where(notices.c.id.in_(select(_DUE.c.id)))
    .values(state=State.CLAIMED.value)
    .returning(notices)
)
_CLAIMED = (
    notices.c.id == bindparam("notice"),
    notices.c.state == State.CLAIMED.value,
)
_SETTLE = update(notices).where(*_CLAIMED).values(state=bindparam("new_state"))
_TAKE_OUT = delete(notices).where(*_CLAIMED).returning(notices)


class Notices:
    """Implements `ports.Notices`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, notice: Notice) -> None:
        row = {
            "key": notice.key,
            "topic": notice.topic.value,
            "due": notice.due,
            "person": notice.person,
            "channel": notice.channel,
            "data": json.dumps(dict(notice.data)),
            "state": State.WAITING.value,
        }
        self._connection.execute(_PUT(self._connection), row)

    def cancel(self, key: str) -> None:
        self._connection.execute(_CANCEL, {"notice": key})

    def claim(self, now: dt.datetime, limit: int) -> tuple[Notice, ...]:
        rows = self._connection.execute(_CLAIM, {"now": now, "most": limit})
        return tuple(sorted(map(_notice, rows), key=lambda notice: (notice.due, notice.id)))

    def settle(self, identity: int, *, sent: bool) -> None:
        state = State.SENT if sent else State.DROPPED
        given = {"notice": identity, "new_state": state.value}
        self._connection.execute(_SETTLE, given)

    def release(self, identity: int, due: dt.datetime) -> None:
        taken = self._connection.execute(_TAKE_OUT, {"notice": identity})
        row = taken.mappings().one_or_none()
        if row is not None:
            # Nothing happens where a newer one with the same key waits by now: that one is sent.
            again = {**row, "due": due, "state": State.WAITING.value}
            self._connection.execute(_PUT_BACK(self._connection), again)


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
