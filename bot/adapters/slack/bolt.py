"""The Bolt app and its Web API client, without what this bot does not use."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from aiohttp import ClientSession
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

MOST_RATE_LIMITS = 3
"""How often one call waits for as long as Slack asks it to."""

DEAD_TOKEN = frozenset({"account_inactive", "invalid_auth", "token_expired", "token_revoked"})
"""What Slack says of a token that is not, or no longer, good for anything."""

# Bolt's warnings hold whole requests, and so what people typed.
quiet = logging.getLogger(__name__)
quiet.setLevel(logging.ERROR)


Renew: TypeAlias = Callable[[str], Awaitable[str | None]]
"""Gets a token that was refused, and returns a newer one if there is one."""


class WebClient(AsyncWebClient):
    """A client that waits when Slack says so, and never sends a post a second time.

    With `renew`, it asks for another token where Slack does not take its own any more: what was
    refused for that reason was not carried out, so it can be sent again.
    """

    def __init__(
        self,
        session: ClientSession,
        token: str | None,
        api_base: str,
        renew: Renew | None = None,
    ) -> None:
        super().__init__(
            token,
            base_url=api_base,
            session=session,
            logger=quiet,
            retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=MOST_RATE_LIMITS)],
        )
        self._renew = renew

    async def api_call(self, api_method: str, **given: Any) -> AsyncSlackResponse:
        """See `AsyncWebClient.api_call`."""
        used = self.token
        try:
            return await super().api_call(api_method, **given)
        except SlackApiError as error:
            if self._renew is None or used is None or reason(error) not in DEAD_TOKEN:
                raise
            newer = await self._renew(used)
            if newer is None or newer == used:
                raise
        self.token = newer
        return await super().api_call(api_method, **given)


def bolt_app(
    client: AsyncWebClient,
    signing_secret: str | None,
    admission: AsyncMiddleware,
    authorize: Callable[..., Awaitable[AuthorizeResult]],
) -> AsyncApp:
    """An app whose requests over HTTP must be signed with the secret.

    `admission` comes after the signature and before all else. Listeners run before the response,
    because Bolt's other way looks for their answer every 10 ms only.
    """
    return AsyncApp(
        name="rolecall",
        logger=quiet,
        process_before_response=True,
        signing_secret=signing_secret or "",
        client=client,
        before_authorize=admission,
        authorize=authorize,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )


def reason(error: Exception) -> str:
    """Why a call failed, in Slack's own word where it gave one; never what was sent."""
    match error:
        case SlackApiError(response=AsyncSlackResponse(data={"error": str(word)})):
            return word
        case SlackApiError(response=AsyncSlackResponse()):
            return "no reason given"  # what stands before Slack may answer in plain text
        case _:
            return type(error).__name__


def refused(error: SlackApiError) -> bool:
    """Whether Slack said no, and did not fail in the middle."""
    answer = error.response
    return isinstance(answer, AsyncSlackResponse) and answer.status_code == 200
