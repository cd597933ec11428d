"""How an act of a person reaches the app, and how what they see of it is gathered."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

from tests.fakes.slack import payloads
from tests.fakes.slack.answers import Answer, Watch, sees
from tests.fakes.slack.blocks import VALUE_KEYS, Element, chosen_value, state_values
from tests.fakes.slack.inspection import Inspector
from tests.fakes.slack.limits import Json
from tests.fakes.slack.replies import Submitted
from tests.fakes.slack.sending import Kind, Receipt, Retry, deliver_event
from tests.fakes.slack.sights import Message, Sight, View
from tests.fakes.slack.workspace import Channel, Interaction, Person, Workspace

Place = Channel | Person


class Acting(ABC):
    """The steps of which every act of a person is made; a subclass adds the wires."""

    def __init__(self, inspector: Inspector, workspace: Workspace | None = None) -> None:
        self.workspace = workspace or Workspace()
        self.inspector = inspector
        self.patience = 5.0
        """Seconds for which a test waits for what must come."""
        self.retry_delays: tuple[float, ...] = (0.0, 0.0, 0.0)
        """Seconds before each repetition of an event (Slack: none, a minute, five minutes)."""
        self.last_event: Json | None = None
        self.receipts: list[Receipt] = []

    @abstractmethod
    def response_url(self, interaction: Interaction) -> str:
        """Where answers to `interaction` go."""

    @abstractmethod
    def token_revoked(self) -> None:
        """Let the app's tokens be refused from now on."""

    @abstractmethod
    async def transmit(self, kind: Kind, payload: Json, retry: Retry | None) -> Receipt:
        """Hand one thing to the app by whichever transport is in use."""

    async def _send(self, kind: Kind, payload: Json, retry: Retry | None = None) -> Receipt:
        receipt = await self.transmit(kind, payload, retry)
        self.receipts.append(receipt)
        return receipt

    async def _deliver(self, payload: Json, first: Retry | None = None) -> tuple[Receipt, ...]:
        return await deliver_event(self._send, payload, self.retry_delays, first)

    async def _act(
        self, user: Person, where: Message | View, element: Element, state: Json | None
    ) -> Answer:
        channel = None
        if isinstance(where, Message):
            channel = self.channel_of(self.workspace.channels[where.channel], user)
        else:
            where = self._current(user, where)
        original = where if isinstance(where, Message) else None
        start, interaction = self._begin(user, channel, original)
        payload = payloads.interactive(self.workspace.identity, user, "block_actions")
        payload |= self._place(user, where)
        payload |= {
            "trigger_id": self.workspace.issue_trigger(user),
            "actions": [payloads.action(element, state, self.workspace.new_ts())],
        }
        if isinstance(where, Message):
            chosen = self.workspace.chosen.get(where_key(where), {})
            payload["state"] = {"values": state_values(where.blocks, chosen)}
            payload["response_url"] = self.response_url(interaction)
        receipt = await self._send("interactive", payload)
        if receipt.failure is None and receipt.body:
            self.inspector.report(
                "ack", ["Slack ignores what acknowledges a block action"], receipt.body
            )
        return self._answer(user, start, interaction, [receipt], failure=receipt.failure)

    async def _happen(
        self, user: Person, start: int, interaction: Interaction, event: Json
    ) -> Answer:
        receipts = await self._deliver(self._event(event))
        return self._answer(user, start, interaction, receipts, failure=receipts[-1].failure)

    def _event(self, event: Json) -> Json:
        self.last_event = payloads.event_callback(
            self.workspace.identity,
            event,
            event_id=self.workspace.new_id("Ev"),
            event_time=self.workspace.now(),
        )
        return self.last_event

    def _begin(
        self, user: Person, place: Channel | None, original: Message | None = None
    ) -> tuple[int, Interaction]:
        channel = place.id if place else user.dm
        interaction = self.workspace.begin(user, channel, original)
        return len(self.workspace.feed.sights), interaction

    def _answer(
        self,
        user: Person,
        start: int,
        interaction: Interaction,
        receipts: Iterable[Receipt],
        *,
        failure: str | None = None,
        outcome: Submitted | None = None,
    ) -> Answer:
        def concerns(sight: Sight) -> bool:
            return sees(self.workspace, interaction, sight)

        watch = Watch(self.workspace.feed, start, concerns, self.patience)
        return Answer(
            messages=tuple(watch.messages()),
            modals=tuple(view for view in watch.views() if view.type == "modal"),
            deleted=tuple(watch.vanished()),
            failure=failure,
            errors=outcome.errors if outcome else {},
            closed=bool(outcome and outcome.closed),
            receipts=tuple(receipts),
            watch=watch,
        )

    def channel_of(self, place: Place, user: Person | None = None) -> Channel:
        """The conversation that `place` means. Raises LookupError if `user` is not in it."""
        channel = self.workspace.channels[place.dm] if isinstance(place, Person) else place
        if user is not None and not channel.has(user.id):
            raise LookupError(f"{user.name} is not in {channel.name}")
        return channel

    def _place(self, user: Person, where: Message | View) -> Json:
        identity = self.workspace.identity
        if isinstance(where, Message):
            return payloads.in_message(identity, self.workspace.channels[where.channel], where)
        current = self._current(user, where)
        chosen = self.workspace.chosen.get(where.id, {})
        return payloads.in_view(current, state_values(current.blocks, chosen))

    def _current(self, user: Person, view: View) -> View:
        if view.type == "home":
            return self.workspace.homes[user.id]
        return self._open_modal(user, view)

    def _open_modal(self, user: Person, modal: View) -> View:
        if self.workspace.modals.get(user.id, [])[-1:] != [modal.id]:
            raise LookupError(f"the modal {modal.title!r} is not open before {user.name}")
        return self.workspace.views[modal.id]

    def _choice(self, element: Element, value: Any) -> Json:
        if element.type not in VALUE_KEYS:
            raise LookupError(f"{element.action_id!r} is a {element.type}: click it")
        return chosen_value(element, value, self.workspace.suggested.get(element.action_id, ()))


def where_key(where: Message | View) -> str:
    """Under which key the choices made in a message or view are kept."""
    return where.ts if isinstance(where, Message) else where.id
