"""The questions of issues, and what people chose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)

from bot.core.subscriptions import DeliveryState
from bot.core.votes import AskedQuestion, Ballot
from bot.store.locks import lock_person
from bot.store.prepared import Prepared
from bot.store.tables import deliveries, questions, subscriptions, votes
from bot.store.upsert import insert_or_ignore, replace, upsert

_CAST = upsert(votes, replace("chosen", "is_right", "at"))
_OF_DELIVERY = select(questions).where(questions.c.delivery == bindparam("delivery"))
_ASKED = Prepared(lambda _: _OF_DELIVERY)
_ASKED_IN = (
    select(questions.c.delivery)
    .join_from(subscriptions, deliveries)
    .join(questions, questions.c.delivery == deliveries.c.id)
    .where(
        subscriptions.c.community == bindparam("community"),
        questions.c.version == bindparam("asked"),
    )
    .order_by(
        case((subscriptions.c.channel == bindparam("channel"), 0), else_=1),
        deliveries.c.id.desc(),
    )
    .limit(1)
)
_IS_REVEALED = select(exists().where(questions.c.reveals == bindparam("delivery")))
_OF = select(votes).where(
    votes.c.delivery == bindparam("delivery"), votes.c.person == bindparam("person")
)
_TALLY = (
    select(votes.c.chosen, func.count().label("people"))
    .where(votes.c.delivery == bindparam("delivery"))
    .group_by(votes.c.chosen)
)


def _arrived(delivery: FromClause) -> ColumnElement[bool]:
    """Whether people got to see an issue: nobody could have answered it otherwise."""
    answered = exists().where(votes.c.delivery == delivery.c.id)
    return or_(delivery.c.state == DeliveryState.SENT.value, answered)


def _is_told() -> ColumnElement[bool]:
    """Whether another issue revealed a question, or may still do so."""
    teller, other = questions.alias("teller"), deliveries.alias("other")
    return exists().where(
        teller.c.reveals == questions.c.delivery,
        other.c.id == teller.c.delivery,
        or_(
            other.c.state == DeliveryState.WAITING.value,
            other.c.state == DeliveryState.SENDING.value,
            _arrived(other),
        ),
    )


_THIS = deliveries.alias("this")
# With the lock, whoever is answering at this moment is waited for, and is counted.
_NOT_REVEALED = (
    select(questions.c.delivery)
    .join_from(questions, deliveries, deliveries.c.id == questions.c.delivery)
    .join(
        _THIS,
        and_(
            _THIS.c.subscription == deliveries.c.subscription, _THIS.c.id == bindparam("delivery")
        ),
    )
    .where(
        deliveries.c.id < _THIS.c.id, questions.c.version != "", _arrived(deliveries), ~_is_told()
    )
    .order_by(deliveries.c.id.desc())
    .limit(1)
    .with_for_update(of=questions)
)
_FIXED: dict[str, Any] = {
    "delivery": bindparam("delivery"),
    "version": bindparam("version"),
    "reveals": _NOT_REVEALED.scalar_subquery(),
}
_IGNORING = insert_or_ignore(questions)
_ASK = Prepared(
    lambda connection: _IGNORING(connection).values(_FIXED).returning(questions.c.reveals)
)


class Votes:
    """Implements `votes.Votes`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(self, delivery: int, version: str) -> AskedQuestion:
        for row in _ASK(self._connection, {"delivery": delivery, "version": version}):
            return AskedQuestion(delivery, version, row.reveals)
        # It was fixed before, perhaps by another process at the same time; the first one counts.
        return self.asked(delivery) or AskedQuestion(delivery, version, None)

    def asked(self, delivery: int) -> AskedQuestion | None:
        for row in _ASKED(self._connection, {"delivery": delivery}):
            return AskedQuestion(row.delivery, row.version, row.reveals)
        return None

    def asked_in(self, community: str, channel: str, version: str) -> int | None:
        given = {"community": community, "channel": channel, "asked": version}
        found: int | None = self._connection.scalar(_ASKED_IN, given)
        return found

    def is_revealed(self, delivery: int) -> bool:
        return bool(self._connection.scalar(_IS_REVEALED, {"delivery": delivery}))

    def cast(self, ballot: Ballot) -> bool:
        lock_person(self._connection, ballot.person)
        # Many may answer at the same time, but nobody while an issue that reveals it is made.
        shared = _OF_DELIVERY.with_for_update(read=True)
        self._connection.execute(shared, {"delivery": ballot.delivery})
        if self.is_revealed(ballot.delivery):
            return False
        row = {
            "delivery": ballot.delivery,
            "person": ballot.person,
            "chosen": ballot.chosen,
            "is_right": ballot.right,
            "at": ballot.at,
        }
        self._connection.execute(_CAST(self._connection), row)
        return True

    def of(self, delivery: int, person: str) -> Ballot | None:
        row = self._connection.execute(_OF, {"delivery": delivery, "person": person}).first()
        return _ballot(row) if row else None

    def tally(self, delivery: int) -> Mapping[int, int]:
        rows = self._connection.execute(_TALLY, {"delivery": delivery})
        return {row.chosen: row.people for row in rows}


def _ballot(row: Row[Any]) -> Ballot:
    return Ballot(row.delivery, row.person, row.chosen, row.is_right, row.at)
