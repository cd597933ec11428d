"""The answer where two names that were given mean one role."""

from __future__ import annotations

from bot.core.content.models import Role
from bot.core.intents import Run
from bot.core.roles import Family
from bot.core.views import Actions, Button, Prose, Text, View
from bot.core.wording import capitalised, in_sentence

NEIGHBOURS = 4
"""How many other roles are offered instead."""


def same_role(role: Role, command: str, family: Family) -> View:
    """Explains that both names mean `role`, and offers `command` with its nearest neighbours."""
    near = family.nearest(role, NEIGHBOURS)
    buttons = tuple(
        Button(capitalised(other.name), Run(command, (role.id, other.id), aloud=True))
        for other in near
    )
    title = f"Both names mean {in_sentence(role.name)}"
    text = Text("It is the same role under two names. Its nearest neighbours are these.")
    return View(title, (Prose((text,)), Actions(buttons)), fallback=f"{title}: the same role.")
