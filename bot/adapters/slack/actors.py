"""Who acts, and where: from Slack's requests to the core's `Actor`."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from dataclasses import dataclass

from aiohttp import ClientError
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.bolt import reason
from bot.adapters.slack.bounded import remember
from bot.adapters.slack.origin import Origin, picked_channel, picked_person
from bot.adapters.slack.wire import Json
from bot.core.command import Actor, Spot
from bot.core.newsletter.zones import is_zone
from bot.core.user_text import MAX_QUOTE, clean

logger = logging.getLogger(__name__)

PLATFORM = "slack"

KEPT_SECONDS = 300.0
"""How long it is remembered what Slack told of somebody."""

_RIGHTS = ("is_admin", "is_owner", "is_primary_owner")


def community_of(context: AsyncBoltContext) -> str:
    """The workspace of a request, as ids of people begin with it."""
    return f"{context.enterprise_id or ''}/{context.team_id or ''}"


def actor_of(context: AsyncBoltContext, origin: Origin, name: str = "") -> Actor:
    """The person behind a request; `name` is what Slack calls them, where it tells.

    Whether they manage the workspace, and their time zone, cost a question: see `Managers`.
    """
    community, place = community_of(context), origin.shared
    return Actor(
        PLATFORM,
        f"{community}/{context.user_id or ''}",
        name=clean(name, MAX_QUOTE),
        community=f"{PLATFORM}:{community}",
        channel=place,
        spot=Spot(place, origin.shared_name) if place else None,
    )


def picked_by(body: Json, context: AsyncBoltContext) -> Spot | None:
    """What somebody picked with a picker; a person by the id that they have as an actor."""
    person = picked_person(body)
    if person is not None:
        return Spot(f"{community_of(context)}/{person}")
    channel = picked_channel(body)
    return None if channel is None else Spot(channel)


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack tells of a person: whether they manage the workspace, and their time zone."""

    manages: bool = False
    zone: str = ""


class Managers:
    """Knows who manages the workspace, and asks Slack where it does not know."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._known: OrderedDict[str, tuple[float, Profile]] = OrderedDict()

    async def profile(self, user: str) -> Profile:
        """Whether a person is an admin or an owner, and where; nothing where Slack does not say."""
        now = time.monotonic()
        until, profile = self._known.get(user, (0.0, Profile()))
        if until > now:
            return profile
        try:
            answer = await self._client.users_info(user=user)
        except (SlackApiError, ClientError, TimeoutError) as error:
            logger.warning("cannot tell who manages the workspace: %s", reason(error))
            return Profile()
        profile = _profile(answer["user"])
        remember(self._known, user, (now + KEPT_SECONDS, profile))
        return profile


def _profile(user: Json) -> Profile:
    zone = user.get("tz")
    return Profile(
        any(user.get(right) is True for right in _RIGHTS),
        zone if isinstance(zone, str) and is_zone(zone) else "",
    )
