"""The Bolt app and its Web API client, without what this bot does not use."""

from __future__ import annotations

import logging

from aiohttp import ClientSession
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

MOST_RATE_LIMITS = 3
"""How often one call waits for as long as Slack asks it to."""

# Bolt's warnings hold whole requests, and so what people typed.
quiet = logging.getLogger(__name__)
quiet.setLevel(logging.ERROR)


def web_client(session: ClientSession, token: str, api_base: str) -> AsyncWebClient:
    """A client that waits when Slack says so, and never sends a post a second time."""
    return AsyncWebClient(
        token,
        base_url=api_base,
        session=session,
        logger=quiet,
        retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=MOST_RATE_LIMITS)],
    )


def bolt_app(
    client: AsyncWebClient, identity: AsyncSlackResponse, signing_secret: str | None
) -> AsyncApp:
    """An app for the workspace that `identity`, the answer to `auth.test`, belongs to.

    Requests over HTTP must be signed with the secret. Listeners run before the response, because
    Bolt's other way looks for their answer every 10 ms only.
    """
    return AsyncApp(
        name="rolecall",
        logger=quiet,
        process_before_response=True,
        signing_secret=signing_secret or "",
        client=client,
        authorize=_OneWorkspace(client.token or "", identity),
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )


def reason(error: Exception) -> str:
    """Why a call failed, in Slack's own word where it gave one; never what was sent."""
    match error:
        case SlackApiError(response=AsyncSlackResponse() as answer):
            return str(answer.get("error", "no reason given"))
        case _:
            return type(error).__name__


def refused(error: SlackApiError) -> bool:
    """Whether Slack said no, and did not fail in the middle."""
    answer = error.response
    return isinstance(answer, AsyncSlackResponse) and answer.status_code == 200


class _OneWorkspace(AsyncAuthorize):
    """Every request is from the workspace that the token belongs to; nobody need be asked."""

    def __init__(self, token: str, identity: AsyncSlackResponse) -> None:
        self._result = AuthorizeResult.from_auth_test_response(
            bot_token=token, auth_test_response=identity
        )

    async def __call__(self, **_: object) -> AuthorizeResult:
        return self._result
