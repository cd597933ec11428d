"""Who gets the newsletter, and what became of every issue."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    union,
    update,
)

from bot.core.subscriptions import (
    DeliveryState,
    IssueDelivery,
    Manager,
    Settlement,
    Subscription,
    SubscriptionState,
    Tally,
)
from bot.store.newsletter_rows import (
    columns_of,
    day_of,
    delivery_columns_of,
    delivery_of,
    subscription_of,
)
from bot.store.prepared import Prepared
from bot.store.tables import (
    IS_ACTIVE,
    IS_SENDING,
    WAITS,
    deliveries,
    destinations,
    newsletter_managers,
    subscriptions,
)
from bot.store.upsert import insert_or_ignore, replace, upsert

CLOCKS_DIFFER = dt.timedelta(minutes=1)
"""How far the clocks of several processes may be apart."""

_CHANGING = [column for column in subscriptions.columns if column.name != "id"]
_SEVERAL = select(subscriptions).where(subscriptions.c.id.in_(bindparam("these", expanding=True)))
_SAVE = (
    update(subscriptions)
    .where(subscriptions.c.id == bindparam("this"))
    .values({column.name: bindparam(f"new_{column.name}") for column in _CHANGING})
)
_DUE = (
    select(subscriptions)
    .where(IS_ACTIVE, subscriptions.c.next_at <= bindparam("now"))
    .order_by(subscriptions.c.next_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_MOVING = ("last", "next_at", "number", "digests", "content")
_MOVE_ON = (
    update(subscriptions)
    .where(subscriptions.c.id == bindparam("this"))
    .values({name: bindparam(f"new_{name}") for name in _MOVING})
)
_PLAN = insert_or_ignore(deliveries, ("subscription", "date"))
_HAD = select(deliveries.c.subscription, deliveries.c.issue).where(
    deliveries.c.subscription.in_(bindparam("these", expanding=True)),
    deliveries.c.issue.in_(bindparam("issues", expanding=True)),
)
_SPAN = (
    select(deliveries.c.planned)
    .where(deliveries.c.subscription == bindparam("of"), deliveries.c.id <= bindparam("this"))
    .order_by(deliveries.c.id.desc())
    .limit(2)
)
_NUMBER = func.count().label("number")
_TALLY = (
    select(subscriptions.c.platform, deliveries.c.state, deliveries.c.reason, _NUMBER)
    .join_from(deliveries, subscriptions)
    .where(deliveries.c.issue == bindparam("key"))
    .group_by(subscriptions.c.platform, deliveries.c.state, deliveries.c.reason)
    .order_by(subscriptions.c.platform, deliveries.c.state, _NUMBER.desc(), deliveries.c.reason)
)
_LATEST = (
    select(deliveries.c.issue)
    .group_by(deliveries.c.issue)
    .order_by(func.max(deliveries.c.id).desc())
    .limit(bindparam("most"))
)
_TAKE_BACK = (
    update(deliveries)
    .where(deliveries.c.subscription == bindparam("of"), WAITS)
    .values(
        state=DeliveryState.FAILED.value, reason="the subscription was paused before it went out"
    )
)
# A row from the future was written before the clock was put back, so its time says nothing.
_IS_DUE = or_(deliveries.c.due <= bindparam("now"), deliveries.c.updated > bindparam("future"))
_DESTINATIONS = union(
    select(deliveries.c.destination).where(WAITS, _IS_DUE),
    select(deliveries.c.destination).where(IS_SENDING),
)
_TAKE_OVER = upsert(destinations, replace("token"))
_UNDER_WAY = (
    select(deliveries)
    .where(IS_SENDING, deliveries.c.destination == bindparam("there"))
    .order_by(deliveries.c.id)
)
_CLAIMABLE = (
    select(deliveries.c.id)
    .where(
        WAITS,
        deliveries.c.destination == bindparam("there"),
        _IS_DUE,
        exists().where(
            destinations.c.name == bindparam("there"), destinations.c.token == bindparam("held")
        ),
    )
    .order_by(deliveries.c.due, deliveries.c.id)
    .limit(bindparam("most"))
    .with_for_update(of=deliveries, skip_locked=True)
    .cte("claimable")
)
_CLAIM = Prepared(
    lambda _: (
        update(deliveries)
        .where(deliveries.c.id.in_(select(_CLAIMABLE.c.id)))
        .values(
            state=DeliveryState.SENDING.value,
            attempts=deliveries.c.attempts + 1,
            updated=bindparam("now"),
        )
        .returning(deliveries)
    )
)
# Every claim counts the attempts up, so whoever comes late changes nothing of a new one. An attempt
# that was given up as doubtful may still be told of by whoever made it.
_SETTLE = (
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("this"),
        deliveries.c.attempts == bindparam("attempt"),
        text("state IN ('sending', 'in doubt')"),
    )
    .values(
        state=bindparam("new_state"),
        reason=bindparam("new_reason"),
        due=bindparam("new_due"),
        updated=bindparam("now"),
    )
)
_MANAGED = upsert(newsletter_managers, replace("seen"))
_ALLOW = upsert(newsletter_managers, replace("allowed", "seen"))
_MANAGERS = (
    select(newsletter_managers)
    .where(newsletter_managers.c.community == bindparam("community"))
    .order_by(newsletter_managers.c.seen.desc(), newsletter_managers.c.person)
)


class Newsletters:
    """Implements `subscriptions.Newsletters`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, subscription: Subscription) -> Subscription:
        self._connection.execute(
            delete(subscriptions).where(
                subscriptions.c.platform == subscription.platform,
                subscriptions.c.channel == subscription.channel,
            )
        )
        statement = subscriptions.insert().values(columns_of(subscription)).returning(subscriptions)
        return subscription_of(self._connection.execute(statement).one())

    def get(self, identity: int, *, lock: bool = False) -> Subscription | None:
        found = select(subscriptions).where(subscriptions.c.id == identity)
        row = self._connection.execute(found.with_for_update() if lock else found).first()
        return subscription_of(row) if row else None

    def several(self, identities: Collection[int]) -> dict[int, Subscription]:
        rows = self._connection.execute(_SEVERAL, {"these": list(identities)})
        return {row.id: subscription_of(row) for row in rows}

    def of(self, community: str) -> tuple[Subscription, ...]:
        found = self._connection.execute(
            select(subscriptions)
            .where(
                subscriptions.c.community == community,
                subscriptions.c.state != SubscriptionState.DRAFT.value,
            )
            .order_by(subscriptions.c.id)
        )
        return tuple(map(subscription_of, found))

    def in_channel(self, platform: str, channel: str) -> Subscription | None:
        here = and_(subscriptions.c.platform == platform, subscriptions.c.channel == channel)
        row = self._connection.execute(select(subscriptions).where(here)).first()
        return subscription_of(row) if row else None

    def save(self, subscription: Subscription) -> None:
        changed = {f"new_{name}": value for name, value in columns_of(subscription).items()}
        self._connection.execute(_SAVE, {"this": subscription.id, **changed})
        if subscription.state is not SubscriptionState.ACTIVE:
            self._connection.execute(_TAKE_BACK, {"of": subscription.id})

    def remove(self, identity: int) -> None:
        self._connection.execute(delete(deliveries).where(deliveries.c.subscription == identity))
        self._connection.execute(delete(subscriptions).where(subscriptions.c.id == identity))

    def active(self, after: int, limit: int) -> tuple[Subscription, ...]:
        found = self._connection.execute(
            select(subscriptions)
            .where(IS_ACTIVE, subscriptions.c.id > after)
            .order_by(subscriptions.c.id)
            .limit(limit)
            .with_for_update()
        )
        return tuple(map(subscription_of, found))

    def had(
        self, identities: Collection[int], issues: Collection[str]
    ) -> dict[int, frozenset[str]]:
        given = {"these": list(identities), "issues": list(issues)}
        found: defaultdict[int, set[str]] = defaultdict(set)
        for row in self._connection.execute(_HAD, given):
            found[row.subscription].add(row.issue)
        return {this: frozenset(keys) for this, keys in found.items()}

    def span(self, delivery: IssueDelivery) -> tuple[dt.datetime | None, dt.datetime]:
        given = {"of": delivery.subscription, "this": delivery.id}
        found = [row.planned for row in self._connection.execute(_SPAN, given)]
        return (found[1] if len(found) > 1 else None, found[0])

    def tally(self, issue: str) -> tuple[Tally, ...]:
        rows = self._connection.execute(_TALLY, {"key": issue})
        return tuple(Tally(r.platform, DeliveryState(r.state), r.reason, r.number) for r in rows)

    def latest(self, limit: int) -> tuple[str, ...]:
        return tuple(self._connection.scalars(_LATEST, {"most": limit}))

    def due(self, now: dt.datetime, limit: int) -> tuple[Subscription, ...]:
        found = self._connection.execute(_DUE, {"now": now, "most": limit})
        return tuple(map(subscription_of, found))

    def move_on(self, moved: Sequence[tuple[Subscription, dt.datetime | None]]) -> None:
        rows = [
            {
                "this": subscription.id,
                "new_last": day_of(subscription.last),
                "new_next_at": next_at,
                "new_number": subscription.number,
                "new_digests": subscription.digests,
                "new_content": subscription.content,
            }
            for subscription, next_at in moved
        ]
        if rows:
            self._connection.execute(_MOVE_ON, rows)

    def plan(self, issues: Sequence[IssueDelivery]) -> frozenset[int]:
        rows = [delivery_columns_of(delivery) for delivery in issues]
        if not rows:
            return frozenset()
        statement = _PLAN(self._connection).returning(deliveries.c.subscription)
        return frozenset(self._connection.scalars(statement, rows))

    def destinations(self, now: dt.datetime) -> tuple[str, ...]:
        given = {"now": now, "future": now + CLOCKS_DIFFER}
        return tuple(self._connection.scalars(_DESTINATIONS, given))

    def take_over(self, destination: str, token: str) -> tuple[IssueDelivery, ...]:
        row = {"name": destination, "token": token}
        self._connection.execute(_TAKE_OVER(self._connection), row)
        return tuple(map(delivery_of, self._connection.execute(_UNDER_WAY, {"there": destination})))

    def claim(
        self, destination: str, token: str, now: dt.datetime, limit: int
    ) -> tuple[IssueDelivery, ...]:
        given = {"there": destination, "held": token, "most": limit}
        given |= {"now": now, "future": now + CLOCKS_DIFFER}
        found = map(delivery_of, _CLAIM(self._connection, given))
        return tuple(sorted(found, key=lambda delivery: (delivery.due, delivery.id)))

    def delivery(self, identity: int, *, lock: bool = False) -> IssueDelivery | None:
        found = select(deliveries).where(deliveries.c.id == identity)
        row = self._connection.execute(found.with_for_update() if lock else found).first()
        return delivery_of(row) if row else None

    def settle(self, settlements: Sequence[Settlement]) -> None:
        rows = [
            {
                "this": settled.delivery.id,
                "attempt": settled.delivery.attempts,
                "new_state": settled.state.value,
                "new_reason": settled.reason,
                "new_due": settled.due,
                "now": settled.now,
            }
            for settled in settlements
        ]
        if rows:
            self._connection.execute(_SETTLE, rows)

    def history(self, subscription: int, limit: int) -> tuple[IssueDelivery, ...]:
        found = self._connection.execute(
            select(deliveries)
            .where(deliveries.c.subscription == subscription)
            .order_by(deliveries.c.date.desc())
            .limit(limit)
        )
        return tuple(map(delivery_of, found))

    def communities(self, platform: str, after: str, limit: int) -> tuple[str, ...]:
        found = (
            select(subscriptions.c.community)
            .where(subscriptions.c.platform == platform, subscriptions.c.community > after)
            .distinct()
            .order_by(subscriptions.c.community)
            .limit(limit)
        )
        return tuple(self._connection.scalars(found))

    def managed(self, community: str, person: str, now: dt.datetime) -> None:
        row = {"community": community, "person": person, "allowed": False, "seen": now}
        self._connection.execute(_MANAGED(self._connection), row)

    def allow(self, community: str, person: str, *, allowed: bool, now: dt.datetime) -> None:
        row = {"community": community, "person": person, "allowed": allowed, "seen": now}
        self._connection.execute(_ALLOW(self._connection), row)

    def managers(self, community: str) -> tuple[Manager, ...]:
        rows = self._connection.execute(_MANAGERS, {"community": community})
        return tuple(Manager(row.person, row.allowed, row.seen) for row in rows)
