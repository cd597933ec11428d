"""Slack's size limits as data, and how a payload is measured against them."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Json = dict[str, Any]
Limits = Mapping[str, Any]

LIMITS_VARIABLE = "SLACK_LIMITS"
"""The environment variable that may name a file with all of Block Kit's limits."""

FACTS: Limits = {
    "message": {"blocks": {"max_items": 50}},
    "view": {
        "blocks": {"min_items": 1, "max_items": 100},
        "private_metadata": {"max_length": 3000},
        "title": {"max_length": 24},
        "close": {"max_length": 24},
        "submit": {"max_length": 24},
    },
    "text": {"min_length": 1, "max_length": 3000},
    "section": {"fields": {"max_items": 10, "item_max_length": 2000}},
    "header": {"text": {"max_length": 150}},
    "actions": {"elements": {"min_items": 1, "max_items": 25}},
    "button": {"text": {"max_length": 75}, "value": {"max_length": 2000}},
    "option": {"text": {"max_length": 75}, "value": {"max_length": 75}},
    "select": {"options": {"max_items": 100}},
    "radio_buttons": {"options": {"min_items": 1, "max_items": 10}},
    "checkboxes": {"options": {"min_items": 1, "max_items": 10}},
    "overflow": {"options": {"min_items": 1, "max_items": 5}},
    "table": {"rows": {"min_items": 1, "max_items": 100}, "columns": {"max_items": 20}},
}
"""The limits that hold without any file, in the same shape as the file."""

_KIND_OF_TYPE = {
    "plain_text": "text",
    "mrkdwn": "text",
    "text": "rich_text_text",  # a rich text element, not the composition object
    "modal": "view",
    "home": "view",
    "url": "url_source",
}
_KIND_OF_ROLE = {
    "confirm": "confirmation",
    "options": "option",
    "initial_option": "option",
    "initial_options": "option",
    "option_groups": "option_group",
    "positive_button": "feedback_button",
    "negative_button": "feedback_button",
}


def load_limits(path: str | None) -> tuple[Limits, ...]:
    """The tables to measure against: the facts, and the file's where `path` names one.

    Raises OSError or ValueError where the file cannot be read.
    """
    if not path:
        return (FACTS,)
    return (FACTS, json.loads(Path(path).read_text(encoding="utf-8")))


def kind_of(node: Json, role: str) -> str:
    """The name under which the tables know `node`, found under the key `role` of its parent."""
    type_ = node.get("type")
    if not isinstance(type_, str):
        return _KIND_OF_ROLE.get(role, role)
    if type_.endswith("_select"):
        return "select"
    return _KIND_OF_TYPE.get(type_, type_)


def walk(node: Any, pointer: str = "", role: str = "") -> Iterator[tuple[str, str, Json]]:
    """Every object in `node` as (JSON pointer, kind, object), outermost first."""
    match node:
        case dict():
            yield pointer, kind_of(node, role), node
            for key, child in node.items():
                yield from walk(child, f"{pointer}/{key}", key)
        case list() | tuple():
            for index, child in enumerate(node):
                yield from walk(child, f"{pointer}/{index}", role)


def problem(pointer: str, what: str) -> str:
    """A complaint in the form Slack uses in `response_metadata.messages`."""
    return f"[ERROR] {what} [json-pointer:{pointer}]"


def breaches(value: Any, rule: Limits, pointer: str) -> Iterator[str]:
    """How `value` (text, text object, list or number) breaks one rule of a table."""
    match value:
        case {"text": str(text)}:
            yield from _length_breaches(text, rule, pointer)
        case str():
            yield from _length_breaches(value, rule, pointer)
        case list():
            yield from _count_breaches(value, rule, pointer)
        case int() | float() if not isinstance(value, bool):
            if not rule.get("min", value) <= value <= rule.get("max", value):
                yield problem(pointer, f"must be from {rule.get('min')} to {rule.get('max')}")
            if "exclusive_min" in rule and value <= rule["exclusive_min"]:
                yield problem(pointer, f"must be more than {rule['exclusive_min']}")


