"""Things that go wrong on purpose: refusals, slow answers, answers that are lost."""

import asyncio
import re
from dataclasses import dataclass
from typing import TypeAlias

Delay: TypeAlias = float | asyncio.Event


@dataclass(slots=True)
class Fault:
    """What happens to the next ``left`` requests of a route (``left`` < 0: to all of them)."""

    method: str
    pattern: re.Pattern[str]
    left: int
    status: int | None = None
    code: int = 0
    retry_after: float = 0.0
    whole_bot: bool = False
    delay: Delay | None = None
    lost: bool = False


class Faults:
    """The faults still to come, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._faults.append(fault)

    def clear(self) -> None:
        self._faults.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault for this request, if there is one, counted as used."""
        for fault in self._faults:
            if fault.left and fault.method in (method, "*") and fault.pattern.fullmatch(path):
                fault.left -= 1
                return fault
        return None


def route_pattern(pattern: str) -> re.Pattern[str]:
    """``*`` stands for one path segment, ``**`` for any number of them."""
    steps = {"*": "[^/]+", "**": ".+"}
    return re.compile("/".join(steps.get(step, re.escape(step)) for step in pattern.split("/")))


async def wait_out(delay: Delay) -> None:
    """Hold an answer back for a number of seconds or until the event is set."""
    if isinstance(delay, asyncio.Event):
        await delay.wait()
    else:
        await asyncio.sleep(delay)
