"""What commands are called in a workspace: with the prefix that its manifest gives them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from enum import Enum
from typing import Any, get_args
from weakref import WeakKeyDictionary

from bot.core.intents import Intent
from bot.core.views import Link, View


class Naming:
    """Puts a prefix before the names of commands wherever a view mentions one."""

    def __init__(self, prefix: str = "", commands: Iterable[str] = ()) -> None:
        self._prefix = prefix
        self._mention = re.compile(rf"(?<![\w/])/({'|'.join(commands)})\b")
        self._kept: WeakKeyDictionary[View, View] = WeakKeyDictionary()

    def text(self, text: str) -> str:
        """The text with `/compare` as, for example, `/rc-compare`."""
        return self._mention.sub(rf"/{self._prefix}\1", text) if self._prefix else text

    def view(self, view: View) -> View:
        """The view with every mention renamed; the same view again gives the same one again."""
        if not self._prefix:
            return view
        renamed = self._kept.get(view)
        if renamed is None:
            renamed = self._kept[view] = self._renamed(view)
        return renamed

    def _renamed(self, value: Any) -> Any:
        match value:
            case Enum():
                return value
            case str():
                return self.text(value)
            case Link(text=text, url=url):
                return Link(self.text(text), url)
            case tuple():
                return tuple(self._renamed(item) for item in value)
            case _ if isinstance(value, get_args(Intent)):
                return value  # its command is the core's, and goes by the core's name
            case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
                names = [field.name for field in dataclasses.fields(value)]
                changed = {name: self._renamed(getattr(value, name)) for name in names}
                return dataclasses.replace(value, **changed)
            case _:
                return value
