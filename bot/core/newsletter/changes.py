"""What changed in the content: two snapshots of it compared, and the result in a few lines."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from bot.core.content.loader import Content
from bot.core.content.models import Pay, Record, Role, Title
from bot.core.views import Block, Bold, Bullets, Heading, Spans, Text
from bot.core.wording import capitalised, in_a_row

MOST_NAMED = 5
"""More things than this in one line are counted instead of named."""

Snapshot: TypeAlias = Mapping[str, tuple[str, str]]
"""What the content held: for each id, the hash of what it said and its name."""


class Kind(StrEnum):
    """What can change; the values begin the ids of a snapshot."""

    ROLE = "role"
    SKILL = "skill"
    TERM = "term"
    PAY = "pay"


class Happened(StrEnum):
    """What became of a thing."""

    ADDED = "new"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is new, changed or gone; `name` is its present or last name."""

    kind: Kind
    happened: Happened
    name: str


_SEVERAL = {
    Kind.ROLE: "roles",
    Kind.SKILL: "skills",
    Kind.TERM: "terms",
    Kind.PAY: "pay figures",
}


def snapshot(content: Content) -> dict[str, tuple[str, str]]:
    """The present content, to be kept and compared later. It is plain data, fit for JSON.

    Pay figures of one job in one country are one thing. A role's review date does not count as a
    change, nor does its pay, which is a thing of its own.
    """
    found = {
        f"{Kind.ROLE}:{role.id}": (_hash(role, "pay", "pay_note", "reviewed"), role.name)
        for role in content.roles.values()
    }
    found |= {f"{Kind.SKILL}:{s.id}": (_hash(s), s.name) for s in content.skills.values()}
    found |= {f"{Kind.TERM}:{t.id}": (_hash(t), t.name) for t in content.terms.values()}
    jobs: list[Role | Title] = [*content.roles.values(), *content.titles.values()]
    for job in jobs:
        for country in dict.fromkeys(pay.country for pay in job.pay):
            figures = [pay for pay in job.pay if pay.country == country]
            name = f"{job.name}, {content.countries[country].name}"
            found[f"{Kind.PAY}:{job.id}:{country}"] = (_hash_of(figures), name)
    return found


def _hash(record: Record, *without: str) -> str:
    return _short(record.model_dump_json(exclude=set(without)))


def _hash_of(figures: Iterable[Pay]) -> str:
    return _short("\n".join(sorted(figure.model_dump_json() for figure in figures)))


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def changes(before: Snapshot, now: Snapshot) -> tuple[Change, ...]:
    """What differs, by kind, then new, changed and removed things, each in their order."""
    found = [
        *(_change(key, Happened.ADDED, now) for key in now if key not in before),
        *(
            _change(key, Happened.CHANGED, now)
            for key in now
            if key in before and before[key][0] != now[key][0]
        ),
        *(_change(key, Happened.REMOVED, before) for key in before if key not in now),
    ]
    return tuple(sorted(found, key=lambda change: list(Kind).index(change.kind)))


def _change(key: str, happened: Happened, there: Snapshot) -> Change:
    return Change(Kind(key.partition(":")[0]), happened, there[key][1])


def change_blocks(found: Iterable[Change]) -> Iterator[Block]:
    """The changes as a list with a heading; nothing where there are none."""
    lines: dict[tuple[Kind, Happened], list[str]] = {}
    for change in found:
        lines.setdefault((change.kind, change.happened), []).append(capitalised(change.name))
    if lines:
        yield Heading("What changed in the content")
        yield Bullets(tuple(_line(*which, names) for which, names in lines.items()))


def _line(kind: Kind, happened: Happened, names: list[str]) -> Spans:
    what = capitalised(f"{happened} {_SEVERAL[kind]}")
    if len(names) > MOST_NAMED:
        shown = f"{in_a_row(names[:MOST_NAMED])} and {len(names) - MOST_NAMED} more"
    else:
        shown = in_a_row(names)
    return (Bold(f"{what}: "), Text(shown))
