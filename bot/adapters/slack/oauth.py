"""Slack's side of OAuth: a code or a refresh token goes in, a bot's token comes out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode, urljoin

from aiohttp import ClientSession, encode_basic_auth
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.bolt import quiet, reason
from bot.adapters.slack.manifest import SCOPES
from bot.core.ports import Clock
from bot.store.installations import Installation, Installations

_UNKNOWN_CODE = frozenset({"invalid_code", "code_already_used"})


class NoBotTokenError(Exception):
    """Slack answered, but not with a token for a bot."""


@dataclass(frozen=True, slots=True)
class OAuth:
    """An app that many workspaces install, and where their installations are kept."""

    client_id: str
    client_secret: str = field(repr=False)
    installations: Installations


class Exchange:
    """Speaks to Slack's token endpoint; nothing is sent a second time by itself.

    Not by slack_sdk's `oauth_v2_access`, because that uses what aiohttp is going to take away.
    """

    def __init__(self, session: ClientSession, oauth: OAuth, api_base: str, clock: Clock) -> None:
        self._client = AsyncWebClient(
            base_url=api_base, session=session, logger=quiet, retry_handlers=[]
        )
        self._client_id = oauth.client_id
        self._basic = encode_basic_auth(oauth.client_id, oauth.client_secret)
        self._api_base = api_base
        self._clock = clock

    def consent_page(self, state: str) -> str:
        """The address at Slack where a person agrees that the bot comes to their workspace."""
        asked = {"client_id": self._client_id, "scope": ",".join(SCOPES), "state": state}
        return f"{urljoin(self._api_base, '/oauth/v2/authorize')}?{urlencode(asked)}"

    async def installation(self, code: str) -> Installation:
        """What a person agreed to.

        Raises:
            SlackApiError, ClientError, TimeoutError: if Slack refuses the code, or fails.
            NoBotTokenError: if it was about something else than the bot.
        """
        answer = await self._ask(code=code)
        match answer:
            case {"bot_user_id": str(bot_user)}:
                pass
            case _:
                raise NoBotTokenError
        # An answer about all of an organisation has no team.
        whole = Installation(_id(answer, "enterprise"), "", bot_user, "", self._clock())
        here = whole if answer.get("is_enterprise_install") else _in_team(whole, answer)
        return self._with_token(here, answer)

    async def renewed(self, old: Installation) -> Installation:
        """The installation with a new token; the old refresh token is worth nothing after that.

        Raises:
            SlackApiError, ClientError, TimeoutError: if Slack refuses it, or fails.
            NoBotTokenError: if there is no token to be had.
        """
        refresh = old.refresh_token or ""
        answer = await self._ask(grant_type="refresh_token", refresh_token=refresh)
        return self._with_token(old, answer)

    async def check(self) -> None:
        """Raise SlackApiError if Slack does not know this app, or not this secret of it."""
        try:
            await self._ask(code="a code that does not exist")
        except SlackApiError as error:
            if reason(error) not in _UNKNOWN_CODE:
                raise

    async def _ask(self, **data: str) -> dict[str, Any]:
        headers = {"Authorization": self._basic}
        answer = await self._client.api_call("oauth.v2.access", data=data, headers=headers)
        return answer.data if isinstance(answer.data, dict) else {}

    def _with_token(self, installation: Installation, answer: dict[str, Any]) -> Installation:
        match answer:
            case {"token_type": "bot", "access_token": str(token), "refresh_token": str(refresh),
                  "expires_in": int(seconds)}:  # fmt: skip
                expires = self._clock() + dt.timedelta(seconds=seconds)
                return replace(installation, token=token, refresh_token=refresh, expires=expires)
            case {"token_type": "bot", "access_token": str(token)}:
                return replace(installation, token=token, refresh_token=None, expires=None)
            case _:
                raise NoBotTokenError


def _in_team(whole: Installation, answer: dict[str, Any]) -> Installation:
    team = _id(answer, "team")
    if not team:
        raise NoBotTokenError
    return replace(whole, team=team)


def _id(answer: dict[str, Any], of: str) -> str:
    return str((answer.get(of) or {}).get("id") or "")
