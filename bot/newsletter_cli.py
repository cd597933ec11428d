"""What editors of the newsletter do at the command line: begin an issue, look at it, check it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, assert_never

import typer

from bot.adapters.terminal.output import look, show
from bot.preview import Platform

if TYPE_CHECKING:
    from bot.core.content.loader import Content
    from bot.core.newsletter.issue import Issue
    from bot.core.views import View

newsletter = typer.Typer(
    help="Write, preview, check and send the newsletter.", no_args_is_help=True
)

TEMPLATE = """\
---
title: {title}
topics: [roles]
publish: {date}
summary: One sentence that says what the reader will know afterwards.
roles: []
skills: []
---

The first paragraph says why this matters to somebody who reads it on a phone.

## A heading

- A list has one level.
- Words can be **bold**, *italic* or `code`.
"""


@newsletter.command("new")
def newsletter_new(
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="Such as how-to-read-an-advert.")],
    date: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day of publication; else the next free week."),
    ] = None,
    title: Annotated[str, typer.Option(help="The title; else made from the slug.")] = "",
) -> None:
    """Begin an issue: write a template that passes the check."""
    from bot.core.content import issues

    folder = _content_dir() / issues.FOLDER
    day = date.date() if date else _next_week(folder)
    path = folder / f"{day}-{slug}.md"
    if issues.named(path.name) is None:
        wrong = f"a slug has up to {issues.MAX_SLUG} lower-case letters, digits and hyphens"
        raise typer.BadParameter(wrong, param_hint="SLUG")
    for other in folder.glob("*.md"):
        if (found := issues.named(other.name)) and found[1] == slug:
            raise typer.BadParameter(f"there is {other} already", param_hint="SLUG")
    # JSON's quotes are YAML's, so that no title can be taken for anything else.
    heading = json.dumps(title.strip() or slug.replace("-", " ").capitalize(), ensure_ascii=False)
    text = TEMPLATE.format(title=heading, date=day)
    _refuse_bad_title(text, path.name)
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    show(f"Written: {path}")


@newsletter.command("preview")
def newsletter_preview(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="An issue, from whatever folder.")
    ] = None,
    digest: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Instead: the composed issue number N.")
    ] = None,
    platform: Annotated[
        Platform, typer.Option("--as", help="Show what this platform would get.")
    ] = Platform.TERMINAL,
) -> None:
    """Show an issue without sending it.

    For Discord and Slack it is JSON: the message that the platform would get, or a list of them
    where there are several.
    """
    from bot.core.content.loader import load_draft
    from bot.core.newsletter.issue import from_written, view

    match file, digest:
        case Path(), None:
            found = from_written(*load_draft(_content_dir(), file))
        case None, int():
            found = _composed(digest)
        case _:
            raise typer.BadParameter("give a file, or --digest with a number", param_hint="FILE")
    show(_rendered(view(found), platform))


@newsletter.command("check")
def newsletter_check(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="One issue; else all of the content.")
    ] = None,
) -> None:
    """Name every mistake of an issue, or of all of them.

    Each is a line: file:line: what is wrong, and what would be right.
    """
    if file is not None:
        from bot.core.content.loader import load_draft

        written, _ = load_draft(_content_dir(), file)
        show(f"OK: {written.front.title}, {written.front.publish}")
        return
    found = _content().issues.values()
    show("\n".join(f"{issue.front.publish}  {issue.id}  {issue.front.title}" for issue in found))
    show(f"OK: {len(found)} issues")


@newsletter.command("publish")
def newsletter_publish(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An issue of the content.")],
    to: Annotated[
        str | None,
        typer.Option(metavar="PLATFORM:CHANNEL", help="Only there, as a test: discord:123456."),
    ] = None,
) -> None:
    """Send an issue now to every channel that wants its topics.

    The running bot delivers it, and a bar shows how far it is. A channel that had this issue, or
    another one today, is left out. With --to it is sent at once, by this command itself, to one
    channel that need not be subscribed.
    """
    from bot.publishing import publish
    from bot.settings import read_settings

    show(publish(read_settings(), file, to))


@newsletter.command("status")
def newsletter_status(
    issue: Annotated[
        str | None, typer.Argument(metavar="ID", help="An issue; else the latest ones.")
    ] = None,
) -> None:
    """Show what became of an issue, by platform: sent, waiting, failed and why, in doubt."""
    from bot.publishing import status
    from bot.settings import read_settings

    show(status(read_settings(), issue))


def _content_dir() -> Path:
    from bot.settings import read_settings

    return read_settings().content_dir


def _next_week(folder: Path) -> dt.date:
    """The first Monday after today and after every issue that is there."""
    from bot.core.content import issues

    dates = [found[0] for path in folder.glob("*.md") if (found := issues.named(path.name))]
    last = max([dt.datetime.now(dt.UTC).date(), *dates])
    return last + dt.timedelta(days=7 - last.weekday())


def _refuse_bad_title(text: str, name: str) -> None:
    from pydantic import ValidationError

    from bot.core.content import issues
    from bot.core.content.newsletter import FrontMatter

    try:
        FrontMatter.model_validate(issues.front_matter(text, name).data)
    except ValidationError:
        wrong = "a title is one line of at most 90 characters"
        raise typer.BadParameter(wrong, param_hint="--title") from None


def _content() -> Content:
    from bot.core.content.loader import load

    return load(_content_dir())


def _composed(number: int) -> Issue:
    from bot.core.newsletter.digest import digest

    found = digest(_content(), number, dt.datetime.now(dt.UTC).date())
    if found is None:
        raise typer.BadParameter("the content has nothing to compose from", param_hint="--digest")
    return found


def _rendered(view: View, platform: Platform) -> str:
    match platform:
        case Platform.TERMINAL:
            from bot.adapters.terminal.render import render

            here = look()
            return render(view, here.width, colour=here.colour)
        case Platform.DISCORD:
            from bot.adapters.discord.render import render as for_discord

            return _json([{**p, "allowed_mentions": {"parse": []}} for p in for_discord(view)])
        case Platform.SLACK:
            from bot.adapters.slack.pages import pages, posted

            return _json([posted(page) for page in pages(view)])
        case _:
            assert_never(platform)


def _json(payloads: list[Any]) -> str:
    return json.dumps(payloads if len(payloads) > 1 else payloads[0], indent=2, ensure_ascii=False)
