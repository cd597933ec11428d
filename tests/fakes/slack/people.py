"""What a person can do in Slack: type, press, choose, submit; and what they then see."""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.fakes.slack import payloads
from tests.fakes.slack.acting import Acting, Place, where_key
from tests.fakes.slack.answers import Answer
from tests.fakes.slack.blocks import (
    VALUE_KEYS,
    find,
    listed_options,
    missing_inputs,
    state_values,
)
from tests.fakes.slack.inspection import Inspector
from tests.fakes.slack.limits import Json
from tests.fakes.slack.replies import Submitted, reply, submitted
from tests.fakes.slack.sending import Receipt, Retry
from tests.fakes.slack.sights import Appeared, Message, View
from tests.fakes.slack.typed import escaped_command, typed_text
from tests.fakes.slack.workspace import Channel, Person, SlackError, Workspace

REQUIRED = "Please complete this required field."
"""What the client itself says under an empty field."""


class People(Acting):
    """The person-shaped half of the loopback Slack.

    Every method that names a user raises LookupError where a real client would not let that
    person do this (an element that is not there, a modal that is closed, somebody else's
    channel). Where nothing else is said, the channel is `general`, in which everybody is.
    """

    def __init__(self, inspector: Inspector, workspace: Workspace | None = None) -> None:
        super().__init__(inspector, workspace)
        self.general = self.channel("general")
        self.should_escape = False
        """Whether the manifest asks for slash commands with escaped text."""

    # Who and where

    def person(
        self,
        name: str,
        *,
        tz: str = "Europe/London",
        locale: str = "en-GB",
        is_admin: bool = False,
        is_owner: bool = False,
    ) -> Person:
        """A new member of the workspace."""
        return self.workspace.add_person(
            name, tz=tz, locale=locale, is_admin=is_admin, is_owner=is_owner
        )

    def close_dms(self, user: Person) -> None:
        """Let the bot be unable to write to a person, as where the Messages tab is off."""
        self.workspace.closed_dms.add(user.id)

    def channel(
        self,
        name: str,
        members: Iterable[Person] | None = None,
        *,
        bot_is_member: bool = True,
        private: bool = False,
    ) -> Channel:
        """A new channel; without `members`, everybody is in it."""
        return self.workspace.add_channel(
            name, members, bot_is_member=bot_is_member, private=private
        )

    def dm_of(self, user: Person) -> Channel:
        """The conversation of `user` with the bot."""
        return self.workspace.channels[user.dm]

    def history(self, place: Place) -> list[Message]:
        """The messages in `place` as they now stand, oldest first, the ephemeral ones too."""
        id_ = self.channel_of(place).id
        messages = self.workspace.messages.values()
        return sorted((m for m in messages if m.channel == id_), key=lambda m: m.ts)

    # What people do

    async def slash(
        self, user: Person, command: str, text: str = "", *, channel: Place | None = None
    ) -> Answer:
        """Type a slash command, for example `slash(ada, "/compare", "a vs b")`."""
        place = self.channel_of(channel or self.general, user)
        start, interaction = self._begin(user, place)
        payload = payloads.slash_command(
            self.workspace.identity,
            user,
            place,
            command,
            self._command_text(text),
            trigger_id=self.workspace.issue_trigger(user),
            response_url=self.response_url(interaction),
        )
        receipt = await self._send("slash_commands", payload)
        failure = receipt.failure
        if failure is None and receipt.body and receipt.body != {"text": ""}:
            try:
                reply(self.workspace, self.inspector, interaction, receipt.body, "ack")
            except SlackError:
                failure = "invalid_command_response"
        return self._answer(user, start, interaction, [receipt], failure=failure)

    async def click(self, user: Person, where: Message | View, wanted: str) -> Answer:
        """Press the button with the action id or the text `wanted`."""
        element = find(where.blocks, wanted)
        if element.type in VALUE_KEYS:
            raise LookupError(f"{wanted!r} is a {element.type}, not a button: choose in it")
        return await self._act(user, where, element, None)

    async def choose(
        self, user: Person, where: Message | View, action_id: str, value: Any
    ) -> Answer:
        """Choose in a menu, radio buttons, checkboxes or a picker, or type and press Enter.

        `value` is an option's value or label, a list of them, an id, a date or a text.
        """
        element = find(where.blocks, action_id)
        state = self._choice(element, value)
        key = (element.block_id, element.action_id)
        self.workspace.chosen.setdefault(where_key(where), {})[key] = state
        return await self._act(user, where, element, state)

    async def suggest(
        self, user: Person, action_id: str, typed: str, where: Message | View
    ) -> tuple[Json, ...]:
        """Type into an external select; the options that the app offers, without groups.

        Below the element's `min_query_length` (3 unless it says otherwise) Slack asks nothing.
        A failing app looks like one that offers nothing.
        """
        element = find(where.blocks, action_id)
        if len(typed) < element.json.get("min_query_length", 3):
            return ()
        self.workspace.suggested[element.action_id] = []
        payload = payloads.interactive(self.workspace.identity, user, "block_suggestion")
        payload |= self._place(user, where)
        payload |= {
            "action_id": element.action_id,
            "block_id": element.block_id,
            "value": typed,
        }
        receipt = await self._send("interactive", payload)
        if receipt.failure is not None:
            return ()
        try:
            self.inspector.options("options", receipt.body or {})
        except SlackError:
            return ()
        options = listed_options(receipt.body or {})
        self.workspace.suggested[element.action_id] = options
        return tuple(options)

    async def submit(
        self, user: Person, modal: View, values: Mapping[str, Any] | None = None
    ) -> Answer:
        """Fill in `modal` and press its submit button.

        `values` has block ids, action ids or labels as keys. A required field that is left empty
        is complained about by the client, and nothing is sent.
        """
        start, interaction = self._begin(user, None)
        modal = self._open_modal(user, modal)
        chosen = self.workspace.chosen.setdefault(modal.id, {})
        for name, value in (values or {}).items():
            element = find(modal.blocks, name)
            chosen[element.block_id, element.action_id] = self._choice(element, value)
        state = state_values(modal.blocks, chosen)
        missing = missing_inputs(modal.blocks, state)
        if missing:
            outcome = Submitted(dict.fromkeys(missing, REQUIRED))
            return self._answer(user, start, interaction, [], outcome=outcome)
        payload = payloads.interactive(self.workspace.identity, user, "view_submission")
        payload |= {
            "trigger_id": self.workspace.issue_trigger(user),
            "view": modal.json | {"state": {"values": state}},
            "response_urls": [],
        }
        receipt = await self._send("interactive", payload)
        outcome, failure = Submitted(), receipt.failure
        if failure is None:
            try:
                outcome = submitted(self.workspace, self.inspector, modal, receipt.body)
            except SlackError as error:
                failure = error.code
        return self._answer(user, start, interaction, [receipt], failure=failure, outcome=outcome)

    async def dismiss(self, user: Person, modal: View) -> Answer:
        """Close `modal` without submitting; the app hears of it if it asked to."""
        start, interaction = self._begin(user, None)
        modal = self._open_modal(user, modal)
        self.workspace.close_modal(user.id)
        receipts = []
        if modal.json["notify_on_close"]:
            payload = payloads.interactive(self.workspace.identity, user, "view_closed")
            payload |= {"view": modal.json, "is_cleared": False}
            receipts.append(await self._send("interactive", payload))
        return self._answer(user, start, interaction, receipts, outcome=Submitted(closed=True))

    async def mention(
        self, user: Person, channel: Channel, text: str, *, thread_ts: str | None = None
    ) -> Answer:
        """Write `text`, in which `<@BOT>` stands for the bot, in `channel`.

        The bot hears of it only where it is a member; else the failure is "not_in_channel".
        """
        place = self.channel_of(channel, user)
        start, interaction = self._begin(user, place)
        message = self.workspace.say(
            user, place.id, typed_text(text, self.workspace.identity.bot_user_id), thread_ts
        )
        if not place.bot_is_member:
            return self._answer(user, start, interaction, [], failure="not_in_channel")
        event = payloads.message_event(self.workspace.identity, "app_mention", message)
        return await self._happen(user, start, interaction, event)

    async def dm(self, user: Person, text: str, *, thread_ts: str | None = None) -> Answer:
        """Write `text` to the bot in a direct message."""
        start, interaction = self._begin(user, self.dm_of(user))
        message = self.workspace.say(
            user, user.dm, typed_text(text, self.workspace.identity.bot_user_id), thread_ts
        )
        event = payloads.message_event(
            self.workspace.identity, "message", message, channel_type="im"
        )
        return await self._happen(user, start, interaction, event)

    async def open_home(self, user: Person) -> View:
        """Look at the bot's home tab, and wait until it has published one."""
        start, interaction = self._begin(user, None)
        event: Json = {
            "type": "app_home_opened",
            "user": user.id,
            "channel": user.dm,
            "tab": "home",
            "event_ts": self.workspace.new_ts(),
        }
        if user.id in self.workspace.homes:
            event["view"] = self.workspace.homes[user.id].json
        answer = await self._happen(user, start, interaction, event)
        return await answer.watch.view(0, "home")

    async def retry(
        self, event: Json | None = None, *, number: int = 1, reason: str = "http_timeout"
    ) -> tuple[Receipt, ...]:
        """Send `event` (the last one) again, as Slack does when an answer got lost."""
        payload = event or self.last_event
        if payload is None:
            raise LookupError("nothing has happened yet that could be sent again")
        return await self._deliver(payload, Retry(number, reason))

    async def uninstall(self) -> tuple[Receipt, ...]:
        """Remove the app from the workspace: its tokens die, and both events are sent."""
        self.token_revoked()
        identity, ts = self.workspace.identity, self.workspace.new_ts()
        tokens = {"oauth": [], "bot": [identity.bot_user_id]}
        receipts: tuple[Receipt, ...] = ()
        for event in (
            {"type": "tokens_revoked", "tokens": tokens, "event_ts": ts},
            {"type": "app_uninstalled", "event_ts": ts},
        ):
            receipts += await self._deliver(self._event(event))
        return receipts

    async def next_message(self, place: Place) -> Message:
        """The oldest message or edit in `place` that no answer and no earlier call has shown."""
        feed, id_ = self.workspace.feed, self.channel_of(place).id

        def look() -> Message | None:
            for index, sight in enumerate(feed.sights):
                if index in feed.taken or not isinstance(sight, Appeared):
                    continue
                if sight.message.channel == id_:
                    feed.taken.add(index)
                    return sight.message
            return None

        return await feed.wait_for(look, self.patience, f"further message in {id_}")

    def _command_text(self, text: str) -> str:
        if not self.should_escape:
            return text
        return escaped_command(
            text, self.workspace.people.values(), self.workspace.channels.values()
        )
