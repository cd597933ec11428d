"""The state of one workspace: people, channels, messages, views, triggers and response URLs."""

import itertools
import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from tests.fakes.slack.blocks import with_ids
from tests.fakes.slack.checks import all_blocks
from tests.fakes.slack.limits import Json
from tests.fakes.slack.sights import (
    Appeared,
    Feed,
    File,
    Message,
    Source,
    Vanished,
    View,
    ViewShown,
)

TRIGGER_SECONDS = 3.0
RESPONSE_URL_SECONDS = 30 * 60.0
RESPONSE_URL_USES = 5


class SlackError(Exception):
    """A refusal in Slack's words: the error code, and its messages if it gives any."""

    def __init__(self, code: str, messages: Sequence[str] = (), **extra: str) -> None:
        super().__init__(code)
        self.code = code
        self.messages = tuple(messages)
        self.extra = extra


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the workspace; `dm` is their conversation with the bot."""

    id: str
    name: str
    dm: str
    tz: str = "Europe/London"
    locale: str = "en-GB"
    is_admin: bool = False
    is_owner: bool = False


@dataclass(slots=True)
class Channel:
    """A conversation; `members` None stands for everybody."""

    id: str
    name: str
    members: set[str] | None = None
    bot_is_member: bool = True
    private: bool = False
    is_im: bool = False
    is_archived: bool = False

    def has(self, person: str) -> bool:
        """Whether `person` (an id) is in this conversation."""
        return self.members is None or person in self.members


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the app is."""

    team_id: str = "T0000000001"
    team_domain: str = "loopback"
    app_id: str = "A0000000001"
    bot_id: str = "B0000000001"
    bot_user_id: str = "U0000000001"
    bot_name: str = "rolecall"
    verification_token: str = field(default_factory=lambda: secrets.token_hex(12))
    enterprise_id: str | None = None
    is_enterprise_install: bool = False
    """Whether the app was installed in all of the organisation."""


@dataclass(slots=True)
class Interaction:
    """Something a person did, and where answers to it go; its `id` is in the response URL."""

    id: str
    person: Person
    channel: str
    original: Message | None
    issued_at: float
    uses: int = 0


@dataclass(slots=True)
class Upload:
    """A file on its way: announced, then sent, then put into a conversation."""

    name: str
    length: int
    content: bytes | None = None


