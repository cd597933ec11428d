"""From an effect to Slack: by acknowledgement, `response_url`, post, modal or home tab."""

from __future__ import annotations

import logging
from collections import OrderedDict
from dataclasses import replace
from typing import assert_never

from aiohttp import ClientConnectorError, ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.adapters.slack import sending
from bot.adapters.slack.acknowledge import Acknowledgement
from bot.adapters.slack.bolt import reason, refused
from bot.adapters.slack.bounded import remember
from bot.adapters.slack.modal import modal
from bot.adapters.slack.naming import Naming
from bot.adapters.slack.origin import Origin, to_metadata
from bot.adapters.slack.pages import in_acknowledgement, pages, posted
from bot.adapters.slack.render import render_home
from bot.adapters.slack.wire import Json
from bot.core.command import (
    Attachment,
    Direct,
    Effect,
    Form,
    Post,
    Say,
    Update,
    Visibility,
)
from bot.core.views import Prose, Text, View

logger = logging.getLogger(__name__)

MOST_IN_PLACE = 3
"""Messages with a file's text that are said in place: a `response_url` takes five in all."""

_CUT = "The rest does not fit here. Please ask again once I can write to you in Messages."
CUT_SHORT = View("This is only the beginning", (Prose((Text(_CUT),)),), fallback=_CUT)


