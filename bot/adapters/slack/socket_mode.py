"""Socket Mode: envelopes into Bolt, acknowledgements out, and knowing when the line is dead."""

from __future__ import annotations

import time

from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.adapters.slack.acknowledge import SocketAcknowledgement
from bot.adapters.slack.listeners import ACKNOWLEDGEMENT

PING_SECONDS = 5.0
"""How often Slack is asked whether it still hears us; after four times it is deaf."""


class Socket:
    """A connection that renews itself; unlike Bolt's own handler it can acknowledge early."""

    def __init__(self, app: AsyncApp, app_token: str) -> None:
        self._app = app
        self._client = SocketModeClient(
            app_token, logger=app.logger, web_client=app.client, ping_interval=PING_SECONDS
        )
        self._client.socket_mode_request_listeners.append(self._receive)

    async def connect(self, url: str) -> None:
        """Connect to the address that `apps.connections.open` gave."""
        self._client.wss_uri = url
        await self._client.connect()  # type: ignore[no-untyped-call]  # slack_sdk has no types here

    async def close(self) -> None:
        """Disconnect for good."""
        await self._client.close()  # type: ignore[no-untyped-call]  # slack_sdk has no types here

    def hears(self) -> bool:
        """Whether the socket is open and Slack has answered one of the last four pings."""
        session, last = self._client.current_session, self._client.last_ping_pong_time
        is_open = session is not None and not session.closed
        return is_open and (last is None or time.time() - last < 4 * PING_SECONDS)

    async def _receive(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        began = time.time()
        acknowledgement = SocketAcknowledgement(client, request.envelope_id)
        answered = await self._app.async_dispatch(
            AsyncBoltRequest(
                mode="socket_mode",
                body=request.payload,
                context={ACKNOWLEDGEMENT: acknowledgement},
            )
        )
        await acknowledgement.sent()
        if not acknowledgement.done:
            await send_async_response(client, request, answered, began)
