"""Further workspaces of the loopback Slack, with people, channels and messages of their own."""

from collections.abc import Callable
from typing import Protocol

from tests.fakes.slack.inspection import Inspector
from tests.fakes.slack.limits import Json
from tests.fakes.slack.people import People
from tests.fakes.slack.sending import Kind, Receipt, Retry
from tests.fakes.slack.workspace import Identity, Interaction, Workspace


class Wires(Protocol):
    """What all workspaces share."""

    inspector: Inspector

    def response_url(self, interaction: Interaction) -> str: ...
    async def transmit(self, kind: Kind, payload: Json, retry: Retry | None) -> Receipt: ...


class Elsewhere(People):
    """A workspace beside the first one; the app comes there by OAuth."""

    def __init__(
        self, wires: Wires, workspace: Workspace, refuse: Callable[[Workspace], None]
    ) -> None:
        super().__init__(wires.inspector, workspace)
        self._wires = wires
        self._refuse = refuse

    def response_url(self, interaction: Interaction) -> str:
        return self._wires.response_url(interaction)

    def token_revoked(self) -> None:
        self._refuse(self.workspace)

    async def transmit(self, kind: Kind, payload: Json, retry: Retry | None) -> Receipt:
        return await self._wires.transmit(kind, payload, retry)


def new_workspace(
    number: int, domain: str, enterprise: str | None = None, *, whole: bool = False
) -> Workspace:
    """An empty workspace; its ids are like nobody else's."""
    identity = Identity(
        team_id=f"T{number:010d}",
        team_domain=domain,
        bot_id=f"B{number:010d}",
        bot_user_id=f"U{number:010d}",
        enterprise_id=enterprise,
        is_enterprise_install=whole,
    )
    return Workspace(identity, first=number * 1_000_000)
