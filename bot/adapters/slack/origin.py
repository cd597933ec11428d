"""Where a person typed or pressed something, and by which ways it can be answered."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.adapters.slack.wire import Json
from bot.core.user_text import MAX_QUOTE, clean

MOST_METADATA = 3000
"""Characters of a modal's `private_metadata`."""

UNNAMED = frozenset({"privategroup", "directmessage"})
"""What stands in the place of a channel's name where Slack does not tell it."""

SPOKEN = frozenset({"file_share", "me_message", "thread_broadcast"})
"""Subtypes of messages that are a person's own words all the same."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who did something, where, and how to answer.

    `channel` is where to post if there is no `response_url`; without either, the answer is a
    direct message. `thread` is the thread in which it happened, `message` the one it is about.
    `alone` says that only this person and the bot can read the place; `replaceable` that the
    message that was clicked is seen by nobody else. `trigger` opens a modal within 3 s. `name` is
    the channel's, where Slack tells it.
    """

    user: str
    channel: str | None = None
    thread: str | None = None
    message: str | None = None
    response_url: str | None = None
    trigger: str | None = None
    alone: bool = False
    replaceable: bool = False
    name: str = ""

    @property
    def nowhere(self) -> bool:
        """Whether there is no place but the person's own conversation: in the home tab."""
        return self.channel is None and self.response_url is None

    @property
    def shared(self) -> str | None:
        """The channel or thread, where it is one with others in it and no direct message.

        Who mentions the bot in a thread means the thread, as on Discord, and so does who presses
        something there that nobody else sees: such an answer stands where it was asked for. What
        everybody sees in a thread may be the bot's answer to a mention in the channel, below which
        the bot itself has opened that thread; so there the channel is meant.
        """
        if (self.channel or "D").startswith("D"):
            return None
        return f"{self.channel}/{self.thread}" if self._in_thread else self.channel

    @property
    def shared_name(self) -> str:
        """What the channel or thread is called, or nothing where Slack does not tell."""
        if self.shared is None or not self.name:
            return ""
        return f"{self.name}, in a thread" if self._in_thread else self.name

    @property
    def _in_thread(self) -> bool:
        return self.thread is not None and (self.message is not None or self.replaceable)


def channel_and_thread(place: str) -> tuple[str, str | None]:
    """The channel of a place, which may be the id of a person too, and the thread in it, if any."""
    channel, _, thread = place.partition("/")
    return channel, thread or None


def to_metadata(origin: Origin, *, private: bool) -> str:
    """What a modal must remember until it is submitted: how to answer, and how visibly."""
    kept = {
        "private": private,
        "alone": origin.alone,
        "replaceable": origin.replaceable,
        "channel": origin.channel,
        "thread": origin.thread,
        "response_url": origin.response_url,
        "name": origin.name,
    }
    text = json.dumps(kept)
    return text if len(text) <= MOST_METADATA else to_metadata(Origin(origin.user), private=True)


def from_metadata(text: str, user: str) -> tuple[Origin, bool]:
    """The way to answer a submitted modal, and whether a private answer was asked for.

    Raises:
        ValueError: if the text was not made by `to_metadata`.
    """
    match json.loads(text):
        case {
            "private": bool(private),
            "alone": bool(alone),
            "replaceable": bool(replaceable),
            "channel": str() | None as channel,
            "thread": str() | None as thread,
            "response_url": str() | None as url,
            **others,
        }:
            origin = Origin(
                user,
                channel=channel,
                thread=thread,
                response_url=url,
                alone=alone,
                replaceable=replaceable,
                name=str(others.get("name") or ""),
            )
            return origin, private
        case _:
            raise ValueError("not the metadata of a form of ours")


def typed(body: Json) -> Origin:
    """Where a slash command was typed."""
    return Origin(
        user=body["user_id"],
        channel=body.get("channel_id"),
        response_url=body.get("response_url"),
        trigger=body.get("trigger_id"),
        name=_name(body.get("channel_name")),
    )


def _name(told: object) -> str:
    """A channel's name; of private ones and direct messages Slack tells the kind instead."""
    name = told if isinstance(told, str) else ""
    return "" if name in UNNAMED else clean(name, MAX_QUOTE)


def pressed(body: Json) -> str:
    """The id of what was pressed or chosen, or nothing where there is none."""
    match body.get("actions"):
        case [{"type": "conversations_select" | "users_select", "action_id": str(id_)}, *_]:
            return id_.partition(":")[2]
        case [{"selected_option": {"value": str(value)}}, *_] | [{"value": str(value)}, *_]:
            return value
        case _:
            return ""


def picked_channel(body: Json) -> str | None:
    """The id of the channel that was picked, if that is what was done."""
    match body.get("actions"):
        case [{"selected_conversation": str(id_)}, *_]:
            return id_
        case _:
            return None


def picked_person(body: Json) -> str | None:
    """The id of the person who was picked, if that is what was done."""
    match body.get("actions"):
        case [{"selected_user": str(id_)}, *_]:
            return id_
        case _:
            return None


def clicked(body: Json) -> Origin:
    """Where a button was pressed or an entry chosen."""
    container = body.get("container") or {}
    channel = body.get("channel") or {}
    return Origin(
        user=body["user"]["id"],
        channel=channel.get("id") or container.get("channel_id"),
        thread=container.get("thread_ts"),
        response_url=body.get("response_url"),
        trigger=body.get("trigger_id"),
        replaceable=container.get("is_ephemeral") is True,
        name=_name(channel.get("name")),
    )


def heard(event: Json) -> Origin | None:
    """Where a person said something to the bot, or None for what needs no answer.

    A mention is answered in its thread, or in a new thread below it, so that the channel stays
    quiet. Other bots, edits and messages that are no person's own words get no answer.
    """
    match event:
        case {"bot_id": str()} | {"edited": dict()}:
            return None
        case {"subtype": str(subtype)} if subtype not in SPOKEN:
            return None
        case {"type": "app_mention", "user": str(user), "channel": str(channel), "ts": str(ts)}:
            return Origin(user, channel, thread=event.get("thread_ts"), message=ts)
        case {
            "type": "message",
            "channel_type": "im",
            "user": str(user),
            "channel": str(channel),
        }:
            return Origin(user, channel, thread=event.get("thread_ts"), alone=True)
        case {"type": "app_home_opened", "tab": "home", "user": str(user)}:
            return Origin(user)
        case _:
            return None
