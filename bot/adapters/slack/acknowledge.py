"""Acknowledging within Slack's 3 seconds, even while the answer is still being made.

Nearly every answer is ready in time and is the acknowledgement itself. Otherwise the
acknowledgement is sent early, and the answer follows by itself.
"""

from __future__ import annotations

import asyncio
import json
import logging
from abc import ABC, abstractmethod

from aiohttp import web
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse

logger = logging.getLogger(__name__)


class Acknowledgement(ABC):
    """What tells Slack that something has arrived; once `done`, there is no second one."""

    def __init__(self) -> None:
        self.done = False
        self._sending: asyncio.Task[None] | None = None

    async def send(self, body: str) -> None:
        """Acknowledge with a body now, where that has not been done."""
        if not self.done:
            self.done = True
            await self._transmit(body)

    def early(self) -> None:
        """Begin to acknowledge without a body, where that has not been done."""
        if not self.done:
            self.done = True
            self._sending = asyncio.create_task(self._transmit(""))

    async def sent(self) -> None:
        """Return when an early acknowledgement has gone out."""
        if self._sending is not None:
            await self._sending

    async def _transmit(self, body: str) -> None:
        try:
            await self._hand_over(body)
        except ConnectionError:
            logger.info("Slack hung up before the acknowledgement")

    @abstractmethod
    async def _hand_over(self, body: str) -> None:
        """Send this body to Slack."""


class HttpAcknowledgement(Acknowledgement):
    """The response to a request; `response` once it has been sent."""

    def __init__(self, request: web.Request) -> None:
        super().__init__()
        self._request = request
        self.response: web.Response | None = None

    async def _hand_over(self, body: str) -> None:
        self.response = http_response(200, body)
        # The connection is busy until the answer is finished: Slack must not use it again.
        self.response.force_close()
        await self.response.prepare(self._request)
        await self.response.write_eof()


class SocketAcknowledgement(Acknowledgement):
    """The answer to an envelope of Socket Mode."""

    def __init__(self, client: AsyncBaseSocketModeClient, envelope_id: str) -> None:
        super().__init__()
        self._client = client
        self._envelope_id = envelope_id

    async def _hand_over(self, body: str) -> None:
        payload = json.loads(body) if body else None
        await self._client.send_socket_mode_response(SocketModeResponse(self._envelope_id, payload))


def http_response(status: int, body: str) -> web.Response:
    """A response as Slack wants it: JSON, or plain text where it is none."""
    content_type = "application/json" if body.startswith("{") else "text/plain"
    return web.Response(
        status=status, body=body.encode(), content_type=content_type, charset="utf-8"
    )
