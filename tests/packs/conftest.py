"""What the tests of every format need."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.core.content.catalogue import Catalogue
from bot.packs.labels import Skills

SHIPPED = "data.yaml"
"""The pack that the copies of the content have."""


@pytest.fixture(scope="session")
def skills(catalogue: Catalogue) -> Skills:
    """Finds the shipped skills."""
    return Skills(catalogue.content)


@pytest.fixture
def content_copy(content_copy: Path) -> Path:
    """With one pack and no newsletter: commands read all that there is again and again."""
    shutil.rmtree(content_copy / "newsletter")  # its issues ask questions of all packs
    for path in (content_copy / "quizzes").glob("*.yaml"):
        if path.name not in {"fit.yaml", SHIPPED}:
            path.unlink()
    return content_copy
