"""From a file of `content/newsletter/` to a written issue: head, body, and what its name says."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from bot.core.content.issue_markdown import body
from bot.core.content.issue_pictures import alts_of
from bot.core.content.newsletter import FrontMatter, WrittenIssue
from bot.core.content.yaml_reader import Document, Node, Problem, parse
from bot.core.views import Block

FOLDER = "newsletter"
"""The folder with one file an issue."""

MAX_SLUG = 40

LIMIT = "---"
"""The line above and below the front matter."""

_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})-([a-z0-9]+(?:-[a-z0-9]+)*)\.md")


def named(name: str) -> tuple[dt.date, str] | None:
    """The date and the slug that the name of a file gives; None where it has another form."""
    found = _NAME.fullmatch(PurePosixPath(name).name)
    if found is None or len(found[2]) > MAX_SLUG:
        return None
    try:
        return dt.date.fromisoformat(found[1]), found[2]
    except ValueError:
        return None


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _end_of_head(lines: list[str]) -> int | None:
    """The position of the second line `---`."""
    if lines[0].rstrip() != LIMIT:
        return None
    return next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == LIMIT), None)


def front_matter(text: str, name: str) -> Document:
    """The head of an issue, read strictly; the document's text is that of the whole file."""
    lines = _lines(text)
    end = _end_of_head(lines)
    if end is None:
        wrong = "the head of an issue stands between two lines `---`, the first of them in line 1"
        return Document(name, text, None, Node(1), (Problem(name, 1, wrong),))
    # The empty first line keeps the numbers of the lines.
    head = parse("\n".join(["", *lines[1:end]]), name)
    return replace(head, text=text)


def body_of(document: Document) -> tuple[tuple[Block, ...], tuple[Problem, ...]]:
    """The blocks below the head, and their mistakes; nothing where there is no head."""
    lines = _lines(document.text)
    end = _end_of_head(lines)
    if end is None:
        return (), ()
    return body("\n".join(lines[end + 1 :]), document.file, end + 1, alts_of(document))


def misnamed(
    documents: Mapping[str, Document], fronts: Mapping[str, FrontMatter]
) -> Iterator[Problem]:
    """Files whose names do not say what they are, or the same as another."""
    slugs: dict[str, str] = {}
    for name, document in documents.items():
        match named(name):
            case None:
                wrong = f"name the file YYYY-MM-DD-slug.md, the slug of at most {MAX_SLUG} letters"
                yield Problem(name, 1, f"{wrong}, digits and hyphens")
            case date, slug:
                if slug in slugs:
                    yield Problem(name, 1, f"the slug `{slug}` is taken: see {slugs[slug]}")
                slugs.setdefault(slug, name)
                if (front := fronts.get(name)) and front.publish != date:
                    yield document.problem(
                        ("publish",), f"`publish` is {front.publish}, but the file says {date}"
                    )


def assemble(
    fronts: Mapping[str, FrontMatter], bodies: Mapping[str, tuple[Block, ...]]
) -> dict[str, WrittenIssue]:
    """The issues by their slug, in the order of their dates; every name is well-formed."""
    issues = [
        WrittenIssue(found[1], front, bodies[name])
        for name, front in fronts.items()
        if (found := named(name))
    ]
    issues.sort(key=lambda issue: (issue.front.publish, issue.id))
    return {issue.id: issue for issue in issues}
