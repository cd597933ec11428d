"""Many workspaces: found in the database, kept in memory for minutes, their tokens renewed in time.

Slack waits for 3 seconds, so a look-up is waited for but briefly. It goes on by itself then:
a token that is being renewed must not be lost half-way.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from bot.adapters.slack.bolt import reason, refused
from bot.adapters.slack.bounded import remember
from bot.adapters.slack.oauth import Exchange, NoBotTokenError
from bot.adapters.slack.workspaces import Furnish, UnavailableError, Workspace, Workspaces
from bot.core.ports import Clock, StoreError
from bot.store.installations import Installation, Installations

logger = logging.getLogger(__name__)

Place: TypeAlias = tuple[str, str]
"""The ids of an organisation (empty if there is none) and a workspace."""

KEPT_SECONDS = 300.0
"""How long a workspace is not looked up again."""

PATIENCE = 1.5
"""Seconds that a look-up is waited for."""

EARLY = dt.timedelta(hours=2)
"""How long before its end a token is renewed; Slack's last for twelve hours."""

PAUSE = 0.25
"""Seconds until one looks again whether another process has renewed a token."""

LOOKS = 80
"""How often."""

SAVES = 5
"""How often it is tried to save a renewed token, with a second in between."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A workspace, until when it need not be looked up, and when its token ends."""

    workspace: Workspace
    until: float
    expires: dt.datetime | None


class Installed(Workspaces):
    """The workspaces that installed the app."""

    def __init__(
        self, installations: Installations, exchange: Exchange, furnish: Furnish, clock: Clock
    ) -> None:
        self._installations = installations
        self._exchange = exchange
        self._furnish = furnish
        self._clock = clock
        self._kept: OrderedDict[Place, _Kept] = OrderedDict()
        self._looking: dict[Place, asyncio.Task[Workspace | None]] = {}
        self._under_way: set[asyncio.Task[Workspace | None]] = set()

    async def of(self, enterprise: str, team: str) -> Workspace | None:
        place = enterprise, team
        kept = self._kept.get(place)
        if kept is not None and kept.until > time.monotonic():
            return kept.workspace
        looking = self._looking.get(place) or self._look_up(place)
        try:
            return await asyncio.wait_for(asyncio.shield(looking), PATIENCE)
        except (TimeoutError, StoreError) as error:
            if kept is not None and not _has_ended(kept.expires, self._clock()):
                return kept.workspace
            raise UnavailableError from error

    def only(self) -> Workspace | None:
        return None

    async def forget(self, enterprise: str, team: str, before: dt.datetime) -> bool:
        gone = await self._installations.delete(enterprise, team, before)
        self.look_again(enterprise, team)
        return gone

    def look_again(self, enterprise: str, team: str) -> None:
        """Do not go by what was found before: something has changed."""
        for known in (self._kept, self._looking):
            for place in [place for place in known if _is_within(place, (enterprise, team))]:
                del known[place]

    async def finished(self) -> None:
        while self._under_way:
            await asyncio.wait(self._under_way)

    def _look_up(self, place: Place) -> asyncio.Task[Workspace | None]:
        looking = asyncio.create_task(self._look(place))
        self._looking[place] = looking
        self._under_way.add(looking)
        looking.add_done_callback(partial(self._looked, place))
        return looking

    def _looked(self, place: Place, looking: asyncio.Task[Workspace | None]) -> None:
        self._under_way.discard(looking)
        if self._looking.get(place) is looking:
            del self._looking[place]
        if not looking.cancelled() and looking.exception() is not None:
            logger.warning("cannot look a workspace up: %s", type(looking.exception()).__name__)

    async def _look(self, place: Place) -> Workspace | None:
        found = await self._found(place)
        if found is None:
            return None
        kept = self._kept.get(place)
        if kept is not None and kept.workspace.client.token == found.token:
            workspace = kept.workspace
        else:
            newer = partial(self._newer, place)
            workspace = self._furnish(found.token, found.bot_user, newer)
        if self._looking.get(place) is asyncio.current_task():
            until = time.monotonic() + KEPT_SECONDS
            remember(self._kept, place, _Kept(workspace, until, found.expires))
        return workspace

    async def _newer(self, place: Place, refused_token: str) -> str | None:
        """The token of a workspace, looked up anew after Slack has refused this one."""
        kept = self._kept.get(place)
        if kept is not None and kept.workspace.client.token == refused_token:
            self.look_again(*place)
        try:
            workspace = await self.of(*place)
        except UnavailableError:
            return None
        return workspace.client.token if workspace else None

    async def _found(self, place: Place) -> Installation | None:
        """The installation in a workspace or, where there is none, in its organisation."""
        enterprise, team = place
        for where in dict.fromkeys(((enterprise, team), (enterprise, ""))):
            installation = await self._installations.find(*where)
            if installation is not None:
                return await self._fresh(installation)
        return None

    async def _fresh(self, found: Installation) -> Installation | None:
        """The installation with a token that does not end soon, if there is any way to one."""
        for _ in range(LOOKS):
            if not _has_ended(found.expires, self._clock() + EARLY):
                return found
            if await self._installations.claim(found, self._clock()):
                return await self._renewed(found)
            again = await self._installations.find(found.enterprise, found.team)
            if again is None:
                return None
            if again.token == found.token:  # somebody else is at it
                if not _has_ended(found.expires, self._clock()):
                    return found
                await asyncio.sleep(PAUSE)
            found = again
        raise UnavailableError

    async def _renewed(self, old: Installation) -> Installation | None:
        """What Slack gives for the refresh token, which this process alone uses now."""
        refused_for_good = False
        new = old
        try:
            new = await self._exchange.renewed(old)
        except (SlackApiError, NoBotTokenError) as error:
            refused_for_good = not isinstance(error, SlackApiError) or refused(error)
            logger.error("Slack does not renew a token: %s", reason(error))
        except (ClientError, TimeoutError) as error:
            logger.warning("a token cannot be renewed just now: %s", reason(error))
        if not await self._saved(old, new):
            return await self._installations.find(old.enterprise, old.team)
        if not _has_ended(new.expires, self._clock()):
            return new
        if refused_for_good:
            return None
        raise UnavailableError

    async def _saved(self, old: Installation, new: Installation) -> bool:
        """See `Installations.settle`; a short failure of the database must not lose the token."""
        for _ in range(SAVES - 1):
            try:
                return await self._installations.settle(old, new)
            except StoreError:
                await asyncio.sleep(1)
        return await self._installations.settle(old, new)


def _has_ended(end: dt.datetime | None, now: dt.datetime) -> bool:
    return end is not None and end <= now


def _is_within(place: Place, other: Place) -> bool:
    """Whether it is this place, or a workspace of this organisation."""
    return place == other or (not other[1] and place[0] == other[0])
