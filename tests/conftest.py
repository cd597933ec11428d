"""What every test may use: the shipped content, and a copy of it to break."""

from __future__ import annotations

import gc
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from bot.core.content.catalogue import Catalogue, index
from bot.core.content.loader import load
from bot.core.dispatch import Dispatcher
from bot.settings import shipped_content

WAITING = 1
"""Workers beside one for each core: many tests wait, for processes and for the time to pass."""

# A busy machine would fail a test for being slow. Under CI the examples are the same each time.
settings.register_profile("here", deadline=None, max_examples=50)
settings.register_profile("there", settings.get_profile("ci"), max_examples=50)
settings.load_profile("there" if os.environ.get("CI") else "here")


def pytest_xdist_auto_num_workers() -> int:
    """What `-n auto` means."""
    return (os.cpu_count() or 1) + WAITING


def pytest_collection_finish() -> None:
    """The tests themselves stay to the end: no collection of garbage needs to look at them."""
    gc.collect()
    gc.freeze()


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
