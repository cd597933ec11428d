"""What every test may use: the shipped content, and a copy of it to break."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from bot.core.content.catalogue import Catalogue, index
from bot.core.content.loader import load
from bot.core.dispatch import Dispatcher
from bot.settings import shipped_content

# Elsewhere a busy machine would fail a test for being slow; under CI Hypothesis does this itself.
settings.register_profile("unhurried", deadline=None)
if not os.environ.get("CI"):
    settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The shipped content, ready to be asked."""
    return index(load(shipped_content()))


@pytest.fixture
def dispatcher(catalogue: Catalogue) -> Dispatcher:
    """A dispatcher of its own over the shipped content."""
    return Dispatcher(catalogue)


@pytest.fixture
def content_copy(tmp_path: Path) -> Path:
    """A copy of the shipped content that a test may edit."""
    return Path(shutil.copytree(shipped_content(), tmp_path / "content"))
