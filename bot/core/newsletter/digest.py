"""The composed issue, for when no written one is due: a role, a skill, a question, and changes."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.core.content.loader import Content
from bot.core.content.models import Pay, Role, Skill
from bot.core.content.newsletter import Topic, fits
from bot.core.content.quizzes import ChoiceItem
from bot.core.intents import Run
from bot.core.markdown import spans
from bot.core.newsletter.changes import Change, change_blocks
from bot.core.newsletter.issue import Issue, role_buttons, skill_buttons
from bot.core.newsletter.rotation import pick
from bot.core.views import Block, Bold, Bullets, Button, Heading, Prose, Select, Spans, Text
from bot.core.wording import (
    Footnotes,
    date_in_words,
    in_sentence,
    is_old,
    listed,
    pay_amount,
)

MOST_FIGURES = 4
"""Pay figures of a role that are shown; a button leads to all of them."""

ALL_TOPICS = frozenset(Topic)


@dataclass(frozen=True, slots=True)
class _Part:
    """What one topic adds to an issue; `name` goes into its summary."""

    topic: Topic
    name: str
    blocks: tuple[Block, ...]
    actions: tuple[Button | Select, ...] = ()


ORDERS = 16
"""Ways through the content; communities share them, so that they share issues as well."""


def order_of(community: str) -> str:
    """Which way through the content a community takes."""
    return str(zlib.crc32(community.encode()) % ORDERS)


@dataclass(frozen=True, slots=True)
class Turn:
    """What the rotation gives a number: each is None where the content has nothing of its kind."""

    role: Role | None
    skill: Skill | None
    question: ChoiceItem | None


def turn(content: Content, number: int, order: str = "") -> Turn:
    """Whose turn it is at a number (from 0) of a cycle, in one of the orders.

    Roles, skills and questions each have a cycle of their own, within which nothing is repeated.
    """
    questions = {item.id: item for item in content.items.values() if fits(item)}

    def chosen(kind: str, ids: Collection[str]) -> str | None:
        return pick(ids, number, f"{order}\0{kind}") if ids else None

    role, skill = chosen("role", content.roles), chosen("skill", content.skills)
    question = chosen("question", questions)
    return Turn(
        content.roles[role] if role else None,
        content.skills[skill] if skill else None,
        questions[question] if question else None,
    )


def digest(
    content: Content,
    number: int,
    date: dt.date,
    order: str = "",
    topics: Collection[Topic] = ALL_TOPICS,
    changed: Iterable[Change] = (),
) -> Issue | None:
    """The composed issue.

    Args:
        content: What it is composed from.
        number: How many composed issues the community has had before this one.
        date: The day that it is for.
        order: The community's, by `order_of`.
        topics: What the community wants to read of.
        changed: What changed in the content since the community's last issue.

    Returns:
        None where the topics leave nothing to say.
    """
    found = turn(content, number, order)
    notes = Footnotes(content.sources)
    parts: list[_Part] = []
    if found.role and Topic.ROLES in topics:
        parts.append(_role(found.role, number // len(content.roles), content, notes))
    if found.role and Topic.PAY in topics:
        parts.append(_pay(found.role, content, date, notes))
    if found.skill and Topic.SKILLS in topics:
        parts.append(_skill(found.skill, content, notes))
    question = found.question if Topic.QUIZ in topics else None
    if question:
        parts.append(_Part(Topic.QUIZ, "a question", ()))
    news = tuple(change_blocks(changed))
    if not parts and not news:
        return None
    names = [part.name for part in parts] + (["what changed"] if news else [])
    return Issue(
        id=f"digest-{number}",
        date=date,
        title=f"In focus: {parts[0].name}" if parts else "What changed in the content",
        summary=f"This time: {listed(names)}.",
        topics=tuple(part.topic for part in parts),
        blocks=(*(block for part in parts for block in part.blocks), *news),
        actions=tuple(action for part in parts for action in part.actions),
        question=question,
        sources=notes.blocks(),
    )


def _role(role: Role, round_: int, content: Content, notes: Footnotes) -> _Part:
    """The role in a few words, and something that is wrongly said of it, another every cycle."""
    wrong = role.misconceptions[round_ % len(role.misconceptions)]
    blocks: tuple[Block, ...] = (
        Heading(f"A role: {in_sentence(role.name)}"),
        Prose(spans(role.tagline)),
        Prose((Bold("Rather yes: "), *notes.cite(role.choose_if))),
        Prose((Bold(f"“{wrong.claim}” "), *notes.cite(wrong.truth))),
    )
    return _Part(
        Topic.ROLES, in_sentence(role.name), blocks, tuple(role_buttons((role.id,), content))
    )


def _pay(role: Role, content: Content, today: dt.date, notes: Footnotes) -> _Part:
    name = in_sentence(role.name)
    shown = tuple(_figure(pay, content, today, notes) for pay in role.pay[:MOST_FIGURES])
    blocks: list[Block] = [Heading(f"Pay: {name}")]
    if shown:
        blocks.append(Bullets(shown))
    elif role.pay_note:
        blocks.append(Prose(notes.cite(role.pay_note)))
    else:
        blocks.append(Prose((Text("There is no reliable public figure that we know of."),)))
    button = Button("About the pay", Run("pay", (role.id,)))
    return _Part(Topic.PAY, f"pay of the role {name}", tuple(blocks), (button,))


def _figure(pay: Pay, content: Content, today: dt.date, notes: Footnotes) -> Spans:
    old = ", older than 12 months" if is_old(pay.as_of, today) else ""
    when = f"{date_in_words(pay.as_of)}{old}"
    return (
        Bold(f"{content.countries[pay.country].name}: "),
        Text(f"{pay_amount(pay)}, {pay.statistic} {pay.what}, {when}"),
        notes.mark((pay.source,), pay.as_of),
    )


def _skill(skill: Skill, content: Content, notes: Footnotes) -> _Part:
    blocks = (
        Heading(f"A skill: {skill.name}"),
        Prose(notes.cite(skill.definition)),
        Prose((Bold("For example: "), *spans(skill.example))),
    )
    return _Part(Topic.SKILLS, skill.name, blocks, tuple(skill_buttons((skill.id,), content)))
