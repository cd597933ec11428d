"""Discord's rules for single components, one function for each type."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from tests.fakes.discord.errors import Violation
from tests.fakes.discord.stored import Path
from tests.fakes.discord.world import JsonObject

BUTTON: Final = 2
TEXT_DISPLAY: Final = 10
THUMBNAIL: Final = 11
SELECTS: Final = frozenset({3, 5, 6, 7, 8})
IN_CONTAINER: Final = frozenset({1, 9, 10, 12, 13, 14})
IN_LABEL: Final = SELECTS | {4, 19, 21, 22, 23}
LINK, PREMIUM = 5, 6


def missing(path: Path) -> Violation:
    return Violation(path, "BASE_TYPE_REQUIRED", "This field is required")


def length(value: Any, least: int, most: int, path: Path) -> Iterator[Violation]:
    """The text must be there and have ``least`` to ``most`` characters."""
    if value is None or (least and not value):
        yield missing(path)
    elif not isinstance(value, str):
        yield Violation(path, "STRING_TYPE_CONVERT", "Could not interpret value as string.")
    elif len(value) > most:
        text = f"Must be between {least} and {most} in length."
        yield Violation(path, "BASE_TYPE_BAD_LENGTH", text)


def optional(component: JsonObject, key: str, most: int, path: Path) -> Iterator[Violation]:
    if component.get(key) is not None:
        yield from length(component[key], 0, most, (*path, key))


def kinds(
    children: Any, allowed: frozenset[int], least: int, most: int, path: Path
) -> Iterator[Violation]:
    """There must be ``least`` to ``most`` children, all of the allowed types."""
    if not isinstance(children, list) or not least <= len(children) <= most:
        text = f"Must be between {least} and {most} in length."
        yield Violation(path, "BASE_TYPE_BAD_LENGTH", text)
        return
    for index, child in enumerate(children):
        if not isinstance(child, dict) or child.get("type") not in allowed:
            text = f'Value of field "type" must be one of {tuple(sorted(allowed))}.'
            yield Violation((*path, index, "type"), "UNION_TYPE_CHOICES", text)


def action_row(row: JsonObject, path: Path) -> Iterator[Violation]:
    children = row.get("components")
    at = (*path, "components")
    first = children[0].get("type") if children and isinstance(children[0], dict) else BUTTON
    if first == BUTTON:
        yield from kinds(children, frozenset({BUTTON}), 1, 5, at)
    else:
        yield from kinds(children, SELECTS | {4}, 1, 1, at)


def button(component: JsonObject, path: Path) -> Iterator[Violation]:
    style = component.get("style")
    yield from optional(component, "label", 80, path)
    if style == LINK:
        yield from length(component.get("url"), 1, 512, (*path, "url"))
        schemes = ("http://", "https://", "discord://")
        if not str(component.get("url")).startswith(schemes):
            text = "Scheme must be one of ('http', 'https', 'discord')."
            yield Violation((*path, "url"), "URL_TYPE_INVALID_SCHEME", text)
        if component.get("custom_id"):
            text = "A custom id and url cannot both be specified"
            yield Violation((*path, "custom_id"), "BUTTON_COMPONENT_CUSTOM_ID_URL", text)
    elif style == PREMIUM:
        if not component.get("sku_id"):
            yield missing((*path, "sku_id"))
    elif style not in (1, 2, 3, 4):
        yield Violation((*path, "style"), "BASE_TYPE_CHOICES", "Unknown button style")
    else:
        yield from length(component.get("custom_id"), 1, 100, (*path, "custom_id"))
        if component.get("url"):
            text = "A custom id and url cannot both be specified"
            yield Violation((*path, "url"), "BUTTON_COMPONENT_CUSTOM_ID_URL", text)
    if style != PREMIUM and not component.get("label") and not component.get("emoji"):
        text = "A label or an emoji is required"
        yield Violation((*path, "label"), "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", text)


def options(component: JsonObject, least: int, most: int, path: Path) -> Iterator[Violation]:
    offered = component.get("options")
    at = (*path, "options")
    if not isinstance(offered, list) or not least <= len(offered) <= most:
        text = f"Must be between {least} and {most} in length."
        yield Violation(at, "BASE_TYPE_BAD_LENGTH", text)
        return
    seen: set[Any] = set()
    for index, option in enumerate(offered):
        here = (*at, index)
        yield from length(option.get("label"), 1, 100, (*here, "label"))
        yield from length(option.get("value"), 1, 100, (*here, "value"))
        yield from optional(option, "description", 100, here)
        if option.get("value") in seen:
            text = "The specified option value is already used"
            yield Violation((*here, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", text)
        seen.add(option.get("value"))
    chosen = sum(bool(option.get("default")) for option in offered)
    if chosen > (component.get("max_values") or 1):
        text = "More options are chosen by default than may be chosen"
        yield Violation(at, "SELECT_COMPONENT_DEFAULTS", text)


def select(component: JsonObject, path: Path) -> Iterator[Violation]:
    yield from length(component.get("custom_id"), 1, 100, (*path, "custom_id"))
    yield from optional(component, "placeholder", 150, path)
    if component.get("type") == 3:
        yield from options(component, 1, 25, path)
        most = len(component.get("options") or ())
    else:
        most = 25
    yield from value_counts(component, most, path)


def value_counts(component: JsonObject, most: int, path: Path) -> Iterator[Violation]:
    least_chosen = component.get("min_values")
    most_chosen = component.get("max_values")
    if most_chosen is not None and not 1 <= most_chosen <= most:
        text = f"int value should be between 1 and {most}."
        yield Violation((*path, "max_values"), "NUMBER_TYPE_MAX", text)
    if least_chosen is not None and not 0 <= least_chosen <= (most_chosen or most):
        text = "min_values must not be above max_values"
        yield Violation((*path, "min_values"), "NUMBER_TYPE_MAX", text)


def text_input(component: JsonObject, path: Path) -> Iterator[Violation]:
    yield from length(component.get("custom_id"), 1, 100, (*path, "custom_id"))
    yield from optional(component, "label", 45, path)
    yield from optional(component, "placeholder", 100, path)
    yield from optional(component, "value", 4000, path)
    if component.get("style") not in (1, 2):
        yield Violation((*path, "style"), "BASE_TYPE_CHOICES", "Unknown text input style")
    most = component.get("max_length") or 4000
    if not 0 <= (component.get("min_length") or 0) <= most <= 4000:
        text = "min_length and max_length must be ordered and at most 4000"
        yield Violation((*path, "max_length"), "NUMBER_TYPE_MAX", text)


def section(component: JsonObject, path: Path) -> Iterator[Violation]:
    texts = component.get("components")
    yield from kinds(texts, frozenset({TEXT_DISPLAY}), 1, 3, (*path, "components"))
    accessory = component.get("accessory")
    if not isinstance(accessory, dict):
        yield missing((*path, "accessory"))
    elif accessory.get("type") not in (BUTTON, THUMBNAIL):
        text = "An accessory is a button or a thumbnail"
        yield Violation((*path, "accessory", "type"), "UNION_TYPE_CHOICES", text)


def text_display(component: JsonObject, path: Path) -> Iterator[Violation]:
    yield from length(component.get("content"), 1, 4000, (*path, "content"))


def media(component: JsonObject, key: str, path: Path) -> Iterator[Violation]:
    item = component.get(key)
    url = item.get("url") if isinstance(item, dict) else None
    yield from length(url, 1, 2048, (*path, key, "url"))
    yield from optional(component, "description", 1024, path)


def thumbnail(component: JsonObject, path: Path) -> Iterator[Violation]:
    yield from media(component, "media", path)


def gallery(component: JsonObject, path: Path) -> Iterator[Violation]:
    items = component.get("items")
    if not isinstance(items, list) or not 1 <= len(items) <= 10:
        text = "Must be between 1 and 10 in length."
        yield Violation((*path, "items"), "BASE_TYPE_BAD_LENGTH", text)
        return
    for index, item in enumerate(items):
        yield from media(item, "media", (*path, "items", index))


def file(component: JsonObject, path: Path) -> Iterator[Violation]:
    yield from media(component, "file", path)


def separator(component: JsonObject, path: Path) -> Iterator[Violation]:
    if component.get("spacing", 1) not in (1, 2):
        yield Violation((*path, "spacing"), "BASE_TYPE_CHOICES", "Unknown spacing")


def container(component: JsonObject, path: Path) -> Iterator[Violation]:
    yield from kinds(component.get("components"), IN_CONTAINER, 1, 40, (*path, "components"))
    accent = component.get("accent_color")
    if accent is not None and not 0 <= accent <= 0xFFFFFF:
        text = "int value should be between 0 and 16777215."
        yield Violation((*path, "accent_color"), "NUMBER_TYPE_MAX", text)


def label(component: JsonObject, path: Path) -> Iterator[Violation]:
    yield from length(component.get("label"), 1, 45, (*path, "label"))
    yield from optional(component, "description", 100, path)
    yield from kinds([component.get("component")], IN_LABEL, 1, 1, (*path, "component"))


def only_custom_id(component: JsonObject, path: Path) -> Iterator[Violation]:
    yield from length(component.get("custom_id"), 1, 100, (*path, "custom_id"))


def radio_group(component: JsonObject, path: Path) -> Iterator[Violation]:
    yield from only_custom_id(component, path)
    yield from options(component, 2, 10, path)


def checkbox_group(component: JsonObject, path: Path) -> Iterator[Violation]:
    yield from only_custom_id(component, path)
    yield from options(component, 1, 10, path)
    yield from value_counts(component, len(component.get("options") or ()), path)


COMPONENT_RULES: Final[dict[int, Callable[[JsonObject, Path], Iterator[Violation]]]] = {
    1: action_row,
    2: button,
    3: select,
    4: text_input,
    5: select,
    6: select,
    7: select,
    8: select,
    9: section,
    10: text_display,
    11: thumbnail,
    12: gallery,
    13: file,
    14: separator,
    17: container,
    18: label,
    19: only_custom_id,
    21: radio_group,
    22: checkbox_group,
    23: only_custom_id,
}
