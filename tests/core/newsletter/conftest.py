"""The place that tests of subscriptions begin with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from bot.core.content.catalogue import Catalogue
from bot.store.database import Database, database_url
from tests.core.newsletter.place import Place


@pytest_asyncio.fixture
async def place(catalogue: Catalogue, tmp_path: Path) -> AsyncIterator[Place]:
    store = Database(database_url(tmp_path, None))
    yield Place(catalogue, store)
    await store.close()
