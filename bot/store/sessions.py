"""Quizzes, open and ended, and the very texts that they asked."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from bot.core.quiz.grading import Response
from bot.core.quiz.session import Asked, Kind, Phase, Session
from bot.store.locks import locked_session
from bot.store.prepared import Prepared
from bot.store.tables import IS_OPEN, sessions, snapshots
from bot.store.times import in_utc
from bot.store.upsert import insert_or_ignore

_GET = Prepared(lambda _: select(sessions).where(sessions.c.id == bindparam("session")))
_GET_LOCKED = Prepared(locked_session)
_ADD = insert_or_ignore(sessions, ("person", "kind", "topic"), IS_OPEN)
_SAVE = Prepared(
    lambda _: (
        update(sessions)
        .where(sessions.c.id == bindparam("session"))
        .values(
            {
                name: bindparam(f"new_{name}")
                for name in ("length", "updated", "phase", "asked", "means")
            }
        )
    )
)
_OPEN = (
    select(sessions)
    .where(sessions.c.person == bindparam("person"), IS_OPEN)
    .order_by(sessions.c.updated.desc(), sessions.c.id)
)
_ENDED = (
    select(sessions)
    .where(
        sessions.c.person == bindparam("person"),
        sessions.c.phase == Phase.DONE.value,
        sessions.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .order_by(sessions.c.updated.desc(), sessions.c.id)
    .limit(bindparam("most"))
)
_RESTING = (
    select(sessions)
    .where(IS_OPEN, sessions.c.updated < bindparam("since"))
    .order_by(sessions.c.updated, sessions.c.id)
    .limit(bindparam("most"))
)
_DELETE = delete(sessions).where(sessions.c.id == bindparam("session"))
_IGNORING = insert_or_ignore(snapshots)
_SNAPSHOT: dict[str, Any] = {name: bindparam(name) for name in ("version", "body")}
_KEEP = Prepared(lambda connection: _IGNORING(connection).values(_SNAPSHOT))
_KEPT = Prepared(
    lambda _: select(snapshots.c.body).where(snapshots.c.version == bindparam("version"))
)


class Sessions:
    """Implements `ports.Sessions`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._bodies: dict[str, str] = {}  # what is kept never changes, and is read many times

    def get(self, identity: str, *, lock: bool = False) -> Session | None:
        statement = _GET_LOCKED if lock else _GET
        found = statement(self._connection, {"session": identity})
        return _session(found[0]) if found else None

    def add(self, session: Session) -> bool:
        row = {
            "id": session.id,
            "person": session.person,
            "kind": session.kind.value,
            "topic": json.dumps(session.topic),
            "seed": session.seed,
            "content": session.content,
            "started": session.started,
            "community": session.community,
            "channel": session.channel,
            **_changing(session),
        }
        statement = _ADD(self._connection).returning(sessions.c.id)
        return self._connection.execute(statement, row).one_or_none() is not None

    def save(self, session: Session) -> None:
        values = {f"new_{name}": value for name, value in _changing(session).items()}
        _SAVE(self._connection, {"session": session.id, **values})

    def open(self, person: str) -> tuple[Session, ...]:
        rows = self._connection.execute(_OPEN, {"person": person})
        return tuple(map(_session, rows))

    def ended(self, person: str, kinds: tuple[Kind, ...], limit: int) -> tuple[Session, ...]:
        given = {"person": person, "kinds": [kind.value for kind in kinds], "most": limit}
        return tuple(map(_session, self._connection.execute(_ENDED, given)))

    def resting(self, since: dt.datetime, limit: int) -> tuple[Session, ...]:
        rows = self._connection.execute(_RESTING, {"since": since, "most": limit})
        return tuple(map(_session, rows))

    def delete(self, identity: str) -> None:
        self._connection.execute(_DELETE, {"session": identity})

    def keep(self, version: str, body: str) -> None:
        if version not in self._bodies:
            _KEEP(self._connection, {"version": version, "body": body})
            self._bodies[version] = body

    def kept(self, version: str) -> str | None:
        if version not in self._bodies:
            for row in _KEPT(self._connection, {"version": version}):
                self._bodies[version] = row.body
        return self._bodies.get(version)


def _changing(session: Session) -> dict[str, Any]:
    """The columns that moves change."""
    return {
        "length": session.length,
        "updated": session.updated,
        "phase": session.phase.value,
        "asked": json.dumps([_written(asked) for asked in session.asked], separators=(",", ":")),
        "means": json.dumps(dict(session.means)),
    }


def _session(row: Row[Any]) -> Session:
    return Session(
        id=row.id,
        person=row.person,
        kind=Kind(row.kind),
        topic=tuple(json.loads(row.topic)),
        seed=row.seed,
        content=row.content,
        length=row.length,
        started=row.started,
        updated=row.updated,
        phase=Phase(row.phase),
        asked=tuple(map(_read, json.loads(row.asked))),
        means=json.loads(row.means),
        community=row.community,
        channel=row.channel,
    )


def _written(asked: Asked) -> dict[str, Any]:
    """A question for JSON; whoever gets their data as a file reads it too."""
    written: dict[str, Any] = {
        "item": asked.item,
        "version": asked.version,
        "at": in_utc(asked.at).isoformat(),
    }
    if asked.response is not None:
        written["response"] = asked.response
    if asked.score is not None:
        written["score"] = asked.score
    if asked.skipped:
        written["skipped"] = True
    return written


def _read(written: dict[str, Any]) -> Asked:
    return Asked(
        item=written["item"],
        version=written["version"],
        at=dt.datetime.fromisoformat(written["at"]),
        response=_response(written.get("response")),
        score=written.get("score"),
        skipped=written.get("skipped", False),
    )


def _response(written: list[int] | str | None) -> Response | None:
    match written:
        case list():
            return tuple(written)
        case _:
            return written
