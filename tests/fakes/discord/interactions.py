"""The life of an interaction: who may answer it, how often, until when."""

import asyncio
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from tests.fakes.discord import payloads
from tests.fakes.discord.errors import ApiError
from tests.fakes.discord.world import KEPT, Channel, JsonObject, User, World

TOKEN_LIFE: Final = 15 * 60.0
MOST_FOLLOWUPS_OF_USER_INSTALL: Final = 5


class InteractionType(IntEnum):
    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL_SUBMIT = 5


class Callback(IntEnum):
    """The types of a first response."""

    MESSAGE = 4
    DEFERRED = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


@dataclass(slots=True, eq=False)
class Exchange:
    """One interaction and everything that the bot answered to it.

    ``patience`` is how long, in seconds, it may be answered for the first time.
    """

    id: int
    token: str
    type: InteractionType
    user: User
    channel: Channel
    owners: dict[str, str]
    name: str
    message_id: int | None
    from_component: bool
    patience: float
    began: float
    first: asyncio.Future[Callback]
    callback: Callback | None = None
    body: JsonObject = field(default_factory=dict)
    original: int | None = None
    edits: int = 0
    followups: list[int] = field(default_factory=list)
    dead: bool = False

    @property
    def allowed(self) -> frozenset[Callback]:
        """The responses that make sense for this type of interaction."""
        on_message = {Callback.DEFERRED_UPDATE, Callback.UPDATE}
        answers = {Callback.MESSAGE, Callback.DEFERRED}
        match self.type:
            case InteractionType.AUTOCOMPLETE:
                return frozenset({Callback.CHOICES})
            case InteractionType.COMMAND:
                return frozenset(answers | {Callback.MODAL})
            case InteractionType.COMPONENT:
                return frozenset(answers | on_message | {Callback.MODAL})
            case InteractionType.MODAL_SUBMIT:
                return frozenset(answers | (on_message if self.message_id else set()))

    def metadata(self) -> JsonObject:
        """``interaction_metadata`` of the messages that answer it."""
        data: JsonObject = {
            "id": str(self.id),
            "type": int(self.type),
            "user": payloads.user(self.user),
            "authorizing_integration_owners": self.owners,
        }
        match self.type:
            case InteractionType.COMMAND | InteractionType.AUTOCOMPLETE:
                data["name"] = self.name
            case InteractionType.COMPONENT:
                data["interacted_message_id"] = str(self.message_id)
            case InteractionType.MODAL_SUBMIT:
                data["triggering_interaction_metadata"] = {
                    **data,
                    "type": int(InteractionType.COMMAND),
                    "name": self.name,
                }
        return data


class Exchanges:
    """All interactions, found by id (for callbacks) or by token (for follow-ups)."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._by_id: OrderedDict[int, Exchange] = OrderedDict()
        self._by_token: dict[str, Exchange] = {}

    def open(self, payload: JsonObject, patience: float) -> Exchange:
        """Register an interaction from the payload that is about to be sent."""
        person = payload.get("member") or payload
        message = payload.get("message")
        data = payload["data"]
        exchange = Exchange(
            id=int(payload["id"]),
            token=payload["token"],
            type=InteractionType(payload["type"]),
            user=self._world.users[int(person["user"]["id"])],
            channel=self._world.channels[int(payload["channel_id"])],
            owners=payload["authorizing_integration_owners"],
            name=data.get("name") or data.get("custom_id", ""),
            message_id=int(message["id"]) if message else None,
            from_component=message is not None,
            patience=patience,
            began=time.monotonic(),
            first=asyncio.get_running_loop().create_future(),
        )
        self._by_id[exchange.id] = exchange
        self._by_token[exchange.token] = exchange
        if len(self._by_id) > KEPT:
            _, oldest = self._by_id.popitem(last=False)
            del self._by_token[oldest.token]
        return exchange

    def to_answer(self, interaction_id: int, token: str) -> Exchange:
        """The interaction that a callback is for.

        Raises ApiError 10062 when there is none or its time is up, 40060 when it was
        answered already.
        """
        exchange = self._by_id.get(interaction_id)
        if exchange is None or exchange.token != token:
            raise ApiError(404, 10062)
        if exchange.callback is not None:
            raise ApiError(400, 40060)
        if exchange.dead or time.monotonic() - exchange.began >= exchange.patience:
            raise ApiError(404, 10062)
        return exchange

    def to_follow_up(self, application_id: int, token: str) -> Exchange:
        """The interaction behind a follow-up.

        Raises ApiError 10015 for an unknown token and before the first response, 50027
        when the token has lived its 15 minutes.
        """
        exchange = self._by_token.get(token)
        if exchange is None or exchange.callback is None or application_id != self._world.bot.id:
            raise ApiError(404, 10015)
        if exchange.dead or time.monotonic() - exchange.began >= TOKEN_LIFE:
            raise ApiError(401, 50027)
        return exchange

    def check_followup_limit(self, exchange: Exchange) -> None:
        """Raise ApiError 40094 for the sixth follow-up in a server with a user install only."""
        only_user = "0" not in exchange.owners and exchange.channel.guild_id is not None
        if only_user and len(exchange.followups) >= MOST_FOLLOWUPS_OF_USER_INSTALL:
            raise ApiError(400, 40094)

    def answered(self, exchange: Exchange, callback: Callback, body: JsonObject) -> None:
        exchange.callback = callback
        exchange.body = body
        if not exchange.first.done():
            exchange.first.set_result(callback)


def new_token() -> str:
    """An interaction token: long, unguessable, and safe in a URL."""
    return secrets.token_urlsafe(96)
