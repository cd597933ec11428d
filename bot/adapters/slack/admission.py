"""Whose request is this? What is known of the workspace, or an answer where it is not known.

Bolt would answer the latter by itself, in words of its own.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable

from aiohttp import ClientError, ClientSession
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.adapters.slack.bolt import quiet, reason
from bot.adapters.slack.pages import in_acknowledgement, pages, posted
from bot.adapters.slack.wire import Json, label
from bot.adapters.slack.workspaces import UnavailableError, Workspace, Workspaces
from bot.core.command import Visibility
from bot.core.views import Prose, Text, View

logger = logging.getLogger(__name__)

WORKSPACE = "workspace"
"""Under this key Bolt's context has the workspace of a request."""

DEPARTURES = frozenset({"app_uninstalled", "tokens_revoked"})
"""Events that tell that the bot has been removed; they need no token."""


def _said(title: str, text: str) -> View:
    return View(title, (Prose((Text(text),)),), fallback=f"{title}. {text}")


NOT_INSTALLED = _said(
    "I am not installed here any more",
    "I have no access to this workspace, so I cannot answer. "
    "Somebody who manages it can add me again, from where I was added first.",
)
LATER = _said(
    "One moment, please",
    "I cannot reach what I know of this workspace just now. Nothing is lost; "
    "please try again in a minute.",
)


class Admission(AsyncMiddleware):
    """Finds the workspace of each request, before Bolt looks for a listener."""

    def __init__(self, workspaces: Workspaces, session: ClientSession) -> None:
        self._workspaces = workspaces
        self._session = session

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # Bolt's name for it
    ) -> BoltResponse | None:
        """Let a request in, or answer it."""
        context, body = req.context, req.body
        if body.get("type") == "url_verification" or _says_goodbye(body):
            return await next()
        if (context.team_id or "").startswith("E"):
            # That is the organisation: Slack names it so in modals where it installed the bot.
            context["team_id"] = body.get("user", {}).get("team_id")
        try:
            found = await self._workspaces.of(context.enterprise_id or "", context.team_id or "")
        except UnavailableError:
            return await self._turned_away(body, LATER)
        if found is None:
            return await self._turned_away(body, NOT_INSTALLED)
        context[WORKSPACE] = found
        return await next()

    async def _turned_away(self, body: Json, view: View) -> BoltResponse:
        """An answer that takes no token; where there is none, an acknowledgement."""
        page = pages(view)[0]
        match body:
            case {"command": str()}:
                return _acknowledged(in_acknowledgement(page, Visibility.PRIVATE))
            case {"type": "block_suggestion"}:
                return _acknowledged('{"options": []}')
            case {"type": "view_submission"}:
                shown = {
                    "type": "modal",
                    "title": label("rolecall", 24),
                    "close": label("Close", 24),
                    "blocks": posted(page)["blocks"],
                }
                return _acknowledged(json.dumps({"response_action": "update", "view": shown}))
            case {"response_url": str(url)}:
                await self._answer(url, posted(page))
        return _acknowledged("")

    async def _answer(self, url: str, message: Json) -> None:
        hook = AsyncWebhookClient(url, session=self._session, logger=quiet, retry_handlers=[])
        hidden = {"response_type": "ephemeral", "replace_original": False}
        try:
            await hook.send_dict(message | hidden)
        except (ClientError, TimeoutError) as error:
            logger.info("cannot say that the bot is not installed: %s", reason(error))


class Authorize(AsyncAuthorize):
    """Tells Bolt what `Admission` has found."""

    async def __call__(self, *, context: AsyncBoltContext, **_: object) -> AuthorizeResult:
        """Who the bot is in the workspace of a request."""
        workspace = workspace_of(context)
        return AuthorizeResult(
            enterprise_id=context.enterprise_id,
            team_id=context.team_id,
            bot_user_id=workspace.bot_user,
            bot_token=workspace.client.token,
        )


def workspace_of(context: AsyncBoltContext) -> Workspace:
    """The workspace of a request that was let in."""
    found: Workspace = context[WORKSPACE]
    return found


def _says_goodbye(body: Json) -> bool:
    match body:
        case {"event": {"type": str(event)}}:
            return event in DEPARTURES
        case _:
            return False


def _acknowledged(body: str) -> BoltResponse:
    return BoltResponse(status=200, body=body)