class Workspace:
    """Everything the loopback Slack remembers of a workspace; ids are numbered from `first`."""

    def __init__(self, identity: Identity | None = None, first: int = 2) -> None:
        self.identity = identity or Identity()
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[tuple[str, str], Message] = {}
        self.modals: dict[str, list[str]] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.closed_dms: set[str] = set()
        self.uploads: dict[str, Upload] = {}
        self.interactions: dict[str, Interaction] = {}
        self.chosen: dict[str, dict[tuple[str, str], Json]] = {}
        self.suggested: dict[str, list[Json]] = {}
        self.feed = Feed()
        self.time_passed = 0.0
        self._triggers: dict[str, tuple[str, float]] = {}
        self._used_triggers: set[str] = set()
        self._numbers = itertools.count(first)
        self._last_ts = 0

    def now(self) -> float:
        """Seconds since the epoch, including the time a test has skipped."""
        return time.time() + self.time_passed

    def new_id(self, prefix: str) -> str:
        return f"{prefix}{next(self._numbers):010d}"

    def new_ts(self) -> str:
        """A message time stamp, later than every one before."""
        self._last_ts = max(self._last_ts + 1, int(self.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def add_person(
        self, name: str, *, tz: str, locale: str, is_admin: bool, is_owner: bool
    ) -> Person:
        person_id, dm = self.new_id("U"), self.new_id("D")
        person = Person(person_id, name, dm, tz, locale, is_admin, is_owner)
        self.people[person_id] = person
        self.channels[dm] = Channel(dm, "directmessage", members={person_id}, is_im=True)
        return person

    def add_channel(
        self, name: str, members: Iterable[Person] | None, *, bot_is_member: bool, private: bool
    ) -> Channel:
        ids = None if members is None else {person.id for person in members}
        channel = Channel(self.new_id("C"), name, ids, bot_is_member, private)
        self.channels[channel.id] = channel
        return channel

    def issue_trigger(self, person: Person) -> str:
        trigger = f"{next(self._numbers)}.{self.identity.team_id[1:]}.{secrets.token_hex(8)}"
        self._triggers[trigger] = (person.id, self.now())
        return trigger

    def redeem_trigger(self, trigger: str) -> str:
        """The id of the person who may be shown a modal for `trigger`, once."""
        if trigger not in self._triggers:
            raise SlackError("invalid_trigger_id")
        person, issued_at = self._triggers[trigger]
        if trigger in self._used_triggers:
            raise SlackError("exchanged_trigger_id")
        if self.now() - issued_at > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        self._used_triggers.add(trigger)
        return person

    def begin(self, person: Person, channel: str, original: Message | None = None) -> Interaction:
        interaction = Interaction(secrets.token_hex(12), person, channel, original, self.now())
        self.interactions[interaction.id] = interaction
        return interaction

    def use_response_url(self, interaction_id: str) -> Interaction:
        """The interaction behind a response URL, one use of which is spent now."""
        interaction = self.interactions.get(interaction_id)
        if interaction is None or self.now() - interaction.issued_at > RESPONSE_URL_SECONDS:
            raise SlackError("expired_url")
        if interaction.uses >= RESPONSE_URL_USES:
            raise SlackError("used_url")
        interaction.uses += 1
        return interaction

    def post(
        self,
        channel: str,
        body: Json,
        *,
        only_for: str | None = None,
        source: Source = "posted",
        interaction: str | None = None,
    ) -> Message:
        """Show the message `body` of the bot in `channel`, to one person or to all."""
        ts = self.new_ts()
        message = Message(
            channel=channel,
            ts=ts,
            author=self.identity.bot_user_id,
            text=str(body.get("text") or ""),
            blocks=tuple(with_ids(all_blocks(body), f"b{ts}-")),
            visibility="ephemeral" if only_for else "in_channel",
            only_for=only_for,
            thread_ts=body.get("thread_ts"),
            source=source,
            interaction=interaction,
            payload=body,
        )
        return self._show(message)

    def share(self, channel: str, files: Iterable[Upload], body: Json) -> Message:
        """Show a message of the bot with files in a channel."""
        shown = tuple(File(f.name, (f.content or b"").decode()) for f in files)
        message = Message(
            channel=channel,
            ts=self.new_ts(),
            author=self.identity.bot_user_id,
            text=str(body.get("initial_comment") or ""),
            blocks=(),
            thread_ts=body.get("thread_ts"),
            payload=body,
            files=shown,
        )
        return self._show(message)

    def say(self, person: Person, channel: str, text: str, thread_ts: str | None) -> Message:
        """Keep a message that a person wrote; it is no news to anybody."""
        ts = self.new_ts()
        message = Message(channel, ts, person.id, text, (), thread_ts=thread_ts)
        self.messages[channel, ts] = message
        return message

    def edit(
        self,
        message: Message,
        body: Json,
        *,
        source: Source = "posted",
        interaction: str | None = None,
    ) -> Message:
        """Show a new version of `message`."""
        edited = replace(
            message,
            text=str(body.get("text") or ""),
            blocks=tuple(with_ids(all_blocks(body), f"b{self.new_ts()}-")),
            source=source,
            interaction=interaction,
            edited=True,
            payload=body,
        )
        return self._show(edited)

    def remove(self, message: Message) -> None:
        self.messages.pop((message.channel, message.ts), None)
        self.feed.add(Vanished(message))

    def _show(self, message: Message) -> Message:
        self.messages[message.channel, message.ts] = message
        self.feed.add(Appeared(message))
        return message

    def make_view(self, user: str, sent: Json, replaced: View | None = None) -> View:
        """The view that Slack makes of `sent`: a new one, or a new version of `replaced`."""
        view_id = replaced.id if replaced else self.new_id("V")
        hash_ = f"{self.new_ts()}.{secrets.token_hex(4)}"
        blocks = with_ids(sent["blocks"], f"b{hash_}-")
        made = {
            "id": view_id,
            "team_id": self.identity.team_id,
            "type": sent["type"],
            "blocks": blocks,
            "private_metadata": sent.get("private_metadata", ""),
            "callback_id": sent.get("callback_id", ""),
            "state": {"values": {}},
            "hash": hash_,
            "title": sent.get("title"),
            "clear_on_close": bool(sent.get("clear_on_close")),
            "notify_on_close": bool(sent.get("notify_on_close")),
            "close": sent.get("close"),
            "submit": sent.get("submit"),
            "previous_view_id": replaced.json["previous_view_id"] if replaced else None,
            "root_view_id": replaced.json["root_view_id"] if replaced else view_id,
            "app_id": self.identity.app_id,
            "external_id": sent.get("external_id", ""),
            "app_installed_team_id": self.identity.enterprise_id
            if self.identity.is_enterprise_install
            else self.identity.team_id,
            "bot_id": self.identity.bot_id,
        }
        return View(view_id, hash_, user, made)

    def show_view(self, view: View) -> View:
        """Let its person see `view`."""
        self.views[view.id] = view
        if view.type == "home":
            self.homes[view.user] = view
        self.feed.add(ViewShown(view))
        return view

    def open_modal(self, user: str, sent: Json) -> View:
        view = self.show_view(self.make_view(user, sent))
        self.modals[user] = [view.id]
        return view

    def push_modal(self, user: str, sent: Json) -> View:
        """Put a further modal on the stack, which holds three. Raises SlackError beyond."""
        stack = self.modals.setdefault(user, [])
        if len(stack) >= 3:
            raise SlackError("push_limit_reached")
        view = self.make_view(user, sent)
        if stack:
            view.json["previous_view_id"] = stack[-1]
            view.json["root_view_id"] = stack[0]
        stack.append(view.id)
        return self.show_view(view)

    def close_modal(self, user: str, *, whole_stack: bool = False) -> None:
        stack = self.modals.get(user, [])
        del stack[0 if whole_stack else -1 :]
