"""Rendered messages in the form that discord.py sends, kept as long as their view lives."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import discord

from bot.adapters.discord.controls import Component
from bot.adapters.discord.render import render
from bot.core.views import View


class Page(discord.ui.LayoutView):
    """A message whose components are rendered already.

    To discord.py it is a finished view without items: it builds nothing when it sends one, and
    keeps nothing afterwards, because clicks are understood by their ids alone.
    """

    def __init__(self, components: list[Component]) -> None:
        super().__init__(timeout=None)
        self._rendered = components

    def to_components(self) -> list[Component]:
        return self._rendered

    def has_components_v2(self) -> bool:
        return True

    def is_dispatchable(self) -> bool:
        return False

    def is_finished(self) -> bool:
        return True


_pages: WeakKeyDictionary[View, tuple[Page, ...]] = WeakKeyDictionary()


def pages(view: View) -> tuple[Page, ...]:
    """The messages of a view, at least one. A view that comes again is not rendered again."""
    made = _pages.get(view)
    if made is None:
        made = _pages[view] = tuple(Page(payload["components"]) for payload in render(view))
    return made