def _length_breaches(text: str, rule: Limits, pointer: str) -> Iterator[str]:
    if len(text) < rule.get("min_length", 0):
        yield problem(pointer, f"must be more than {rule['min_length'] - 1} characters")
    if len(text) > rule.get("max_length", len(text)):
        yield problem(pointer, f"must be less than {rule['max_length'] + 1} characters")


def _count_breaches(items: list[Any], rule: Limits, pointer: str) -> Iterator[str]:
    if len(items) < rule.get("min_items", 0):
        yield problem(pointer, f"no fewer than {rule['min_items']} items allowed")
    if len(items) > rule.get("max_items", len(items)):
        yield problem(pointer, f"no more than {rule['max_items']} items allowed")
    if "item_max_length" in rule:
        for index, item in enumerate(items):
            yield from breaches(item, {"max_length": rule["item_max_length"]}, f"{pointer}/{index}")


def _grid_breaches(block: Json, rules: Limits, pointer: str) -> Iterator[str]:
    for index, row in enumerate(block.get("rows", ())):
        yield from breaches(row, rules.get("columns", {}), f"{pointer}/rows/{index}")
        for column, cell in enumerate(row):
            if isinstance(cell, dict) and cell.get("type") == "raw_text":
                cell_pointer = f"{pointer}/rows/{index}/{column}"
                yield from breaches(cell, rules.get("cell_text", {}), cell_pointer)
    size = sum(len(node["text"]) for _, _, node in walk(block) if isinstance(node.get("text"), str))
    if size > rules.get("content", {}).get("max_length", size):
        yield problem(
            pointer, f"must hold less than {rules['content']['max_length'] + 1} characters"
        )


def _chart_breaches(block: Json, rules: Limits, pointer: str) -> Iterator[str]:
    chart = block.get("chart", {})
    axis = chart.get("axis_config", {})
    for name, holder, path in (
        ("segments", chart, "chart"),
        ("series", chart, "chart"),
        ("categories", axis, "chart/axis_config"),
    ):
        if name in holder:
            yield from breaches(holder[name], rules.get(name, {}), f"{pointer}/{path}/{name}")
    measured: list[tuple[Any, str, str]] = [
        (label, "category_label", f"chart/axis_config/categories/{index}")
        for index, label in enumerate(axis.get("categories", ()))
    ]
    measured += [
        (axis[key], "axis_label", f"chart/axis_config/{key}")
        for key in ("x_label", "y_label")
        if key in axis
    ]
    for index, series in enumerate(chart.get("series", ())):
        measured.append((series.get("name", ""), "series_name", f"chart/series/{index}/name"))
        measured.append((series.get("data", []), "data", f"chart/series/{index}/data"))
        measured += [
            (point.get("label", ""), "point_label", f"chart/series/{index}/data/{place}/label")
            for place, point in enumerate(series.get("data", ()))
        ]
    for value, name, path in measured:
        yield from breaches(value, rules.get(name, {}), f"{pointer}/{path}")
    for index, segment in enumerate(chart.get("segments", ())):
        for key, rule in rules.get("segment", {}).items():
            if key in segment:
                yield from breaches(segment[key], rule, f"{pointer}/chart/segments/{index}/{key}")


def measure(payload: Json | list[Json], role: str, tables: tuple[Limits, ...]) -> list[str]:
    """Every way in which `payload`, standing for `role`, is larger or smaller than allowed."""
    found: dict[str, None] = {}
    for pointer, kind, node in walk(payload, role=role):
        for table in tables:
            rules = table.get(kind, {})
            if kind == "text":
                found |= dict.fromkeys(breaches(node, rules, f"{pointer}/text"))
                continue
            for key in ("action_id", "block_id"):
                found |= dict.fromkeys(
                    breaches(node.get(key), table.get(key, {}), f"{pointer}/{key}")
                )
            for key, rule in rules.items():
                if key in node:
                    found |= dict.fromkeys(breaches(node[key], rule, f"{pointer}/{key}"))
            if kind in ("table", "data_table"):
                found |= dict.fromkeys(_grid_breaches(node, rules, pointer))
            if kind == "data_visualization":
                found |= dict.fromkeys(_chart_breaches(node, rules, pointer))
    return list(found)
