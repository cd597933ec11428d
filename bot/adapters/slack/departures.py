"""The bot is removed from a workspace: its installation goes, and whoever must know is told."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.adapters.slack.admission import DEPARTURES
from bot.adapters.slack.wire import Json
from bot.adapters.slack.workspaces import Workspaces, community_key
from bot.core.ports import StoreError

logger = logging.getLogger(__name__)

Uninstalled: TypeAlias = Callable[[str], Awaitable[None]]
"""Told the key of a community that the bot was removed from, perhaps more than once. It may end in
a slash, as in `slack:E1/`: then the bot was removed from all workspaces of an organisation."""

SKEW = dt.timedelta(minutes=1)
"""How far our clock may be ahead of Slack's."""

_NAMES = re.compile("|".join(sorted(DEPARTURES)))


class Departures:
    """Listens for removals. Where one cannot be carried out, Slack is made to repeat it."""

    def __init__(self, workspaces: Workspaces, uninstalled: Uninstalled) -> None:
        self._workspaces = workspaces
        self._uninstalled = uninstalled

    def register(self, app: AsyncApp) -> None:
        """Let a Bolt app call this listener."""
        app.event(_NAMES)(self.departed)

    async def departed(self, body: Json, context: AsyncBoltContext) -> BoltResponse:
        """The app was removed, or tokens were revoked: of people, which it has none of, or its."""
        event = body["event"]
        if event["type"] == "tokens_revoked" and not (event.get("tokens") or {}).get("bot"):
            return BoltResponse(status=200)
        enterprise = context.enterprise_id or ""
        team = "" if context.is_enterprise_install else context.team_id or ""
        key = community_key(enterprise, team)
        then = dt.datetime.fromtimestamp(int(body["event_time"]), dt.UTC)
        try:
            if await self._workspaces.forget(enterprise, team, then + SKEW):
                await self._uninstalled(key)
                logger.info("removed from Slack", extra={"community": key})
        except StoreError as error:
            logger.warning("a removal from Slack cannot be carried out just now: %s", error)
            return BoltResponse(status=503)
        return BoltResponse(status=200)


async def nobody(_: str) -> None:
    """Nobody has to be told."""
