"""Reading and operating Block Kit JSON as a person's client does."""

import copy
import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.fakes.slack.limits import Json, walk

VALUE_KEYS: Mapping[str, str] = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "file_input": "files",
}
"""Under which key each element's value stands in `state.values` and in an action."""

_STATELESS = frozenset({"overflow"})


@dataclass(frozen=True, slots=True)
class Element:
    """An interactive element, and the block in which it stands."""

    block_id: str
    json: Json
    label: str

    @property
    def action_id(self) -> str:
        return str(self.json["action_id"])

    @property
    def type(self) -> str:
        return str(self.json["type"])


def with_ids(blocks: Sequence[Json], prefix: str) -> list[Json]:
    """A copy of `blocks` in which every block and every element has an id, as Slack gives them."""
    copied = copy.deepcopy(list(blocks))
    for index, block in enumerate(copied):
        block.setdefault("block_id", f"{prefix}{index}")
        holders = [*block.get("elements", ()), block.get("accessory"), block.get("element")]
        for place, element in enumerate(holders):
            if isinstance(element, dict) and (
                element.get("type") in VALUE_KEYS or element.get("type") == "button"
            ):
                element.setdefault("action_id", f"{prefix}{index}.{place}")
    return copied


def elements(blocks: Iterable[Json]) -> Iterator[Element]:
    """Every interactive element of `blocks`, in reading order."""
    for block in blocks:
        if block.get("child_blocks"):
            yield from elements(block["child_blocks"])
            continue
        for _, _, node in walk(block):
            if "action_id" in node and "type" in node:
                label = node.get("text") or block.get("label") or node.get("placeholder") or {}
                yield Element(
                    block_id=str(block.get("block_id", "")),
                    json=node,
                    label=str(label.get("text", "")),
                )


def find(blocks: Iterable[Json], wanted: str) -> Element:
    """The element with the action id or block id `wanted`, or else with that label.

    Raises LookupError, which names what is there, where none or several fit.
    """
    present = list(elements(blocks))
    for fitting in (
        [e for e in present if e.action_id == wanted],
        [e for e in present if e.block_id == wanted],
        [e for e in present if e.label == wanted],
    ):
        if len(fitting) == 1:
            return fitting[0]
    there = ", ".join(f"{e.action_id!r} ({e.label!r})" for e in present) or "nothing to press"
    raise LookupError(f"no single element is called {wanted!r}; there are: {there}")


def initial_value(element: Element) -> Json:
    """The state of an element that nobody has touched yet."""
    key = VALUE_KEYS[element.type]
    initial_key = "initial_value" if key.endswith("value") else f"initial_{key[9:]}"
    nothing: Any = [] if key.endswith("s") else None
    return {"type": element.type, key: element.json.get(initial_key, nothing)}


def chosen_value(element: Element, given: Any, suggested: Sequence[Json] = ()) -> Json:
    """The state of an element after a person has chosen or typed `given`.

    `given` is an option's value or label (or a list of them), an id, a date or a text; for an
    external select it must be among `suggested` or be a whole option. Raises LookupError where
    there is no such option.
    """
    key = VALUE_KEYS[element.type]
    options = [*listed_options(element.json), *suggested]
    match key, given:
        case "selected_option", None:
            return {"type": element.type, key: None}
        case "selected_option", _:
            return {"type": element.type, key: _option(options, given)}
        case "selected_options", list() | tuple():
            return {"type": element.type, key: [_option(options, one) for one in given]}
        case "selected_options", _:
            return {"type": element.type, key: [_option(options, given)]}
    return {"type": element.type, key: given}


def listed_options(holder: Json) -> list[Json]:
    """The options of an element or of an answer to block_suggestion, without their groups."""
    groups = holder.get("option_groups") or ()
    grouped = [option for group in groups for option in group.get("options", ())]
    return [*(holder.get("options") or ()), *grouped]


def state_values(
    blocks: Iterable[Json], chosen: Mapping[tuple[str, str], Json]
) -> dict[str, dict[str, Json]]:
    """`state.values` for `blocks` after the choices `chosen`, keyed by (block id, action id)."""
    values: dict[str, dict[str, Json]] = {}
    for element in elements(blocks):
        if element.type in VALUE_KEYS and element.type not in _STATELESS:
            value = chosen.get((element.block_id, element.action_id)) or initial_value(element)
            values.setdefault(element.block_id, {})[element.action_id] = value
    return values


def missing_inputs(blocks: Sequence[Json], state: Mapping[str, Mapping[str, Json]]) -> list[str]:
    """The block ids of the required input blocks that are empty in `state`."""
    required = {
        block["block_id"]
        for block in blocks
        if block["type"] == "input" and not block.get("optional")
    }
    return [
        element.block_id
        for element in elements(blocks)
        if element.block_id in required
        and state[element.block_id][element.action_id][VALUE_KEYS[element.type]] in (None, "", [])
    ]


def readable(blocks: Iterable[Json]) -> str:
    """What a person reads in `blocks`, one line for each piece of text."""
    lines: list[str] = []
    for block in blocks:
        _read(block, lines)
    return "\n".join(line for line in lines if line)


def _read(node: Any, lines: list[str]) -> None:
    match node:
        case {"type": "mrkdwn", "text": str(text)}:
            lines.append(html.unescape(text))
        case {"type": "rich_text_section" | "rich_text_quote" | "rich_text_preformatted"}:
            lines.append("".join(map(_inline, node.get("elements", ()))))
        case {"text": str(text)}:
            lines.append(text)
        case {"type": "image", "alt_text": str(text)}:
            _read(node.get("title"), lines)
            lines.append(text)
        case dict():
            for key, child in node.items():
                if key not in ("options", "option_groups", "confirm"):
                    _read(child, lines)
            if node.get("type") in ("data_visualization", "data_table"):
                lines.insert(0, str(node.get("title") or node.get("caption") or ""))
        case list():
            for child in node:
                _read(child, lines)


def _inline(element: Json) -> str:
    named = (element.get(key) for key in ("text", "url", "name", "user_id", "channel_id", "range"))
    return str(next((value for value in named if value), ""))


def _option(options: Sequence[Json], given: Any) -> Json:
    if isinstance(given, dict):
        return given
    for option in options:
        if given in (option.get("value"), option["text"]["text"]):
            return option
    there = ", ".join(repr(option["text"]["text"]) for option in options) or "none"
    raise LookupError(f"no option {given!r}; there are: {there}")
