"""`/roles`: the whole family at a glance, grouped, with every role a tap away."""

from __future__ import annotations

from bot.core.command import Arguments, Command, Context, Outcome, Visibility
from bot.core.content.catalogue import Catalogue
from bot.core.content.models import Role
from bot.core.intents import BrowseRoles, Fill, Run
from bot.core.views import (
    Actions,
    Block,
    Bold,
    Bullets,
    Button,
    Choice,
    Heading,
    Notice,
    Select,
    Text,
    View,
)
from bot.core.wording import capitalised

PAGE = 25
"""Roles on one page."""


async def family(_: Arguments, context: Context) -> Outcome:
    """The first page of the family."""
    return page_of_roles(BrowseRoles(0), context)


def page_of_roles(intent: BrowseRoles, context: Context) -> View:
    """A page of the family; a page past the end shows the last one."""
    catalogue = context.catalogue
    roles = tuple(catalogue.content.roles.values())
    last = (len(roles) - 1) // PAGE
    page = min(intent.page, last)
    shown = roles[page * PAGE : (page + 1) * PAGE]
    blocks = (
        *family_blocks(shown, catalogue),
        *((Notice((Text(f"Page {page + 1} of {last + 1}."),)),) if last else ()),
        Actions((open_select(shown), *_buttons(page, last))),
    )
    return View("The roles", blocks, fallback=f"{len(roles)} roles, by group.")


def family_blocks(roles: tuple[Role, ...], catalogue: Catalogue) -> tuple[Block, ...]:
    """Some roles by group, each with its sentence."""
    blocks: list[Block] = []
    for group in catalogue.content.role_groups:
        mine = [role for role in roles if role.group == group.id]
        if mine:
            blocks.append(Heading(group.name))
            blocks.append(
                Bullets(
                    tuple(
                        (Bold(capitalised(role.name)), Text(f": {role.tagline}")) for role in mine
                    )
                )
            )
    return tuple(blocks)


def open_select(roles: tuple[Role, ...]) -> Select:
    """A select that opens one of up to 25 roles."""
    return Select(
        "Open a role",
        tuple(Choice(capitalised(role.name), Run("role", (role.id,))) for role in roles),
    )


def _buttons(page: int, last: int) -> tuple[Button, ...]:
    back = (Button("Previous page", BrowseRoles(page - 1)),) if page else ()
    onward = (Button("Next page", BrowseRoles(page + 1)),) if page < last else ()
    return (*back, *onward, Button("Compare two", Fill("compare"), primary=True))


COMMAND = Command(
    name="roles",
    description="The whole family of roles at a glance",
    options=(),
    visibility=Visibility.PRIVATE,
    handler=family,
)
