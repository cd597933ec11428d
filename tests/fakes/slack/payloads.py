"""The payloads Slack sends to an app, built from plain values."""

import uuid
from typing import Any

from tests.fakes.slack.blocks import VALUE_KEYS, Element
from tests.fakes.slack.limits import Json
from tests.fakes.slack.sights import Message, View
from tests.fakes.slack.workspace import Channel, Identity, Person

_COPIED_FROM_BUTTON = ("text", "value", "style", "url", "accessibility_label")


def slash_command(
    identity: Identity,
    person: Person,
    channel: Channel,
    command: str,
    text: str,
    *,
    trigger_id: str,
    response_url: str,
) -> dict[str, str]:
    """The fields of a slash command, all of them strings as in the form that carries them."""
    enterprise = {"enterprise_id": identity.enterprise_id} if identity.enterprise_id else {}
    return enterprise | {
        "token": identity.verification_token,
        "team_id": identity.team_id,
        "team_domain": identity.team_domain,
        "channel_id": channel.id,
        "channel_name": shown_channel_name(channel),
        "user_id": person.id,
        "user_name": user_name(person),
        "command": command,
        "text": text,
        "api_app_id": identity.app_id,
        "is_enterprise_install": str(identity.is_enterprise_install).lower(),
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def interactive(identity: Identity, person: Person, type_: str) -> Json:
    """What every interactivity payload has."""
    return {
        "type": type_,
        "user": {
            "id": person.id,
            "username": user_name(person),
            "name": user_name(person),
            "team_id": identity.team_id,
        },
        "api_app_id": identity.app_id,
        "token": identity.verification_token,
        "team": None
        if identity.is_enterprise_install
        else {"id": identity.team_id, "domain": identity.team_domain},
        "enterprise": {"id": identity.enterprise_id, "name": "An organisation"}
        if identity.enterprise_id
        else None,
        "is_enterprise_install": identity.is_enterprise_install,
    }


def in_message(identity: Identity, channel: Channel, message: Message) -> Json:
    """Where an element of a message stands. Slack does not repeat ephemeral messages."""
    hidden = message.visibility == "ephemeral"
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": hidden,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    place: Json = {
        "container": container,
        "channel": {"id": channel.id, "name": shown_channel_name(channel)},
    }
    return place if hidden else place | {"message": message_json(identity, message)}


def in_view(view: View, values: Json) -> Json:
    """Where an element of a modal or home tab stands."""
    return {
        "container": {"type": "view", "view_id": view.id},
        "view": view.json | {"state": {"values": values}},
    }


def action(element: Element, state: Json | None, action_ts: str) -> Json:
    """One entry of `actions`: a pressed button, or the element whose state is now `state`."""
    made: Json = {
        "type": element.type,
        "action_id": element.action_id,
        "block_id": element.block_id,
        "action_ts": action_ts,
    }
    if state is not None:
        key = VALUE_KEYS[element.type]
        copied = (
            {"placeholder": element.json["placeholder"]} if "placeholder" in element.json else {}
        )
        return made | {key: state[key]} | copied
    return made | {key: element.json[key] for key in _COPIED_FROM_BUTTON if key in element.json}


def message_json(identity: Identity, message: Message) -> Json:
    """A message as it stands in answers of the Web API and in payloads."""
    made: Json = {
        "type": "message",
        "user": message.author,
        "ts": message.ts,
        "team": identity.team_id,
        "text": message.text,
    }
    if message.author == identity.bot_user_id:
        made |= {"bot_id": identity.bot_id, "app_id": identity.app_id}
    if message.blocks:
        made["blocks"] = list(message.blocks)
    if message.thread_ts:
        made["thread_ts"] = message.thread_ts
    if "metadata" in message.payload:
        made["metadata"] = message.payload["metadata"]
    if message.edited:
        made["edited"] = {"user": message.author, "ts": message.ts}
    return made


def event_callback(identity: Identity, event: Json, *, event_id: str, event_time: float) -> Json:
    """The envelope of an event."""
    return {
        "token": identity.verification_token,
        "team_id": identity.team_id,
        "context_team_id": identity.team_id,
        "enterprise_id": identity.enterprise_id,
        "context_enterprise_id": identity.enterprise_id,
        "api_app_id": identity.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(event_time),
        "authorizations": [
            {
                "enterprise_id": identity.enterprise_id,
                "team_id": identity.team_id,
                "user_id": identity.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": identity.is_enterprise_install,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{event_id}",
    }


def message_event(identity: Identity, type_: str, message: Message, **extra: Any) -> Json:
    """An `app_mention` or `message` event about what a person wrote."""
    text_element = {"type": "text", "text": message.text}
    section = {"type": "rich_text_section", "elements": [text_element]}
    made: Json = {
        "type": type_,
        "user": message.author,
        "ts": message.ts,
        "client_msg_id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{message.channel} {message.ts}")),
        "text": message.text,
        "team": identity.team_id,
        "blocks": [{"type": "rich_text", "block_id": "typed", "elements": [section]}],
        "channel": message.channel,
        "event_ts": message.ts,
    }
    if message.thread_ts:
        made["thread_ts"] = message.thread_ts
    return made | extra


def user_name(person: Person) -> str:
    """The handle of a person: lower case, without spaces."""
    return person.name.lower().replace(" ", ".")


def shown_channel_name(channel: Channel) -> str:
    """The name that payloads give: private channels and direct messages do not tell theirs."""
    return "privategroup" if channel.private else channel.name
