"""What has failed may be there all the same: before a second attempt the platform is asked."""

from __future__ import annotations

import datetime as dt

from bot.core.desk import Desk
from bot.core.messenger import Delivery, Receipt, Sight
from bot.core.ports import Unit
from bot.core.subscriptions import DeliveryState, Place
from bot.core.views import View
from bot.jobs.delivering import deliver
from bot.jobs.tick import Work
from bot.store.database import Database
from tests.jobs.contexts import context
from tests.jobs.messengers import Recorder
from tests.store.samples import MINUTE, NOW, a_delivery, a_subscription

LATER = Receipt(Delivery.LATER)


class Asked(Recorder):
    """Notes from when on it was asked to look."""

    def __init__(self, *answers: Receipt, sight: Sight) -> None:
        super().__init__(answers, sight)
        self.since: list[tuple[dt.datetime, dt.datetime | None]] = []

    async def find(
        self,
        place: Place,
        view: View,
        key: str,
        since: dt.datetime,
        latest: dt.datetime | None = None,
    ) -> Sight:
        self.since.append((since, latest))
        return await super().find(place, view, key, since, latest)


async def attempted(store: Database, discord: Asked, times: int) -> DeliveryState:
    """What becomes of an issue within so many attempts, ten minutes apart."""

    def let_wait(unit: Unit) -> int:
        kept = unit.newsletters.add(a_subscription())
        assert unit.newsletters.plan([a_delivery(kept, due=NOW, updated=NOW)])
        return kept.id

    subscription = await store.write(let_wait)
    now = NOW
    work = Work(Desk(store, lambda: now), context, {"discord": discord})
    for number in range(times):
        now = NOW + number * 10 * MINUTE
        assert await deliver(work, "discord") == 1
    [found] = await store.read(lambda unit: unit.newsletters.history(subscription, 9))
    return found.state


async def test_what_is_there_is_not_posted_again(database: Database) -> None:
    discord = Asked(LATER, sight=Sight.THERE)
    assert await attempted(database, discord, 2) is DeliveryState.SENT
    assert len(discord.given) == 1
    assert discord.since == [(NOW, NOW + 10 * MINUTE)]


async def test_what_is_not_there_is_posted_again(database: Database) -> None:
    discord = Asked(LATER, LATER, sight=Sight.ABSENT)
    assert await attempted(database, discord, 3) is DeliveryState.SENT
    assert len(discord.given) == 3


async def test_where_nobody_can_look_what_failed_for_certain_is_posted_again(
    database: Database,
) -> None:
    discord = Asked(LATER, sight=Sight.UNKNOWN)
    assert await attempted(database, discord, 2) is DeliveryState.SENT
    assert len(discord.given) == 2


async def test_a_first_attempt_looks_for_nothing(database: Database) -> None:
    discord = Asked(sight=Sight.THERE)
    assert await attempted(database, discord, 1) is DeliveryState.SENT
    assert discord.since == []
