"""`/skills`: the graded skills of a role, by group, each with its level in words."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.command import Arguments, Command, Context, Kind, Option, Outcome, Visibility
from bot.core.content.catalogue import Catalogue
from bot.core.content.models import LEVELS, STRONG, Role, Skill
from bot.core.intents import Fill, Run
from bot.core.views import (
    MAX_CHOICES,
    Actions,
    Block,
    Button,
    Choice,
    Fields,
    Notice,
    Prose,
    Select,
    Spans,
    Text,
    View,
)
from bot.core.wording import capitalised, date_in_words, in_sentence


async def skills(arguments: Arguments, context: Context) -> Outcome:
    """The skills of a role from a level on (1, aware, if none is given)."""
    catalogue = context.catalogue
    role = catalogue.role(arguments["role"])
    lowest = int(arguments.get("level") or 1)
    needed = [
        (skill, role.level(skill.id))
        for skill in catalogue.content.skills.values()
        if role.level(skill.id) >= lowest
    ]
    title = f"Skills: {in_sentence(role.name)}" + (
        f", from {LEVELS[lowest]} on" if lowest > 1 else ""
    )
    fields = tuple(_groups(needed, catalogue))
    empty = Prose((Text(f"This role needs no skill at the level {LEVELS[lowest]}."),))
    reviewed = date_in_words(role.reviewed.isoformat())
    blocks: tuple[Block, ...] = (
        Fields(fields) if fields else empty,
        Notice((Text(f"Levels rise from aware and working to strong and defining. They are the "
                     f"editors' judgement of a mid-level person, reviewed {reviewed}."),)),
        Actions((*_selects(needed), *_buttons(role, lowest))),
    )  # fmt: skip
    return View(title, blocks, fallback=f"{title}: {len(needed)} skills with levels.")


def _groups(needed: list[tuple[Skill, int]], catalogue: Catalogue) -> Iterator[tuple[str, Spans]]:
    for group in catalogue.content.skill_groups:
        mine = sorted(
            ((skill, level) for skill, level in needed if skill.group == group.id),
            key=lambda item: -item[1],
        )
        if mine:
            text = "; ".join(f"{skill.name} ({LEVELS[level]})" for skill, level in mine)
            yield group.name, (Text(text),)


def _selects(needed: list[tuple[Skill, int]]) -> Iterator[Select]:
    """Selects that open a skill's definition: the strengths first, then the rest."""
    parts = (
        ("Strong and defining skills", [item for item in needed if item[1] >= STRONG]),
        ("Other skills", [item for item in needed if item[1] < STRONG]),
    )
    for label, items in parts:
        for start in range(0, len(items), MAX_CHOICES):
            yield Select(
                f"{label}: what does it mean",
                tuple(
                    Choice(skill.name, Run("define", (skill.id,)), capitalised(LEVELS[level]))
                    for skill, level in items[start : start + MAX_CHOICES]
                ),
            )


def _buttons(role: Role, lowest: int) -> Iterator[Button]:
    if lowest < STRONG:
        yield Button("Only the strong ones", Run("skills", (role.id, str(STRONG))))
    else:
        yield Button("All skills", Run("skills", (role.id,)))
    yield Button("About this role", Run("role", (role.id,)))
    yield Button("Move to this role", Fill("path", (None, role.id)))


COMMAND = Command(
    name="skills",
    description="The skills a role needs, by group, each with how well it is needed",
    options=(
        Option("role", "A role, such as MLOps engineer", Kind.ROLE),
        Option("level", "Only skills from this level on", Kind.LEVEL, required=False),
    ),
    visibility=Visibility.PUBLIC,
    handler=skills,
    example="ml-engineer strong",
)
