"""What a round does. All of it may run at any time, twice, and in several processes.

Planning is quick, and deliveries have runs of their own. So have the chores, which may take minutes
when many are to be told of something: no issue waits for them.
"""

from __future__ import annotations

from bot.jobs import feeds, housekeeping, planning
from bot.jobs.tick import Work
from bot.jobs.tick import tick as send_notices


async def tick(work: Work) -> None:
    """Plan the issues that are due. Raises StoreError."""
    await planning.plan(work)


async def chores(work: Work) -> None:
    """Close what rests, send notices, look after communities, and read feeds.

    Raises:
        StoreError: if the store fails; what was not done is left for the next round.
    """
    await send_notices(work)
    await housekeeping.look_after(work)
    if work.feeds is not None:
        await feeds.refresh(work, work.feeds)


async def destinations(work: Work) -> tuple[str, ...]:
    """Where deliveries are due or were left under way, on platforms that are configured here.

    Raises:
        StoreError: if the store fails.
    """
    now = work.desk.clock()
    found = await work.desk.store.read(lambda unit: unit.newsletters.destinations(now))
    return tuple(there for there in found if there.partition(":")[0] in work.messengers)
