"""Discord's rules for messages, modals and choices: pure checks, nothing is stored.

Every function takes a request body and returns the rules that it breaks. A body of quite
another shape may raise TypeError or AttributeError, which the server takes for a refusal.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from tests.fakes.discord.component_limits import COMPONENT_RULES, length, missing
from tests.fakes.discord.errors import Violation
from tests.fakes.discord.payloads import COMPONENTS_V2
from tests.fakes.discord.stored import Path, walk
from tests.fakes.discord.world import JsonObject

ACTION_ROW: Final = 1
TOP_LEVEL_V2: Final = frozenset({1, 9, 10, 12, 13, 14, 17})
IN_MODAL: Final = frozenset({1, 10, 18})


def message(
    body: JsonObject,
    *,
    flags: int = 0,
    creating: bool = True,
    files: Iterable[str] = (),
    no_mentions: bool = True,
    path: Path = (),
) -> list[Violation]:
    """What is wrong with a message to be created or edited.

    ``flags`` are those of the message as it will be; ``files`` the names of its uploads.
    """
    found = list(_mentions(body, path)) if no_mentions else []
    components = body.get("components") or []
    at = (*path, "components")
    if flags & COMPONENTS_V2:
        for key in ("content", "embeds", "poll", "sticker_ids"):
            if body.get(key):
                text = f"The '{key}' field cannot be used with IS_COMPONENTS_V2"
                found.append(Violation((*path, key), "MESSAGE_CANNOT_USE_LEGACY_FIELDS", text))
        if creating and not components:
            found.append(Violation(at, "BASE_TYPE_REQUIRED", "This field is required"))
        found += _only(components, TOP_LEVEL_V2, at)
    else:
        found += length(body.get("content") or "", 0, 2000, (*path, "content"))
        if len(components) > 5:
            found.append(Violation(at, "BASE_TYPE_BAD_LENGTH", "Must be 5 or fewer in length."))
        found += _only(components, frozenset({ACTION_ROW}), at)
    if len(body.get("embeds") or ()) > 10:
        found.append(_too_many((*path, "embeds"), 10))
    found += _tree(components, at, files)
    return found


def is_empty(body: JsonObject, files: Iterable[str]) -> bool:
    """True for a message to create that shows nothing at all (error 50006)."""
    shown = ("content", "embeds", "components", "poll", "sticker_ids")
    return not any(body.get(key) for key in shown) and not tuple(files)


def modal(data: JsonObject) -> list[Violation]:
    """What is wrong with the form of a type 9 callback."""
    components = data.get("components") or []
    at: Path = ("data", "components")
    found = [
        *length(data.get("title"), 1, 45, ("data", "title")),
        *length(data.get("custom_id"), 1, 100, ("data", "custom_id")),
        *_only(components, IN_MODAL, at),
        *_tree(components, at, ()),
    ]
    if not 1 <= len(components) <= 5:
        text = "Must be between 1 and 5 in length."
        found.append(Violation(at, "BASE_TYPE_BAD_LENGTH", text))
    return found


def choices(data: JsonObject) -> list[Violation]:
    """What is wrong with the choices of an autocomplete result."""
    at: Path = ("data", "choices")
    offered = data.get("choices")
    if not isinstance(offered, list):
        return [missing(at)]
    found = [_too_many(at, 25)] if len(offered) > 25 else []
    for index, choice in enumerate(offered):
        found += length(choice.get("name"), 1, 100, (*at, index, "name"))
        if isinstance(choice.get("value"), str):
            found += length(choice["value"], 1, 100, (*at, index, "value"))
    return found


def _mentions(body: JsonObject, path: Path) -> Iterator[Violation]:
    mentions = body.get("allowed_mentions")
    if not isinstance(mentions, dict) or mentions.get("parse") != []:
        text = "allowed_mentions must be there with an empty parse list"
        yield Violation((*path, "allowed_mentions"), "MENTIONS_NOT_SUPPRESSED", text)


def _only(components: list[Any], allowed: frozenset[int], at: Path) -> Iterator[Violation]:
    for index, component in enumerate(components):
        if not isinstance(component, dict) or component.get("type") not in allowed:
            text = f'Value of field "type" must be one of {tuple(sorted(allowed))}.'
            yield Violation((*at, index, "type"), "UNION_TYPE_CHOICES", text)


def _tree(components: list[Any], at: Path, files: Iterable[str]) -> list[Violation]:
    """Rules of every component by itself, and of all of them together."""
    found: list[Violation] = []
    seen: dict[str, set[Any]] = {"custom_id": set(), "id": set()}
    number = text = 0
    for path, component in walk(components, at):
        if not isinstance(component, dict):
            found.append(Violation(path, "DICT_TYPE_CONVERT", "Only dictionaries may be used"))
            continue
        number += 1
        rule = COMPONENT_RULES.get(component.get("type", 0))
        if rule is None:
            found.append(Violation((*path, "type"), "BASE_TYPE_CHOICES", "Unknown component"))
        else:
            found += rule(component, path)
        if component.get("type") == 10 and isinstance(component.get("content"), str):
            text += len(component["content"])
        for key, values in seen.items():
            value = component.get(key)
            if value and value in values:
                code = "COMPONENT_CUSTOM_ID_DUPLICATED" if key == "custom_id" else "ID_DUPLICATED"
                found.append(Violation((*path, key), code, f"Component {key} cannot be duplicated"))
            values.add(value)
        found += _uploads(component, path, frozenset(files))
    if number > 40:
        message = f"The total number of components cannot exceed 40 (there are {number})"
        found.append(Violation(at, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", message))
    if text > 4000:
        message = f"The total displayable text size cannot exceed 4000 (it is {text})"
        found.append(Violation(at, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message))
    return found


def _uploads(component: JsonObject, path: Path, files: frozenset[str]) -> Iterator[Violation]:
    media = [component.get("media"), component.get("file")]
    media += [item.get("media") for item in component.get("items") or () if isinstance(item, dict)]
    for item in media:
        url = item.get("url") if isinstance(item, dict) else None
        if not isinstance(url, str) or not url.startswith("attachment://"):
            continue
        if url.removeprefix("attachment://") not in files:
            text = f"Referenced attachment {url} was not found"
            yield Violation(path, "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", text)


def _too_many(path: Path, most: int) -> Violation:
    return Violation(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
