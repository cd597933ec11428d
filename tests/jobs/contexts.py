"""What handlers know, over the shipped content; it is read once."""

from __future__ import annotations

from functools import cache

from bot.core.command import Context
from bot.core.content.catalogue import index
from bot.core.content.loader import load
from bot.core.dispatch import Dispatcher
from bot.settings import shipped_content


@cache
def context() -> Context:
    """The context of a dispatcher over the shipped content."""
    return Dispatcher(index(load(shipped_content()))).context()
