"""Messages that nobody asked for at this moment: issues of the newsletter, notices, reminders."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.pace import Pace
from bot.adapters.slack.actors import PLATFORM
from bot.adapters.slack.bolt import reason
from bot.adapters.slack.naming import Naming
from bot.adapters.slack.origin import channel_and_thread
from bot.adapters.slack.outcome import REMOVED, REMOVED_NOTE
from bot.adapters.slack.pages import pages
from bot.adapters.slack.sending import deliver
from bot.adapters.slack.workspaces import UnavailableError, Workspaces
from bot.core.messenger import Delivery, Receipt
from bot.core.subscriptions import Place
from bot.core.views import View

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rates:
    """Posts a second in one channel, and in one workspace; None for as many as there are."""

    channel: float | None
    workspace: float | None


RATES = Rates(channel=1.0, workspace=100 / 60)
"""A second between posts is Slack's rule for a channel. For a workspace it names no number, but
grants a hundred calls a minute or more to its quickest methods."""


class Messenger:
    """Posts as fast as Slack allows: in each channel, and in each workspace by itself."""

    def __init__(self, workspaces: Workspaces, naming: Naming, rates: Rates) -> None:
        self._workspaces = workspaces
        self._naming = naming
        self._in_channel = Pace(rates.channel)
        self._in_workspace = Pace(rates.workspace)

    async def direct(self, user: str, view: View) -> Receipt:
        """Send to a person's conversation with the bot."""
        community, _, person = user.rpartition("/")
        return await self.post(Place(PLATFORM, f"{PLATFORM}:{community}", person), view)

    async def post(self, place: Place, view: View) -> Receipt:
        """Post to a channel or thread; every message of a long view waits for its turn."""
        channel, _ = channel_and_thread(place.channel)

        async def turn() -> None:
            await self._in_workspace.turn(place.community)
            await self._in_channel.turn(f"{place.community}/{channel}")

        messages = pages(self._naming.view(view))
        try:
            client = await self._client(place.community)
        except UnavailableError:
            return Receipt(Delivery.LATER)
        if client is None:
            return Receipt(Delivery.GONE, note=REMOVED_NOTE)
        return (await deliver(client, place.channel, messages, turn)).receipt

    def pause(self, community: str) -> float:
        """Seconds until it would be a post's turn in a workspace; channels are another matter."""
        return self._in_workspace.pause(community)

    async def has_left(self, community: str) -> bool:
        """Whether the bot is not installed there, or Slack does not take its token any more."""
        try:
            client = await self._client(community)
            if client is None:
                return True
            await client.auth_test()
        except SlackApiError as error:
            return reason(error) in REMOVED
        except (ClientError, TimeoutError, UnavailableError) as error:
            logger.info("cannot tell whether the bot was removed: %s", reason(error))
        return False

    async def _client(self, community: str) -> AsyncWebClient | None:
        """The client for a workspace; for the only one where none is named."""
        if not community:
            workspace = self._workspaces.only()
        else:
            workspace = await self._workspaces.of_community(community)
        return workspace.client if workspace else None
