"""When the bot is killed: some time after something, or exactly between commit and answer."""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import dataclass
from random import Random
from typing import TypeAlias, assert_never

from tests.crash.line import Line
from tests.crash.world import World, ready
from tests.e2e.process import Running

PATIENCE = 1.0
"""Seconds under load until the bot is killed, also where the moment does not come."""

_CALLBACK = re.compile("/interactions/[^/]+/[^/]+/callback|response_url")


@dataclass(frozen=True, slots=True)
class Starting:
    """So many seconds after the start of the process, whether it answers by then or not."""

    seconds: float


@dataclass(frozen=True, slots=True)
class UnderLoad:
    """So many seconds after people could reach it again."""

    seconds: float


@dataclass(frozen=True, slots=True)
class AtPress:
    """So many seconds after the press with this number."""

    number: int
    seconds: float


@dataclass(frozen=True, slots=True)
class AtAnswer:
    """When its answer with this number reaches the platform, which then shows it or never sees it.

    All of it has been committed by then, and nobody knows.
    """

    number: int
    is_shown: bool


Moment: TypeAlias = Starting | UnderLoad | AtPress | AtAnswer


def some_moment(chance: Random) -> Moment:
    """Any moment; those in the middle of answers come most often."""
    match chance.choices(("starting", "load", "press", "answer"), (1, 3, 4, 4))[0]:
        case "starting":
            return Starting(chance.uniform(0.0, 1.0))
        case "load":
            return UnderLoad(chance.uniform(0.0, 0.8))
        case "press":
            return AtPress(chance.randint(1, 150), chance.uniform(0.0, 0.03))
        case _:
            return AtAnswer(chance.randint(1, 100), chance.random() < 0.5)


async def kill_at(moment: Moment, world: World, line: Line, bot: Running) -> None:
    """Wait for the moment, then kill the bot; return when it is dead."""
    match moment:
        case Starting(seconds):
            await asyncio.sleep(seconds)
        case UnderLoad(seconds):
            await _up(world, line, bot)
            await asyncio.sleep(seconds)
        case AtPress(number, seconds):
            await _up(world, line, bot)
            await line.presses(number, PATIENCE)
            await asyncio.sleep(seconds)
        case AtAnswer(number, is_shown):
            await _at_answer(number, world, line, bot, is_shown=is_shown)
        case _:
            assert_never(moment)
    await _dead(bot, line)
    line.is_cut()


async def _up(world: World, line: Line, bot: Running) -> None:
    await ready(world, bot)
    line.opens()


async def _at_answer(
    number: int, world: World, line: Line, bot: Running, *, is_shown: bool
) -> None:
    """Stand at both platforms' doors, and kill the bot when its answer comes."""
    came, answers = asyncio.Event(), 0

    async def gate(path: str) -> bool:
        nonlocal answers
        if not _CALLBACK.fullmatch(path):
            return True
        answers += 1
        if answers < number:
            return True
        await _dead(bot, line)
        came.set()
        return is_shown

    world.discord.gate = world.slack.gate = gate
    try:
        await _up(world, line, bot)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(came.wait(), PATIENCE)
        await _dead(bot, line)
    finally:
        world.discord.gate = world.slack.gate = None


async def _dead(bot: Running, line: Line) -> None:
    line.closes()
    bot.kill()
    await bot.ended()
