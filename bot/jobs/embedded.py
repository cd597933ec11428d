"""Rounds in the process of the bot itself, one after another."""

from __future__ import annotations

import asyncio
import logging

from bot.core.ports import StoreError
from bot.jobs import newsletter
from bot.jobs.newsletter import Pace
from bot.jobs.tick import Work, tick

logger = logging.getLogger(__name__)

PAUSE = 15.0
"""Seconds between two rounds."""


async def run(work: Work, pause: float = PAUSE) -> None:
    """Do a round now and then, until cancelled. A round that fails is tried again."""
    pace = Pace()
    while True:
        try:
            await tick(work)
            await newsletter.plan(work)
            await newsletter.deliver(work, pace)
        except StoreError as error:
            logger.warning("a round of work failed: %s", error)
        except Exception:
            logger.exception("a round of work failed by a fault of ours")
        await asyncio.sleep(pause)
