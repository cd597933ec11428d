"""What a person sees as the result of something they did."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from tests.fakes.slack.sending import Receipt
from tests.fakes.slack.sights import Appeared, Feed, Message, Sight, Vanished, View, ViewShown
from tests.fakes.slack.workspace import Interaction, Workspace


def sees(workspace: Workspace, interaction: Interaction, sight: Sight) -> bool:
    """Whether `sight` is for the person of `interaction`, and not the answer to another one."""
    person = interaction.person.id
    match sight:
        case ViewShown(view):
            return view.user == person
        case Appeared(message):
            own = message.interaction in (None, interaction.id)
            visible = message.only_for in (None, person)
            return own and visible and workspace.channels[message.channel].has(person)
        case Vanished(message):
            visible = message.only_for in (None, person)
            return visible and workspace.channels[message.channel].has(person)
        case _:
            assert_never(sight)


@dataclass(frozen=True, slots=True)
class Watch:
    """What concerns one person in a feed since they did something.

    Indices count from 0 and include edited versions. `patience` is in seconds.
    """

    feed: Feed
    start: int
    concerns: Callable[[Sight], bool]
    patience: float

    def messages(self) -> list[Message]:
        """The messages and edited versions so far; they count as seen from now on."""
        return [sight.message for sight in self._taken() if isinstance(sight, Appeared)]

    def vanished(self) -> list[Message]:
        return [sight.message for sight in self._taken() if isinstance(sight, Vanished)]

    def views(self) -> list[View]:
        return [sight.view for sight in self._taken() if isinstance(sight, ViewShown)]

    async def message(self, index: int) -> Message:
        def look() -> Message | None:
            messages = self.messages()
            return messages[index] if len(messages) > index else None

        return await self.feed.wait_for(look, self.patience, f"message {index}")

    async def view(self, index: int, type_: str) -> View:
        def look() -> View | None:
            views = [view for view in self.views() if view.type == type_]
            return views[index] if len(views) > index else None

        return await self.feed.wait_for(look, self.patience, f"{type_} {index}")

    async def gone(self, ts: str) -> Message:
        def look() -> Message | None:
            return next((message for message in self.vanished() if message.ts == ts), None)

        return await self.feed.wait_for(look, self.patience, f"deletion of {ts}")

    def _taken(self) -> Iterator[Sight]:
        for index, sight in enumerate(self.feed.sights[self.start :], start=self.start):
            if self.concerns(sight):
                self.feed.taken.add(index)
                yield sight


@dataclass(frozen=True, slots=True)
class Answer:
    """What had come when the app acknowledged; what comes later can be awaited.

    `messages` are those the person sees, oldest first, an edit being a further entry with
    `edited` set. `failure` is what Slack tells the person when the app did not answer well:
    "operation_timeout", "dispatch_failed", "invalid_command_response", or the code of what was
    refused. `errors` stand under the fields of a submitted modal, by block id; `closed` says
    that the submitted modal went away.
    """

    messages: tuple[Message, ...]
    modals: tuple[View, ...]
    deleted: tuple[Message, ...]
    failure: str | None
    errors: Mapping[str, str]
    closed: bool
    receipts: tuple[Receipt, ...] = field(repr=False)
    watch: Watch = field(repr=False, compare=False)

    @property
    def shown(self) -> str:
        """Everything the person reads in `messages`."""
        return "\n".join(message.shown for message in self.messages)

    async def message(self, index: int = 0) -> Message:
        """The message number `index`, as soon as it is there. Raises AssertionError if never."""
        return await self.watch.message(index)

    async def modal(self, index: int = 0) -> View:
        """The modal, or version of one, number `index`. Raises AssertionError if never."""
        return await self.watch.view(index, "modal")

    async def gone(self, message: Message) -> Message:
        """Return when `message` has been deleted. Raises AssertionError if never."""
        return await self.watch.gone(message.ts)
