"""What waits for its turn is not under way: whoever dies meanwhile leaves nothing in doubt."""

from __future__ import annotations

import asyncio

from bot.core.desk import Desk
from bot.core.messenger import Delivery
from bot.core.ports import Unit
from bot.core.subscriptions import DeliveryState
from bot.jobs.delivering import deliver
from bot.jobs.tick import Work
from bot.store.database import Database
from tests.jobs.contexts import context
from tests.jobs.messengers import Recorder
from tests.store.samples import NOW, a_delivery, a_subscription

LONG = 600.0
"""Seconds; no test waits for so long."""

WITHIN = 30.0
WORKSPACE = "slack:/T1"


def of_slack(store: Database, slack: Recorder) -> Work:
    return Work(Desk(store, lambda: NOW), context, {"slack": slack})


async def let_wait(store: Database, number: int) -> None:
    """So many issues for the channels of one workspace."""

    def plan(unit: Unit) -> None:
        for channel in range(number):
            made = a_subscription(platform="slack", community=WORKSPACE, channel=f"C{channel}")
            kept = unit.newsletters.add(made)
            assert unit.newsletters.plan([a_delivery(kept, date=NOW.date(), due=NOW, updated=NOW)])

    await store.write(plan)


async def states(store: Database) -> list[DeliveryState]:
    def look(unit: Unit) -> list[DeliveryState]:
        found = unit.newsletters.of(WORKSPACE)
        return [unit.newsletters.history(one.id, 1)[0].state for one in found]

    return await store.read(look)


async def test_the_first_is_settled_and_the_next_not_begun_while_it_waits_for_its_turn(
    database: Database,
) -> None:
    slack = Recorder(rest=LONG)
    await let_wait(database, 2)
    work = of_slack(database, slack)
    delivering = asyncio.create_task(deliver(work, WORKSPACE))
    async with asyncio.timeout(WITHIN):
        while DeliveryState.SENT not in await states(database):
            assert not delivering.done()
        assert sorted(await states(database)) == [DeliveryState.SENT, DeliveryState.WAITING]
        work.stopping.set()
        assert await delivering == 1
    assert sorted(await states(database)) == [DeliveryState.SENT, DeliveryState.WAITING]


async def test_whose_turn_has_come_is_begun(database: Database) -> None:
    slack = Recorder([Delivery.SENT, Delivery.FORBIDDEN], rest=0.001)
    await let_wait(database, 3)
    assert await deliver(of_slack(database, slack), WORKSPACE) == 3
    assert sorted(await states(database)) == [
        DeliveryState.FAILED,
        DeliveryState.SENT,
        DeliveryState.SENT,
    ]
