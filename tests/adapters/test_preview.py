"""`rolecall say` shows what goes elsewhere, too."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.core.commands import COMMANDS
from bot.core.content.catalogue import Catalogue
from bot.core.dispatch import Dispatcher
from bot.preview import Platform, preview
from tests.adapters.effects import CARD, FILE, POSTED, SECRET, SENT, Told, direct, post

EPHEMERAL = 1 << 6


async def bodies(catalogue: Catalogue, told: Told, platform: Platform) -> list[Any]:
    dispatcher = Dispatcher(catalogue, {**COMMANDS, "tell": told.command})
    found: list[Any] = json.loads(await preview("/tell", platform, dispatcher))
    return found


@pytest.mark.parametrize(
    ("told", "here", "there"), [(direct(), SENT, SECRET), (post(1), POSTED, CARD)]
)
async def test_the_note_comes_first_and_then_what_goes_elsewhere(
    catalogue: Catalogue, told: Told, here: str, there: str
) -> None:
    callback, message = await bodies(catalogue, told, Platform.DISCORD)
    assert here in json.dumps(callback)
    assert callback["data"]["flags"] & EPHEMERAL
    assert there in json.dumps(message)
    assert not message["flags"] & EPHEMERAL
    acknowledgement, posted = await bodies(catalogue, told, Platform.SLACK)
    assert here in json.dumps(acknowledgement)
    assert acknowledgement["response_type"] == "ephemeral"
    assert there in json.dumps(posted)
    assert "response_type" not in posted


async def test_files_are_shown(catalogue: Catalogue) -> None:
    _, message = await bodies(catalogue, direct(FILE), Platform.DISCORD)
    assert message["components"][-1] == {"type": 13, "file": {"url": "attachment://data.json"}}
    *_, file = await bodies(catalogue, direct(FILE), Platform.SLACK)
    assert file == {"filename": FILE.name, "content": FILE.text}


async def test_a_terminal_shows_all_of_it(catalogue: Catalogue) -> None:
    told = direct(FILE)
    dispatcher = Dispatcher(catalogue, {**COMMANDS, "tell": told.command})
    shown = await preview("/tell", Platform.TERMINAL, dispatcher)
    assert SECRET in shown
    assert FILE.text in shown
