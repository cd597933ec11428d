"""Slack workspaces that installed the bot, with their tokens sealed; and installations under way.

Where an organisation installed the bot as a whole there is one installation, without a team.
"""

from __future__ import annotations

import datetime as dt
import logging
import secrets
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, select, update

from bot.store.database import Database
from bot.store.tables import slack_installations, slack_states
from bot.store.upsert import replace, upsert
from bot.store.vault import Vault, VaultError

logger = logging.getLogger(__name__)

RENEWING = dt.timedelta(seconds=30)
"""How long one process may take to renew a token, while the others wait."""

STATE_LASTS = dt.timedelta(minutes=10)
"""How long a person may take from "Add to Slack" to their consent."""


@dataclass(frozen=True, slots=True)
class Installation:
    """The bot in a workspace, or where `team` is empty, in all of an organisation.

    `enterprise` is empty where there is no organisation. A token that is renewed now and then has
    a `refresh_token`, and the time when it `expires`.
    """

    enterprise: str
    team: str
    bot_user: str
    token: str = field(repr=False)
    installed: dt.datetime
    refresh_token: str | None = field(default=None, repr=False)
    expires: dt.datetime | None = None


_COLUMNS = slack_installations.c
_HERE = and_(
    _COLUMNS.enterprise == bindparam("of_enterprise"), _COLUMNS.team == bindparam("of_team")
)
_NOT_KEYS = [column.name for column in _COLUMNS if not column.primary_key]
_SAVE = upsert(slack_installations, replace(*_NOT_KEYS))
_FIND = select(slack_installations).where(_HERE)
_LOCK = _FIND.with_for_update()
_ALL = select(slack_installations).with_for_update()
_CHANGE = update(slack_installations).where(_HERE)
_DELETE = delete(slack_installations).where(_HERE, _COLUMNS.installed < bindparam("before"))
_CLEAN = delete(slack_states).where(slack_states.c.expires <= bindparam("now"))
_CONSUME = delete(slack_states).where(
    slack_states.c.state == bindparam("given"), slack_states.c.expires > bindparam("now")
)


class Installations:
    """Keeps them; everything may raise StoreError."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def save(self, installation: Installation) -> None:
        """Keep an installation in place of the earlier one."""
        row = _place(installation, "") | {
            "bot_user": installation.bot_user,
            "installed": installation.installed,
            "renewing_until": None,
            **self._sealed(installation),
        }
        await self._database.writing(lambda connection: connection.execute(_SAVE(connection), row))

    async def find(self, enterprise: str, team: str) -> Installation | None:
        """The installation of a workspace, or without a team, of an organisation.

        None too where its token cannot be opened, because the key is gone.
        """
        given = {"of_enterprise": enterprise, "of_team": team}
        row = await self._database.reading(
            lambda connection: connection.execute(_FIND, given).first()
        )
        if row is None:
            return None
        try:
            return self._opened(row)
        except VaultError:
            logger.error("ROLECALL_SECRET_KEY: none of its keys opens the token of a workspace")
            return None

    async def claim(self, installation: Installation, now: dt.datetime) -> bool:
        """Whether this process may renew the token now; it must `settle` it then."""

        def work(connection: Connection) -> bool:
            row = self._locked(connection, installation)
            if row is None or (row.renewing_until is not None and row.renewing_until > now):
                return False
            change = _CHANGE.values(renewing_until=now + RENEWING)
            connection.execute(change, _place(installation))
            return True

        return await self._database.writing(work)

    async def settle(self, old: Installation, new: Installation) -> bool:
        """Keep the token that a claim brought, or the old one if it brought none.

        False if meanwhile the installation has gone, or has another token: then that stays so.
        """

        def work(connection: Connection) -> bool:
            if self._locked(connection, old) is None:
                return False
            change = _CHANGE.values(renewing_until=None, **self._sealed(new))
            connection.execute(change, _place(old))
            return True

        return await self._database.writing(work)

    async def delete(self, enterprise: str, team: str, before: dt.datetime) -> bool:
        """Forget an installation from before then; False if there is a later one, which stays."""
        given = {"of_enterprise": enterprise, "of_team": team}

        def work(connection: Connection) -> bool:
            connection.execute(_DELETE, given | {"before": before})
            return connection.execute(_FIND, given).first() is None

        return await self._database.writing(work)

    async def reseal(self) -> int:
        """Seal everything with the first key; the number of installations that no key opens."""

        def work(connection: Connection) -> int:
            lost = 0
            for row in connection.execute(_ALL).all():
                try:
                    if not self._vault.is_newest(row.token):
                        change = _CHANGE.values(self._sealed(self._opened(row)))
                        connection.execute(change, _place(row))
                except VaultError:
                    lost += 1
            return lost

        return await self._database.writing(work)

    async def issue_state(self, now: dt.datetime) -> str:
        """A secret that says who began an installation."""
        state = secrets.token_urlsafe(32)

        def work(connection: Connection) -> None:
            connection.execute(_CLEAN, {"now": now})
            connection.execute(
                slack_states.insert(), {"state": state, "expires": now + STATE_LASTS}
            )

        await self._database.writing(work)
        return state

    async def consume_state(self, state: str, now: dt.datetime) -> bool:
        """Whether it was issued, not long ago, and counts now for the first and only time."""
        given = {"given": state, "now": now}
        return await self._database.writing(
            lambda connection: connection.execute(_CONSUME, given).rowcount == 1
        )

    def _locked(self, connection: Connection, expected: Installation) -> Row[Any] | None:
        """The row of an installation if it still has this token; nobody else changes it."""
        row = connection.execute(_LOCK, _place(expected)).first()
        if row is None:
            return None
        try:
            return row if self._vault.unseal(row.token) == expected.token else None
        except VaultError:
            return None

    def _sealed(self, installation: Installation) -> dict[str, Any]:
        refresh = installation.refresh_token
        return {
            "token": self._vault.seal(installation.token),
            "refresh_token": refresh and self._vault.seal(refresh),
            "expires": installation.expires,
        }

    def _opened(self, row: Row[Any]) -> Installation:
        return Installation(
            row.enterprise,
            row.team,
            row.bot_user,
            self._vault.unseal(row.token),
            row.installed,
            row.refresh_token and self._vault.unseal(row.refresh_token),
            row.expires,
        )


def _place(of: Installation | Row[Any], prefix: str = "of_") -> dict[str, Any]:
    return {f"{prefix}enterprise": of.enterprise, f"{prefix}team": of.team}
