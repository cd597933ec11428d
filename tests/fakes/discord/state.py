"""Everything that the REST handlers, the gateway and the people share."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any, Final

from tests.fakes.discord import openapi
from tests.fakes.discord.commands import Commands
from tests.fakes.discord.errors import ApiError, Violation
from tests.fakes.discord.faults import Faults
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.http import Call, Request
from tests.fakes.discord.interactions import Exchanges
from tests.fakes.discord.world import KEPT, JsonObject, World

BAD_TYPE: Final = "BASE_TYPE_CHOICES"


@dataclass(slots=True)
class State:
    """One Discord. ``validate=False`` skips every check of bodies, for benchmarks."""

    token: str
    world: World
    gateway: Gateway
    commands: Commands
    exchanges: Exchanges
    validate: bool
    require_no_mentions: bool
    tells_nonces: bool
    shards: int
    faults: Faults = field(default_factory=Faults)
    violations: list[str] = field(default_factory=list)
    unrouted: list[str] = field(default_factory=list)
    requests: deque[Request] = field(default_factory=lambda: deque(maxlen=KEPT))

    def check_schema(self, call: Call) -> None:
        """Hold the body against Discord's OpenAPI description, where there is one."""
        if self.validate and call.body is not None:
            self.check(call, openapi.violations(call.method, call.template, call.body))

    def check(self, call: Call, found: list[Violation]) -> None:
        """Record broken rules and refuse the request; nothing when the list is empty."""
        if found and self.validate:
            self.violations += [f"{call.method} {call.template}: {item}" for item in found]
            raise ApiError(400, 50035, violations=tuple(found))


def json_object(call: Call) -> JsonObject:
    """The body, which has to be an object."""
    return as_object(call.body)


def as_object(value: Any) -> JsonObject:
    if not isinstance(value, dict):
        wrong = Violation((), "DICT_TYPE_CONVERT", "Only dictionaries may be used")
        raise ApiError(400, 50035, violations=(wrong,))
    return value
