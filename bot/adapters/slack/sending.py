"""Messages and files into a conversation, and what became of them."""

from __future__ import annotations

import copy
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.adapters.slack.bolt import reason
from bot.adapters.slack.origin import channel_and_thread
from bot.adapters.slack.outcome import BAD_BLOCKS, receipt_of
from bot.adapters.slack.pages import in_post, pages
from bot.adapters.slack.pictures import without_pictures
from bot.core.command import Attachment
from bot.core.messenger import Delivery, Receipt
from bot.core.views import Prose, Text, View

logger = logging.getLogger(__name__)

_JSON = {"Content-Type": "application/json;charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of some messages, and the id of the conversation, where Slack told it.

    `unanswered` says that Slack may have taken them and said nothing.
    """

    receipt: Receipt
    channel: str | None = None
    unanswered: bool = False

    @property
    def arrived(self) -> bool:
        """Whether to tell a person that they are there: yes, unless Slack reported a failure."""
        return self.unanswered or self.receipt.delivery is Delivery.SENT


Turn: TypeAlias = Callable[[], Awaitable[None]]
"""Returns when one more message may be posted."""


async def deliver(
    client: AsyncWebClient, place: str, messages: Sequence[str], turn: Turn | None = None
) -> Sent:
    """Post messages, which are pages, to a channel, a thread, or a person by their id.

    With a `turn` nobody waits for them: each is posted when it is due, and where Slack sets a limit
    the first one comes back instead of waiting. What has begun to arrive counts as sent, with a
    note: it must not come twice.
    """
    channel, thread = channel_and_thread(place)
    poster = client if turn is None else _impatient(client)
    conversation: str | None = None
    for number, message in enumerate(messages):
        if turn is not None:
            await turn()
        try:
            answer = await _posted(poster, channel, thread, message)
        except (SlackApiError, ClientError, TimeoutError) as error:
            receipt = receipt_of(error)
            if conversation is not None:
                certain = f"Only {number} of {len(messages)} parts are there for certain."
                receipt = Receipt(Delivery.SENT, note=f"{certain} {receipt.note}")
            unanswered = receipt.delivery is Delivery.DOUBT and not isinstance(error, SlackApiError)
            return Sent(receipt, conversation, unanswered)
        conversation = str(answer["channel"])
        poster = client
    return Sent(Receipt(Delivery.SENT), conversation)


async def _posted(
    client: AsyncWebClient, channel: str, thread: str | None, page: str
) -> AsyncSlackResponse:
    """Post a page; with words in place of its pictures, where Slack cannot fetch one.

    Raises:
        SlackApiError, ClientError, TimeoutError: if it may not have arrived.
    """
    try:
        return await _post(client, in_post(page, channel, thread))
    except SlackApiError as error:
        plain = without_pictures(page) if reason(error) in BAD_BLOCKS else None
        if plain is None:
            raise
        logger.info("Slack does not take a message with its pictures")
    return await _post(client, in_post(plain, channel, thread))


async def _post(client: AsyncWebClient, body: bytes) -> AsyncSlackResponse:
    """`chat.postMessage` with a body that is JSON already."""
    return await client.api_call(
        "chat.postMessage",
        data=body,  # type: ignore[arg-type] # the SDK hands it to aiohttp as it is
        headers=dict(_JSON),
    )


def _impatient(client: AsyncWebClient) -> AsyncWebClient:
    """The same client, but a limit is an answer like any other."""
    other = copy.copy(client)
    other.retry_handlers = []
    return other


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


def written_out(attachment: Attachment) -> tuple[str, ...]:
    """A file as messages, as many as its text needs."""
    view = View(attachment.name, (Prose((Text(attachment.text),)),), fallback=attachment.name)
    return pages(view)
