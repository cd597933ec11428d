"""The real Discord adapter in front of the loopback Discord."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from bot.adapters.discord.adapter import DiscordAdapter
from bot.core.command import Command
from bot.core.content.catalogue import Catalogue
from bot.core.dispatch import Dispatcher
from tests.conformance.behind import Behind
from tests.conformance.seen import NOTHING, SHORT, Seen
from tests.fakes.discord.places import Where
from tests.fakes.discord.replies import Kind, Message, Reply
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import Channel, Permission

SELECT = 3
DEFERRED = frozenset({Kind.DEFERRED, Kind.DEFERRED_UPDATE})


class OnDiscord:
    """One person in a server of the loopback Discord, or in their messages with the bot."""

    public = True

    def __init__(self, data: Path, defer_after: float) -> None:
        self.behind = Behind(data)
        self._data = data
        self._defer_after = defer_after
        self._server = FakeDiscord()
        self._adapter: DiscordAdapter | None = None
        self._me = self._server.user("Ada")
        self._place: Where = self._server.home
        self._read: set[int] = set()

    async def restart(self, catalogue: Catalogue, commands: Mapping[str, Command]) -> None:
        if self._adapter is None:
            await self._server.start()
        else:
            await self._adapter.stop()
        self._dispatcher = Dispatcher(catalogue, commands, await self.behind.reopen())
        self._adapter = DiscordAdapter(
            self._dispatcher,
            token=self._server.token,
            api_base=self._server.api_base,
            data_dir=self._data,
            defer_after=self._defer_after,
        )
        await self._adapter.start()

    async def close(self) -> None:
        if self._adapter is not None:
            await self._adapter.stop()
        await self.behind.close()
        await self._server.stop()
        assert self._server.violations == []
        assert self._server.unrouted == []

    async def tick(self) -> None:
        assert self._adapter is not None
        await self.behind.tick(self._dispatcher.context, {"discord": self._adapter})

    async def tick_with_reports(self) -> None:
        assert self._adapter is not None
        await self.behind.tick(
            self._dispatcher.context,
            {"discord": self._adapter},
            f"discord:{self._server.home.general.id}",
        )

    def somebody(self, name: str, *, manager: bool = False) -> Self:
        other = copy.copy(self)
        other._me = self._server.user(name, admin=manager)
        other._read = set()
        return other

    def in_messages(self) -> Self:
        other = copy.copy(self)
        other._place = self._dm
        return other

    def in_another_server(self) -> Self:
        """The same person, in a server of other people."""
        other = copy.copy(self)
        other._place = self._server.guild("Elsewhere")
        return other

    def closes_messages(self) -> None:
        self._server.close_dms(self._me)

    def refuses_posts(self) -> None:
        self._server.deny(self._server.home.general, Permission.SEND_MESSAGES)

    @property
    def _dm(self) -> Channel:
        return self._server.dm_with(self._me)

    async def command(
        self, name: str, options: Mapping[str, str] = NOTHING, *, private: bool = False
    ) -> Seen:
        given: dict[str, object] = dict(options)
        if private:
            given["private"] = True
        return await self._seen(await self._server.slash(self._me, name, given, where=self._place))

    async def write(self, words: str) -> Seen:
        messages = [await self._server.dm(self._me, words)]
        while not _ends(messages[-1]):
            posted = self._server.messages(self._dm)
            index = next(n for n, m in enumerate(posted) if m.id == messages[-1].id) + 1
            messages.append((await self._server.posted(self._dm, index + 1))[index])
        return self._shown(messages)

    async def press(self, seen: Seen, label: str) -> Seen:
        for message in reversed(seen.handle):
            for part in message.walk():
                if part.get("label") == label and "custom_id" in part:
                    return await self._click(message, part["custom_id"])
                for option in _options(part):
                    if option["label"] == label:
                        return await self._seen(
                            await self._server.choose(
                                self._me, message, part["custom_id"], [option["value"]]
                            )
                        )
        raise AssertionError(f"nothing is called {label!r}; there are {seen.labels}")

    async def _click(self, message: Message, identity: str) -> Seen:
        """What was seen can be pressed, also where it has changed in the meantime."""
        payload = self._server.click_payload(self._me, message, identity)
        return await self._seen(await self._server.raw_interaction(payload))

    async def forge(self, seen: Seen, identity: str) -> Seen:
        return await self._click(seen.handle[-1], identity)

    def identity(self, seen: Seen, label: str) -> str:
        return next(
            str(part["custom_id"])
            for message in seen.handle
            for part in message.walk()
            if part.get("label") == label
        )

    async def fill(self, seen: Seen, values: Mapping[str, str]) -> Seen:
        reply: Reply = seen.handle
        assert reply.modal is not None
        given: dict[str, Any] = {}
        for part in reply.modal.fields():
            name = part["custom_id"]
            if name not in values:
                continue
            chosen = [o["value"] for o in part.get("options", ()) if o["label"] == values[name]]
            given[name] = chosen if part["type"] == SELECT else values[name]
        return await self._seen(await self._server.submit(self._me, reply, given))

    async def delivered(self, seen: Seen) -> Seen:
        if seen.handle[-1].channel_id == self._dm.id:
            return seen
        new = self.direct()
        assert new, f"nothing new is in the messages; it was said: {seen.text}"
        return new[-1]

    def direct(self) -> list[Seen]:
        return self._unread(self._dm)

    def posted(self) -> list[Seen]:
        return self._unread(self._server.home.general)

    def _unread(self, place: Channel) -> list[Seen]:
        new = [m for m in self._server.messages(place) if m.id not in self._read]
        return [self._shown([message]) for message in new]

    async def file(self, seen: Seen) -> str:
        (text,) = self._server.files(seen.handle[-1]).values()
        return text

    async def _seen(self, reply: Reply) -> Seen:
        if reply.modal is not None:
            names = tuple(part["custom_id"] for part in reply.modal.fields())
            return Seen(reply.modal.title, form=names, handle=reply)
        messages: list[Message] = []
        if await self._stands_in_place(reply):
            messages.append(reply.now())
        said = len(messages)
        while not messages or not _ends(messages[-1]):
            messages.append(await reply.followup(len(messages) - said + 1))
        return self._shown(messages)

    async def _stands_in_place(self, reply: Reply) -> bool:
        """Whether the answer is the first response, or was put where that was; else it follows."""
        exchange, world = reply.exchange, self._server.state.world
        if reply.kind not in DEFERRED:
            return True
        await world.changes.wait_for(
            lambda: bool(exchange.edits or exchange.followups), "the answer after a deferral", 5.0
        )
        return exchange.edits > 0

    def _shown(self, messages: list[Message]) -> Seen:
        """The messages as one answer, now read."""
        self._read |= {message.id for message in messages}
        entries = [
            option["label"]
            for message in messages
            for part in message.walk()
            for option in _options(part)
        ]
        last = messages[-1]
        return Seen(
            "\n".join(message.text for message in messages),
            (*(label for message in messages for label in message.labels), *entries),
            last.ephemeral or last.channel_id == self._dm.id,
            message=str(last.id),
            handle=messages,
        )


def _options(part: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(part["options"]) if part["type"] == SELECT else []


def _ends(message: Message) -> bool:
    """Whether this is the last message of an answer: it has something to press, or is short."""
    return bool(message.custom_ids) or len(message.text) < SHORT
