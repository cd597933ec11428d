"""Errors as Discord's REST answers them, and as people notice them."""

from dataclasses import dataclass
from typing import Any, Final

from tests.fakes.discord.world import JsonObject

MESSAGES: Final[dict[int, str]] = {
    0: "404: Not Found",
    10003: "Unknown Channel",
    10004: "Unknown Guild",
    10008: "Unknown Message",
    10013: "Unknown User",
    10015: "Unknown Webhook",
    10062: "Unknown interaction",
    10063: "Unknown application command",
    40001: "Unauthorized",
    40003: "You are opening direct messages too fast",
    40033: "This message has already been crossposted.",
    40060: "Interaction has already been acknowledged.",
    40094: "Maximum number of follow-up messages reached",
    50001: "Missing Access",
    50005: "Cannot edit a message authored by another user",
    50006: "Cannot send an empty message",
    50007: "Cannot send messages to this user",
    50013: "Missing Permissions",
    50024: "Cannot execute action on this channel type",
    50027: "Invalid Webhook Token",
    50033: "Invalid Recipient(s)",
    50035: "Invalid Form Body",
    50083: "Thread is archived",
    50109: "The request body contains invalid JSON.",
    50278: "Cannot send messages to this user due to having no mutual guilds",
    160005: "Thread is locked",
}


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: where in the body, Discord's name for it, and what is wrong."""

    path: tuple[str | int, ...]
    code: str
    message: str

    def __str__(self) -> str:
        where = ".".join(str(step) for step in self.path) or "body"
        return f"{where}: {self.message} ({self.code})"


class ApiError(Exception):
    """A refusal: HTTP status, Discord's JSON error code, and optionally which rules broke."""

    def __init__(
        self, status: int, code: int, message: str = "", violations: tuple[Violation, ...] = ()
    ) -> None:
        self.status = status
        self.code = code
        self.violations = violations
        super().__init__(message or MESSAGES.get(code, "Refused"))

    def body(self) -> JsonObject:
        body: JsonObject = {"message": str(self), "code": self.code}
        if self.violations:
            body["errors"] = tree(self.violations)
        return body


class RateLimitedError(ApiError):
    """Too many requests of this kind; ``retry_after`` is in seconds."""

    def __init__(self, retry_after: float, *, whole_bot: bool = False) -> None:
        self.retry_after = retry_after
        self.whole_bot = whole_bot
        super().__init__(429, 0, "You are being rate limited.")

    def body(self) -> JsonObject:
        told = {"retry_after": self.retry_after, "global": self.whole_bot}
        return super().body() | told


class InteractionFailedError(AssertionError):
    """What a person reads when the app did not answer in time: "This interaction failed"."""


class NotOfferedError(AssertionError):
    """Discord's client would not let a person do this (no such command, button, choice ...)."""


def tree(violations: tuple[Violation, ...]) -> JsonObject:
    """Nest violations by their path, with ``_errors`` at the leaves, as Discord does."""
    root: dict[str, Any] = {}
    for violation in violations:
        node = root
        for step in violation.path:
            node = node.setdefault(str(step), {})
        node.setdefault("_errors", []).append(
            {"code": violation.code, "message": violation.message}
        )
    return root
