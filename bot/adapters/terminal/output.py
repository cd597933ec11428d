"""Writing to standard output, whoever reads it: a terminal, a file, or a pipe that closes early."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """How answers are written: the width in columns, and whether with colours."""

    width: int = 80
    colour: bool = False


def look() -> Look:
    """The width of the terminal, and colours only where a person sees them and wants them."""
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return Look(shutil.get_terminal_size().columns, colour and os.environ.get("TERM") != "dumb")


def show(text: str) -> None:
    """Print a text at once. Ends the program quietly where nobody reads any more."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        # Python flushes standard output once more when it ends: let that go nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