class Responder:
    """Carries out effects with one Web API client; `naming` is how commands are called."""

    def __init__(self, client: AsyncWebClient, naming: Naming) -> None:
        self._client = client
        self._naming = naming
        self._conversations: OrderedDict[str, str] = OrderedDict()

    async def answer(
        self, effect: Effect, origin: Origin, first: Acknowledgement | None = None
    ) -> str:
        """Carry out an effect; `first` may carry the first message.

        Returns what is still to be acknowledged with.

        Raises:
            SlackApiError, ClientError, TimeoutError: if no way is left.
        """
        match effect:
            case Say(view, visibility):
                return await self.say(view, visibility, origin, first)
            case Update(view) if origin.replaceable and origin.response_url:
                await self._replace(view, origin)
                return ""
            case Update(view):
                return await self.say(view, Visibility.PRIVATE, origin, first)
            case Form():
                if await self._opened(effect, origin):
                    return ""
                return await self.say(effect.otherwise, Visibility.PRIVATE, origin, first)
            case Direct():
                return await self._directly(effect, origin, first)
            case Post(place, view, posted, refused):
                sent = await sending.deliver(self._client, place.channel, self._messages(view))
                told = posted if sent.arrived else refused
                return await self.say(told, Visibility.PRIVATE, origin, first)
            case _:
                assert_never(effect)

    async def say(
        self,
        view: View,
        visibility: Visibility,
        origin: Origin,
        first: Acknowledgement | None = None,
    ) -> str:
        """Answer with a view; see `answer`."""
        messages = self._messages(view)
        if first is not None and not first.done:
            body = in_acknowledgement(messages[0], visibility)
            if len(messages) == 1:
                return body
            await first.send(body)
            messages = messages[1:]
        hidden = visibility is Visibility.PRIVATE and not origin.alone
        for message in messages:
            await self._send(posted(message), origin, hidden=hidden)
        return ""

    def _messages(self, view: View) -> tuple[str, ...]:
        return pages(self._naming.view(view))

    async def _directly(self, effect: Direct, origin: Origin, first: Acknowledgement | None) -> str:
        """A lasting message in the person's own conversation, wherever they are."""
        if origin.nowhere or await self._is_alone(origin):
            return await self._here(effect, replace(origin, alone=True), first)
        sent = await sending.deliver(self._client, origin.user, self._messages(effect.view))
        if not sent.arrived:
            return await self._in_place(effect, origin, first)
        if sent.channel:
            self.remember_conversation(sent.channel, origin.user)
        if effect.attachment:
            await self._attach(effect.attachment, origin.user)
        return await self.say(effect.note, Visibility.PRIVATE, origin, first)

    async def _is_alone(self, origin: Origin) -> bool:
        channel = origin.channel or ""
        if origin.alone or not channel.startswith("D"):
            return origin.alone
        return await self.is_own_conversation(channel, origin.user)

    async def _here(self, effect: Direct, origin: Origin, first: Acknowledgement | None) -> str:
        """The view as a lasting message, where the person is alone with the bot."""
        body = await self.say(effect.view, Visibility.PUBLIC, origin, first)
        if effect.attachment is None:
            return body
        if first is not None:
            await first.send(body)  # so that the file comes below it
        await self._attach(effect.attachment, origin.user)
        return ""

    async def _attach(self, attachment: Attachment, user: str) -> None:
        """A file for a person; where it cannot be one, its text in as many messages as needed."""
        channel = await self._conversation(user)
        if channel is None or not await sending.upload(self._client, channel, attachment):
            await sending.deliver(self._client, user, sending.written_out(attachment))

    async def _in_place(self, effect: Direct, origin: Origin, first: Acknowledgement | None) -> str:
        """The view, said privately where the person is, with as much of the file as fits."""
        body = await self.say(effect.view, Visibility.PRIVATE, origin, first)
        if effect.attachment is None:
            return body
        if first is not None:
            await first.send(body)
        messages = sending.written_out(effect.attachment)
        told = messages[:MOST_IN_PLACE]
        if told != messages:
            told += self._messages(CUT_SHORT)
        for message in told:
            await self._send(posted(message), origin, hidden=True)
        return ""

    async def publish_home(self, view: View, user: str) -> None:
        """Show a person their home tab."""
        await self._client.views_publish(user_id=user, view=render_home(self._naming.view(view)))

    async def is_own_conversation(self, channel: str, user: str) -> bool:
        """Whether this is the conversation of a person with the bot, which nobody else reads.

        Two people's direct messages look the same, and slash commands work there too.
        """
        return await self._conversation(user) == channel

    async def _conversation(self, user: str) -> str | None:
        """The channel of a person's direct messages to the bot, where Slack tells it."""
        known = self._conversations.get(user)
        if known is None:
            try:
                opened = await self._client.conversations_open(users=user)
            except (SlackApiError, ClientError, TimeoutError) as error:
                logger.warning("cannot tell whose conversation this is: %s", reason(error))
                return None
            known = str(opened["channel"]["id"])
            self.remember_conversation(known, user)
        return known

    def remember_conversation(self, channel: str, user: str) -> None:
        """Remember the channel of a person's direct messages to the bot."""
        remember(self._conversations, user, channel)

    async def _replace(self, view: View, origin: Origin) -> None:
        head, *rest = pages(self._naming.view(view))
        if not await self._by_url(posted(head) | {"replace_original": True}, origin):
            await self._direct(posted(head), origin)
        for message in rest:
            await self._send(posted(message), origin, hidden=not origin.alone)

    async def _send(self, message: Json, origin: Origin, *, hidden: bool) -> None:
        if origin.response_url:
            kind = {"response_type": "ephemeral" if hidden else "in_channel"}
            if await self._by_url(message | kind | {"replace_original": False}, origin):
                return
        elif origin.channel and await self._in_channel(message, origin, hidden=hidden):
            return
        await self._direct(message, origin)

    async def _by_url(self, body: Json, origin: Origin) -> bool:
        """Whether Slack took it. What was cut off in the middle is not sent again."""
        if origin.thread:
            body = body | {"thread_ts": origin.thread}
        hook = AsyncWebhookClient(
            origin.response_url or "",
            session=self._client.session,
            logger=self._client.logger,
            retry_handlers=self._client.retry_handlers,
        )
        try:
            response = await hook.send_dict(body)
        except ClientConnectorError:
            return False
        except (ClientError, TimeoutError) as error:
            logger.warning("an answer may be lost: %s", reason(error))
            return True
        if response.status_code != 200:
            logger.info("Slack refused a response_url: status %d", response.status_code)
        return response.status_code == 200

    async def _in_channel(self, message: Json, origin: Origin, *, hidden: bool) -> bool:
        """Whether it could be posted; public answers to a message stand in its thread.

        Raises SlackApiError where nobody but the person is there anyway, or where Slack failed
        rather than refused, so that the message may be there.
        """
        try:
            if hidden:
                await self._client.chat_postEphemeral(
                    channel=origin.channel or "",
                    user=origin.user,
                    thread_ts=origin.thread,
                    **message,
                )
            else:
                await self._client.chat_postMessage(
                    channel=origin.channel or "",
                    thread_ts=origin.thread or origin.message,
                    **message,
                )
        except SlackApiError as error:
            if origin.alone or not refused(error):
                raise
            logger.info("cannot answer in a channel: %s", reason(error))
            return False
        return True

    async def _direct(self, message: Json, origin: Origin) -> None:
        await self._client.chat_postMessage(channel=origin.user, **message)

    async def _opened(self, form: Form, origin: Origin) -> bool:
        """Whether the form could be opened as a modal."""
        if not origin.trigger:
            return False
        named = replace(form, title=self._naming.text(form.title))
        view = modal(named, to_metadata(origin, private=form.private))
        try:
            await self._client.views_open(trigger_id=origin.trigger, view=view)
        except (SlackApiError, ClientError, TimeoutError) as error:
            logger.info("cannot open a form: %s", reason(error))
            return False
        return True
