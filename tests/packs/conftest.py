"""What the tests of every format need."""

from __future__ import annotations

import pytest

from bot.core.content.catalogue import Catalogue
from bot.packs.labels import Skills


@pytest.fixture(scope="session")
def skills(catalogue: Catalogue) -> Skills:
    """Finds the shipped skills."""
    return Skills(catalogue.content)
