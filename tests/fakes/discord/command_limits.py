"""Discord's rules for application commands: pure checks."""

import re
from collections.abc import Iterator
from typing import Any, Final

from tests.fakes.discord.component_limits import length
from tests.fakes.discord.errors import Violation
from tests.fakes.discord.stored import Path
from tests.fakes.discord.world import JsonObject

CHAT_INPUT: Final = 1
SUBCOMMANDS: Final = frozenset({1, 2})
NAME: Final = re.compile(r"[-_'\w]{1,32}")
MOST_IN_ALL: Final = 8000


def commands(body: list[JsonObject]) -> list[Violation]:
    """What is wrong with a list of commands that replaces all others."""
    found: list[Violation] = []
    seen: set[tuple[int, Any]] = set()
    for index, declared in enumerate(body):
        found += command(declared, (index,))
        key = (declared.get("type") or CHAT_INPUT, declared.get("name"))
        if key in seen:
            text = "Application command names must be unique"
            found.append(Violation((index,), "APPLICATION_COMMANDS_DUPLICATE_NAME", text))
        seen.add(key)
    if sum(kind == CHAT_INPUT for kind, _ in seen) > 100:
        text = "Maximum number of application commands reached (100)."
        found.append(Violation((), "BASE_TYPE_MAX_LENGTH", text))
    return found


def command(declared: JsonObject, path: Path) -> Iterator[Violation]:
    """What is wrong with one command."""
    if (declared.get("type") or CHAT_INPUT) == CHAT_INPUT:
        yield from _name(declared, path)
        yield from length(declared.get("description"), 1, 100, (*path, "description"))
        yield from _options(declared.get("options") or [], path)
    else:
        yield from length(declared.get("name"), 1, 32, (*path, "name"))
    total = size(declared)
    if total > MOST_IN_ALL:
        text = f"Command exceeds maximum size ({MOST_IN_ALL}): {total}"
        yield Violation(path, "APPLICATION_COMMAND_TOO_LARGE", text)


def size(declared: JsonObject) -> int:
    """Characters that count towards the 8,000: names, descriptions and values.

    Of a text with localisations the longest one counts.
    """
    total = 0
    for key in ("name", "description"):
        translated = (declared.get(f"{key}_localizations") or {}).values()
        total += max(map(len, [declared.get(key) or "", *translated]))
    value = declared.get("value")
    total += len(value) if isinstance(value, str) else 0
    children = [*(declared.get("options") or ()), *(declared.get("choices") or ())]
    return total + sum(size(child) for child in children)


def _name(declared: JsonObject, path: Path) -> Iterator[Violation]:
    names: dict[tuple[str, ...], Any] = {("name",): declared.get("name")}
    for locale, text in (declared.get("name_localizations") or {}).items():
        names["name_localizations", locale] = text
    for step, name in names.items():
        if not isinstance(name, str) or not NAME.fullmatch(name) or name != name.lower():
            text = "Command name is invalid: 1-32 lower-case letters, digits, - and _"
            yield Violation((*path, *step), "APPLICATION_COMMAND_INVALID_NAME", text)


def _options(options: list[JsonObject], path: Path) -> Iterator[Violation]:
    at = (*path, "options")
    if len(options) > 25:
        yield Violation(at, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    seen: set[Any] = set()
    optional_seen = False
    for index, option in enumerate(options):
        here = (*at, index)
        yield from _name(option, here)
        yield from length(option.get("description"), 1, 100, (*here, "description"))
        if option.get("name") in seen:
            text = "Option names must be unique"
            yield Violation(here, "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", text)
        seen.add(option.get("name"))
        if option.get("type") in SUBCOMMANDS:
            yield from _options(option.get("options") or [], here)
            continue
        if option.get("required") and optional_seen:
            text = "Required options must be placed before non-required options"
            yield Violation(here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", text)
        optional_seen = optional_seen or not option.get("required")
        yield from _choices(option, here)


def _choices(option: JsonObject, path: Path) -> Iterator[Violation]:
    offered = option.get("choices") or []
    at = (*path, "choices")
    if len(offered) > 25:
        yield Violation(at, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    if offered and option.get("autocomplete"):
        text = "Choices and autocomplete cannot both be used"
        yield Violation(at, "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES", text)
    for index, choice in enumerate(offered):
        yield from length(choice.get("name"), 1, 100, (*at, index, "name"))
        if isinstance(choice.get("value"), str):
            yield from length(choice["value"], 1, 100, (*at, index, "value"))
