"""The methods of the Web API, each a function of the workspace and the arguments."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.fakes.slack.inspection import Inspector
from tests.fakes.slack.limits import Json
from tests.fakes.slack.payloads import message_json, user_name
from tests.fakes.slack.sights import Message, View
from tests.fakes.slack.workspace import Channel, Person, SlackError, Workspace

Method = Callable[[Workspace, Inspector, Json], Json]

SCOPES: Mapping[str, str] = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "conversations.open": "im:write",
    "conversations.info": "channels:read",
    "users.info": "users:read",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
}
"""The scope that each method needs; the others need none."""


def auth_test(workspace: Workspace, inspector: Inspector, args: Json) -> Json:
    identity = workspace.identity
    return {
        "url": f"https://{identity.team_domain}.slack.com/",
        "team": identity.team_domain,
        "user": identity.bot_name,
        "team_id": identity.team_id,
        "user_id": identity.bot_user_id,
        "bot_id": identity.bot_id,
        "enterprise_id": identity.enterprise_id,
        "is_enterprise_install": identity.is_enterprise_install,
    }


def chat_post_message(workspace: Workspace, inspector: Inspector, args: Json) -> Json:
    channel = _writable(workspace, args)
    inspector.message("chat.postMessage", args)
    if args.get("thread_ts") and (channel.id, args["thread_ts"]) not in workspace.messages:
        raise SlackError("thread_not_found")
    message = workspace.post(channel.id, args)
    shown = message_json(workspace.identity, message)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def chat_post_ephemeral(workspace: Workspace, inspector: Inspector, args: Json) -> Json:
    channel = _writable(workspace, args)
    person = _person(workspace, args)
    if not channel.has(person.id):
        raise SlackError("user_not_in_channel")
    inspector.message("chat.postEphemeral", args)
    return {"message_ts": workspace.post(channel.id, args, only_for=person.id).ts}


def chat_update(workspace: Workspace, inspector: Inspector, args: Json) -> Json:
    channel = _writable(workspace, args)
    message = _own_message(workspace, channel, args, "cant_update_message")
    if "blocks" not in args:  # Slack keeps the blocks that an update does not mention
        args = args | {"blocks": list(message.blocks)}
    inspector.message("chat.update", args)
    edited = workspace.edit(message, args)
    shown = message_json(workspace.identity, edited)
    return {"channel": channel.id, "ts": edited.ts, "text": edited.text, "message": shown}


def chat_delete(workspace: Workspace, inspector: Inspector, args: Json) -> Json:
    channel = _writable(workspace, args)
    message = _own_message(workspace, channel, args, "cant_delete_message")
    workspace.remove(message)
    return {"channel": channel.id, "ts": message.ts}


def views_open(workspace: Workspace, inspector: Inspector, args: Json) -> Json:
    return _new_modal(workspace, inspector, args, "views.open", workspace.open_modal)


def views_push(workspace: Workspace, inspector: Inspector, args: Json) -> Json:
    return _new_modal(workspace, inspector, args, "views.push", workspace.push_modal)


def views_update(workspace: Workspace, inspector: Inspector, args: Json) -> Json:
    if "view_id" in args:
        shown = workspace.views.get(args["view_id"])
    else:
        wanted = args.get("external_id")
        views = workspace.views.values()
        shown = next((v for v in views if wanted and v.json["external_id"] == wanted), None)
    if shown is None or shown.id not in workspace.modals.get(shown.user, ()):
        raise SlackError("not_found")
    if args.get("hash", shown.hash) != shown.hash:
        raise SlackError("hash_conflict")
    sent = _view_argument(args)
    inspector.view("views.update", sent)
    view = workspace.show_view(workspace.make_view(shown.user, sent, replaced=shown))
    return {"view": view.json}


def views_publish(workspace: Workspace, inspector: Inspector, args: Json) -> Json:
    person = _person(workspace, args, argument="user_id")
    sent = _view_argument(args)
    if sent.get("type") != "home":
        raise SlackError("invalid_arguments", ["[ERROR] must be a home view"])
    shown = workspace.homes.get(person.id)
    if shown and args.get("hash", shown.hash) != shown.hash:
        raise SlackError("hash_conflict")
    inspector.view("views.publish", sent)
    view = workspace.show_view(workspace.make_view(person.id, sent, replaced=shown))
    return {"view": view.json}


def conversations_open(workspace: Workspace, inspector: Inspector, args: Json) -> Json:
    users = str(args.get("users") or "")
    if "," in users:
        raise SlackError("missing_scope", needed="mpim:write")
    person = _person(workspace, {"user": users})
    channel: Json = {"id": person.dm}
    if args.get("return_im") in (True, "1", "true"):
        channel |= {"is_im": True, "user": person.id, "is_open": True}
    return {"no_op": False, "already_open": False, "channel": channel}


def conversations_info(workspace: Workspace, inspector: Inspector, args: Json) -> Json:
    channel = workspace.channels.get(str(args.get("channel")))
    if channel is None or (channel.private and not channel.bot_is_member):
        raise SlackError("channel_not_found")
    common: Json = {
        "id": channel.id,
        "created": 1_700_000_000,
        "is_im": channel.is_im,
        "is_archived": channel.is_archived,
        "is_org_shared": False,
        "context_team_id": workspace.identity.team_id,
    }
    if channel.is_im:
        return {"channel": common | {"user": next(iter(channel.members or ()))}}
    return {
        "channel": common
        | {
            "name": channel.name,
            "name_normalized": channel.name,
            "is_channel": not channel.private,
            "is_group": channel.private,
            "is_private": channel.private,
            "is_member": channel.bot_is_member,
            "is_mpim": False,
            "is_general": channel.name == "general",
        }
    }


def users_info(workspace: Workspace, inspector: Inspector, args: Json) -> Json:
    person = _person(workspace, args)
    user: Json = {
        "id": person.id,
        "team_id": workspace.identity.team_id,
        "name": user_name(person),
        "real_name": person.name,
        "deleted": False,
        "tz": person.tz,
        "profile": {"real_name": person.name, "display_name": person.name},
        "is_admin": person.is_admin,
        "is_owner": person.is_owner,
        "is_bot": False,
        "is_app_user": False,
    }
    if args.get("include_locale") in (True, "1", "true"):
        user["locale"] = person.locale
    return {"user": user}


def files_complete_upload(workspace: Workspace, inspector: Inspector, args: Json) -> Json:
    files = args.get("files")
    if isinstance(files, str):
        files = json.loads(files)
    found = [workspace.uploads.get(str(item.get("id"))) for item in files or ()]
    ready = [upload for upload in found if upload is not None and upload.content is not None]
    if not ready or len(ready) != len(found):
        raise SlackError("file_not_found")
    if str(args.get("channel_id")) not in workspace.channels:  # a person's id will not do here
        raise SlackError("channel_not_found")
    channel = _writable(workspace, args | {"channel": args.get("channel_id")})
    workspace.share(channel.id, ready, args)
    return {"files": [{"id": item["id"], "title": item.get("title")} for item in files or ()]}


METHODS: Mapping[str, Method] = {
    "files.completeUploadExternal": files_complete_upload,
    "auth.test": auth_test,
    "chat.postMessage": chat_post_message,
    "chat.postEphemeral": chat_post_ephemeral,
    "chat.update": chat_update,
    "chat.delete": chat_delete,
    "views.open": views_open,
    "views.push": views_push,
    "views.update": views_update,
    "views.publish": views_publish,
    "conversations.open": conversations_open,
    "conversations.info": conversations_info,
    "users.info": users_info,
}
"""All methods with the bot token; apps.connections.open needs the server and stands there."""


def meant(workspaces: Sequence[Workspace], args: Json) -> Workspace:
    """The workspace that a call is about, where the token is good in several."""
    named = {str(args[key]) for key in ("channel", "user", "users", "user_id") if key in args}
    team = str(args.get("trigger_id", "")).split(".")[1:2]
    for workspace in workspaces:
        if named & (workspace.people.keys() | workspace.channels.keys()):
            return workspace
        if team == [workspace.identity.team_id[1:]]:
            return workspace
    return workspaces[0]


def _writable(workspace: Workspace, args: Json) -> Channel:
    """The conversation in which the bot may write. Raises SlackError where it may not."""
    wanted = str(args.get("channel"))
    if wanted in workspace.people:
        wanted = workspace.people[wanted].dm
    channel = workspace.channels.get(wanted)
    if channel is None or (channel.private and not channel.bot_is_member):
        raise SlackError("channel_not_found")
    if not channel.bot_is_member:
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    if channel.is_im and workspace.closed_dms & (channel.members or set()):
        raise SlackError("messages_tab_disabled")
    return channel


def _person(workspace: Workspace, args: Json, argument: str = "user") -> Person:
    person = workspace.people.get(str(args.get(argument)))
    if person is None:
        raise SlackError("user_not_found")
    return person


def _own_message(workspace: Workspace, channel: Channel, args: Json, refusal: str) -> Message:
    """The bot's message that `args` mean; ephemeral ones cannot be found by their ts."""
    message = workspace.messages.get((channel.id, str(args.get("ts"))))
    if message is None or message.visibility == "ephemeral":
        raise SlackError("message_not_found")
    if message.author != workspace.identity.bot_user_id:
        raise SlackError(refusal)
    return message


def _new_modal(
    workspace: Workspace,
    inspector: Inspector,
    args: Json,
    where: str,
    show: Callable[[str, Json], View],
) -> Json:
    sent = _view_argument(args)
    if not args.get("trigger_id"):
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: trigger_id"])
    if sent.get("type") != "modal":
        raise SlackError("invalid_arguments", ["[ERROR] must be a modal"])
    inspector.view(where, sent)
    return {"view": show(workspace.redeem_trigger(args["trigger_id"]), sent).json}


def _view_argument(args: Json) -> Json:
    view: Any = args.get("view")
    if isinstance(view, str):
        view = json.loads(view)
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: view"])
    return view
