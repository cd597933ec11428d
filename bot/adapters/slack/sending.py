"""Messages and files into a conversation, and what became of them.

Slack has no key by which it knows a repeated message, so one that may have arrived counts as sent.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from aiohttp import ClientConnectorError, ClientError
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.bolt import reason, refused
from bot.adapters.slack.pages import pages, posted
from bot.adapters.slack.wire import Json
from bot.core.command import Attachment
from bot.core.ports import Delivery
from bot.core.views import Prose, Text, View

logger = logging.getLogger(__name__)

_PASSING = frozenset(
    {"fatal_error", "internal_error", "rate_limited", "ratelimited", "request_timeout"}
) | {"service_unavailable", "team_added_to_org"}
"""Errors that are over some time later."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of some messages, and the id of the conversation, where Slack told it."""

    delivery: Delivery
    channel: str | None = None


async def deliver(client: AsyncWebClient, channel: str, messages: Iterable[Json]) -> Sent:
    """Post messages to a conversation, or to a person by their id.

    What has begun to arrive counts as sent: it must not come twice.
    """
    arrived: str | None = None
    for message in messages:
        try:
            answer = await client.chat_postMessage(channel=channel, **message)
        except (SlackApiError, ClientError, TimeoutError) as error:
            return Sent(_failed(error) if arrived is None else Delivery.SENT, arrived)
        arrived = str(answer["channel"])
    return Sent(Delivery.SENT, arrived)


def _failed(error: Exception) -> Delivery:
    match error:
        case SlackApiError() if refused(error) and reason(error) not in _PASSING:
            delivery = Delivery.REFUSED
        case SlackApiError() | ClientConnectorError():
            delivery = Delivery.LATER
        case _:
            logger.warning("a message may be lost: %s", reason(error))
            return Delivery.SENT
    logger.info("a message was not taken: %s", reason(error), extra={"delivery": delivery.value})
    return delivery


async def upload(client: AsyncWebClient, channel: str, attachment: Attachment) -> bool:
    """Put a file into a conversation; False where that fails, above all without `files:write`."""
    try:
        await client.files_upload_v2(
            channel=channel,
            filename=attachment.name,
            title=attachment.name,
            content=attachment.text,
        )
    except (SlackApiError, SlackRequestError, ClientError, TimeoutError) as error:
        logger.warning("a file could not be sent: %s", reason(error))
        return False
    return True


def written_out(attachment: Attachment) -> list[Json]:
    """A file as messages, as many as its text needs."""
    view = View(attachment.name, (Prose((Text(attachment.text),)),), fallback=attachment.name)
    return [posted(page) for page in pages(view)]
