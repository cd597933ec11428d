"""Who acts, and where: from Slack's requests to the core's `Actor`."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict

from aiohttp import ClientError
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.bolt import reason
from bot.adapters.slack.bounded import remember
from bot.adapters.slack.origin import Origin
from bot.core.command import Actor
from bot.core.user_text import MAX_QUOTE, clean

logger = logging.getLogger(__name__)

PLATFORM = "slack"

KEPT_SECONDS = 300.0
"""How long it is remembered whether somebody manages the workspace."""

_RIGHTS = ("is_admin", "is_owner", "is_primary_owner")


def actor_of(context: AsyncBoltContext, origin: Origin, name: str = "") -> Actor:
    """The person behind a request; `name` is what Slack calls them, where it tells.

    Whether they manage the workspace costs a question: see `Managers`.
    """
    community = f"{context.enterprise_id or ''}/{context.team_id or ''}"
    return Actor(
        PLATFORM,
        f"{community}/{context.user_id or ''}",
        name=clean(name, MAX_QUOTE),
        community=f"{PLATFORM}:{community}",
        channel=origin.shared,
    )


class Managers:
    """Knows who manages the workspace, and asks Slack where it does not know."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._known: OrderedDict[str, tuple[float, bool]] = OrderedDict()

    async def manages(self, user: str) -> bool:
        """Whether a person is an admin or an owner; False where Slack does not say."""
        now = time.monotonic()
        until, manages = self._known.get(user, (0.0, False))
        if until > now:
            return manages
        try:
            answer = await self._client.users_info(user=user)
        except (SlackApiError, ClientError, TimeoutError) as error:
            logger.warning("cannot tell who manages the workspace: %s", reason(error))
            return False
        found = answer["user"]
        manages = any(found.get(right) is True for right in _RIGHTS)
        remember(self._known, user, (now + KEPT_SECONDS, manages))
        return manages
