"""Actions to Discord's action rows. An id says what a click means; the message adds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any, TypeAlias, assert_never

from bot.adapters.discord.escape import shortened, visible
from bot.core.intents import Intent, decode, encode
from bot.core.views import Action, Actions, Button, Choice, Pick, Picker, Select

Component: TypeAlias = dict[str, Any]

ACTION_ROW, BUTTON, STRING_SELECT = 1, 2, 3
PICKERS = {Pick.PERSON: 5, Pick.ROLE: 6, Pick.CHANNEL: 8}
"""Types of selects whose entries Discord knows by itself."""

POSTABLE = (0, 5, 10, 11, 12)
"""Types of channels that take messages: text, announcement, and threads of three kinds."""

PRIMARY, SECONDARY = 1, 2
BUTTONS_IN_A_ROW = 5
MAX_LABEL = 80
MAX_OPTION = 100
MAX_PLACEHOLDER = 150

_MARK = "#"
"""Stands between an id and what makes it unique; `encode` never writes one."""


class Ids:
    """Makes the ids of one message unique: two buttons may well mean the same."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, intent: Intent) -> str:
        """The id of an intent, numbered if the message has it already."""
        return self._free(encode(intent))

    def select(self) -> str:
        """An id for a select, whose options carry the intents."""
        return self._free("select")

    def _free(self, identity: str) -> str:
        free, number = identity, 1
        while free in self._taken:
            number += 1
            free = f"{identity}{_MARK}{number}"
        self._taken.add(free)
        return free


def meaning(data: Component) -> Intent:
    """What a click on a component means. Raises UnknownIntentError if nothing (any more)."""
    is_picker = data.get("component_type") in PICKERS.values()
    chosen = (not is_picker and data.get("values")) or [data["custom_id"]]
    return decode(str(chosen[0]).partition(_MARK)[0])


def rows(actions: Actions, ids: Ids) -> Iterator[Component]:
    """Buttons five to a row, and every select in a row of its own, in their order."""
    for kind, items in groupby(actions.items, key=type):
        if kind is Button:
            buttons = [_component(item, ids) for item in items]
            for start in range(0, len(buttons), BUTTONS_IN_A_ROW):
                yield _row(buttons[start : start + BUTTONS_IN_A_ROW])
        else:
            yield from (_row([_component(item, ids)]) for item in items)


def _row(components: list[Component]) -> Component:
    return {"type": ACTION_ROW, "components": components}


def _component(item: Action, ids: Ids) -> Component:
    match item:
        case Button(label, intent, primary):
            return {
                "type": BUTTON,
                "style": PRIMARY if primary else SECONDARY,
                "label": shortened(label, MAX_LABEL),
                "custom_id": ids.of(intent),
            }
        case Select(placeholder, choices):
            values = Ids()
            return {
                "type": STRING_SELECT,
                "custom_id": ids.select(),
                "placeholder": shortened(placeholder, MAX_PLACEHOLDER),
                "options": [_option(choice, values) for choice in choices],
            }
        case Picker(pick, placeholder, intent):
            picker = {
                "type": PICKERS[pick],
                "custom_id": ids.of(intent),
                "placeholder": shortened(placeholder, MAX_PLACEHOLDER),
            }
            return picker | ({"channel_types": [*POSTABLE]} if pick is Pick.CHANNEL else {})
        case _:
            assert_never(item)


def _option(choice: Choice, values: Ids) -> Component:
    option = {"label": shortened(choice.label, MAX_OPTION), "value": values.of(choice.intent)}
    if visible(choice.description):
        option["description"] = shortened(choice.description, MAX_OPTION)
    return option
