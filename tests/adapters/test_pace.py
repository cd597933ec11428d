"""How fast requests go out, by a clock that jumps."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from bot.adapters.pace import KEPT, Pace
from tests.adapters.virtual import run

RATE, BURST, POSTS, MOST = 45, 5, 5_000, 50
TINY = 1e-4


async def sent(pace: Pace, number: int, key: str = "") -> list[float]:
    """When each of so many requests went out, all of them asked for at once."""
    clock = asyncio.get_running_loop().time

    async def one() -> float:
        await pace.turn(key)
        return clock()

    return sorted(await asyncio.gather(*(one() for _ in range(number))))


def busiest(times: list[float], window: float = 1.0) -> int:
    """The most of them that fell into one window, its two ends included."""
    most = start = 0
    for end, time in enumerate(times):
        while times[start] < time - window:
            start += 1
        most = max(most, end - start + 1)
    return most


@pytest.mark.parametrize("late", [0.0, 0.001, 0.05])
def test_thousands_of_posts_keep_to_the_limit_and_waste_no_time(late: float) -> None:
    times = run(sent(Pace(RATE, BURST), POSTS), late)
    assert busiest(times) <= MOST
    assert times[-1] - times[0] <= 1.02 * POSTS / RATE


def test_posts_that_come_after_a_rest_keep_to_the_limit_too() -> None:
    async def story() -> list[float]:
        pace = Pace(RATE, BURST)
        times: list[float] = []
        for rest in (0.0, 0.03, 0.2, 5.0, 0.5):
            await asyncio.sleep(rest)
            times += await sent(pace, 37)
        return times

    assert busiest(run(story())) <= MOST


def test_they_go_out_evenly() -> None:
    times = run(sent(Pace(RATE, BURST), 200))
    assert times[BURST - 1] == pytest.approx(0.0, abs=TINY)
    gaps = [later - earlier for earlier, later in pairwise(times[BURST:])]
    assert gaps == pytest.approx([1 / RATE] * len(gaps), abs=TINY)


def test_every_key_has_its_own_turn() -> None:
    async def story() -> list[list[float]]:
        pace = Pace(1)
        return await asyncio.gather(*(sent(pace, 3, f"C{number}") for number in range(3)))

    for times in run(story()):
        assert times == pytest.approx([0.0, 1.0, 2.0], abs=TINY)


def test_without_a_rate_nobody_waits() -> None:
    assert run(sent(Pace(None), POSTS))[-1] == pytest.approx(0.0, abs=TINY)


def test_somebody_who_gives_up_leaves_the_turn_to_the_next() -> None:
    async def story() -> float:
        pace = Pace(1)
        await pace.turn()
        first = asyncio.create_task(pace.turn())
        second = asyncio.create_task(pace.turn())
        await asyncio.sleep(0)
        first.cancel()
        await second
        return asyncio.get_running_loop().time()

    assert run(story()) == pytest.approx(1.0, abs=TINY)


def test_keys_that_rest_are_forgotten_and_the_others_are_not() -> None:
    async def story() -> float:
        pace = Pace(1)
        clock = asyncio.get_running_loop().time
        for number in range(KEPT - 1):
            await pace.turn(f"old {number}")
        await asyncio.sleep(2.0)
        await pace.turn("busy")
        waiting = asyncio.create_task(pace.turn("busy"))
        await asyncio.sleep(0)
        await pace.turn("new")
        assert len(pace) == 2
        await waiting
        began = clock()
        await pace.turn("busy")
        return clock() - began

    assert run(story()) == pytest.approx(1.0, abs=TINY)


def test_a_pause_says_when_the_next_turn_comes() -> None:
    async def story() -> list[float]:
        pace = Pace(0.5)
        before = pace.pause("a")
        await pace.turn("a")
        pauses = [before, pace.pause("a"), pace.pause("b")]
        await asyncio.sleep(0.5)
        pauses.append(pace.pause("a"))
        await asyncio.sleep(1.5)
        pauses.append(pace.pause("a"))
        return [*pauses, Pace(None).pause()]

    assert run(story()) == pytest.approx([0.0, 2.0, 0.0, 1.5, 0.0, 0.0], abs=TINY)
