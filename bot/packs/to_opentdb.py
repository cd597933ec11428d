"""Our items as JSON of the Open Trivia Database, which knows one right option and true or false."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.content.quizzes import ChoiceItem, Pack
from bot.packs.opentdb import LEVELS
from bot.packs.words import shown_paragraphs

_DIFFICULTY = {level: word for word, level in LEVELS.items()}


def written(packs: Sequence[Pack]) -> tuple[str, Mapping[str, str]]:
    """The file, and why which items are left out, by their ids."""
    left_out: dict[str, str] = {}
    results: list[dict[str, Any]] = []
    for item in (item for pack in packs for item in pack.items):
        match item:
            case ChoiceItem(format="multiple"):
                left_out[item.id] = "Open Trivia DB has no items with several right options"
            case ChoiceItem():
                results.append(_result(item))
            case _:
                left_out[item.id] = f"Open Trivia DB has no {item.format} items"
    data = {"response_code": 0, "results": results}
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n", left_out


def _result(item: ChoiceItem) -> dict[str, Any]:
    (right,) = item.right
    return {
        "type": "boolean" if item.format == "true-false" else "multiple",
        "difficulty": _DIFFICULTY[item.level],
        "category": item.skill,
        "question": _words(item.scenario, item.stem),
        "correct_answer": _words(right.text),
        "incorrect_answers": [_words(option.text) for option in item.wrong],
    }


def _words(*texts: str | None) -> str:
    return html.escape("\n\n".join(shown_paragraphs(*texts)))
