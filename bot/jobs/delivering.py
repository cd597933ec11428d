"""Delivering what waits for one destination. It may break off anywhere, and be begun again.

An attempt is written down before the request that it stands for, and settled after it. Whoever
begins takes the destination over: from then on nobody else can claim anything there, and what they
had under way is looked up, if the platform can be asked, and else held as in doubt.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import secrets
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, assert_never

from bot.core.messenger import Delivery, Messenger, Receipt, Sight
from bot.core.ports import StoreError
from bot.core.subscriptions import DeliveryState
from bot.core.views import View
from bot.jobs.exchange import Claimed, Exchange, Owner, exchange, take_over
from bot.jobs.outcomes import End, at_once, end, settled, unread
from bot.jobs.tick import Work

logger = logging.getLogger(__name__)

LANES: Mapping[str, int] = {"discord": 32}
"""Requests under way at the same time for a destination of a platform; one for all others."""

FAILURES = 100
"""After so many passing failures in a row, the platform is left alone until the next round."""

PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds between attempts to write what came of deliveries; a database may be restarted."""


async def deliver(work: Work, destination: str) -> int:
    """Send what is due there until nothing is left, or the work is to stop.

    Returns:
        How many attempts there were.

    Raises:
        StoreError: if the store fails; what was under way is in doubt then.
    """
    platform = destination.partition(":")[0]
    messenger = work.messengers.get(platform)
    if messenger is None:
        return 0
    run = _Run(work, destination, messenger, LANES.get(platform, 1))
    return await run.run()


class _Run:
    """One run for one destination."""

    def __init__(self, work: Work, destination: str, messenger: Messenger, lanes: int) -> None:
        self._work = work
        self._owner = Owner(destination, secrets.token_hex(8), work.context())
        self._messenger = messenger
        self._lanes = lanes
        self._failures = 0
        self._enough = False
        self._under_way: set[asyncio.Task[End]] = set()
        self._ended: list[asyncio.Task[End]] = []
        self._some_ended = asyncio.Event()

    async def run(self) -> int:
        """Look what was left behind, then attempt what waits, as much at once as there are lanes.

        What an attempt came to is written together with the claim of the next.
        """
        left = await self._work.together.write(take_over, self._owner)
        attempts, ends = 0, list[End]()
        try:
            for one in left:
                self._begin(self._recover(one))
            while True:
                claimed = await self._exchange(ends, len(self._under_way))
                attempts += len(claimed)
                if claimed and self._lanes == 1:  # nothing goes on beside it: it needs no task
                    ends = [*self._ends(), await self._attempt(claimed[0])]
                    continue
                for one in claimed:
                    self._begin(self._attempt(one))
                if not self._under_way and not self._ended:
                    return attempts
                await self._some_ended.wait()
                ends = self._ends()
        finally:
            for task in self._under_way:
                task.cancel()

    def _begin(self, attempt: Coroutine[Any, Any, End]) -> None:
        task = asyncio.create_task(attempt)
        self._under_way.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[End]) -> None:
        self._under_way.discard(task)
        self._ended.append(task)
        self._some_ended.set()

    def _ends(self) -> list[End]:
        """What has ended since this was asked last."""
        ended, self._ended = self._ended, []
        self._some_ended.clear()
        return [task.result() for task in ended]

    async def _exchange(self, ends: Sequence[End], under_way: int) -> list[Claimed]:
        """Settle what has ended, and claim what may be begun."""
        for one in ends:
            self._failures = self._failures + 1 if _has_failed(one) else 0
            self._enough |= one.enough or self._failures >= FAILURES
        stop = self._enough or self._work.stopping.is_set()
        free = 0 if stop else self._lanes - under_way
        if not ends and free <= 0:
            return []
        if free > 0 and (seconds := self._messenger.pause(self._owner.destination)):
            # What only waits for its turn is not begun: whoever dies now leaves nothing in doubt.
            if ends:
                await self._persistently(ends, 0)
            ends = ()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._work.stopping.wait(), seconds)
                return []
        return await self._persistently(ends, free)

    async def _persistently(self, ends: Sequence[End], free: int) -> list[Claimed]:
        """Write it, and try again for a while: what is known of attempts must not be lost."""
        asked = Exchange(self._owner, ends, free, self._now())
        for seconds in PAUSES:
            try:
                return await self._work.together.write(exchange, asked)
            except StoreError as error:
                logger.warning("what was delivered cannot be written yet: %s", error)
                await asyncio.sleep(seconds)
        return await self._work.together.write(exchange, asked)

    async def _attempt(self, claimed: Claimed) -> End:
        """Post an issue. It never raises."""
        delivery, subscription = claimed.delivery, claimed.subscription
        view = claimed.view
        if view is None:
            return End(unread(delivery, self._now()))
        # An attempt that failed may have arrived all the same, if it was an attempt of several.
        if delivery.attempts > 1 and await self._sight(claimed, view) is Sight.THERE:
            return End(settled(delivery, DeliveryState.SENT, "", self._now()))
        try:
            receipt = await self._messenger.post(subscription.place, view, delivery.key)
        except Exception:
            logger.exception("posting an issue broke off", extra={"delivery": delivery.id})
            receipt = Receipt(Delivery.DOUBT)
        if receipt.delivery is Delivery.DOUBT:
            return await self._look(claimed, view)
        return end(delivery, receipt, self._now())

    async def _recover(self, left: Claimed) -> End:
        """What becomes of a delivery that somebody else had under way. It never raises."""
        return self._in_doubt(left) if left.view is None else await self._look(left, left.view)

    async def _look(self, claimed: Claimed, view: View) -> End:
        """Ask the platform whether an issue is there, and send it again if it is not."""
        delivery = claimed.delivery
        sight = await self._sight(claimed, view)
        match sight:
            case Sight.THERE:
                return End(settled(delivery, DeliveryState.SENT, "", self._now()))
            case Sight.ABSENT:
                return End(at_once(delivery, self._now()))
            case Sight.UNKNOWN:
                return self._in_doubt(claimed)
            case _:
                assert_never(sight)

    async def _sight(self, claimed: Claimed, view: View) -> Sight:
        """Whether an issue is there, from any of its attempts. It never raises."""
        delivery, place = claimed.delivery, claimed.subscription.place
        since = delivery.updated if delivery.attempts == 1 else delivery.planned
        try:
            return await self._messenger.find(place, view, delivery.key, since, delivery.updated)
        except Exception:
            logger.exception("looking for an issue broke off", extra={"delivery": delivery.id})
            return Sight.UNKNOWN

    def _in_doubt(self, claimed: Claimed) -> End:
        delivery, now = claimed.delivery, self._now()
        if claimed.subscription.again:
            return End(at_once(delivery, now))
        return End(settled(delivery, DeliveryState.DOUBT, IN_DOUBT, now))

    def _now(self) -> dt.datetime:
        return self._work.desk.clock()


IN_DOUBT = "nobody knows whether it arrived"


def _has_failed(one: End) -> bool:
    return one.settlement.state is DeliveryState.WAITING
