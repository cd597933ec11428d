"""Failures that a test asks the loopback Slack to produce."""

import asyncio
import math
from collections import defaultdict, deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one call.

    `status` 429 or 5xx answers at once, with `error` as its word, and does nothing; without a
    status `error` is Slack's own refusal. `delay` (seconds) and `hold` (an event to wait for) come
    before the call is carried out, `cut` drops the connection after it. `retry_after` is in
    seconds; Slack sends whole ones, so it is rounded up. `by_proxy` says that something before
    Slack fails, and answers in plain text.
    """

    status: int | None = None
    error: str | None = None
    retry_after: float = 0
    delay: float = 0
    hold: asyncio.Event | None = None
    cut: bool = False
    by_proxy: bool = False

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(math.ceil(self.retry_after))} if self.status == 429 else {}

    async def wait(self) -> None:
        """Let the caller wait as long as this fault wants."""
        if self.hold is not None:
            await self.hold.wait()
        if self.delay:
            await asyncio.sleep(self.delay)


class FaultPlan:
    """The faults that are still to come, in order, for each method."""

    def __init__(self) -> None:
        self._planned: defaultdict[str, deque[Fault]] = defaultdict(deque)

    def add(self, method: str, fault: Fault, times: int) -> None:
        self._planned[method].extend([fault] * times)

    def take(self, method: str) -> Fault | None:
        """The fault of the call that is being made now, if any."""
        planned = self._planned.get(method)
        return planned.popleft() if planned else None
