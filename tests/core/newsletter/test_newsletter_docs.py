"""The page about the newsletter says what an issue is made of."""

from __future__ import annotations

import re
from pathlib import Path

from bot.core.content.newsletter import FrontMatter
from bot.core.content.yaml_reader import parse

PAGE = Path(__file__).resolve().parents[3] / "docs" / "newsletter.md"


def test_every_field_of_the_head_is_documented() -> None:
    documented = re.findall(r"^\| (`\w+`°?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert documented == [
        f"`{name}`" + ("" if field.is_required() else "°")
        for name, field in FrontMatter.model_fields.items()
    ]


def test_the_head_on_the_page_is_one() -> None:
    found = re.search(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found

    assert FrontMatter.model_validate(parse(found[1], "page").data).question == "rag-08"
