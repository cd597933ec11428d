"""People in front of Discord: they type commands, click, fill in forms and write to the bot.

All of it waits for events and never sleeps; what does not happen in time is an
AssertionError that says what was missing.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from tests.fakes.discord import acts, payloads
from tests.fakes.discord.commands import check_offered, invocation
from tests.fakes.discord.errors import InteractionFailedError, NotOfferedError
from tests.fakes.discord.interactions import InteractionType
from tests.fakes.discord.places import Places, Where
from tests.fakes.discord.replies import Message, Modal, Reply, reply_to
from tests.fakes.discord.sessions import Intent
from tests.fakes.discord.world import (
    ChannelType,
    JsonObject,
    User,
)

PATIENCE: Final = 3.0
FILE: Final = 13


class People(Places):
    """What people do. ``where`` is a Channel or a Guild (its first channel); by default home."""

    async def slash(
        self,
        person: User,
        command: str,
        options: Mapping[str, Any] | None = None,
        *,
        where: Where | None = None,
        patience: float = PATIENCE,
    ) -> Reply:
        """Use a slash command ("quiz start" for a subcommand); the bot's first response.

        Raises NotOfferedError where Discord would not offer it, InteractionFailedError when
        no answer comes within ``patience`` seconds. With ``patience=0`` it has expired on arrival.
        """
        payload = self.slash_payload(person, command, options, where=where)
        return await self.raw_interaction(payload, patience=patience)

    def slash_payload(
        self,
        person: User,
        command: str,
        options: Mapping[str, Any] | None = None,
        *,
        where: Where | None = None,
        focused: str | None = None,
    ) -> JsonObject:
        """The INTERACTION_CREATE of a command or, with ``focused``, of its autocomplete."""
        world, place = self.state.world, self.place(where)
        name, *path = command.split()
        declared = self.state.commands.named(name)
        check_offered(declared, person, place, world)
        data = invocation(declared, tuple(path), options or {}, world, focused)
        kind = InteractionType.AUTOCOMPLETE if focused else InteractionType.COMMAND
        return acts.interaction(world, kind, person, place, data)

    async def autocomplete(
        self,
        person: User,
        command: str,
        options: Mapping[str, Any],
        *,
        focused: str,
        where: Where | None = None,
    ) -> Reply:
        """Type into an option; the choices are in ``reply.choices``."""
        payload = self.slash_payload(person, command, options, where=where, focused=focused)
        return await self.raw_interaction(payload)

    async def click(
        self,
        person: User,
        message: Message | Reply,
        custom_id: str,
        *,
        patience: float = PATIENCE,
    ) -> Reply:
        """Press a button of a message as it is now."""
        shown = self._now(message)
        payload = self._on(person, shown, acts.press(shown, custom_id))
        return await self.raw_interaction(payload, patience=patience)

    def click_payload(self, person: User, message: Message | Reply, custom_id: str) -> JsonObject:
        """A click with any id, also one that the message no longer has or never had."""
        shown = message.shown if isinstance(message, Reply) else message
        data = {"component_type": acts.BUTTON, "custom_id": custom_id, "id": 1}
        return self._on(person, shown, data)

    async def choose(
        self,
        person: User,
        message: Message | Reply,
        custom_id: str,
        values: list[str],
        *,
        patience: float = PATIENCE,
    ) -> Reply:
        """Choose in a select menu of a message as it is now.

        ``values`` are those that it offers or, in a menu of channels, roles or people, their ids.
        """
        shown = self._now(message)
        data = acts.select(shown, custom_id, values, self.state.world, person)
        return await self.raw_interaction(self._on(person, shown, data), patience=patience)

    async def submit(
        self,
        person: User,
        form: Reply,
        values: Mapping[str, Any],
        *,
        patience: float = PATIENCE,
    ) -> Reply:
        """Fill in and send the form that a reply opened."""
        payload = self.submit_payload(person, form, values)
        return await self.raw_interaction(payload, patience=patience)

    def submit_payload(self, person: User, form: Reply, values: Mapping[str, Any]) -> JsonObject:
        modal: Modal | None = form.modal
        if modal is None:
            raise NotOfferedError(f"the reply was {form.kind.value}, not a form")
        world, opened_by = self.state.world, form.exchange
        message = world.messages.get(opened_by.message_id or 0)
        data = acts.submission(modal, values, world, person)
        kind = InteractionType.MODAL_SUBMIT
        return acts.interaction(world, kind, person, opened_by.channel, data, message)

    async def raw_interaction(self, payload: JsonObject, *, patience: float = PATIENCE) -> Reply:
        """Send any INTERACTION_CREATE and wait for the first response.

        Raises InteractionFailedError when there is none within ``patience`` seconds.
        """
        exchange = self.state.exchanges.open(payload, patience)
        guild_id = exchange.channel.guild_id
        gateway = self.state.gateway
        if not await gateway.dispatch("INTERACTION_CREATE", payload, guild_id=guild_id):
            raise AssertionError("the bot has not identified yet: await server.connected() first")
        try:
            await asyncio.wait_for(exchange.first, patience)
        except TimeoutError:
            what = f"{exchange.type.name.lower()} {exchange.name!r}"
            raise InteractionFailedError(
                f"This interaction failed: no answer to {what} within {patience:g} s"
            ) from None
        return reply_to(exchange, self.state.world)

    def expire(self, reply: Reply) -> None:
        """Let the 15 minutes of an interaction's token be over."""
        reply.exchange.dead = True

    async def dm(self, person: User, text: str, *, within: float = PATIENCE) -> Message:
        """Write to the bot and wait for its next message there."""
        seen = len(self.messages(self.dm_with(person)))
        await self.write(person, text)
        messages = await self.posted(self.dm_with(person), seen + 1, within=within)
        return messages[seen]

    async def write(self, person: User, text: str) -> bool:
        """Write to the bot; false where it did not ask to hear of direct messages."""
        world, channel = self.state.world, self.dm_with(person)
        message = payloads.message(world.snowflakes.next(), channel, person, content=text)
        world.keep(message)
        event = message | {"channel_type": int(ChannelType.DM)}
        return await self.state.gateway.dispatch(
            "MESSAGE_CREATE", event, intent=Intent.DIRECT_MESSAGES
        )

    def messages(self, where: Where) -> list[Message]:
        """What the bot posted there for all to see, oldest first, as it looks now."""
        world = self.state.world
        own = str(world.bot.id)
        messages = world.messages_in(self.place(where).id)
        return [Message(message) for message in messages if message["author"]["id"] == own]

    async def posted(
        self, where: Where, number: int = 1, *, within: float = PATIENCE
    ) -> list[Message]:
        """The bot's messages there, once there are at least ``number``."""
        place = self.place(where)
        await self.state.world.changes.wait_for(
            lambda: len(self.messages(place)) >= number,
            f"message number {number} of the bot in channel {place.name or place.type.name}",
            within,
        )
        return self.messages(place)

    def files(self, message: Message) -> dict[str, str]:
        """The files that a message shows, by name, as text; none that it only carries."""
        shown = {c["file"]["url"] for c in message.walk() if c["type"] == FILE}
        files = self.state.world.files
        return {
            item["filename"]: files[item["url"]].decode()
            for item in message.attachments
            if item["url"] in shown or not message.components_v2
        }

    def _now(self, message: Message | Reply) -> Message:
        """The message as it is now; raises NotOfferedError when it was deleted."""
        message_id = message.id if isinstance(message, Message) else message.now().id
        payload = self.state.world.messages.get(message_id)
        if payload is None:
            raise NotOfferedError("the message is gone")
        return Message(payload)

    def _on(self, person: User, message: Message, data: JsonObject) -> JsonObject:
        place = self.state.world.channels[message.channel_id]
        kind = InteractionType.COMPONENT
        return acts.interaction(self.state.world, kind, person, place, data, message.payload)
