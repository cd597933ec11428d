"""The real Slack adapter in front of the loopback Slack, over HTTP or Socket Mode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from aiohttp import web

from bot.adapters.slack.adapter import SlackAdapter
from bot.core.command import Command
from bot.core.content.catalogue import Catalogue
from bot.core.dispatch import Dispatcher
from tests.conformance.seen import NOTHING, Seen
from tests.fakes.slack.answers import Answer
from tests.fakes.slack.blocks import elements
from tests.fakes.slack.server import SlackServer
from tests.fakes.slack.sights import Message


class OnSlack:
    """One person in a channel of the loopback Slack."""

    public = True

    def __init__(self, transport: Literal["http", "socket"]) -> None:
        self._transport = transport
        self._slack = SlackServer()
        self._adapter: SlackAdapter | None = None
        self._runner: web.AppRunner | None = None

    async def restart(self, catalogue: Catalogue, commands: Mapping[str, Command]) -> None:
        if self._adapter is None:
            await self._slack.start()
            self._ada = self._slack.person("Ada")
        else:
            await self._stop()
        socket = self._transport == "socket"
        self._adapter = SlackAdapter(
            Dispatcher(catalogue, commands),
            bot_token=self._slack.bot_token,
            app_token=self._slack.app_token if socket else None,
            signing_secret=None if socket else self._slack.signing_secret,
            api_base=self._slack.api_base,
            defer_after=0.05,
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
        await self._slack.stop()
        assert self._slack.violations == []
        assert self._slack.unrouted == []

    async def command(
        self, name: str, options: Mapping[str, str] = NOTHING, *, private: bool = False
    ) -> Seen:
        text = ", ".join(options.values()) + (" private" if private else "")
        return await self._seen(await self._slack.slash(self._ada, f"/{name}", text))

    async def write(self, words: str) -> Seen:
        return await self._seen(await self._slack.dm(self._ada, words), private=True)

    async def press(self, seen: Seen, label: str) -> Seen:
        for message in reversed(seen.handle):
            for element in elements(message.blocks):
                if element.type == "button" and element.label == label:
                    return await self._seen(
                        await self._slack.click(self._ada, message, element.action_id)
                    )
                for option in element.json.get("options", ()):
                    if option["text"]["text"] == label:
                        return await self._seen(
                            await self._slack.choose(
                                self._ada, message, element.action_id, option["value"]
                            )
                        )
        raise AssertionError(f"nothing is called {label!r}; there are {seen.labels}")

    async def fill(self, seen: Seen, values: Mapping[str, str]) -> Seen:
        view = seen.handle
        given: dict[str, str] = {}
        for element in view.elements:
            name = _field(element.block_id, element.action_id, values)
            if name is None:
                continue
            if element.type == "external_select":
                await self._slack.suggest(self._ada, element.action_id, values[name], view)
            given[element.action_id] = values[name]
        answer = await self._slack.submit(self._ada, view, given)
        assert answer.failure is None, answer.failure
        assert not answer.errors, answer.errors
        messages = [await self._slack.next_message(self._slack.general)]
        while not _ends(messages[-1]):
            messages.append(await self._slack.next_message(self._slack.general))
        return _shown(messages, private=messages[-1].only_for is not None)

    async def forge(self, seen: Seen, identity: str) -> Seen:
        words = {"type": "plain_text", "text": "Press me"}
        button = {"type": "button", "action_id": "forged", "text": words, "value": identity}
        actions = {"type": "actions", "block_id": "forged-block", "elements": [button]}
        message = replace(seen.handle[-1], blocks=(actions,))
        return await self._seen(await self._slack.click(self._ada, message, "forged"))

    async def _seen(self, answer: Answer, *, private: bool = False) -> Seen:
        assert answer.failure is None, answer.failure
        assert not answer.errors, answer.errors
        if answer.modals:
            view = answer.modals[-1]
            return Seen(view.title, form=tuple(e.action_id for e in view.elements), handle=view)
        messages = [await answer.message(0)]
        while not _ends(messages[-1]):
            messages.append(await answer.message(len(messages)))
        last = [message for message in messages if message.blocks]
        return _shown(last, private=private or last[-1].only_for is not None)


def _field(block_id: str, action_id: str, values: Mapping[str, str]) -> str | None:
    return next((name for name in (action_id, block_id) if name in values), None)


def _ends(message: Message) -> bool:
    """Whether this is the last message of an answer: the one with something to press."""
    return any(elements(message.blocks)) or "went wrong" in message.shown


def _shown(messages: list[Message], *, private: bool) -> Seen:
    found = [element for message in messages for element in elements(message.blocks)]
    buttons = tuple(element.label for element in found if element.type == "button")
    entries = tuple(
        option["text"]["text"] for element in found for option in element.json.get("options", ())
    )
    text = "\n".join(message.shown for message in messages)
    return Seen(text, (*buttons, *entries), private, handle=messages)
