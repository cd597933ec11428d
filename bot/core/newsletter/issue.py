"""An issue of the newsletter, and what it looks like."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.content.loader import Content
from bot.core.content.newsletter import Topic, WrittenIssue
from bot.core.intents import Fill, Run
from bot.core.newsletter.question import question_blocks, question_button
from bot.core.views import (
    Actions,
    Block,
    Button,
    Italic,
    Notice,
    Prose,
    Select,
    Text,
    View,
)
from bot.core.wording import date_in_words, in_sentence

MOST_LABEL = 75
"""Characters on a button of every platform."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue, ready to be shown: written by an editor, or composed from the content.

    `id` is the same for the same issue wherever it goes; `actions` are what a reader can press.
    """

    id: str
    date: dt.date
    title: str
    summary: str
    topics: tuple[Topic, ...]
    blocks: tuple[Block, ...]
    actions: tuple[Button | Select, ...]


def from_written(written: WrittenIssue, content: Content) -> Issue:
    """A written issue with its question and its buttons; `content` holds all that it names."""
    front = written.front
    question = content.items[front.question] if front.question else None
    blocks = written.blocks
    actions: list[Button | Select] = []
    if question:
        blocks = (*blocks, *question_blocks(question))
        actions.append(question_button(question))
    actions += role_buttons(front.roles, content)
    actions += skill_buttons(front.skills, content)
    return Issue(
        written.id, front.publish, front.title, front.summary, front.topics, blocks, tuple(actions)
    )


def role_buttons(roles: tuple[str, ...], content: Content) -> Iterator[Button]:
    """Open each of the roles, and compare: two with each other, a single one with another."""
    for role in roles:
        yield Button(f"Open {in_sentence(content.roles[role].name)}", Run("role", (role,)))
    match roles:
        case (first, second):
            yield Button("Compare the two", Run("compare", (first, second)))
        case (only,):
            yield Button("Compare with another", Fill("compare", (only,)))
        case _:
            pass


def skill_buttons(skills: tuple[str, ...], content: Content) -> Iterator[Button]:
    """Open each of the skills."""
    for skill in skills:
        label = f"Open {in_sentence(content.skills[skill].name)}"
        yield Button(
            label if len(label) <= MOST_LABEL else f"{label[: MOST_LABEL - 1]}…",
            Run("define", (skill,)),
        )


def view(issue: Issue) -> View:
    """What the issue looks like: its summary, its blocks, its date, and its buttons."""
    blocks: tuple[Block, ...] = (
        Prose((Italic(issue.summary),)),
        *issue.blocks,
        Notice((Text(f"Newsletter of {date_in_words(issue.date.isoformat())}"),)),
        *((Actions(issue.actions),) if issue.actions else ()),
    )
    return View(issue.title, blocks, fallback=f"{issue.title}: {issue.summary}")
