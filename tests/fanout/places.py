"""The channels by number: what they, their workspaces and their tokens are called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

DISCORD = "discord"
SLACK = "slack"

FIRST_CHANNEL = 1_200_000_000_000_000_000
GUILD_OFFSET = 100_000_000_000_000_000
CHANNELS_OF_A_GUILD = 5

PERSON = 1001
"""Who has set everything up, and is told of what goes wrong; on Slack with a U before it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A channel. `community` is its server or workspace, as the platform calls it."""

    platform: str
    community: str
    channel: str


@dataclass(frozen=True, slots=True)
class Layout:
    """How many channels there are; those of Slack are spread over the workspaces evenly."""

    discord: int
    slack: int
    workspaces: int

    def places(self) -> Iterator[Place]:
        """All of them, those of Discord first."""
        for number in range(self.discord):
            guild = FIRST_CHANNEL - GUILD_OFFSET + number // CHANNELS_OF_A_GUILD
            yield Place(DISCORD, str(guild), str(FIRST_CHANNEL + number))
        for number in range(self.slack):
            workspace = number % self.workspaces
            yield Place(SLACK, team(workspace), f"C{workspace:04}{number:06}")


def team(workspace: int) -> str:
    """The id of a workspace."""
    return f"T{workspace:08}"


def token(workspace: int) -> str:
    """The bot token of a workspace."""
    return f"xoxb-{workspace}"
