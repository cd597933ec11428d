"""The real Slack adapter in front of the loopback Slack, over HTTP or Socket Mode."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal, Self

from aiohttp import web

from bot.adapters.slack.adapter import SlackAdapter
from bot.core.command import Command
from bot.core.content.catalogue import Catalogue
from bot.core.dispatch import Dispatcher
from tests.conformance.behind import Behind
from tests.conformance.seen import NOTHING, SHORT, Seen
from tests.fakes.slack.answers import Answer
from tests.fakes.slack.blocks import elements
from tests.fakes.slack.server import SlackServer
from tests.fakes.slack.sights import Appeared, Message, Sight
from tests.fakes.slack.workspace import Channel


class OnSlack:
    """One person in a channel of the loopback Slack, or in their messages with the bot."""

    public = True

    def __init__(
        self, data: Path, defer_after: float, transport: Literal["http", "socket"]
    ) -> None:
        self.behind = Behind(data)
        self._defer_after = defer_after
        self._transport = transport
        self._slack = SlackServer()
        self._adapter: SlackAdapter | None = None
        self._runner: web.AppRunner | None = None
        self._me = self._slack.person("Ada")
        self._place = self._slack.general
        self._read: set[str] = set()

    async def restart(self, catalogue: Catalogue, commands: Mapping[str, Command]) -> None:
        if self._adapter is None:
            await self._slack.start()
        else:
            await self._stop()
        self._dispatcher = Dispatcher(catalogue, commands, await self.behind.reopen())
        socket = self._transport == "socket"
        self._adapter = SlackAdapter(
            self._dispatcher,
            self._slack.bot_token,
            app_token=self._slack.app_token if socket else None,
            signing_secret=None if socket else self._slack.signing_secret,
            api_base=self._slack.api_base,
            defer_after=self._defer_after,
            rates=None,
        )
        await self._adapter.start()
        if not socket:
            await self._listen(self._adapter)
        await self._slack.connected()

    async def _listen(self, adapter: SlackAdapter) -> None:
        site = web.Application()
        site.add_routes(adapter.routes())
        self._runner = web.AppRunner(site, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        port = self._runner.addresses[0][1]
        self._slack.target = f"http://127.0.0.1:{port}/slack/events"

    async def _stop(self) -> None:
        if self._adapter is not None:
            await self._adapter.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    async def close(self) -> None:
        await self._stop()
        await self.behind.close()
        await self._slack.stop()
        assert self._slack.violations == []
        assert self._slack.unrouted == []

    async def tick(self) -> None:
        assert self._adapter is not None
        await self.behind.tick(self._dispatcher.context, {"slack": self._adapter})

    async def tick_with_reports(self) -> None:
        assert self._adapter is not None
        await self.behind.tick(
            self._dispatcher.context, {"slack": self._adapter}, f"slack:{self._slack.general.id}"
        )

    def somebody(self, name: str, *, manager: bool = False) -> Self:
        other = copy.copy(self)
        other._me = self._slack.person(name, is_admin=manager)
        other._read = set()
        return other

    def in_messages(self) -> Self:
        other = copy.copy(self)
        other._place = self._dm
        return other

    def closes_messages(self) -> None:
        self._slack.close_dms(self._me)

    def refuses_posts(self) -> None:
        self._slack.general.bot_is_member = False

    @property
    def _dm(self) -> Channel:
        return self._slack.dm_of(self._me)

    async def command(
        self, name: str, options: Mapping[str, str] = NOTHING, *, private: bool = False
    ) -> Seen:
        text = ", ".join(options.values()) + (" private" if private else "")
        answer = await self._slack.slash(self._me, f"/{name}", text, channel=self._place)
        return await self._seen(answer, self._place.id)

    async def write(self, words: str) -> Seen:
        return await self._seen(await self._slack.dm(self._me, words), self._dm.id)

    async def press(self, seen: Seen, label: str) -> Seen:
        for message in reversed(seen.handle):
            for element in elements(message.blocks):
                if element.type == "button" and element.label == label:
                    answer = await self._slack.click(self._me, message, element.action_id)
                    return await self._seen(answer, message.channel)
                for option in element.json.get("options", ()):
                    if option["text"]["text"] == label:
                        answer = await self._slack.choose(
                            self._me, message, element.action_id, option["value"]
                        )
                        return await self._seen(answer, message.channel)
        raise AssertionError(f"nothing is called {label!r}; there are {seen.labels}")

    async def fill(self, seen: Seen, values: Mapping[str, str]) -> Seen:
        view, place = seen.handle
        given: dict[str, str] = {}
        for element in view.elements:
            name = element.block_id
            if name not in values:
                continue
            if element.type == "external_select":
                await self._slack.suggest(self._me, name, values[name], view)
            given[name] = values[name]
        start = len(self._slack.workspace.feed.sights)
        answer = await self._slack.submit(self._me, view, given)
        assert answer.failure is None, answer.failure
        assert not answer.errors, answer.errors
        return self._shown(await self._appeared(start, place, lambda _: True))

    async def forge(self, seen: Seen, identity: str) -> Seen:
        words = {"type": "plain_text", "text": "Press me"}
        button = {"type": "button", "action_id": "forged", "text": words, "value": identity}
        actions = {"type": "actions", "block_id": "forged-block", "elements": [button]}
        message = replace(seen.handle[-1], blocks=(actions,))
        return await self._seen(
            await self._slack.click(self._me, message, "forged"), message.channel
        )

    def identity(self, seen: Seen, label: str) -> str:
        return next(
            str(element.json["value"])
            for message in seen.handle
            for element in elements(message.blocks)
            if element.type == "button" and element.label == label
        )

    async def delivered(self, seen: Seen) -> Seen:
        if seen.handle[-1].channel == self._dm.id:
            return seen
        new = self.direct()
        assert new, f"nothing new is in the messages; it was said: {seen.text}"
        return new[-1]

    def direct(self) -> list[Seen]:
        return self._unread(self._dm)

    def posted(self) -> list[Seen]:
        return self._unread(self._slack.general)

    def _unread(self, place: Channel) -> list[Seen]:
        bot = self._slack.bot_user_id
        return [
            self._shown([message])
            for message in self._slack.history(place)
            if message.author == bot and not message.files and message.ts not in self._read
            and message.only_for is None
        ]  # fmt: skip

    async def file(self, seen: Seen) -> str:
        def look() -> str | None:
            messages = self._slack.history(self._dm)
            return next((f.text for message in messages for f in message.files), None)

        return await self._slack.workspace.feed.wait_for(look, self._slack.patience, "file")

    async def _seen(self, answer: Answer, place: str) -> Seen:
        assert answer.failure is None, answer.failure
        assert not answer.errors, answer.errors
        if answer.modals:
            view = answer.modals[-1]
            names = tuple(element.block_id for element in view.elements)
            return Seen(view.title, form=names, handle=(view, place))
        watch = answer.watch
        return self._shown(await self._appeared(watch.start, place, watch.concerns))

    async def _appeared(
        self, start: int, place: str, concerns: Callable[[Sight], bool]
    ) -> list[Message]:
        """The messages of one answer in a place, once the last one is there."""
        feed = self._slack.workspace.feed

        def look() -> list[Message] | None:
            found = [
                sight.message
                for sight in feed.sights[start:]
                if isinstance(sight, Appeared)
                and concerns(sight)
                and sight.message.channel == place
                and sight.message.only_for in (None, self._me.id)
                and not sight.message.files
            ]
            return found if found and _ends(found[-1]) else None

        return await feed.wait_for(look, self._slack.patience, "answer")

    def _shown(self, messages: list[Message]) -> Seen:
        """The messages as one answer, now read."""
        self._read |= {message.ts for message in messages}
        found = [element for message in messages for element in elements(message.blocks)]
        buttons = (element.label for element in found if element.type == "button")
        entries = (
            option["text"]["text"]
            for element in found
            for option in element.json.get("options", ())
        )
        last = messages[-1]
        return Seen(
            "\n".join(message.shown for message in messages),
            (*buttons, *entries),
            last.only_for is not None or last.channel == self._dm.id,
            message=last.ts,
            handle=messages,
        )


def _ends(message: Message) -> bool:
    """Whether this is the last message of an answer: it has something to press, or is short."""
    return any(elements(message.blocks)) or len(message.shown) < SHORT
