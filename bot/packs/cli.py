"""`rolecall content import` and `export`; what they need is loaded when they run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.packs.formats import Encoding, Format, Target
from bot.packs.model import PackError

FAILED, MISUSED = 1, 2
"""Exit codes: the file has a fault, or nothing in it fits; an argument has one."""


def content_import(  # noqa: PLR0913 - an argument is an option of the command
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A quiz pack of another program.")],
    *,
    form: Annotated[
        Format | None, typer.Option("--format", help="Known from .apkg, .gift and .xlsx.")
    ] = None,
    skill: Annotated[
        str | None, typer.Option(help="The skill of questions whose labels name none.")
    ] = None,
    licence: Annotated[str | None, typer.Option(help='Such as "CC BY-SA 4.0".')] = None,
    source: Annotated[str | None, typer.Option(help="Where the pack comes from.")] = None,
    author: Annotated[str | None, typer.Option(help="Who wrote it.")] = None,
    pack: Annotated[
        str | None, typer.Option("--id", help="The pack's id; else from the file's name.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="The pack's name.")] = None,
    level: Annotated[
        int, typer.Option(min=1, max=3, help="Of questions that say none: 1 to 3.")
    ] = 1,
    encoding: Annotated[Encoding, typer.Option(help="Of Open Trivia DB texts.")] = Encoding.AUTO,
    make_choices: Annotated[
        bool,
        typer.Option("--make-choices", help="Draw wrong options from the list's other answers."),
    ] = False,
    write: Annotated[bool, typer.Option("--write", help="Write the pack; else only say.")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over a pack of the same id.")
    ] = False,
) -> None:
    """Bring in a quiz pack of another program.

    Says of each question whether it fits. Nothing is written without --write.
    """
    from bot.packs import importing

    asked = {"--skill": skill, "--licence": licence, "--source": source}
    missing = [option for option, value in asked.items() if not (value and value.strip())]
    if missing:
        _end(f"give {' and '.join(missing)}: every pack says what it is about, what its licence is "
             "and where it comes from", MISUSED)  # fmt: skip
    wish = importing.Wish(
        file, form, skill or "", licence or "", source or "", author, pack, name, level, encoding,
        make_choices,
    )  # fmt: skip
    try:
        report, fits = importing.run(wish, write=write, replace=replace)
    except PackError as error:
        _end(str(error), FAILED)
    typer.echo(report)
    if not fits:
        raise typer.Exit(FAILED)


def content_export(
    pack: Annotated[
        str | None, typer.Argument(metavar="PACK", help="The pack's id; all packs without.")
    ] = None,
    *,
    target: Annotated[Target, typer.Option("--format", help="What to write.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file.")
    ] = None,
) -> None:
    """Write our quiz packs for another program.

    What the other format cannot hold is named on standard error.
    """
    from bot.packs import exporting

    try:
        done = exporting.run(pack, target, output)
    except PackError as error:
        _end(str(error), FAILED)
    for line in done.lost:
        typer.echo(line, err=True)
    if output is None:
        typer.echo(done.text, nl=False)


def _end(message: str, code: int) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(code)
