"""The workspaces that the bot is in, and what it needs to work in each of them."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.actors import PLATFORM, Managers
from bot.adapters.slack.bolt import Renew
from bot.adapters.slack.respond import Responder


class UnavailableError(Exception):
    """Just now it cannot be told which workspace this is, or there is no token for it."""


@dataclass(frozen=True, slots=True, eq=False)
class Workspace:
    """One workspace: a client with its token, and who uses that. `bot_user` is the bot's id."""

    client: AsyncWebClient
    bot_user: str
    responder: Responder
    managers: Managers


Furnish: TypeAlias = Callable[[str, str, Renew | None], Workspace]
"""Makes a workspace of a token, the bot's id there, and a way to a newer token."""


class Workspaces(ABC):
    """Finds a workspace by its organisation (empty if there is none) and its own id."""

    @abstractmethod
    async def of(self, enterprise: str, team: str) -> Workspace | None:
        """The workspace, with a token that is good; None where the bot is not installed.

        Raises:
            UnavailableError: if that cannot be told just now.
        """

    async def client_of(self, enterprise: str, team: str) -> AsyncWebClient | None:
        """The client of a workspace, as above."""
        workspace = await self.of(enterprise, team)
        return workspace.client if workspace else None

    async def of_community(self, community: str) -> Workspace | None:
        """The workspace with this key (see `community_key`), as above."""
        _, _, place = community.partition(":")
        enterprise, _, team = place.partition("/")
        return await self.of(enterprise, team)

    @abstractmethod
    def only(self) -> Workspace | None:
        """The workspace that is meant where none is named: there is but one."""

    @abstractmethod
    async def forget(self, enterprise: str, team: str, before: dt.datetime) -> bool:
        """The bot was removed then, from a workspace or, without a team, from an organisation.

        False if it has been installed again since. Raises StoreError.
        """

    @abstractmethod
    async def finished(self) -> None:
        """Return when nothing is under way that must not be cut off."""


class OneWorkspace(Workspaces):
    """All requests are from the workspace that the token belongs to; nobody need be asked."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def of(self, enterprise: str, team: str) -> Workspace | None:
        return self._workspace

    def only(self) -> Workspace | None:
        return self._workspace

    async def forget(self, enterprise: str, team: str, before: dt.datetime) -> bool:
        return True

    async def finished(self) -> None:
        return


def community_key(enterprise: str | None, team: str | None) -> str:
    """The key of a workspace as the core knows it; without a team, of a whole organisation."""
    return f"{PLATFORM}:{enterprise or ''}/{team or ''}"
