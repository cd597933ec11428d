"""Small parts of Block Kit from which tests build what a bot sends."""

from typing import Any

from tests.fakes.slack.limits import Json


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def option(value: str) -> Json:
    return {"text": plain(value.title()), "value": value}


def button(action_id: str, text: str, **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(text), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "block_id": "choices", "elements": list(elements)}


def text_field(block_id: str, label: str, **more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": f"{block_id}_text"}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        **more,
    }


def modal(*blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Compare"),
        "submit": plain("Go"),
        "blocks": list(blocks),
        **more,
    }
