"""Lets requests fail as planned, on either platform."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiohttp import web

from tests.fakes.discord.http import lost
from tests.fanout.faults import Fault, Way


async def answered(
    request: web.Request,
    fault: Fault | None,
    store: Callable[[], web.Response],
    refuse: Callable[[Fault], web.Response],
) -> web.Response:
    """The answer to a request: `store` carries it out, `refuse` says no.

    A held request gets none, and ends when the client goes away.
    """
    if fault is None:
        return store()
    if fault.stores:
        store()
    match fault.way:
        case Way.CUT_BEFORE | Way.CUT_AFTER:
            return lost(request)
        case Way.HELD_BEFORE | Way.HELD_AFTER:
            await asyncio.get_running_loop().create_future()
            raise AssertionError("nobody ends this but the client")
        case _:
            return refuse(fault)


def by_proxy(fault: Fault) -> web.Response:
    """The page of whatever stands before the platform."""
    return web.Response(status=fault.status, text="<html>Not now</html>", content_type="text/html")
