"""Once a day: whether the bot is still there in every community that gets the newsletter.

Without the right to hear of it, this is how the bot learns that it was removed; then everything
that is kept about the community goes.
"""

from __future__ import annotations

import datetime as dt
import logging

from bot.core.messenger import Messenger
from bot.core.ports import Mark, Store, Unit
from bot.jobs.tick import Work

logger = logging.getLogger(__name__)

MOST = 10
"""Communities of one round; the next round takes more."""

DAY = dt.timedelta(days=1)


async def look_after(work: Work) -> int:
    """Ask about some communities, if today's have not all been asked about; how many have gone.

    Raises:
        StoreError: if the store fails.
    """
    gone = 0
    for platform, messenger in work.messengers.items():
        gone += await _look_after(platform, messenger, work)
    return gone


async def _look_after(platform: str, messenger: Messenger, work: Work) -> int:
    name, now = f"communities of {platform}", work.desk.clock()

    def turn(unit: Unit) -> tuple[str, ...]:
        """The next communities; whoever takes them moves the mark, so that nobody else does."""
        mark = unit.chores.get(name)
        if mark is not None and mark.done and now - mark.at < DAY:
            return ()
        after = mark.reached if mark is not None and not mark.done else ""
        found = unit.newsletters.communities(platform, after, MOST)
        reached = found[-1] if found else ""
        unit.chores.put(name, Mark(reached, now, done=len(found) < MOST))
        return found

    gone = 0
    for community in await work.desk.store.write(turn):
        if await messenger.has_left(community):
            await forget(community, work.desk.store)
            gone += 1
    return gone


async def forget(community: str, store: Store) -> None:
    """End everything of a community that the bot was removed from. Raises StoreError."""
    rows = await store.write(lambda unit: unit.communities.purge(community))
    logger.info("the bot was removed from a community", extra={"rows": rows})
