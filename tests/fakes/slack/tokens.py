"""The app's tokens: what Slack gives out by OAuth, and what becomes of it."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.fakes.slack.limits import Json
from tests.fakes.slack.workspace import SlackError, Workspace

LASTS = 12 * 3600
"""Seconds after which a token that rotates ends."""


@dataclass(slots=True, eq=False)
class Grant:
    """A bot token; one for an organisation is good in several workspaces.

    `ends` is in seconds since the epoch; `refused` is what Slack says of a token that is dead.
    """

    workspaces: tuple[Workspace, ...]
    token: str = field(repr=False)
    refresh: str | None = field(default=None, repr=False)
    ends: float | None = None
    refused: str | None = None

    @property
    def workspace(self) -> Workspace:
        return self.workspaces[0]


class Tokens:
    """Gives tokens for codes and for refresh tokens, each of which is good once.

    With `rotates`, tokens end after `lasts` seconds. `reused` has the refresh tokens that came a
    second time; `exchanges` counts those that brought a new token.
    """

    def __init__(self) -> None:
        self.client_id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}"
        self.client_secret = secrets.token_hex(16)
        self.redirect = ""
        """Where the app wants people to come back to."""
        self.rotates = False
        self.lasts = LASTS
        self.reused: list[str] = []
        self.exchanges = 0
        self.grants: list[Grant] = []
        self._codes: dict[str, tuple[Workspace, ...]] = {}
        self._used: set[str] = set()

    @property
    def secrets(self) -> list[str]:
        """Everything that must not be seen anywhere."""
        tokens = [grant.token for grant in self.grants]
        return [*tokens, *(grant.refresh for grant in self.grants if grant.refresh)]

    def grant(self, *workspaces: Workspace, token: str | None = None) -> Grant:
        """A new token."""
        prefix, refresh, ends = "xoxb", None, None
        if self.rotates:
            prefix, refresh = "xoxe.xoxb-1", f"xoxe-1-{secrets.token_hex(60)}"
            ends = workspaces[0].now() + self.lasts
        made = Grant(workspaces, token or f"{prefix}-{secrets.token_hex(60)}", refresh, ends)
        self.grants.append(made)
        return made

    def known(self, token: str) -> Grant:
        """What a token is good for. Raises SlackError where it is good for nothing."""
        found = next((grant for grant in self.grants if grant.token == token), None)
        if found is None:
            raise SlackError("invalid_auth")
        if found.refused:
            raise SlackError(found.refused)
        if found.ends is not None and found.ends <= found.workspace.now():
            raise SlackError("token_expired")
        return found

    def refuse(self, workspace: Workspace, code: str = "account_inactive") -> None:
        """Let every token of a workspace be dead from now on."""
        for grant in self.grants:
            if workspace in grant.workspaces:
                grant.refused = code

    def consent(self, address: str, workspaces: Sequence[Workspace]) -> str:
        """Somebody agrees on the page that the app has sent them to; where they go from there."""
        asked = parse_qs(urlsplit(address).query)
        if asked["client_id"] != [self.client_id] or not asked["scope"]:
            raise LookupError("Slack knows no such app")
        code = secrets.token_hex(16)
        self._codes[code] = tuple(workspaces)
        return f"{self.redirect}?{urlencode({'code': code, 'state': asked['state'][0]})}"

    def access(self, args: Json, authorization: str) -> Json:
        """The method oauth.v2.access."""
        given = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        if given[0] != self.client_id:
            raise SlackError("invalid_client_id")
        if given[2] != self.client_secret:
            raise SlackError("bad_client_secret")
        if args.get("grant_type") == "refresh_token":
            return self._refreshed(str(args.get("refresh_token")))
        code = str(args.get("code"))
        if code in self._used:
            raise SlackError("code_already_used")
        if code not in self._codes:
            raise SlackError("invalid_code")
        self._used.add(code)
        return self._answer(self.grant(*self._codes[code]))

    def _refreshed(self, refresh: str) -> Json:
        old = next((grant for grant in self.grants if grant.refresh == refresh), None)
        if refresh in self._used:
            self.reused.append(refresh)
        if old is None or old.refused or refresh in self._used:
            raise SlackError("invalid_refresh_token")
        self._used.add(refresh)
        self.exchanges += 1
        return self._answer(self.grant(*old.workspaces))

    def _answer(self, grant: Grant) -> Json:
        identity = grant.workspace.identity
        whole = identity.is_enterprise_install
        organisation = {"id": identity.enterprise_id, "name": "An organisation"}
        rotation = {"refresh_token": grant.refresh, "expires_in": self.lasts}
        return {
            "app_id": identity.app_id,
            "authed_user": {"id": "U00INSTALLER"},
            "scope": "commands,chat:write",
            "token_type": "bot",
            "access_token": grant.token,
            "bot_user_id": identity.bot_user_id,
            "team": None if whole else {"id": identity.team_id, "name": identity.team_domain},
            "enterprise": organisation if identity.enterprise_id else None,
            "is_enterprise_install": whole,
        } | (rotation if grant.refresh else {})
