"""The two pages by which people bring the bot into their workspace: the way out, and the way back.

Whoever comes back must be who left: the secret in the address must be the one in their browser's
cookie, and in the database, where it counts once.
"""

from __future__ import annotations

import logging
import re
import secrets
from html import escape

from aiohttp import ClientError, web
from slack_sdk.errors import SlackApiError

from bot.adapters.slack.bolt import reason, refused
from bot.adapters.slack.installed import Installed
from bot.adapters.slack.manifest import NAME, SCOPES
from bot.adapters.slack.oauth import Exchange, NoBotTokenError
from bot.adapters.slack.workspaces import community_key
from bot.core.ports import Clock, StoreError
from bot.store.installations import STATE_LASTS, Installations

logger = logging.getLogger(__name__)

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"

COOKIE = "__Host-rolecall-slack-state"
"""Browsers take a cookie of such a name from this host alone, and over TLS alone."""

_STATE = re.compile(r"[\w-]{43}", re.ASCII)
_AGAIN = '<p><a href="install">Start again</a></p>'
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_STYLE = (
    "body{font:1.1rem/1.5 sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem}"
    "a.button{display:inline-block;padding:.6rem 1.2rem;border-radius:.3rem;"
    "background:#4a154b;color:#fff;text-decoration:none}"
)


class InstallPages:
    """Serves them; `prefix` stands before the names of the bot's commands."""

    def __init__(
        self,
        installations: Installations,
        exchange: Exchange,
        workspaces: Installed,
        clock: Clock,
        prefix: str,
    ) -> None:
        self._installations = installations
        self._exchange = exchange
        self._workspaces = workspaces
        self._clock = clock
        self._prefix = prefix

    async def install(self, request: web.Request) -> web.Response:
        """What the bot asks for and a link; behind the link, the way to Slack."""
        if "start" not in request.query:
            return _page(200, f"Add {NAME} to Slack", _INVITATION)
        try:
            state = await self._installations.issue_state(self._clock())
        except StoreError as error:
            return _unavailable(error)
        response = web.Response(status=302, headers=_HEADERS)
        response.headers["Location"] = self._exchange.consent_page(state)
        response.set_cookie(
            COOKIE,
            state,
            max_age=int(STATE_LASTS.total_seconds()),
            secure=True,
            httponly=True,
            samesite="Lax",  # the way back is a link at Slack
        )
        return response

    async def redirect(self, request: web.Request) -> web.Response:
        """The way back from Slack, with a code or a refusal."""
        response = await self._came_back(request)
        response.del_cookie(COOKIE, secure=True, httponly=True, samesite="Lax")
        return response

    async def _came_back(self, request: web.Request) -> web.Response:
        state, code = request.query.get("state", ""), request.query.get("code", "")
        try:
            if not await self._is_theirs(state, request.cookies.get(COOKIE, "")):
                return _page(400, "This link is not valid any more", f"{_OUTDATED}{_AGAIN}")
            if request.query.get("error") == "access_denied":
                return _page(200, "Nothing was installed", f"{_DENIED}{_AGAIN}")
            if not code:
                return _page(400, "Slack did not agree", f"{_REFUSED}{_AGAIN}")
            return await self._installed(code)
        except StoreError as error:
            return _unavailable(error)

    async def _is_theirs(self, state: str, cookie: str) -> bool:
        if not _STATE.fullmatch(state) or not secrets.compare_digest(
            state.encode(), cookie.encode(errors="replace")
        ):
            return False
        return await self._installations.consume_state(state, self._clock())

    async def _installed(self, code: str) -> web.Response:
        try:
            made = await self._exchange.installation(code)
        except (SlackApiError, NoBotTokenError) as error:
            logger.warning("an installation in Slack failed: %s", reason(error))
            if isinstance(error, SlackApiError) and not refused(error):
                return _page(502, "Slack cannot be reached", f"{_UNREACHABLE}{_AGAIN}")
            return _page(400, "Slack did not agree", f"{_REFUSED}{_AGAIN}")
        except (ClientError, TimeoutError) as error:
            logger.warning("an installation in Slack failed: %s", reason(error))
            return _page(502, "Slack cannot be reached", f"{_UNREACHABLE}{_AGAIN}")
        await self._installations.save(made)
        self._workspaces.look_again(made.enterprise, made.team)
        community = community_key(made.enterprise, made.team)
        logger.info("installed in Slack", extra={"community": community})
        help_command = escape(f"/{self._prefix}help")
        return _page(
            200,
            f"{NAME} is now in your workspace",
            f"<p>You can close this page. In Slack, type <code>{help_command}</code> "
            "in any channel to see what it can do.</p>",
        )


_INVITATION = (
    f"<p>{NAME} says which data and AI job is which, and helps people find theirs.</p>"
    "<p>Slack will ask you to allow these things:</p>"
    f"<ul>{''.join(f'<li>{escape(what)}</li>' for what in SCOPES.values())}</ul>"
    '<p><a class="button" href="install?start=yes">Add to Slack</a></p>'
)
_OUTDATED = (
    "<p>It was used already, is older than ten minutes, or was begun in another browser. "
    "Nothing was installed.</p>"
)
_DENIED = "<p>You did not allow it in Slack. You can change your mind at any time.</p>"
_REFUSED = "<p>Slack did not confirm the installation. Nothing was installed.</p>"
_UNREACHABLE = "<p>Nothing was installed. Please try again in a minute.</p>"


def _unavailable(error: StoreError) -> web.Response:
    logger.error("an installation in Slack failed: %s", error)
    return _page(503, "That did not work just now", f"{_UNREACHABLE}{_AGAIN}")


def _page(status: int, title: str, body: str) -> web.Response:
    """A page; `title` is text, `body` is HTML."""
    html = (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
    return web.Response(status=status, text=html, content_type="text/html", headers=_HEADERS)
