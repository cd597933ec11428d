"""What Slack does with the answer to an interaction: acknowledgement bodies and response URLs."""

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack.inspection import Inspector
from tests.fakes.slack.limits import Json
from tests.fakes.slack.sights import Source, View
from tests.fakes.slack.workspace import Interaction, SlackError, Workspace


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of a submitted modal."""

    errors: dict[str, str] = field(default_factory=dict)
    closed: bool = False


def reply(
    workspace: Workspace,
    inspector: Inspector,
    interaction: Interaction,
    body: Json,
    source: Source,
) -> None:
    """Show `body` to the person of `interaction`, as its `response_type` and flags say.

    Without either, an answer to a click takes the place of the message that was clicked, and
    any other answer is ephemeral. Raises SlackError where the body is refused.
    """
    original = interaction.original
    if _flag(body, "delete_original"):
        if original is None:
            inspector.report(source, ["there is no original to delete"], body)
            raise SlackError("no_original")
        workspace.remove(original)
        return
    inspector.message(source, body)
    response_type = body.get("response_type")
    if response_type not in (None, "ephemeral", "in_channel"):
        inspector.report(source, [f"unknown response_type {response_type!r}"], body)
        raise SlackError("invalid_response_type")
    replaces = _flag(body, "replace_original", default=response_type is None)
    if original is not None and replaces:
        current = workspace.messages.get((original.channel, original.ts), original)
        workspace.edit(current, body, source=source, interaction=interaction.id)
        return
    workspace.post(
        interaction.channel,
        body,
        only_for=None if response_type == "in_channel" else interaction.person.id,
        source=source,
        interaction=interaction.id,
    )


def submitted(
    workspace: Workspace, inspector: Inspector, modal: View, body: Json | None
) -> Submitted:
    """Carry out the answer to a view_submission. Raises SlackError where it is refused."""
    match body or {}:
        case {"response_action": "errors", "errors": dict(errors)} if errors:
            fields = {b["block_id"] for b in modal.blocks if b["type"] == "input"}
            if unknown := errors.keys() - fields:
                inspector.report("ack", [f"errors for no input block: {sorted(unknown)}"], errors)
                raise SlackError("invalid_response")
            return Submitted(errors=dict(errors))
        case {"response_action": "update", "view": dict(view)}:
            inspector.view("ack", view)
            workspace.show_view(workspace.make_view(modal.user, view, replaced=modal))
            return Submitted()
        case {"response_action": "push", "view": dict(view)}:
            inspector.view("ack", view)
            workspace.push_modal(modal.user, view)
            return Submitted()
        case {"response_action": "clear"}:
            workspace.close_modal(modal.user, whole_stack=True)
            return Submitted(closed=True)
        case {"response_action": _} | {"text": _}:
            inspector.report("ack", ["no valid answer to a view_submission"], body or {})
            raise SlackError("invalid_response")
    workspace.close_modal(modal.user)
    return Submitted(closed=True)


def _flag(body: Json, name: str, *, default: bool = False) -> bool:
    value: Any = body.get(name, default)
    return value in (True, "true", 1, "1")
