"""Quizzes, open and ended, and what they asked."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, RowMapping, bindparam, delete, select, update

from bot.core.quiz.session import OPEN, Asked, Kind, Phase, Session
from bot.store.tables import answers, sessions, snapshots
from bot.store.upsert import insert_or_ignore

_ASKED: TypeAdapter[tuple[Asked, ...]] = TypeAdapter(tuple[Asked, ...])

_GET = select(sessions).where(sessions.c.id == bindparam("identity"))
_LOCK = _GET.with_for_update()
_OPEN_OF = (
    select(sessions)
    .where(sessions.c.person == bindparam("person"), sessions.c.phase.in_(sorted(OPEN)))
    .order_by(sessions.c.updated.desc())
)
_SAVE = (
    update(sessions)
    .where(sessions.c.id == bindparam("identity"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in ("length", "phase", "asked", "means", "updated")
        }
    )
)
_KEPT = select(snapshots.c.body).where(snapshots.c.version == bindparam("version"))


_ADD = insert_or_ignore(sessions)
_KEEP = insert_or_ignore(snapshots)


class Sessions:
    """Implements `ports.Sessions`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, identity: str, *, lock: bool = False) -> Session | None:
        statement = _LOCK if lock else _GET
        found = self._connection.execute(statement, {"identity": identity})
        row = found.mappings().first()
        return _session(row) if row else None

    def add(self, session: Session) -> bool:
        row = {
            "id": session.id,
            "person": session.person,
            "kind": session.kind.value,
            "topic": " ".join(session.topic),
            "seed": session.seed,
            "content": session.content,
            "community": session.community,
            "channel": session.channel,
            "started": session.started,
            **_changing(session),
        }
        return bool(self._connection.execute(_ADD(self._connection), row).rowcount)

    def save(self, session: Session) -> None:
        values = {f"new_{name}": value for name, value in _changing(session).items()}
        self._connection.execute(_SAVE, {"identity": session.id, **values})

    def open(self, person: str) -> tuple[Session, ...]:
        found = self._connection.execute(_OPEN_OF, {"person": person})
        return tuple(map(_session, found.mappings()))

    def ended(self, person: str, kinds: tuple[Kind, ...], limit: int) -> tuple[Session, ...]:
        statement = (
            select(sessions)
            .where(
                sessions.c.person == person,
                sessions.c.phase == Phase.DONE.value,
                sessions.c.kind.in_([kind.value for kind in kinds]),
            )
            .order_by(sessions.c.updated.desc())
            .limit(limit)
        )
        return tuple(map(_session, (self._connection.execute(statement)).mappings()))

    def resting(self, since: dt.datetime, limit: int) -> tuple[Session, ...]:
        statement = (
            select(sessions)
            .where(sessions.c.updated < since, sessions.c.phase.in_(sorted(OPEN)))
            .order_by(sessions.c.updated)
            .limit(limit)
        )
        return tuple(map(_session, (self._connection.execute(statement)).mappings()))

    def delete(self, identity: str) -> None:
        self._connection.execute(delete(answers).where(answers.c.session == identity))
        self._connection.execute(delete(sessions).where(sessions.c.id == identity))

    def keep(self, version: str, body: str) -> None:
        self._connection.execute(_KEEP(self._connection), {"version": version, "body": body})

    def kept(self, version: str) -> str | None:
        body = self._connection.scalar(_KEPT, {"version": version})
        return str(body) if body is not None else None


def _changing(session: Session) -> Mapping[str, Any]:
    return {
        "length": session.length,
        "phase": session.phase.value,
        "asked": _ASKED.dump_json(session.asked).decode(),
        "means": json.dumps(dict(session.means)),
        "updated": session.updated,
    }


def _session(row: RowMapping) -> Session:
    return Session(
        id=row["id"],
        person=row["person"],
        kind=Kind(row["kind"]),
        topic=tuple(row["topic"].split()),
        seed=row["seed"],
        content=row["content"],
        length=row["length"],
        started=row["started"],
        updated=row["updated"],
        phase=Phase(row["phase"]),
        asked=_ASKED.validate_json(row["asked"]),
        means=json.loads(row["means"]),
        community=row["community"],
        channel=row["channel"],
    )
