"""An issue of the newsletter, and what it looks like."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.content.loader import Content
from bot.core.content.newsletter import Topic, WrittenIssue, fits
from bot.core.content.quizzes import ChoiceItem
from bot.core.intents import Fill, Run
from bot.core.newsletter.question import question_blocks
from bot.core.reader_intents import PREVIEWED
from bot.core.views import (
    Actions,
    Block,
    Button,
    Divider,
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

    `id` is the same for the same issue wherever it goes; `actions` are what a reader can press at
    its end, and `question` stands above `sources`, with a button of its own.
    """

    id: str
    date: dt.date
    title: str
    summary: str
    topics: tuple[Topic, ...]
    blocks: tuple[Block, ...]
    actions: tuple[Button | Select, ...]
    question: ChoiceItem | None = None
    sources: tuple[Block, ...] = ()


def from_written(written: WrittenIssue, content: Content) -> Issue:
    """A written issue with its question and its buttons; `content` holds all that it names."""
    front = written.front
    asked = content.items[front.question] if front.question else None
    return Issue(
        id=written.id,
        date=front.publish,
        title=front.title,
        summary=front.summary,
        topics=front.topics,
        blocks=written.blocks,
        actions=(*role_buttons(front.roles, content), *skill_buttons(front.skills, content)),
        question=asked if asked is not None and fits(asked) else None,
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


def view(
    issue: Issue,
    version: str = PREVIEWED,
    above: tuple[Block, ...] = (),
    below: tuple[Block, ...] = (),
) -> View:
    """What the issue looks like: its summary, its blocks, its question, its date, and its buttons.

    Args:
        issue: What to show.
        version: The hash of its question, for answers; without it the button only says what it is.
        above: What stands below the summary and above everything else.
        below: What stands below everything but the sources.
    """
    blocks: tuple[Block, ...] = (
        Prose((Italic(issue.summary),)),
        *((*above, Divider()) if above else ()),
        *issue.blocks,
        *(question_blocks(issue.question, version) if issue.question else ()),
        *below,
        *issue.sources,
        Notice((Text(f"Newsletter of {date_in_words(issue.date.isoformat())}"),)),
        *((Actions(issue.actions),) if issue.actions else ()),
    )
    return View(issue.title, blocks, fallback=f"{issue.title}: {issue.summary}")
