"""Rendered messages in the form that discord.py sends, kept as long as their view lives."""

from __future__ import annotations

import io
from typing import Any
from weakref import WeakKeyDictionary

import discord

from bot.adapters.discord.controls import Component
from bot.adapters.discord.packing import TEXT_DISPLAY, has_room
from bot.adapters.discord.render import render
from bot.core.command import Attachment
from bot.core.views import View


class Page(discord.ui.LayoutView):
    """A message whose components are rendered already.

    To discord.py it is a finished view without items: it builds nothing when it sends one, and
    keeps nothing afterwards, because clicks are understood by their ids alone.
    """

    def __init__(
        self,
        components: list[Component],
        attachment: Attachment | None = None,
        role: int | None = None,
    ) -> None:
        super().__init__(timeout=None)
        self._rendered = components
        self._attachment = attachment
        self._role = role

    def new(self) -> dict[str, Any]:
        """The arguments of a new message; with a file in it they can be used once.

        Nobody is called by a message, but for the role that this one is for.
        """
        made: dict[str, Any] = {"view": self}
        if self._attachment:
            made["files"] = self._files()
        if self._role is not None:
            roles = [discord.Object(self._role)]
            made["allowed_mentions"] = discord.AllowedMentions(
                everyone=False, users=False, roles=roles, replied_user=False
            )
        return made

    def edited(self) -> dict[str, Any]:
        """The arguments that turn a message into this one; see `new`."""
        return {"view": self, "attachments": self._files()} if self._attachment else {"view": self}

    def _files(self) -> list[discord.File]:
        found = self._attachment
        return [discord.File(io.BytesIO(found.text.encode()), found.name)] if found else []

    def to_components(self) -> list[Component]:
        return self._rendered

    def has_components_v2(self) -> bool:
        return True

    def is_dispatchable(self) -> bool:
        return False

    def is_finished(self) -> bool:
        return True


_pages: WeakKeyDictionary[View, tuple[Page, ...]] = WeakKeyDictionary()


def pages(view: View, attachment: Attachment | None = None) -> tuple[Page, ...]:
    """The messages of a view, at least one; a file is in the last one.

    A view that comes again is not rendered again.
    """
    if attachment is not None:
        *others, last = render(view, file=attachment.name)
        return (
            *(Page(payload["components"]) for payload in others),
            Page(last["components"], attachment),
        )
    made = _pages.get(view)
    if made is None:
        made = _pages[view] = tuple(Page(payload["components"]) for payload in render(view))
    return made


def calling(made: tuple[Page, ...], role: int) -> tuple[Page, ...]:
    """The messages with a role called above the first, or before it where that one is full.

    What was rendered is used as it is.
    """
    words = f"<@&{role}>"
    call = {"type": TEXT_DISPLAY, "content": words}
    first, *others = made
    components = first.to_components()
    if has_room(components, words):
        return (Page([call, *components], role=role), *others)
    return (Page([call], role=role), *made)
