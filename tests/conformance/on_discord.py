"""The real Discord adapter in front of the loopback Discord."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.adapters.discord.adapter import DiscordAdapter
from bot.core.command import Command
from bot.core.content.catalogue import Catalogue
from bot.core.dispatch import Dispatcher
from tests.conformance.seen import NOTHING, Seen
from tests.fakes.discord.replies import Kind, Message, Reply
from tests.fakes.discord.server import FakeDiscord

SELECT = 3


class OnDiscord:
    """One person in a server of the loopback Discord."""

    public = True

    def __init__(self, data: Path) -> None:
        self._data = data
        self._server = FakeDiscord()
        self._adapter: DiscordAdapter | None = None

    async def restart(self, catalogue: Catalogue, commands: Mapping[str, Command]) -> None:
        if self._adapter is None:
            await self._server.start()
            self._ada = self._server.user("Ada")
        else:
            await self._adapter.stop()
        self._adapter = DiscordAdapter(
            Dispatcher(catalogue, commands),
            token=self._server.token,
            api_base=self._server.api_base,
            data_dir=self._data,
            defer_after=0.05,
        )
        await self._adapter.start()

    async def close(self) -> None:
        if self._adapter is not None:
            await self._adapter.stop()
        await self._server.stop()
        assert self._server.violations == []
        assert self._server.unrouted == []

    async def command(
        self, name: str, options: Mapping[str, str] = NOTHING, *, private: bool = False
    ) -> Seen:
        given: dict[str, object] = dict(options)
        if private:
            given["private"] = True
        return await self._seen(await self._server.slash(self._ada, name, given))

    async def write(self, words: str) -> Seen:
        first = await self._server.dm(self._ada, words)
        messages = [first]
        while not _ends(messages[-1]):
            posted = self._server.messages(self._server.dm_with(self._ada))
            index = next(n for n, m in enumerate(posted) if m.id == messages[-1].id) + 1
            messages.append(
                (await self._server.posted(self._server.dm_with(self._ada), index + 1))[index]
            )
        return _shown(messages, private=True)

    async def press(self, seen: Seen, label: str) -> Seen:
        for message in reversed(seen.handle):
            for part in message.walk():
                if part.get("label") == label and "custom_id" in part:
                    return await self._seen(
                        await self._server.click(self._ada, message, part["custom_id"])
                    )
                for option in part.get("options", ()) if part["type"] == SELECT else ():
                    if option["label"] == label:
                        return await self._seen(
                            await self._server.choose(
                                self._ada, message, part["custom_id"], [option["value"]]
                            )
                        )
        raise AssertionError(f"nothing is called {label!r}; there are {seen.labels}")

    async def fill(self, seen: Seen, values: Mapping[str, str]) -> Seen:
        reply: Reply = seen.handle
        assert reply.modal is not None
        given = {}
        for part in reply.modal.fields():
            name = part["custom_id"]
            if name not in values:
                continue
            options = part.get("options", ())
            chosen = [o["value"] for o in options if o["label"] == values[name]]
            given[name] = chosen if part["type"] == SELECT else values[name]
        return await self._seen(await self._server.submit(self._ada, reply, given))

    async def forge(self, seen: Seen, identity: str) -> Seen:
        payload = self._server.click_payload(self._ada, seen.handle[-1], identity)
        return await self._seen(await self._server.raw_interaction(payload))

    async def _seen(self, reply: Reply) -> Seen:
        if reply.kind is Kind.MODAL:
            assert reply.modal is not None
            names = tuple(part["custom_id"] for part in reply.modal.fields())
            return Seen(reply.modal.title, form=names, handle=reply)
        messages = [await reply.finished()]
        while not _ends(messages[-1]):
            messages.append(await reply.followup(len(messages)))
        return _shown(messages, private=messages[0].ephemeral)


def _ends(message: Message) -> bool:
    """Whether this is the last message of an answer: the one with something to press."""
    return bool(message.custom_ids) or "went wrong" in message.text


def _shown(messages: list[Message], *, private: bool) -> Seen:
    entries = [
        option["label"]
        for message in messages
        for part in message.walk()
        if part["type"] == SELECT
        for option in part["options"]
    ]
    return Seen(
        "\n".join(message.text for message in messages),
        (*(label for message in messages for label in message.labels), *entries),
        private,
        handle=messages,
    )
